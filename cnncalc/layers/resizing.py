"""Layers that change the size of a map without weights: padding, cropping, upsampling."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import field_validator

from ..arithmetic import LIMIT, Shape
from ..window import SAME, TAPS, Spread, Window
from .base import SpatialLayer
from .fields import ONE, PAIRS_SCHEMA, Axes, Least, Letter, Pairs, pairs

TWO: Any = 2
NONE: Any = 0


class ZeroPadding(SpatialLayer):
    """Zeros around the map: a window of one tap over a padded axis. A negative number crops."""

    padding: Annotated[Pairs, Letter("P", neutral=0), PAIRS_SCHEMA] = ONE

    @field_validator("padding", mode="plain", check_fields=False)
    @classmethod
    def _normal_padding(cls, value: Any) -> Any:
        return pairs(value, cls.rank, minimum=-LIMIT)

    def windows(self, spatial: Shape) -> tuple[Window, ...]:
        return tuple(Window(padding=padding) for padding in self.padding)


class ZeroPadding1D(ZeroPadding):
    rank = 1


class ZeroPadding2D(ZeroPadding):
    rank = 2


class ZeroPadding3D(ZeroPadding):
    rank = 3


class Cropping(SpatialLayer):
    """Pixels cut off: padding below zero."""

    cropping: Annotated[Pairs, Least(0), Letter("P", neutral=0), PAIRS_SCHEMA] = ONE

    @field_validator("cropping", mode="plain", check_fields=False)
    @classmethod
    def _normal_cropping(cls, value: Any) -> Any:
        return pairs(value, cls.rank)

    def windows(self, spatial: Shape) -> tuple[Window, ...]:
        return tuple(Window(padding=(-before, -after)) for before, after in self.cropping)


class Cropping1D(Cropping):
    rank = 1


class Cropping2D(Cropping):
    rank = 2
    cropping: Annotated[Pairs, Least(0), Letter("P", neutral=0), PAIRS_SCHEMA] = NONE


class Cropping3D(Cropping):
    rank = 3


class UpSampling(SpatialLayer):
    """Every pixel `size` times along each axis, repeated or interpolated."""

    size: Annotated[Axes, Letter("S")] = TWO
    interpolation: Literal["nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"] = "nearest"

    def windows(self, spatial: Shape) -> tuple[Spread, ...]:
        return tuple(_interpolating(size, TAPS[self.interpolation]) for size in self.size)


def _interpolating(size: Any, taps: int) -> Spread:
    """The spread that touches the same pixels: an interpolation weighs `taps` neighbours, and by a factor of 1 none."""
    return Spread(size if taps == 1 or size == 1 else taps * size - size % 2, size, 1, SAME)


class UpSampling1D(UpSampling):
    rank = 1


class UpSampling2D(UpSampling):
    rank = 2


class UpSampling3D(UpSampling):
    rank = 3
