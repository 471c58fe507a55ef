"""Upsample: interpolation of 1 to 3 axes by a size or a factor, as PyTorch has it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from ..arithmetic import Demand, Dim, Shape
from ..language import Text
from ..window import AxisReading, Resample, Spread
from .base import Reading, Scope, UnaryLayer
from .fields import AxisList, DataFormat, Letter, Switch, listed_numbers, scaled, wrong

RANKS = {"linear": 1, "bilinear": 2, "bicubic": 2, "trilinear": 3}
TAPS = {"nearest": 1, "nearest-exact": 1, "bicubic": 4}


class Upsample(UnaryLayer):
    """Interpolates to `size`, or to `scale_factor` times the input, rounded down."""

    size: Annotated[AxisList | None, Letter()] = None
    scale_factor: tuple[Annotated[float, Field(gt=0)], ...] | None = None
    mode: Literal["nearest", "nearest-exact", "linear", "bilinear", "bicubic", "trilinear"] = "nearest"
    align_corners: Switch | None = None
    data_format: DataFormat | None = None

    _lists = field_validator("size", "scale_factor", mode="before")(listed_numbers)

    @model_validator(mode="after")
    def _one_of_two(self) -> Upsample:
        if (self.size is None) == (self.scale_factor is None):
            raise wrong(Text("takes either size or scale_factor"))
        if self.align_corners is not None and self.mode.startswith("nearest"):
            raise wrong(Text("align_corners goes with interpolation, not with the mode nearest"))
        return self

    @property
    def channels_first(self) -> bool:
        return self.data_format == "channels_first"

    def spatial(self, x: Shape) -> Shape:
        """The axes that are interpolated."""
        return x[1:] if self.channels_first else x[:-1]

    def needs(self, x: Shape) -> Iterator[Demand]:
        rank = len(x) - 1
        if self.mode in RANKS:
            rule = Text("the mode {mode} takes a map of {rank} spatial axes", mode=self.mode, rank=RANKS[self.mode])
            yield Demand(rank, "==", RANKS[self.mode], rule, code="rank")
        yield Demand(2, "<=", len(x), Text("it takes a map: spatial axes and channels"), code="rank")
        given: tuple[Any, ...] = self.size or self.scale_factor or ()
        if len(given) > 1:
            yield Demand(len(given), "==", rank, Text("it takes one number, or one per spatial axis"), code="rank")
        for n in self._sizes(x):
            yield Demand(1, "<=", n, Text("the output must have at least one pixel"))

    def _sizes(self, x: Shape) -> Shape:
        spatial = self.spatial(x)
        if self.size is not None:
            return self.size * len(spatial) if len(self.size) == 1 else self.size
        factors = self.scale_factor or ()
        factors = factors * len(spatial) if len(factors) == 1 else factors
        return tuple(scaled(n, factor) for n, factor in zip(spatial, factors, strict=False))

    def output(self, x: Shape) -> Shape:
        sizes = self._sizes(x)
        return (x[0], *sizes) if self.channels_first else (*sizes, x[-1])

    def reading(self, x: Shape) -> Reading:
        if self.align_corners or not self._is_whole(x):
            return Scope.UNKNOWN
        return tuple(self._way(n, size) for n, size in zip(self.spatial(x), self._sizes(x), strict=True))

    def _way(self, n: Dim, size: Dim) -> AxisReading:
        taps = TAPS.get(self.mode, 2)
        if taps == 1 and isinstance(n, int) and isinstance(size, int) and size % n == 0:
            return Spread(size // n, size // n)
        return Resample(size, taps, centred=self.mode == "nearest-exact")

    def _is_whole(self, x: Shape) -> bool:
        """Whether the sizes are the input times the factors: where they were rounded, PyTorch steps by the factor still."""
        if self.scale_factor is None:
            return True
        factors = self.scale_factor * len(self.spatial(x)) if len(self.scale_factor) == 1 else self.scale_factor
        return all(
            not isinstance(n, int) or n * factor == int(n * factor)
            for n, factor in zip(self.spatial(x), factors, strict=False)
        )
