"""Merges: several inputs become one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import Annotated, Any, ClassVar

from pydantic import field_validator

from ..arithmetic import Demand, Dim, Shape, Symbolic, prod
from ..language import Text
from .axes import axis_needs, position
from .base import Facts, Layer, Mixed, Scope
from .fields import AXES_SCHEMA, Index, Letter, Switch

# Made once, as in base.py: texts for every demand would be work on the hot path.
AT_LEAST_ONE = Text("a merge takes at least one input")
SAME_SHAPE = Text("the inputs must have the same shape")
SAME_RANK = Text("the inputs must have the same number of axes")
REST_EQUAL = Text("all axes but the one joined must be equal")
CONTRACTED = Text("the axes contracted must be equal")


class ElementwiseMerge(Layer):
    """One number out of the numbers at the same place; an axis of 1 is repeated as needed."""

    arity: ClassVar[int | None] = None

    def demands(self, xs: tuple[Shape, ...]) -> Iterator[Demand]:
        if self.arity:
            rule = Text("{kind} takes {n} inputs", kind=self.kind(), n=self.arity)
            yield Demand(len(xs), "==", self.arity, rule, code="inputs")
        yield Demand(1, "<=", len(xs), AT_LEAST_ONE, code="inputs")
        for axis, sizes in enumerate(aligned(xs)):
            chosen = common(sizes)
            for size in sizes:
                if not _is(size, 1) and size != chosen:
                    yield Demand(size, "==", chosen, SAME_SHAPE, axis, "merge")

    def facts(self, xs: tuple[Shape, ...]) -> Facts:
        return Facts(tuple(map(common, aligned(xs))), Scope.POINT, {}, 0)


def aligned(xs: tuple[Shape, ...]) -> list[tuple[Dim, ...]]:
    """The sizes that meet on each axis, from the last backwards; a missing axis counts as 1."""
    return list(zip_longest(*(x[::-1] for x in xs), fillvalue=1))[::-1]


def common(sizes: tuple[Dim, ...]) -> Dim:
    """What the sizes of one axis agree on: a number before a symbol, anything before 1."""
    rest = [size for size in sizes if not _is(size, 1)]
    return next((size for size in rest if not isinstance(size, Symbolic)), rest[0] if rest else 1)


def _is(x: Any, number: int) -> bool:
    return isinstance(x, int) and x == number


class Add(ElementwiseMerge):
    pass


class Subtract(ElementwiseMerge):
    arity = 2


class Multiply(ElementwiseMerge):
    pass


class Average(ElementwiseMerge):
    pass


class Maximum(ElementwiseMerge):
    pass


class Minimum(ElementwiseMerge):
    pass


class Concatenate(Layer):
    """Inputs side by side along one axis, by default the last; Keras counts the batch as axis 0."""

    axis: Annotated[Index, Letter()] = -1

    def demands(self, xs: tuple[Shape, ...]) -> Iterator[Demand]:
        yield Demand(1, "<=", len(xs), AT_LEAST_ONE, code="inputs")
        rank = len(xs[0])
        for x in xs:
            yield Demand(len(x), "==", rank, SAME_RANK, code="rank")
        yield from axis_needs((self.axis,), xs[0])
        along = position(self.axis, xs[0])
        for axis, sizes in enumerate(zip(*xs, strict=True)):
            chosen = _settled(sizes)
            if axis != along:
                for size in sizes:
                    if size != chosen:
                        yield Demand(size, "==", chosen, REST_EQUAL, axis, "merge")

    def facts(self, xs: tuple[Shape, ...]) -> Facts:
        along = position(self.axis, xs[0])
        columns = enumerate(zip(*xs, strict=True))
        shape = tuple(sum(sizes[1:], sizes[0]) if axis == along else _settled(sizes) for axis, sizes in columns)
        return Facts(shape, Mixed(frozenset({along}), Scope.MOVED), {}, 0)


def _settled(sizes: tuple[Dim, ...]) -> Dim:
    """The known number among sizes that must be equal, else the first."""
    return next((size for size in sizes if not isinstance(size, Symbolic)), sizes[0])


class Dot(Layer):
    """A contraction of two inputs over one axis of each, so it counts MACs."""

    axes: Annotated[tuple[Index, Index], Letter(), AXES_SCHEMA]
    normalize: Switch = False

    @field_validator("axes", mode="before")
    @classmethod
    def _pair(cls, value: object) -> object:
        return (value, value) if isinstance(value, int) else value

    def demands(self, xs: tuple[Shape, ...]) -> Iterator[Demand]:
        yield Demand(len(xs), "==", 2, Text("{kind} takes {n} inputs", kind="Dot", n=2), code="inputs")
        for axis, x in zip(self.axes, xs, strict=True):
            yield from axis_needs((axis,), x)
        (a, i), (b, j) = self._sides(xs)
        yield Demand(a[i], "==", b[j], CONTRACTED, code="merge")

    def _sides(self, xs: tuple[Shape, ...]) -> tuple[tuple[Shape, int], tuple[Shape, int]]:
        first, second = xs
        return (first, position(self.axes[0], first)), (second, position(self.axes[1], second))

    def facts(self, xs: tuple[Shape, ...]) -> Facts:
        (a, i), (b, j) = self._sides(xs)
        shape = (*a[:i], *a[i + 1 :], *b[:j], *b[j + 1 :])
        return Facts(shape or (1,), Scope.WHOLE, {}, prod(shape) * a[i])
