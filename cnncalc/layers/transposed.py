"""Transposed convolutions: every input pixel adds a filter's worth of output."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from ..arithmetic import Demand, Dim, Shape, maximum, minimum, prod
from ..language import Text
from ..window import SAME, Spread
from .base import FILTER_GROUPS, INPUT_GROUPS, PaddedLayer, Weights
from .fields import ONE, ActivationName, Axes, Letter, Padding, Positive, Switch, Whole


class ConvTranspose(PaddedLayer):
    """The convolution whose backward pass this is, run as a layer of its own.

    With the words "valid" and "same" the output is Keras's; with numbers it is PyTorch's
    `(n - 1)*s + d*(k - 1) + 1 - before - after + output_padding`.
    """

    filters: Annotated[Positive, Letter("F")]
    kernel_size: Annotated[Axes, Letter("K")]
    strides: Annotated[Axes, Letter("S")] = ONE
    padding: Annotated[Padding, Letter("P", neutral=0)] = "valid"
    output_padding: Annotated[tuple[Whole, ...] | None, Letter("O", neutral=0)] = None
    dilation_rate: Annotated[Axes, Letter("D_r", neutral=1)] = ONE
    activation: ActivationName = None
    use_bias: Switch = True
    groups: Annotated[Positive, Letter("G", neutral=1)] = 1

    def windows(self, spatial: Shape) -> tuple[Spread, ...]:
        bare = [Spread(k, s, d) for k, s, d in zip(self.kernel_size, self.strides, self.dilation_rate, strict=True)]
        return tuple(self._cut(spread, axis) for axis, spread in enumerate(bare))

    def _cut(self, spread: Spread, axis: int) -> Spread:
        """The spread of one axis with its padding and output padding, by Keras's rules for words."""
        extra = self.output_padding[axis] if self.output_padding else None
        if self.padding == "same":
            if extra is None:
                return spread._replace(padding=SAME)
            half = spread.extent // 2
            front = minimum((extra + 1) // 2, half)  # Keras puts output_padding on both sides, as it does padding
            return spread._replace(padding=(half, half), extra=extra, front=front)
        if self.padding == "valid":
            return spread._replace(extra=maximum(spread.stride - spread.extent, 0) if extra is None else extra)
        sides = self.paddings(self.padding, self.kernel_size, self.dilation_rate)
        return spread._replace(padding=sides[axis], extra=0 if extra is None else extra)

    def channels(self, c: Dim) -> Dim:
        return self.filters

    def weights(self, x: Shape) -> Weights:
        _, c = self.split(x)
        kernel = (*self.kernel_size, self.filters // self.groups, c)
        return {"kernel": kernel} | ({"bias": (self.filters,)} if self.use_bias else {})

    def macs(self, x: Shape, y: Shape) -> Dim:
        """Every input pixel meets every tap once, before anything is cropped."""
        return prod(self.split(x)[0]) * prod(self.weights(x)["kernel"])

    def needs(self, x: Shape) -> Iterator[Demand]:
        yield from PaddedLayer.needs(self, x)
        _, c = self.split(x)
        yield Demand(c % self.groups, "==", 0, INPUT_GROUPS, code="groups")
        yield Demand(self.filters % self.groups, "==", 0, FILTER_GROUPS, code="groups")
        for extra, stride, rate in zip(self.output_padding or (), self.strides, self.dilation_rate, strict=False):
            rule = Text("output_padding must be smaller than the stride or the dilation rate")
            yield Demand(extra + 1, "<=", maximum(stride, rate), rule)


class Conv1DTranspose(ConvTranspose):
    rank = 1


class Conv2DTranspose(ConvTranspose):
    rank = 2


class Conv3DTranspose(ConvTranspose):
    rank = 3
