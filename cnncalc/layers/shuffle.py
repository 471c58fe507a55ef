"""Rearrangements between channels and positions; nothing is computed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar

from ..arithmetic import Demand, Dim, Shape
from ..language import Text
from ..window import AxisReading, Spread, Window
from .base import INPUT_GROUPS, SpatialLayer
from .fields import Letter, Positive


class PixelShuffle(SpatialLayer):
    """Blocks of channels become squares of pixels (Shi et al. 2016, sub-pixel convolution)."""

    rank: ClassVar = 2

    upscale_factor: Annotated[Positive, Letter("S")]

    def needs(self, x: Shape) -> Iterator[Demand]:
        yield from SpatialLayer.needs(self, x)
        rule = Text("the square of upscale_factor must divide the channels")
        yield Demand(self.split(x)[1] % (self.upscale_factor * self.upscale_factor), "==", 0, rule)

    def windows(self, spatial: Shape) -> tuple[AxisReading, ...]:
        return (Spread(self.upscale_factor, self.upscale_factor),) * self.rank

    def channels(self, c: Dim) -> Dim:
        return c // (self.upscale_factor * self.upscale_factor)


class PixelUnshuffle(SpatialLayer):
    """Squares of pixels become blocks of channels."""

    rank: ClassVar = 2

    downscale_factor: Annotated[Positive, Letter("S")]

    def needs(self, x: Shape) -> Iterator[Demand]:
        yield from SpatialLayer.needs(self, x)
        for n in self.split(x)[0]:
            yield Demand(n % self.downscale_factor, "==", 0, Text("downscale_factor must divide height and width"))

    def windows(self, spatial: Shape) -> tuple[AxisReading, ...]:
        return (Window(self.downscale_factor, self.downscale_factor),) * self.rank

    def channels(self, c: Dim) -> Dim:
        return c * (self.downscale_factor * self.downscale_factor)


class ChannelShuffle(SpatialLayer):
    """Channels of all groups in turn (Zhang et al. 2018, ShuffleNet)."""

    rank: ClassVar = 2

    groups: Annotated[Positive, Letter("G")]

    def needs(self, x: Shape) -> Iterator[Demand]:
        yield from SpatialLayer.needs(self, x)
        yield Demand(self.split(x)[1] % self.groups, "==", 0, INPUT_GROUPS, code="groups")

    def windows(self, spatial: Shape) -> tuple[AxisReading, ...]:
        return (Window(),) * self.rank
