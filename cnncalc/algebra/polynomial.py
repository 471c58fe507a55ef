"""Polynomials with whole coefficients over symbols and floors: the canonical form of an expression.

Two expressions with the same polynomial are equal for all numbers. A floor is brought to one form: whole
multiples of its divisor are taken out, common factors are cancelled, a floor in a floor is merged by
⌊(⌊x/s⌋ + b)/t⌋ = ⌊(x + s·b)/(s·t)⌋ (Graham, Knuth and Patashnik 1994, 3.11). Divisors are positive, as every
stride is.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping
from functools import lru_cache, reduce
from math import gcd

from ..arithmetic import Dim, prod
from ..expression import Expr, total

__all__ = ["Monomial", "Polynomial", "canonical"]

Monomial = tuple[Expr, ...]
"""Atoms that are multiplied, in a fixed order, each as often as its power; () is 1."""

REMEMBERED = 1 << 15
"""How many answers to keep: a network asks for the same few sizes again and again."""


class Polynomial(Mapping[Monomial, int]):
    """A sum of monomials, each with the number in front of it; none of the numbers is 0."""

    __slots__ = ("_hash", "_terms")

    def __init__(self, terms: Mapping[Monomial, int]) -> None:
        self._terms = {monomial: number for monomial, number in terms.items() if number}
        self._hash: int | None = None

    def __getitem__(self, monomial: Monomial) -> int:
        return self._terms[monomial]

    def __iter__(self) -> Iterator[Monomial]:
        return iter(self._terms)

    def __len__(self) -> int:
        return len(self._terms)

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash(frozenset(self._terms.items()))
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Polynomial) and self._terms == other._terms

    def __add__(self, other: Polynomial) -> Polynomial:
        terms = dict(self._terms)
        for monomial, number in other._terms.items():
            terms[monomial] = terms.get(monomial, 0) + number
        return Polynomial(terms)

    def __sub__(self, other: Polynomial) -> Polynomial:
        return self + other * -1

    def __mul__(self, other: Polynomial | int) -> Polynomial:
        if isinstance(other, int):
            return Polynomial({monomial: number * other for monomial, number in self._terms.items()})
        terms: dict[Monomial, int] = {}
        for one, a in self._terms.items():
            for two, b in other._terms.items():
                both = tuple(sorted((*one, *two), key=order))
                terms[both] = terms.get(both, 0) + a * b
        return Polynomial(terms)

    @property
    def constant(self) -> int:
        """The number that stands alone."""
        return self._terms.get((), 0)

    @property
    def varying(self) -> Polynomial:
        """All but the constant."""
        return Polynomial({monomial: number for monomial, number in self._terms.items() if monomial})

    @property
    def number(self) -> int | None:
        """Its value, where it is the same for all numbers."""
        return None if any(self._terms) else self.constant

    def expression(self) -> Dim:
        """The same as an expression: terms of many factors first, the constant last."""
        terms = sorted(self._terms.items(), key=place)
        return total(number * prod(monomial) for monomial, number in terms)


def order(atom: Expr) -> str:
    """Where an atom stands among others: by what it is called."""
    return _called(atom)


_called = lru_cache(maxsize=REMEMBERED)(str)


def place(term: tuple[Monomial, int]) -> tuple[int, bool, list[str]]:
    """Where a term stands in a sum."""
    monomial, number = term
    return -len(monomial), number < 0, [order(atom) for atom in monomial]


def constant(number: int) -> Polynomial:
    return Polynomial({(): number})


def of(atom: Expr) -> Polynomial:
    """The polynomial that is one atom."""
    return Polynomial({(atom,): 1})


def expanded_terms(value: Dim) -> int:
    """How many terms the polynomial has at most: text from strangers is measured before it is multiplied out."""
    if not isinstance(value, Expr) or value.op == "symbol":
        return 1
    parts = map(expanded_terms, value.args)
    return prod(parts) if value.op == "product" else sum(parts)


def canonical(value: Dim) -> Polynomial:
    """The polynomial of an int or an expression."""
    return _canonical(value) if isinstance(value, Expr) else constant(int(value))


@lru_cache(maxsize=REMEMBERED)
def _canonical(value: Expr) -> Polynomial:
    if value.op == "symbol":
        return of(value)
    parts = [canonical(argument) for argument in value.args]
    match value.op, parts:
        case "sum", _:
            return _total(parts)
        case "product", _:
            return reduce(operator.mul, parts)
        case "floor", (top, below):
            return floored(top, below)
        case "ceil", (top, below):
            return floored(top + below - constant(1), below)
        case "mod", (top, below):
            return top - floored(top, below) * below
        case "max" | "min" as op, (a, b):
            return extreme(op, a, b)
    raise NotImplementedError(value.op)


def _total(parts: list[Polynomial]) -> Polynomial:
    terms: dict[Monomial, int] = {}
    for part in parts:
        for monomial, number in part.items():
            terms[monomial] = terms.get(monomial, 0) + number
    return Polynomial(terms)


def floored(top: Polynomial, below: Polynomial) -> Polynomial:
    """`top` divided by `below`, rounded down."""
    divisor = below.number
    if divisor is None:
        return _floored_by_symbols(top, below)
    if divisor == 0:
        return of(Expr("floor", (top.expression(), 0)))  # has no value, and says so when numbers are put in
    return _floored(top, divisor) if divisor > 0 else _floored(top * -1, -divisor)


def _floored(top: Polynomial, divisor: int) -> Polynomial:
    common = gcd(divisor, *top.varying.values())
    if common > 1:
        divisor //= common
        shared = {monomial: number // common for monomial, number in top.items()}  # the constant is rounded down
        top = Polynomial(shared)
    whole = Polynomial({monomial: number // divisor for monomial, number in top.items()})
    rest = Polynomial({monomial: number % divisor for monomial, number in top.items()})
    if rest.number is not None:
        return whole
    inner = _inner_floor(rest)
    if inner is None:
        return whole + of(Expr("floor", (rest.expression(), divisor)))
    merged = _merged(rest, inner)
    return whole + floored(merged, canonical(inner.args[1]) * divisor)


def _floored_by_symbols(top: Polynomial, below: Polynomial) -> Polynomial:
    """Take out the terms that the divisor divides; merge a floor."""
    whole, rest = {}, {}
    for monomial, number in top.items():
        quotient = _quotient(monomial, number, below)
        if quotient is None:
            rest[monomial] = number
        else:
            whole[quotient[0]] = quotient[1]
    left = Polynomial(rest)
    if left.number == 0:
        return Polynomial(whole)
    inner = _inner_floor(left)
    if inner is not None and all(number > 0 for number in below.values()):
        return Polynomial(whole) + floored(_merged(left, inner), canonical(inner.args[1]) * below)
    return Polynomial(whole) + of(Expr("floor", (left.expression(), below.expression())))


def _quotient(monomial: Monomial, number: int, below: Polynomial) -> tuple[Monomial, int] | None:
    """A term over a divisor of one term, where nothing is left."""
    if len(below) != 1:
        return None
    ((divisor, size),) = below.items()
    rest = list(monomial)
    for atom in divisor:
        if atom not in rest:
            return None
        rest.remove(atom)
    return (tuple(rest), number // size) if number % size == 0 else None


def _inner_floor(top: Polynomial) -> Expr | None:
    """A floor that stands alone in a sum, so that it may be merged with the floor around the sum."""
    alone = [monomial[0] for monomial, number in top.items() if number == 1 and len(monomial) == 1]
    return min((atom for atom in alone if atom.op == "floor" and atom.args[1] != 0), key=order, default=None)


def _merged(top: Polynomial, inner: Expr) -> Polynomial:
    """⌊x/s⌋ + b, times s, with x in place of s·⌊x/s⌋."""
    x, s = map(canonical, inner.args)
    return x + (top - of(inner)) * s


def extreme(op: str, a: Polynomial, b: Polynomial) -> Polynomial:
    """The larger ("max") or the smaller of two; max(a, max(b, c)) has its sides in one order, whoever nested them.

    A side is left out where its difference to another has a known sign.
    """
    kept: list[Polynomial] = []
    for side in dict.fromkeys((*_sides(op, a), *_sides(op, b))):
        if not any(_beats(op, other, side) for other in kept):
            kept = [*(other for other in kept if not _beats(op, side, other)), side]
    if len(kept) == 1:
        return kept[0]
    ordered = sorted((side.expression() for side in kept), key=lambda side: (isinstance(side, int), str(side)))
    return of(reduce(lambda first, second: Expr(op, (first, second)), ordered))


def _sides(op: str, form: Polynomial) -> Iterator[Polynomial]:
    """What a form is the largest, or the smallest, of."""
    match [*form.items()]:
        case [((Expr(found, sides),), 1)] if found == op:
            for side in sides:
                yield from _sides(op, canonical(side))
        case _:
            yield form


def _beats(op: str, a: Polynomial, b: Polynomial) -> bool:
    """Whether `b` need not be asked beside `a`."""
    sign = _sign(a - b)
    return sign is not None and (sign >= 0) == (op == "max")


def _sign(difference: Polynomial) -> int | None:
    """1 if it is never negative, -1 if it is never positive; None if that is not known."""
    if difference.number is not None:
        return 1 if difference.number >= 0 else -1
    apart = _floors_apart(difference)
    if apart is not None:
        low, high = (bound + difference.constant for bound in apart)
        return 1 if low >= 0 else -1 if high <= 0 else None
    return None


def _floors_apart(difference: Polynomial) -> tuple[int, int] | None:
    """The least and the most of ⌊(x+a)/s⌋ − ⌊(x+b)/s⌋; None if it is no such difference."""
    terms = sorted(difference.varying.items(), key=lambda term: -term[1])
    match terms:
        case [((Expr("floor", (one, int(s))),), 1), ((Expr("floor", (two, int(t))),), -1)] if s == t > 0:
            shift = (canonical(one) - canonical(two)).number
            return None if shift is None else (shift // s, -(-shift // s))
    return None
