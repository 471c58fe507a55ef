"""Integer arithmetic that means the same on ints, on symbols and on NumPy columns.

The rules use `+ - * // %` and the functions below; a symbol or a column brings its own operators
along and registers its own `maximum` and `minimum`.
"""

from __future__ import annotations

from functools import singledispatch
from math import prod
from typing import Any, NamedTuple

from .language import Text

__all__ = ["LIMIT", "Demand", "Dim", "Shape", "Symbolic", "ceildiv", "maximum", "minimum", "prod"]

Dim = Any
"""An int, a symbolic expression or an int64 column: whatever has + - * // and %."""

Shape = tuple[Dim, ...]
"""The axes of one example, as its layer sees them; the batch is never among them."""

LIMIT = 2**31 - 1
"""The largest number that a field or an input axis may hold; derived numbers have no limit."""


class Symbolic:
    """What stands for a number not known yet; the fields of a layer let it through."""

    __slots__ = ()

    @staticmethod
    def ceildiv(a: Dim, b: Dim) -> Dim:
        """a / b rounded up, where one of them is a symbol."""
        raise NotImplementedError


class Demand(NamedTuple):
    """Something that a layer needs to be true, as a comparison of two numbers.

    On ints a false one is an error, on symbols it is an assumption to state, on columns a masked row.
    """

    left: Dim
    relation: str
    """One of `<=` and `==`."""
    right: Dim
    rule: Text
    axis: int | None = None
    """The index of the input axis concerned, where there is one."""
    code: str = "demand"
    """A stable word for programs."""

    def __str__(self) -> str:
        return f"{self.left} {SIGNS[self.relation]} {self.right}"


SIGNS = {"<=": "≤", "==": "="}
"""The relations as mathematics writes them."""


def ceildiv(a: Dim, b: Dim) -> Dim:
    """Return a / b rounded up, without leaving the integers."""
    for number in (a, b):
        if isinstance(number, Symbolic):
            return number.ceildiv(a, b)
    return -(-a // b)


def maximum(a: Dim, b: Dim) -> Dim:
    """Return the larger of two numbers of any kind."""
    if not isinstance(a, int):
        return _maximum(a, b)
    return max(a, b) if isinstance(b, int) else _maximum(b, a)


def minimum(a: Dim, b: Dim) -> Dim:
    """Return the smaller of two numbers of any kind."""
    if not isinstance(a, int):
        return _minimum(a, b)
    return min(a, b) if isinstance(b, int) else _minimum(b, a)


@singledispatch
def _maximum(a: Dim, b: Dim) -> Dim:
    """For a kind of number that has registered its own."""
    raise NotImplementedError(type(a))


@singledispatch
def _minimum(a: Dim, b: Dim) -> Dim:
    """For a kind of number that has registered its own."""
    raise NotImplementedError(type(a))


register_maximum = _maximum.register
register_minimum = _minimum.register
