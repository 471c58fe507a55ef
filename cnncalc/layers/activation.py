"""Activations as layers of their own; PReLU alone has weights."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import AliasChoices, Field, field_validator

from ..arithmetic import Demand, Shape
from ..language import Text
from .axes import axis_needs, listed, position
from .base import OVER_LAST_AXIS, Mixed, Reading, Scope, UnaryLayer, Weights
from .fields import ActivationName, AxisList, Index, Letter, Positive
from .over_axes import OverAxes


class Activation(UnaryLayer):
    activation: ActivationName

    def reading(self, x: Shape) -> Reading:
        return Mixed(frozenset({len(x) - 1}), Scope.WHOLE) if self.activation in OVER_LAST_AXIS else Scope.POINT


class ReLU(UnaryLayer):
    max_value: float | None = None
    negative_slope: float = 0.0
    threshold: float = 0.0


class LeakyReLU(UnaryLayer):
    negative_slope: float = Field(default=0.3, validation_alias=AliasChoices("negative_slope", "alpha"))


class ELU(UnaryLayer):
    alpha: float = 1.0


class PReLU(UnaryLayer):
    """A learned slope per entry; axes in `shared_axes` share theirs."""

    shared_axes: Annotated[AxisList | None, Letter()] = None
    num_parameters: Annotated[Positive | None, Letter()] = None

    _axes = field_validator("shared_axes", mode="before")(listed)

    def needs(self, x: Shape) -> Iterator[Demand]:
        yield from axis_needs(self.shared_axes or (), x)
        if self.num_parameters not in {None, 1}:
            yield Demand(x[0], "==", self.num_parameters, Text("num_parameters must be 1 or the channels, axis 1"))

    def weights(self, x: Shape) -> Weights:
        if self.num_parameters is not None:  # PyTorch's way: one slope for all, or one per channel
            return {"alpha": (self.num_parameters,)}
        shared = {position(axis, x) for axis in self.shared_axes or ()}
        return {"alpha": tuple(1 if axis in shared else n for axis, n in enumerate(x))}


class Softmax(OverAxes):
    """exp(x), divided by its sum along the axes."""


class GLU(UnaryLayer):
    """Half of an axis, weighted by the sigmoid of the other half (Dauphin et al. 2017)."""

    axis: Annotated[Index, Letter()] = -1

    def needs(self, x: Shape) -> Iterator[Demand]:
        yield from axis_needs((self.axis,), x)
        yield Demand(x[position(self.axis, x)] % 2, "==", 0, Text("the axis must be even"))

    def output(self, x: Shape) -> Shape:
        place = position(self.axis, x)
        return (*x[:place], x[place] // 2, *x[place + 1 :])

    def reading(self, x: Shape) -> Reading:
        return Mixed(frozenset({position(self.axis, x)}), Scope.MOVED)
