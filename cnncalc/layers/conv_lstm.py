"""ConvLSTM: an LSTM whose products are convolutions (Shi et al. 2015)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from ..arithmetic import Demand, Dim, Shape, prod
from ..language import Text
from ..window import Window
from .base import PaddedLayer, Reading, Scope, Weights
from .fields import ONE, ActivationName, Axes, Letter, Padding, Positive, Switch
from .recurrence import Recurrent

FRAMES = {
    1: Text("it takes an input of 3 axes: time, length and channels"),
    2: Text("it takes an input of 4 axes: time, height, width and channels"),
    3: Text("it takes an input of 5 axes: time, depth, height, width and channels"),
}
GATES = 4


class ConvLSTM(Recurrent, PaddedLayer):
    """A convolution of every frame and a "same" convolution of the state before it."""

    states = 2

    filters: Annotated[Positive, Letter("F")]
    kernel_size: Annotated[Axes, Letter("K")]
    strides: Annotated[Axes, Letter("S")] = ONE
    padding: Annotated[Padding, Letter("P", neutral=0)] = "valid"
    dilation_rate: Annotated[Axes, Letter("D_r", neutral=1)] = ONE
    recurrent_activation: ActivationName = "sigmoid"
    unit_forget_bias: Switch = True

    @classmethod
    def positional(cls) -> tuple[str, ...]:
        return ("filters", "kernel_size", "strides", "padding")

    def windows(self, spatial: Shape) -> tuple[Window, ...]:
        return self.slide(self.padding, self.kernel_size, self.strides, self.dilation_rate)

    def needs(self, x: Shape) -> Iterator[Demand]:
        yield Demand(len(x), "==", self.rank + 2, FRAMES[self.rank], code="rank")
        spatial, _ = self.split(x[1:])
        first = 2 if self.channels_first else 1
        for axis, (window, n) in enumerate(zip(self.windows(spatial), spatial, strict=True)):
            yield window.demand(n, first + axis)

    def state(self, x: Shape) -> Shape:
        spatial, _ = self.split(x[1:])
        counts = tuple(window.count(n) for window, n in zip(self.windows(spatial), spatial, strict=True))
        return self.join(counts, self.filters)

    def reading(self, x: Shape) -> Reading:
        return Scope.UNKNOWN

    def weights(self, x: Shape) -> Weights:
        _, c = self.split(x[1:])
        columns = GATES * self.filters
        kernels = {
            "kernel": (*self.kernel_size, c, columns),
            "recurrent_kernel": (*self.kernel_size, self.filters, columns),
        }
        return kernels | ({"bias": (columns,)} if self.use_bias else {})

    def step_macs(self, x: Shape) -> Dim:
        positions = prod(self.split(self.state(x))[0])
        weights = self.weights(x)
        return positions * (prod(weights["kernel"]) + prod(weights["recurrent_kernel"]))


class ConvLSTM1D(ConvLSTM):
    rank = 1


class ConvLSTM2D(ConvLSTM):
    rank = 2


class ConvLSTM3D(ConvLSTM):
    rank = 3
