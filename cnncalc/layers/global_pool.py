"""Pooling whose output size is fixed: one summary of the whole map, or a given number of parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, field_validator, model_validator

from ..arithmetic import Demand, Dim, Shape
from ..language import Text
from ..window import AxisReading, Bins, Window
from .base import Reading, Scope, SpatialLayer
from .fields import Axes, Letter, OpenAxes, Switch, listed_numbers, scaled, wrong


class GlobalPooling(SpatialLayer):
    """One window as large as the map."""

    keepdims: Switch = False

    def windows(self, spatial: Shape) -> tuple[Window, ...]:
        return tuple(Window(n) for n in spatial)

    def map(self, sizes: Shape, channels: Dim) -> Shape:
        return self.join(sizes, channels) if self.keepdims else (channels,)


class GlobalMaxPooling1D(GlobalPooling):
    rank = 1


class GlobalMaxPooling2D(GlobalPooling):
    rank = 2


class GlobalMaxPooling3D(GlobalPooling):
    rank = 3


class GlobalAveragePooling1D(GlobalPooling):
    rank = 1


class GlobalAveragePooling2D(GlobalPooling):
    rank = 2


class GlobalAveragePooling3D(GlobalPooling):
    rank = 3


class AdaptivePooling(SpatialLayer):
    """The axis cut into `output_size` parts, which overlap where it does not divide (PyTorch)."""

    output_size: Annotated[OpenAxes, Letter("O")]

    def windows(self, spatial: Shape) -> tuple[Bins, ...]:
        """A size of None keeps the axis as it is."""
        return tuple(Bins(n if size is None else size) for size, n in zip(self.output_size, spatial, strict=True))


class FractionalMaxPooling(SpatialLayer):
    """Max pooling over `output_size` windows, or `output_ratio` times the input, at random places (Graham 2014)."""

    pool_size: Annotated[Axes, Letter("K")]
    output_size: Annotated[Axes | None, Letter("O")] = None
    output_ratio: tuple[Annotated[float, Field(gt=0, lt=1)], ...] | None = None

    _ratios = field_validator("output_ratio", mode="before")(listed_numbers)

    @model_validator(mode="after")
    def _one_of_two(self) -> FractionalMaxPooling:
        if (self.output_size is None) == (self.output_ratio is None):
            raise wrong(Text("takes either output_size or output_ratio"))
        return self

    def windows(self, spatial: Shape) -> tuple[Bins, ...]:
        if self.output_size is not None:
            return tuple(map(Bins, self.output_size))
        ratios = self.output_ratio or ()
        ratios = ratios * len(spatial) if len(ratios) == 1 else ratios
        return tuple(Bins(scaled(n, ratio)) for n, ratio in zip(spatial, ratios, strict=False))

    def pattern(self, spatial: Shape, windows: tuple[AxisReading, ...]) -> Reading:
        return Scope.UNKNOWN

    def needs(self, x: Shape) -> Iterator[Demand]:
        yield from SpatialLayer.needs(self, x)
        spatial, _ = self.split(x)
        for size, bins, n in zip(self.pool_size, self.windows(spatial), spatial, strict=False):
            room = n - 1 if self.rank == 3 else n  # PyTorch's 3D pool leaves one pixel more
            yield Demand(bins.size + size - 1, "<=", room, Text("the windows must fit into the map"))
            yield Demand(1, "<=", bins.size, Text("the output must have at least one pixel"))


class FractionalMaxPooling2D(FractionalMaxPooling):
    rank = 2


class FractionalMaxPooling3D(FractionalMaxPooling):
    rank = 3


class AdaptiveAveragePooling1D(AdaptivePooling):
    rank = 1


class AdaptiveAveragePooling2D(AdaptivePooling):
    rank = 2


class AdaptiveAveragePooling3D(AdaptivePooling):
    rank = 3


class AdaptiveMaxPooling1D(AdaptivePooling):
    rank = 1


class AdaptiveMaxPooling2D(AdaptivePooling):
    rank = 2


class AdaptiveMaxPooling3D(AdaptivePooling):
    rank = 3
