"""Layers that only rearrange or repeat what comes in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import AfterValidator, field_validator

from ..arithmetic import Demand, Shape, Symbolic, prod
from ..language import Text
from .axes import axis_needs, position
from .base import Reading, Scope, UnaryLayer
from .fields import Index, Integer, Letter, Positive, wrong


def _one_rest(value: tuple[Any, ...]) -> tuple[Any, ...]:
    """Positive sizes, of which one may be -1: what is left."""
    numbers = [n for n in value if not isinstance(n, Symbolic)]
    if any(n < 1 for n in numbers if n != -1):
        raise wrong(Text("takes positive numbers and -1, not {value}", value=list(value)))
    if numbers.count(-1) > 1:
        raise wrong(Text("takes at most one -1, not {value}", value=list(value)))
    return value


Sizes = Annotated[tuple[Integer, ...], AfterValidator(_one_rest)]


class Reshape(UnaryLayer):
    """The same entries under other axes; one -1 stands for what is left."""

    target_shape: Annotated[Sizes, Letter()]

    def needs(self, x: Shape) -> Iterator[Demand]:
        known = prod(n for n in self.target_shape if not _is_rest(n))
        if any(map(_is_rest, self.target_shape)):
            yield Demand(
                prod(x) % known, "==", 0, Text("the known axes must divide the number of entries"), code="reshape"
            )
        else:
            yield Demand(prod(x), "==", known, Text("a reshape must keep the number of entries"), code="reshape")

    def output(self, x: Shape) -> Shape:
        known = prod(n for n in self.target_shape if not _is_rest(n))
        return tuple(prod(x) // known if _is_rest(n) else n for n in self.target_shape)

    def reading(self, x: Shape) -> Reading:
        return Scope.WHOLE if len(self.target_shape) == 1 else Scope.MOVED


def _is_rest(n: Any) -> bool:
    return isinstance(n, int) and n == -1


class Unflatten(UnaryLayer):
    """One axis as several, of which one may be -1; the batch is axis 0."""

    axis: Annotated[Index, Letter()]
    sizes: Annotated[Sizes, Letter()]

    def needs(self, x: Shape) -> Iterator[Demand]:
        yield from axis_needs((self.axis,), x)
        inner = x[position(self.axis, x)]
        known = prod(n for n in self.sizes if not _is_rest(n))
        if any(map(_is_rest, self.sizes)):
            yield Demand(inner % known, "==", 0, Text("the known sizes must divide the axis"), code="unflatten")
        else:
            yield Demand(inner, "==", known, Text("the sizes must make up the axis"), code="unflatten")

    def output(self, x: Shape) -> Shape:
        place = position(self.axis, x)
        known = prod(n for n in self.sizes if not _is_rest(n))
        sizes = tuple(x[place] // known if _is_rest(n) else n for n in self.sizes)
        return (*x[:place], *sizes, *x[place + 1 :])

    def reading(self, x: Shape) -> Reading:
        return Scope.MOVED


class Permute(UnaryLayer):
    """Axes in another order; `dims` counts them from 1."""

    dims: Annotated[tuple[Index, ...], Letter()]

    @field_validator("dims")
    @classmethod
    def _every_axis_once(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        if sorted(value) != list(range(1, len(value) + 1)):
            raise wrong(Text("takes each of 1 to {n} once, not {value}", n=len(value), value=list(value)))
        return value

    def needs(self, x: Shape) -> Iterator[Demand]:
        yield Demand(len(self.dims), "==", len(x), Text("dims must name every axis of the input"), code="rank")

    def output(self, x: Shape) -> Shape:
        return tuple(x[axis - 1] for axis in self.dims)

    def reading(self, x: Shape) -> Reading:
        return Scope.POINT if self.dims == tuple(sorted(self.dims)) else Scope.MOVED


class RepeatVector(UnaryLayer):
    n: Annotated[Positive, Letter("T")]

    def needs(self, x: Shape) -> Iterator[Demand]:
        yield Demand(len(x), "==", 1, Text("it takes an input of one axis"), code="rank")

    def output(self, x: Shape) -> Shape:
        return (self.n, *x)

    def reading(self, x: Shape) -> Reading:
        return Scope.WHOLE
