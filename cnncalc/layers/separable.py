"""Depthwise and separable convolutions: every channel has filters of its own."""

from __future__ import annotations

from typing import Annotated, ClassVar

from ..arithmetic import Dim, Shape, prod
from ..window import Window
from .base import PaddedLayer, Weights
from .fields import ONE, ActivationName, Axes, Letter, Padding, Positive, Switch


class DepthwiseConv(PaddedLayer):
    """`depth_multiplier` filters of their own for every input channel."""

    kernel_size: Annotated[Axes, Letter("K")]
    strides: Annotated[Axes, Letter("S")] = ONE
    padding: Annotated[Padding, Letter("P", neutral=0)] = "valid"
    depth_multiplier: Annotated[Positive, Letter("M")] = 1
    dilation_rate: Annotated[Axes, Letter("D_r", neutral=1)] = ONE
    activation: ActivationName = None
    use_bias: Switch = True

    def windows(self, spatial: Shape) -> tuple[Window, ...]:
        return self.slide(self.padding, self.kernel_size, self.strides, self.dilation_rate)

    def channels(self, c: Dim) -> Dim:
        return c * self.depth_multiplier

    def weights(self, x: Shape) -> Weights:
        _, c = self.split(x)
        kernel = (*self.kernel_size, c, self.depth_multiplier)
        return {"kernel": kernel} | ({"bias": (c * self.depth_multiplier,)} if self.use_bias else {})

    def macs(self, x: Shape, y: Shape) -> Dim:
        return prod(self.split(y)[0]) * prod(self.weights(x)["kernel"])


class DepthwiseConv1D(DepthwiseConv):
    rank = 1


class DepthwiseConv2D(DepthwiseConv):
    rank = 2


class SeparableConv(PaddedLayer):
    """A depthwise convolution, then a 1x1 convolution over the channels; one bias at the end."""

    filters: Annotated[Positive, Letter("F")]
    kernel_size: Annotated[Axes, Letter("K")]
    strides: Annotated[Axes, Letter("S")] = ONE
    padding: Annotated[Padding, Letter("P", neutral=0)] = "valid"
    dilation_rate: Annotated[Axes, Letter("D_r", neutral=1)] = ONE
    depth_multiplier: Annotated[Positive, Letter("M")] = 1
    activation: ActivationName = None
    use_bias: Switch = True

    def windows(self, spatial: Shape) -> tuple[Window, ...]:
        return self.slide(self.padding, self.kernel_size, self.strides, self.dilation_rate)

    def channels(self, c: Dim) -> Dim:
        return self.filters

    def weights(self, x: Shape) -> Weights:
        _, c = self.split(x)
        depthwise = (*self.kernel_size, c, self.depth_multiplier)
        pointwise = (*(1 for _ in self.kernel_size), c * self.depth_multiplier, self.filters)
        kernels = {"depthwise_kernel": depthwise, "pointwise_kernel": pointwise}
        return kernels | ({"bias": (self.filters,)} if self.use_bias else {})

    def macs(self, x: Shape, y: Shape) -> Dim:
        weights = self.weights(x)
        return prod(self.split(y)[0]) * (prod(weights["depthwise_kernel"]) + prod(weights["pointwise_kernel"]))


class SeparableConv1D(SeparableConv):
    rank = 1
    words: ClassVar = ("valid", "same", "causal")


class SeparableConv2D(SeparableConv):
    rank = 2
