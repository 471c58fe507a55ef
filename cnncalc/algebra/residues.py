"""A comparison with one unknown number n, solved exactly: for which n does it hold?

Floors over whole divisors repeat: with n = M·q + r, where M is a common multiple of the divisors, each
remainder r leaves an ordinary polynomial in q, and ⌊·⌋ is gone. What rises or falls with n throughout is
solved by bisection instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import reduce
from math import lcm
from typing import NamedTuple

from ..arithmetic import Demand, Dim
from ..expression import Expr, evaluate
from .polynomial import Polynomial, canonical
from .stretches import Poly, Stretch, added, first, meet, multiplied, not_negative, scaled

__all__ = ["MAX_MODULUS", "Classes", "Unsolved", "room", "solved", "trend"]

MAX_MODULUS = 4096


class Unsolved(Exception):
    """The comparison is none that this module solves: an unknown divisor, or too many remainders."""


class Classes(NamedTuple):
    """A set of whole numbers: for each remainder r of `modulus`, stretches of q, of the numbers modulus·q + r."""

    modulus: int
    stretches: tuple[list[Stretch], ...]

    def refined(self, modulus: int) -> Classes:
        """The same set by a multiple of its modulus."""
        times = modulus // self.modulus
        found = []
        for r in range(modulus):
            turn, place = divmod(r, self.modulus)
            ends = ((-((turn - low) // times), (high - turn) // times) for low, high in self.stretches[place])
            found.append([(low, high) for low, high in ends if low <= high])
        return Classes(modulus, tuple(found))

    def both(self, other: Classes) -> Classes:
        """What is in this set and in the other."""
        modulus = lcm(self.modulus, other.modulus)
        if modulus > MAX_MODULUS:
            raise Unsolved
        pairs = zip(self.refined(modulus).stretches, other.refined(modulus).stretches, strict=True)
        return Classes(modulus, tuple(meet(a, b) for a, b in pairs))

    @property
    def is_empty(self) -> bool:
        return not any(self.stretches)

    def __contains__(self, n: object) -> bool:
        assert isinstance(n, int), "a set of whole numbers"
        q, r = divmod(n, self.modulus)
        return any(low <= q <= high for low, high in self.stretches[r])


def solved(demand: Demand, name: str, low: int, high: int) -> Classes:
    """The numbers from `low` to `high` that the symbol `name` may be; Unsolved if nobody can tell."""
    above = room(demand)
    ways = [above] if demand.relation == "<=" else [above, above * -1]
    return reduce(Classes.both, (_not_negative(each, name, low, high) for each in ways))


def room(demand: Demand) -> Polynomial:
    """How much more the right side is than the left."""
    return canonical(demand.right) - canonical(demand.left)


def _not_negative(difference: Polynomial, name: str, low: int, high: int) -> Classes:
    value = difference.expression()
    way = trend(difference)
    if way is None:
        return _by_remainders(value, low, high)
    if way > 0:
        low = first(lambda n: bool(evaluate(value, {name: n}) >= 0), low, high)
    else:
        high = first(lambda n: bool(evaluate(value, {name: n}) < 0), low, high) - 1
    return Classes(1, ([(low, high)] if low <= high else [],))


def trend(difference: Polynomial) -> int | None:
    """1 if it never falls as the symbol grows, -1 if it never rises; None if that does not show."""
    trends = {number // abs(number) * _rises(term) for term, number in difference.items() if term}
    return None if 0 in trends or len(trends) > 1 else next(iter(trends), 1)


def _rises(term: tuple[Expr, ...]) -> int:
    """1 or -1 for an atom that rises or falls throughout, 0 for all else."""
    if len(term) > 1:
        return 0
    match term[0]:
        case Expr("symbol"):
            return 1
        case Expr("floor", (top, int(below))) if below > 0:
            return trend(canonical(top)) or 0
        case Expr("max" | "min", (a, b)):
            sides = {trend(canonical(side)) or 0 for side in (a, b) if isinstance(side, Expr)}
            return sides.pop() if len(sides) == 1 else 0
    return 0


def _by_remainders(value: Dim, low: int, high: int) -> Classes:
    modulus = _period(value)
    found = []
    for r in range(modulus):
        ends = -((r - low) // modulus), (high - r) // modulus
        pieces = _pieces(value, modulus, r, ends)
        found.append([each for (start, end), poly in pieces for each in not_negative(poly, start, end)])
    return Classes(modulus, tuple(found))


def _period(value: Dim) -> int:
    """A modulus for which each remainder leaves a polynomial."""
    match value:
        case Expr("symbol"):
            found = 1
        case Expr("floor", (top, int(below))) if below > 0:
            found = _period(top) * below
        case Expr("sum" | "product" | "max" | "min", parts):
            found = lcm(*map(_period, parts))
        case int():
            found = 1
        case _:
            raise Unsolved
    if found > MAX_MODULUS:
        raise Unsolved
    return found


Piece = tuple[Stretch, Poly]


def _pieces(value: Dim, modulus: int, r: int, ends: Stretch) -> list[Piece]:
    """`value` for the numbers modulus·q + r, q within `ends`: stretches of q with a polynomial in q for each."""
    match value:
        case int():
            return [(ends, (value,))]
        case Expr("symbol"):
            return [(ends, (r, modulus))]
        case Expr("floor", (top, below)):
            return [(stretch, tuple(x // below for x in poly)) for stretch, poly in _pieces(top, modulus, r, ends)]
    parts = [_pieces(part, modulus, r, ends) for part in value.args]
    return reduce(lambda a, b: list(_paired(a, b, _JOIN[value.op])), parts)


Join = Callable[[Poly, Poly, Stretch], list[Piece]]


def _paired(some: list[Piece], others: list[Piece], join: Join) -> Iterator[Piece]:
    for (a, b), p in some:
        for (c, d), q in others:
            if max(a, c) <= min(b, d):
                yield from join(p, q, (max(a, c), min(b, d)))


def _larger(a: Poly, b: Poly, ends: Stretch) -> list[Piece]:
    above = [(stretch, a) for stretch in not_negative(added(a, scaled(b, -1)), *ends)]
    # b − a − 1 ≥ 0 is b > a
    return above + [(stretch, b) for stretch in not_negative(added(added(b, scaled(a, -1)), (-1,)), *ends)]


_JOIN: dict[str, Join] = {
    "sum": lambda a, b, ends: [(ends, added(a, b))],
    "product": lambda a, b, ends: [(ends, multiplied(a, b))],
    "max": _larger,
    "min": lambda a, b, ends: [(s, scaled(p, -1)) for s, p in _larger(scaled(a, -1), scaled(b, -1), ends)],
}
