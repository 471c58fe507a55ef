"""Pooling: one summary per window and channel; nothing to learn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import model_validator
from pydantic_core import PydanticUndefined

from ..arithmetic import Demand, Dim, Shape
from ..language import Text
from ..window import Window
from .base import PaddedLayer
from .fields import ONE, Axes, Letter, Padding, Positive, Switch

TWO: Any = 2


class Pooling(PaddedLayer):
    """Windows of `pool_size`, by default side by side (`strides` = `pool_size`)."""

    pool_size: Annotated[Axes, Letter("K")]
    strides: Annotated[Axes, Letter("S")] = ONE
    padding: Annotated[Padding, Letter("P", neutral=0)] = "valid"
    ceil_mode: Switch = False

    @model_validator(mode="before")
    @classmethod
    def _side_by_side(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("strides") is None:
            size = data.get("pool_size", cls.model_fields["pool_size"].default)
            return data | {"strides": size} if size is not PydanticUndefined else data
        return data

    def windows(self, spatial: Shape) -> tuple[Window, ...]:
        return self.pool((1,) * self.rank)

    def pool(self, rates: tuple[Dim, ...]) -> tuple[Window, ...]:
        windows = self.slide(self.padding, self.pool_size, self.strides, rates)
        return tuple(window._replace(ceil_mode=self.ceil_mode) for window in windows)

    def needs(self, x: Shape) -> Iterator[Demand]:
        yield from PaddedLayer.needs(self, x)
        for window in self.windows(self.split(x)[0]):
            if isinstance(window.padding, tuple):
                for side in window.padding:
                    rule = Text("padding of a pool may be at most half of its window")
                    yield Demand(side, "<=", window.size // 2, rule)


class MaxPool(Pooling):
    pool_size: Annotated[Axes, Letter("K")] = TWO
    dilation_rate: Annotated[Axes, Letter("D_r", neutral=1)] = ONE

    def windows(self, spatial: Shape) -> tuple[Window, ...]:
        return self.pool(self.dilation_rate)


class MaxPooling1D(MaxPool):
    rank = 1


class MaxPooling2D(MaxPool):
    rank = 2


class MaxPooling3D(MaxPool):
    rank = 3


class LPPool(Pooling):
    """The p-norm of each window."""

    norm_type: float = 2.0


class LPPooling1D(LPPool):
    rank = 1


class LPPooling2D(LPPool):
    rank = 2


class LPPooling3D(LPPool):
    rank = 3


class AveragePool(Pooling):
    """The mean of each window; padding in numbers counts with `count_include_pad` (PyTorch), that of words never does."""

    count_include_pad: Switch = True
    divisor_override: Annotated[Positive | None, Letter()] = None
    """What a sum is divided by instead of the number of pixels."""


class AveragePooling1D(AveragePool):
    rank = 1


class AveragePooling2D(AveragePool):
    rank = 2


class AveragePooling3D(AveragePool):
    rank = 3
