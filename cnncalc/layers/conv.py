"""Convolutions: one dot product per window position and filter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from ..arithmetic import Demand, Dim, Shape, prod
from ..window import Window
from .base import FILTER_GROUPS, INPUT_GROUPS, REFLECTS, WRAPS, PaddedLayer, Weights
from .fields import ONE, ActivationName, Axes, Letter, Padding, Positive, Switch
from .lora import Adaptable


class Conv(PaddedLayer, Adaptable):
    """A kernel of `kernel_size` taps per filter, shared by all positions (Keras `Conv`)."""

    filters: Annotated[Positive, Letter("F")]
    kernel_size: Annotated[Axes, Letter("K")]
    strides: Annotated[Axes, Letter("S")] = ONE
    padding: Annotated[Padding, Letter("P", neutral=0)] = "valid"
    dilation_rate: Annotated[Axes, Letter("D_r", neutral=1)] = ONE
    groups: Annotated[Positive, Letter("G", neutral=1)] = 1
    activation: ActivationName = None
    use_bias: Switch = True
    padding_mode: Literal["zeros", "reflect", "replicate", "circular"] = "zeros"

    def windows(self, spatial: Shape) -> tuple[Window, ...]:
        return self.slide(self.padding, self.kernel_size, self.strides, self.dilation_rate)

    def channels(self, c: Dim) -> Dim:
        return self.filters

    def weights(self, x: Shape) -> Weights:
        _, c = self.split(x)
        kernel = (*self.kernel_size, c // self.groups, self.filters)
        bias: Weights = {"bias": (self.filters,)} if self.use_bias else {}
        return {"kernel": kernel, **bias, **self.adapter(kernel)}

    def macs(self, x: Shape, y: Shape) -> Dim:
        return prod(self.split(y)[0]) * prod(self.weights(x)["kernel"])

    def needs(self, x: Shape) -> Iterator[Demand]:
        yield from PaddedLayer.needs(self, x)
        _, c = self.split(x)
        yield Demand(c % self.groups, "==", 0, INPUT_GROUPS, code="groups")
        yield Demand(self.filters % self.groups, "==", 0, FILTER_GROUPS, code="groups")
        if self.padding_mode in COPIES:
            rule, more = COPIES[self.padding_mode]
            spatial, _ = self.split(x)
            for window, n in zip(self.windows(spatial), spatial, strict=True):
                for side in window.pads(n):
                    yield Demand(side + more, "<=", n, rule)


COPIES = {"reflect": (REFLECTS, 1), "circular": (WRAPS, 0)}
"""Paddings that copy the map, and what they demand of it."""


class Conv1D(Conv):
    rank = 1
    words: ClassVar = ("valid", "same", "causal")


class Conv2D(Conv):
    rank = 2


class Conv3D(Conv):
    rank = 3
