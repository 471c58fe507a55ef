"""A canonical polynomial as people write it: ⌈H/2⌉ for ⌊(H+1)/2⌋, ⌊(29-k)/2⌋ for ⌊(k+1)/2⌋-k+14."""

from __future__ import annotations

from ..arithmetic import Dim, prod
from ..expression import Expr, total
from .polynomial import Monomial, Polynomial, canonical, order, place

__all__ = ["readable"]


def readable(form: Polynomial) -> Dim:
    """The expression of a polynomial: terms of many factors first, the constant last."""
    outside = dict(form)
    rounded = {
        (atom,): number * _rounded(_absorbed(atom, number, outside), atom.args[1])
        for atom, number in sorted(_lone_floors(form).items(), key=lambda item: order(item[0]))
    }
    terms = sorted(form.items(), key=place)
    return total(
        rounded[monomial] if monomial in rounded else outside[monomial] * prod(map(_atom, monomial))
        for monomial, _ in terms
        if monomial in outside
    )


def _lone_floors(form: Polynomial) -> dict[Expr, int]:
    """The floors with a whole divisor that stand alone, with the numbers before them."""
    found = {monomial[0]: number for monomial, number in form.items() if len(monomial) == 1}
    return {atom: number for atom, number in found.items() if atom.op == "floor" and isinstance(atom.args[1], int)}


def _absorbed(atom: Expr, number: int, outside: dict[Monomial, int]) -> Polynomial:
    """What is under a floor, with what stands outside of it and inside too; that is taken out of `outside`."""
    top, divisor = canonical(atom.args[0]), atom.args[1]
    for monomial in top.varying:
        top += _taken(monomial, number, outside) * divisor
    if all(each < 0 for each in top.varying.values()):
        top += _taken((), number, outside) * divisor
    return top


def _taken(monomial: Monomial, number: int, outside: dict[Monomial, int]) -> Polynomial:
    if monomial not in outside or outside[monomial] % number:
        return Polynomial({})
    return Polynomial({monomial: outside.pop(monomial) // number})


def _rounded(top: Polynomial, divisor: int) -> Expr:
    if divisor > 1 and top.constant == divisor - 1 and any(number > 0 for number in top.varying.values()):
        return Expr("ceil", (readable(top.varying), divisor))
    return Expr("floor", (readable(top), divisor))


def _atom(atom: Expr) -> Dim:
    """An atom with its arguments written as people do."""
    match atom:
        case Expr("symbol"):
            return atom
        case Expr("floor", (top, int(divisor))) if divisor > 0:
            return _rounded(canonical(top), divisor)
    return Expr(atom.op, tuple(readable(canonical(argument)) for argument in atom.args))
