"""Recurrent layers: the same matrices at every step, on the step's input and on the state before it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar

from ..arithmetic import Demand, Dim, Shape, prod
from ..language import Text
from .base import Reading, Scope, Weights
from .fields import ActivationName, Letter, Positive, Switch
from .recurrence import Recurrent

SEQUENCE = Text("it takes an input of 2 axes: time and features")


class RNN(Recurrent):
    """`gates` matrices of `units` columns for the input, and as many for the state."""

    gates: ClassVar[int] = 1

    units: Annotated[Positive, Letter("U")]

    @classmethod
    def positional(cls) -> tuple[str, ...]:
        return ("units",)

    def needs(self, x: Shape) -> Iterator[Demand]:
        yield Demand(len(x), "==", 2, SEQUENCE, code="rank")
        yield Demand(1, "<=", x[0], Text("a sequence must have at least one step"))

    def state(self, x: Shape) -> Shape:
        return (self.units,)

    def reading(self, x: Shape) -> Reading:
        return Scope.WHOLE

    def weights(self, x: Shape) -> Weights:
        columns = self.gates * self.units
        kernels = {"kernel": (x[-1], columns), "recurrent_kernel": (self.units, columns)}
        return kernels | ({"bias": self.bias_shape(columns)} if self.use_bias else {})

    def bias_shape(self, columns: Dim) -> Shape:
        return (columns,)

    def step_macs(self, x: Shape) -> Dim:
        weights = self.weights(x)
        return prod(weights["kernel"]) + prod(weights["recurrent_kernel"])


class SimpleRNN(RNN):
    """The plain recurrence: one matrix for the input, one for the state (Elman 1990)."""


class LSTM(RNN):
    """Long short-term memory (Hochreiter and Schmidhuber 1997): four gates, two states."""

    gates = 4
    states = 2

    recurrent_activation: ActivationName = "sigmoid"
    unit_forget_bias: Switch = True


class GRU(RNN):
    """Gated recurrent unit (Cho et al. 2014): three gates; with `reset_after`, two biases."""

    gates = 3

    recurrent_activation: ActivationName = "sigmoid"
    reset_after: Switch = True

    def bias_shape(self, columns: Dim) -> Shape:
        return (2, columns) if self.reset_after else (columns,)
