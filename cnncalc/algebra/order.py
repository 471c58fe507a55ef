"""Which of several expressions is larger, where their terms tell it for all numbers that are not negative."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache, reduce

from ..arithmetic import Dim, maximum
from ..expression import Expr
from .polynomial import REMEMBERED, Monomial, Polynomial, canonical
from .simplify import factored

__all__ = ["largest", "reaches"]


def largest(values: Iterable[Dim]) -> Dim:
    """The largest of values that are not negative; what another one always reaches is left out."""
    values = list(values)
    if all(isinstance(value, int) for value in values):
        return max(values)
    kept: dict[Polynomial, Dim] = {}
    for value in values:
        form = canonical(value)
        if any(reaches(other, form) for other in kept):
            continue
        kept = {other: each for other, each in kept.items() if not reaches(form, other)} | {form: value}
    first, *rest = map(factored, kept.values())
    return reduce(maximum, rest, first)


def reaches(a: Polynomial, b: Polynomial) -> bool:
    """Whether `a` is nowhere less than `b`, as their terms tell it, where symbols are not negative."""
    return all(a.get(term, 0) >= number and _is_size(term) for term, number in b.items()) and all(
        number >= 0 and _is_size(term) for term, number in a.items() if term not in b
    )


def _is_size(term: Monomial) -> bool:
    return all(map(_never_negative, term))


@lru_cache(maxsize=REMEMBERED)
def _never_negative(atom: Expr) -> bool:
    match atom:
        case Expr("symbol") | Expr("max", (_, 0)):
            return True
        case Expr("floor", (top, below)):
            return reaches(canonical(top), NOTHING) and reaches(canonical(below), NOTHING)
    return False


NOTHING = Polynomial({})
