"""Noise and dropout of whole maps: like Dropout, they change neither shape nor count."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import Field

from ..arithmetic import Demand, Shape
from .base import MAP_RULES, UnaryLayer
from .fields import DataFormat, Share


class GaussianDropout(UnaryLayer):
    rate: Share


class GaussianNoise(UnaryLayer):
    stddev: Annotated[float, Field(ge=0)]


class SpatialDropout(UnaryLayer):
    """Drops whole feature maps."""

    rank: ClassVar[int]
    rate: Share
    data_format: DataFormat | None = None

    def needs(self, x: Shape) -> Iterator[Demand]:
        yield Demand(len(x), "==", self.rank + 1, MAP_RULES[self.rank], code="rank")


class SpatialDropout1D(SpatialDropout):
    rank = 1


class SpatialDropout2D(SpatialDropout):
    rank = 2


class SpatialDropout3D(SpatialDropout):
    rank = 3
