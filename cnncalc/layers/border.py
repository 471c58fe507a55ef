"""Padding with something else than zeros; where it copies the map, the map must be large enough."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar

from pydantic import field_validator

from ..arithmetic import LIMIT, Demand, Shape
from ..window import Window
from .base import REFLECTS, WRAPS, SpatialLayer
from .fields import ONE, PAIRS_SCHEMA, Least, Letter, Pairs, pairs


class BorderPadding(SpatialLayer):
    """A border around the map; a negative number crops, where only a constant is added."""

    least: ClassVar[int] = 0

    padding: Annotated[Pairs, Least(0), Letter("P", neutral=0), PAIRS_SCHEMA] = ONE

    @field_validator("padding", mode="plain", check_fields=False)
    @classmethod
    def _normal_padding(cls, value: Any) -> Any:
        return pairs(value, cls.rank, minimum=cls.least)

    def windows(self, spatial: Shape) -> tuple[Window, ...]:
        return tuple(Window(padding=padding) for padding in self.padding)


class ConstantPadding(BorderPadding):
    """A border of one number."""

    least = -LIMIT
    padding: Annotated[Pairs, Letter("P", neutral=0), PAIRS_SCHEMA] = ONE
    value: float = 0.0


class ReplicationPadding(BorderPadding):
    """A border that repeats the outermost pixels."""


class ReflectionPadding(BorderPadding):
    """A border that mirrors the map without its outermost pixels."""

    def needs(self, x: Shape) -> Iterator[Demand]:
        yield from SpatialLayer.needs(self, x)
        for n, sides in zip(self.split(x)[0], self.padding, strict=True):
            for side in sides:
                yield Demand(side + 1, "<=", n, REFLECTS)


class CircularPadding(BorderPadding):
    """A border that goes on at the other side of the map."""

    def needs(self, x: Shape) -> Iterator[Demand]:
        yield from SpatialLayer.needs(self, x)
        for n, sides in zip(self.split(x)[0], self.padding, strict=True):
            for side in sides:
                yield Demand(side, "<=", n, WRAPS)


class ConstantPadding1D(ConstantPadding):
    rank = 1


class ConstantPadding2D(ConstantPadding):
    rank = 2


class ConstantPadding3D(ConstantPadding):
    rank = 3


class ReplicationPadding1D(ReplicationPadding):
    rank = 1


class ReplicationPadding2D(ReplicationPadding):
    rank = 2


class ReplicationPadding3D(ReplicationPadding):
    rank = 3


class ReflectionPadding1D(ReflectionPadding):
    rank = 1


class ReflectionPadding2D(ReflectionPadding):
    rank = 2


class ReflectionPadding3D(ReflectionPadding):
    rank = 3


class CircularPadding1D(CircularPadding):
    rank = 1


class CircularPadding2D(CircularPadding):
    rank = 2


class CircularPadding3D(CircularPadding):
    rank = 3
