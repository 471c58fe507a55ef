"""Expressions as a student would write them: one floor instead of nested ones, like terms gathered.

What was written as a product stays one, `(H-2)·(W-2)`, where that is shorter than multiplied out.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from math import gcd

from ..arithmetic import Dim, prod
from ..expression import Expr, factors_of, terms_of, total
from .polynomial import REMEMBERED, canonical
from .readable import readable

__all__ = ["factored", "same", "simplified"]


def same(a: Dim, b: Dim) -> bool:
    """Whether two numbers are equal whatever their symbols stand for, as their canonical forms tell it."""
    return bool(a == b) or canonical(a) == canonical(b)


def simplified(value: Dim) -> Dim:
    """`value` with fewer floors and terms, and equal to it for all numbers (with positive divisors)."""
    return _simplified(value) if isinstance(value, Expr) else value


@lru_cache(maxsize=REMEMBERED)
def _simplified(value: Expr) -> Dim:
    if value.op == "symbol":
        return value
    multiplied, rebuilt = readable(canonical(value)), _rebuilt(value)
    if value.op in {"floor", "ceil"}:
        return min(multiplied, rebuilt, key=_length)
    return min(rebuilt, total(map(_distributed, terms_of(rebuilt))), multiplied, key=_length)


def _rebuilt(value: Expr) -> Dim:
    """The same operation on simplified arguments."""
    parts = [simplified(argument) for argument in value.args]
    match value.op:
        case "sum":
            return total(parts)
        case "product":
            return _product(parts)
        case "floor" | "ceil":
            return _quotient(value.op, *parts)
    return Expr(value.op, tuple(parts))


def _product(parts: list[Dim]) -> Dim:
    """Factors, with the number that all terms of a factor share taken to the front."""
    shares = [gcd(*(_apart(term)[0] for term in terms_of(part))) or 1 for part in parts]
    return prod([part_of(part, share) for part, share in zip(parts, shares, strict=True)]) * prod(shares)


def part_of(value: Dim, share: int) -> Dim:
    """`value` over a number that divides all its terms."""
    return total(number // share * prod(factors) for number, factors in map(_apart, terms_of(value)))


def _quotient(op: str, top: Dim, below: Dim) -> Dim:
    """A rounded quotient; of a product whose number the divisor divides there is nothing to round."""
    number, factors = _apart(top)
    if isinstance(below, int) and below and number % below == 0:
        return number // below * prod(factors)
    return Expr(op, (top, below))


def _length(value: Dim) -> int:
    """How many symbols, numbers and operations it takes to write."""
    if not isinstance(value, Expr) or value.op == "symbol":
        return 1
    return 1 + sum(map(_length, value.args))


def _distributed(term: Dim) -> Dim:
    """A product with one sum in it, multiplied out."""
    sums = [factor for factor in factors_of(term) if isinstance(factor, Expr) and factor.op == "sum"]
    if len(sums) != 1:
        return term
    rest = prod(factor for factor in factors_of(term) if factor is not sums[0])
    return total(rest * each for each in sums[0].args)


def factored(value: Dim) -> Dim:
    """`value` simplified, with what all its terms share before a bracket: `(9·C+1)·F`, `128·(64·H+1)`.

    A number goes before a bracket only where that leaves a term of 1: 2·(144·C+9973) would help nobody.
    """
    if not isinstance(value, Expr):
        return value
    value = simplified(value)
    terms = [_apart(term) for term in terms_of(value)]
    if len(terms) < 2:
        return value
    common = Counter(terms[0][1])
    for _, factors in terms[1:]:
        common &= Counter(factors)
    numbers = [number for number, _ in terms]
    shared = gcd(*numbers)
    shared = shared if shared in map(abs, numbers) else 1
    if shared == 1 and not common:
        return value
    bracket = total(number // shared * prod((Counter(factors) - common).elements()) for number, factors in terms)
    return Expr("product", (*([shared] if shared > 1 else []), bracket, *common.elements()))


def _apart(term: Dim) -> tuple[int, list[Dim]]:
    """A term as the number in front of it and its other factors."""
    factors = factors_of(term)
    return prod(f for f in factors if isinstance(f, int)), [f for f in factors if not isinstance(f, int)]
