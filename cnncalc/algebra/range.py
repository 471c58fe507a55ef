"""The numbers that one symbol may stand for, in as few words as they take."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, pairwise
from typing import Any, NamedTuple

from ..arithmetic import LIMIT
from .residues import Classes, Unsolved

__all__ = ["Range", "ranged"]

FEW = 4096
"""How many numbers to list one by one, at most."""


class Range(NamedTuple):
    """Numbers from `least` to `most` that leave one of `remainders` modulo `modulus`, and the few in `also`."""

    least: int | None = None
    """The first of them; None where there is no first."""
    most: int | None = None
    modulus: int = 1
    remainders: tuple[int, ...] = (0,)
    """() where only `also` is left."""
    also: tuple[int, ...] = ()
    """Smaller numbers that follow no rule."""

    @property
    def is_empty(self) -> bool:
        return not self.remainders and not self.also

    @property
    def smallest(self) -> int | None:
        """The smallest number; None where there is none."""
        return self.also[0] if self.also else self.least if self.remainders else None

    @property
    def only(self) -> int | None:
        """The number, where there is but one."""
        if self.also:
            return self.also[0] if len(self.also) == 1 and not self.remainders else None
        return self.least if self.remainders and self.least == self.most else None

    def __contains__(self, n: object) -> bool:
        assert isinstance(n, int), "a set of whole numbers"
        above = self.least is None or self.least <= n
        below = self.most is None or n <= self.most
        return n in self.also or (above and below and n % self.modulus in self.remainders)

    def conditions(self, name: str) -> list[str]:
        """The range as mathematics writes it, of a symbol called `name`."""
        if self.also or self.is_empty:
            listed = f"{name} ∈ {{{', '.join(map(str, self.also))}}}"
            rest = " ∧ ".join(self._replace(also=()).conditions(name)) if self.remainders else ""
            return [f"{listed} ∨ {rest}" if rest else listed]
        if self.only is not None:
            return [f"{name} = {self.only}"]
        return [*self._ends(name), *self._steps(name)]

    def _ends(self, name: str) -> Iterator[str]:
        match self.least, self.most:
            case int(least), int(most):
                yield f"{least} ≤ {name} ≤ {most}"
            case int(least), None:
                yield f"{name} ≥ {least}"
            case None, int(most):
                yield f"{name} ≤ {most}"

    def _steps(self, name: str) -> Iterator[str]:
        if self.modulus > 1:
            listed = ", ".join(map(str, self.remainders))
            yield f"{name} mod {self.modulus} {'= ' + listed if len(self.remainders) == 1 else f'∈ {{{listed}}}'}"

    def to_dict(self) -> dict[str, Any]:
        """For programs: null where there is no end."""
        told: dict[str, Any] = self._asdict()
        also = told.pop("also")
        told["remainders"] = list(self.remainders)
        return told | ({"also": list(also)} if also else {})


def ranged(found: Classes) -> Range:
    """A set of numbers as a range; Unsolved if too many of them follow no rule."""
    if found.is_empty:
        return Range(None, None, 1, ())
    ends = {r: stretches[-1] for r, stretches in enumerate(found.stretches) if stretches}
    tails = [r for r, (_, high) in ends.items() if (high + 1) * found.modulus + r > LIMIT]
    return _endless(found, tails) if tails else _ended(found)


def _endless(found: Classes, tails: list[int]) -> Range:
    """From some number on, only remainders matter."""
    modulus = found.modulus
    regular = -LIMIT
    for r, stretches in enumerate(found.stretches):
        if r in tails:
            regular = max(regular, (stretches[-1][0] - 1) * modulus + r + 1)
        elif stretches:
            regular = max(regular, stretches[-1][1] * modulus + r + 1)
    also = _listed(found, regular - 1)
    least = min(regular + (r - regular) % modulus for r in tails)
    unbounded = least < modulus - LIMIT and not also
    return Range(None if unbounded else least, None, *_shortest(modulus, tails), also)


def _ended(found: Classes) -> Range:
    modulus = found.modulus
    numbers = [(low * modulus + r, high * modulus + r) for r, each in enumerate(found.stretches) for low, high in each]
    least, most = min(low for low, _ in numbers), max(high for _, high in numbers)
    rules = [r for r, each in enumerate(found.stretches) if each]
    whole = all(_covers(found, r, least, most) for r in rules)
    if whole and most - least >= modulus:
        return Range(least, most, *_shortest(modulus, rules))
    listed = _listed(found, most)
    steps = {b - a for a, b in pairwise(listed)} or {1}
    if len(steps) == 1:
        (step,) = steps
        return Range(least, most, step, (least % step,))
    return Range(None, None, 1, (), listed)


def _covers(found: Classes, r: int, least: int, most: int) -> bool:
    """Whether all numbers of a remainder between two are in the set."""
    modulus = found.modulus
    return found.stretches[r] == [(-((r - least) // modulus), (most - r) // modulus)]


def _shortest(modulus: int, remainders: list[int]) -> tuple[int, tuple[int, ...]]:
    """The same remainders by the smallest modulus that tells them: 0 and 2 of 4 are 0 of 2."""
    for smaller in range(1, modulus + 1):
        if modulus % smaller == 0:
            fewer = sorted({r % smaller for r in remainders})
            if len(fewer) * (modulus // smaller) == len(remainders):
                return smaller, tuple(fewer)
    raise AssertionError("a modulus tells its own remainders")


def _listed(found: Classes, most: int) -> tuple[int, ...]:
    """The numbers up to `most`, one by one."""
    spans = [
        range(low * found.modulus + r, min(high * found.modulus + r, most) + 1, found.modulus)
        for r, each in enumerate(found.stretches)
        for low, high in each
    ]
    if sum(map(len, spans)) > FEW:
        raise Unsolved
    return tuple(sorted(chain.from_iterable(spans)))
