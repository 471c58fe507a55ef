"""Whether two expressions are equal for all numbers: proved where that can be, else tried at many points, and it says which.

A floor with a whole divisor is a polynomial on each class of remainders. So an expression of such floors is equal
to 0 everywhere if it is 0 at as many consecutive numbers as its remainders and degree ask for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from itertools import product
from math import lcm, prod
from random import Random
from typing import NamedTuple

from ..arithmetic import Dim
from ..expression import Expr, evaluate, names
from .polynomial import Polynomial, canonical
from .reading import formula

__all__ = ["Equality", "Proof", "equal"]

MOST_POINTS = 20_000
TRIED = 4_000
"""Random points, where no finite number of them is a proof."""
LARGEST = (4, 40, 4_000, 10**9)
"""Random points are drawn up to each of these in turn."""


class Proof(Enum):
    """How it is known."""

    FORM = "the canonical forms are the same"
    REMAINDERS = "equal for every remainder"
    EXAMPLE = "different at this point"
    TRIED = "equal at every point that was tried"


class Equality(NamedTuple):
    """Whether two expressions are equal, and how that is known."""

    equal: bool
    proof: Proof
    points: int = 0
    """How many points were tried."""
    example: Mapping[str, int] | None = None
    """Numbers for which they differ."""
    values: tuple[int, int] | None = None
    """What they are there."""

    @property
    def exact(self) -> bool:
        """Whether it is proved; if not, no difference was found."""
        return self.proof is not Proof.TRIED

    def __str__(self) -> str:
        if self.example is not None and self.values is not None:
            at = ", ".join(f"{name} = {number}" for name, number in self.example.items())
            return f"different at {at}: {self.values[0]} and {self.values[1]}"
        points = f" ({self.points} points)" if self.points else ""
        return f"{'equal' if self.exact else 'no difference found'}: {self.proof.value}{points}"


def equal(a: Dim | str, b: Dim | str, least: Mapping[str, int] | None = None) -> Equality:
    """Compare two expressions, or texts of formulas, for all numbers from 1, or from `least` for the symbols in it."""
    a, b = (formula(side) if isinstance(side, str) else side for side in (a, b))
    difference = canonical(a) - canonical(b)
    if not difference:
        return Equality(True, Proof.FORM)
    symbols = tuple(dict.fromkeys((*names(a), *names(b))))
    lows = {name: (least or {}).get(name, 1) for name in symbols}
    lengths = _enough(difference, symbols)
    if lengths is not None and prod(lengths.values()) <= MOST_POINTS:
        ranges = [range(lows[name], lows[name] + lengths[name]) for name in symbols]
        return _compare(a, b, (dict(zip(symbols, point, strict=True)) for point in product(*ranges)), Proof.REMAINDERS)
    return _compare(a, b, _random(lows), Proof.TRIED)


def _compare(a: Dim, b: Dim, points: Iterable[dict[str, int]], otherwise: Proof) -> Equality:
    """The first point at which they differ, or what it proves that there is none."""
    tried = 0
    for point in points:
        try:
            values = evaluate(a, point), evaluate(b, point)
        except ZeroDivisionError:  # a point without a value proves nothing
            otherwise = Proof.TRIED
            continue
        tried += 1
        if values[0] != values[1]:
            return Equality(False, Proof.EXAMPLE, tried, point, values)
    return Equality(True, otherwise, tried)


def _random(lows: Mapping[str, int]) -> Iterator[dict[str, int]]:
    draw = Random(0)
    for number in range(TRIED):
        most = LARGEST[number * len(LARGEST) // TRIED]
        yield {name: low + draw.randrange(most) for name, low in lows.items()}


def _enough(form: Polynomial, symbols: Iterable[str]) -> dict[str, int] | None:
    """How many consecutive numbers of each symbol are a proof; None where no number of them is."""
    period = _period(form)
    if period is None:
        return None
    return {name: period * (_degree(form, name) + 1) for name in symbols}


def _period(form: Polynomial) -> int | None:
    """After how many numbers every floor in it has gone through all its remainders."""
    found = 1
    for atom in {atom for monomial in form for atom in monomial}:
        match atom:
            case Expr("symbol"):
                continue
            case Expr("floor", (top, int(divisor))) if divisor > 0 and (inner := _period(canonical(top))):
                found = lcm(found, divisor * inner)
            case _:
                return None
    return found


def _degree(form: Polynomial, name: str) -> int:
    """The highest power of a symbol."""
    return max((sum(_atom_degree(atom, name) for atom in monomial) for monomial in form), default=0)


def _atom_degree(atom: Expr, name: str) -> int:
    return int(atom.args[0] == name) if atom.op == "symbol" else _degree(canonical(atom.args[0]), name)
