"""Axes added, dropped or summed up: what networks do between their layers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import field_validator

from ..arithmetic import Demand, Shape
from ..language import Text
from .axes import axis_needs, listed, position
from .base import Reading, Scope, UnaryLayer
from .fields import AxisList, Index, Letter, Switch


class ExpandDims(UnaryLayer):
    """An axis of 1 at the place `axis` of the output; the batch is axis 0."""

    axis: Annotated[Index, Letter()] = -1

    def _place(self, x: Shape) -> int:
        return self.axis + len(x) + 1 if self.axis < 0 else self.axis - 1

    def needs(self, x: Shape) -> Iterator[Demand]:
        yield Demand(0, "<=", self._place(x), Text("the axis must exist, and it cannot be the batch"))
        yield Demand(self._place(x), "<=", len(x), Text("the axis must exist"))

    def output(self, x: Shape) -> Shape:
        place = self._place(x)
        return (*x[:place], 1, *x[place:])

    def reading(self, x: Shape) -> Reading:
        return Scope.MOVED


class Squeeze(UnaryLayer):
    """Without the axes of 1 that `axis` names."""

    axis: Annotated[AxisList, Letter()]

    _axes = field_validator("axis", mode="before")(listed)

    def needs(self, x: Shape) -> Iterator[Demand]:
        yield from axis_needs(self.axis, x)
        for axis in self.axis:
            yield Demand(x[position(axis, x)], "==", 1, Text("an axis that is dropped must be 1"))

    def output(self, x: Shape) -> Shape:
        gone = {position(axis, x) for axis in self.axis}
        return tuple(n for place, n in enumerate(x) if place not in gone)

    def reading(self, x: Shape) -> Reading:
        return Scope.MOVED


class Reduce(UnaryLayer):
    """Mean, sum or extreme over some axes, by default over all."""

    function: Literal["mean", "sum", "max", "min", "prod"]
    axis: Annotated[AxisList | None, Letter()] = None
    keepdims: Switch = False

    _axes = field_validator("axis", mode="before")(listed)

    def needs(self, x: Shape) -> Iterator[Demand]:
        yield from axis_needs(self.axis or (), x)

    def output(self, x: Shape) -> Shape:
        gone = range(len(x)) if self.axis is None else {position(axis, x) for axis in self.axis}
        if self.keepdims:
            return tuple(1 if place in gone else n for place, n in enumerate(x))
        return tuple(n for place, n in enumerate(x) if place not in gone)

    def reading(self, x: Shape) -> Reading:
        return Scope.WHOLE
