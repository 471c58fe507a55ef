"""Layers that mix what lies along some of their axes, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import field_validator

from ..arithmetic import Demand, Shape
from .axes import axis_needs, listed, position
from .base import Mixed, Reading, Scope, UnaryLayer
from .fields import AxisList, Letter


class OverAxes(UnaryLayer):
    """The axes in `axis` are taken together, by default the last; one may stand without a list."""

    axis: Annotated[AxisList, Letter()] = (-1,)

    _axes = field_validator("axis", mode="before")(listed)

    def needs(self, x: Shape) -> Iterator[Demand]:
        yield from axis_needs(self.axis, x)

    def reading(self, x: Shape) -> Reading:
        return Mixed(frozenset(position(axis, x) for axis in self.axis), Scope.WHOLE)

    def chosen(self, x: Shape) -> Shape:
        """The sizes of the axes in `axis`, each once, in the order of the input."""
        return tuple(x[axis] for axis in sorted({position(axis, x) for axis in self.axis}))
