"""What the symbols of a result must be: a list of demands, reduced to what says the same in fewer words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..arithmetic import LIMIT, Demand, Dim
from ..expression import evaluate, names, symbol
from .order import reaches
from .polynomial import Polynomial, canonical
from .range import Range, ranged
from .residues import Classes, Unsolved, room, solved, trend
from .simplify import simplified

__all__ = ["Domain", "domain", "holds"]


@dataclass(frozen=True, slots=True)
class Domain:
    """What the symbols may be: a range for each, and what ties several together or cannot be reduced."""

    symbols: dict[str, Range]
    rest: tuple[Demand, ...] = ()
    impossible: Demand | None = None
    """The demand that no number meets which meets those before it."""

    def contains(self, numbers: Mapping[str, int]) -> bool:
        """Whether all demands hold for these numbers; they must name every symbol."""
        inside = all(numbers[name] in found for name, found in self.symbols.items())
        return inside and all(holds(demand, numbers) for demand in self.rest)

    def smallest(self, name: str) -> int | None:
        """The smallest number that a symbol may stand for by its own range; None if there is none."""
        return self.symbols[name].smallest

    def conditions(self) -> list[str]:
        """The domain as mathematics writes it, a condition each."""
        ranges = [text for name, found in self.symbols.items() for text in found.conditions(name)]
        return [*ranges, *map(str, self.rest)]

    def to_dict(self) -> dict[str, Any]:
        """The ranges, for programs."""
        return {name: found.to_dict() for name, found in self.symbols.items()}


def holds(demand: Demand, numbers: Mapping[str, int]) -> bool:
    """Whether a demand is met; its symbols must all be named."""
    left, right = evaluate(demand.left, numbers), evaluate(demand.right, numbers)
    return bool(left == right if demand.relation == "==" else left <= right)


def domain(demands: Iterable[Demand]) -> Domain:
    """The domain of all these demands together."""
    return _Reduction(tuple(demands)).domain()


class _Reduction:
    """Demands with one symbol narrow its range; the others wait."""

    def __init__(self, demands: tuple[Demand, ...]) -> None:
        self.sets: dict[str, Classes] = {}
        self.ranges: dict[str, Range] = {}
        self.rest: list[Demand] = []
        self.impossible: Demand | None = None
        for demand in _easiest_first(demands):
            self._take(demand)

    def _take(self, demand: Demand) -> None:
        left_over = room(demand)
        found = names(left_over.expression())
        if len(found) != 1:
            if found:
                self.rest.append(demand)
            elif left_over.constant < 0 or (demand.relation == "==" and left_over.constant):
                self.rest.append(demand)
                self.impossible = self.impossible or demand
            return
        (name,) = found
        known = self.sets.get(name, EVERY)
        try:
            narrowed = known.both(solved(demand, name, -LIMIT, LIMIT))
            told = ranged(narrowed)
        except Unsolved:
            self.rest.append(demand)
            return
        self.sets[name], self.ranges[name] = narrowed, told
        if told.is_empty and self.impossible is None:
            self.impossible = demand

    def domain(self) -> Domain:
        kept: dict[tuple[str, Polynomial], Demand] = {}
        tightest = self._tightest()
        for demand in self.rest:
            left_over = room(demand)
            if demand.relation == "<=" and (
                left_over.constant > tightest[left_over.varying] or self._implied(left_over)
            ):
                continue
            if not (demand.relation == "==" and ("==", left_over * -1) in kept):
                kept.setdefault((demand.relation, left_over), _written(demand))
        return Domain(self.ranges, tuple(kept.values()), self.impossible)

    def _tightest(self) -> dict[Polynomial, int]:
        """Of bounds that differ by a number only, what the strictest leaves: 3 ≤ H+2·P says 1 ≤ H+2·P too."""
        rooms = [room(demand) for demand in self.rest if demand.relation == "<="]
        return {each.varying: each.constant for each in sorted(rooms, key=lambda each: -each.constant)}

    def _implied(self, left_over: Polynomial) -> bool:
        """Whether the least numbers that the symbols may be leave room, and more where they are larger."""
        value = left_over.expression()
        least = {name: found.smallest for name, found in self.ranges.items()}
        shifted: dict[str, Dim] = {name: symbol(name) + (least.get(name) or 0) for name in names(value)}
        known = all(least.get(name) is not None for name in names(value))
        return known and reaches(canonical(evaluate(value, shifted)), NOTHING)


EVERY = Classes(1, ([(-LIMIT, LIMIT)],))
NOTHING = Polynomial({})


def _easiest_first(demands: tuple[Demand, ...]) -> list[Demand]:
    """Without what is said twice; first what sets the ends, so that exceptions to a rule are few."""
    distinct = {(each.left, each.relation, each.right): each for each in demands}
    return sorted(distinct.values(), key=lambda demand: (trend(room(demand)) is None, demand.relation == "=="))


def _written(demand: Demand) -> Demand:
    return demand._replace(left=simplified(demand.left), right=simplified(demand.right))
