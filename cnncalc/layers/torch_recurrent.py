"""Stacks of recurrent layers as PyTorch builds them: both directions, two biases, projections."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import model_validator

from ..arithmetic import Demand, Dim, Shape, prod
from ..language import Text
from .base import Facts, Scope, UnaryLayer, Weights
from .fields import Count, Letter, Positive, Share, Switch, Whole, is_zero, wrong

SEQUENCE = Text("it takes an input of 2 axes: time and features")


class Stacked(UnaryLayer):
    """`num_layers` recurrent layers, each over the outputs of the one before; outputs: sequence, states."""

    gates: ClassVar[int] = 1
    states: ClassVar[int] = 1

    hidden_size: Annotated[Positive, Letter("U")]
    num_layers: Count = 1
    use_bias: Switch = True
    dropout: Share = 0.0
    bidirectional: Switch = False

    @property
    def directions(self) -> int:
        return 2 if self.bidirectional else 1

    @property
    def features(self) -> Dim:
        """The features of one direction of the output."""
        return self.hidden_size

    def needs(self, x: Shape) -> Iterator[Demand]:
        yield Demand(len(x), "==", 2, SEQUENCE, code="rank")
        yield Demand(1, "<=", x[0], Text("a sequence must have at least one step"))

    def facts(self, xs: tuple[Shape, ...]) -> Facts:
        (x,) = xs
        weights = self.weights(x)
        products = sum(prod(shape) for name, shape in weights.items() if name.startswith("weight"))
        rows = self.num_layers * self.directions
        states = ((rows, self.features), (rows, self.hidden_size))[: self.states]
        return Facts((x[0], self.directions * self.features), Scope.WHOLE, weights, x[0] * products, states)

    def weights(self, x: Shape) -> Weights:
        found: Weights = {}
        for layer in range(self.num_layers):
            read = self.directions * self.features if layer else x[-1]
            for suffix in ("", "_reverse")[: self.directions]:
                found |= {f"{name}_l{layer}{suffix}": shape for name, shape in self._one(read).items()}
        return found

    def _one(self, read: Dim) -> Weights:
        """The weights of one layer in one direction that reads so many features."""
        rows = self.gates * self.hidden_size
        weights: Weights = {"weight_ih": (rows, read), "weight_hh": (rows, self.features)}
        return weights | (dict.fromkeys(("bias_ih", "bias_hh"), (rows,)) if self.use_bias else {})


class StackedRNN(Stacked):
    """PyTorch's `RNN`."""

    nonlinearity: Literal["tanh", "relu"] = "tanh"


class StackedGRU(Stacked):
    """PyTorch's `GRU`."""

    gates = 3


class StackedLSTM(Stacked):
    """PyTorch's `LSTM`; with `proj_size`, what leaves a step is projected (Sak et al. 2014)."""

    gates = 4
    states = 2

    proj_size: Annotated[Whole, Letter("E", neutral=0)] = 0

    @model_validator(mode="after")
    def _smaller(self) -> StackedLSTM:
        if isinstance(self.proj_size, int) and isinstance(self.hidden_size, int) and self.proj_size >= self.hidden_size:
            raise wrong(Text("proj_size must be smaller than hidden_size"))
        return self

    @property
    def features(self) -> Dim:
        return self.hidden_size if is_zero(self.proj_size) else self.proj_size

    def _one(self, read: Dim) -> Weights:
        weights = Stacked._one(self, read)
        return weights if is_zero(self.proj_size) else {**weights, "weight_hr": (self.proj_size, self.hidden_size)}
