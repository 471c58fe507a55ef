"""Activations as layers of their own; PReLU alone has weights."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import AliasChoices, Field, field_validator

from ..arithmetic import Demand, Shape
from .axes import axis_needs, listed, position
from .base import Mixed, Reading, Scope, UnaryLayer, Weights
from .fields import ActivationName, AxisList, Letter


class Activation(UnaryLayer):
    activation: ActivationName


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

    _axes = field_validator("shared_axes", mode="before")(listed)

    def needs(self, x: Shape) -> Iterator[Demand]:
        yield from axis_needs(self.shared_axes or (), x)

    def weights(self, x: Shape) -> Weights:
        shared = {position(axis, x) for axis in self.shared_axes or ()}
        return {"alpha": tuple(1 if axis in shared else n for axis, n in enumerate(x))}


class Softmax(UnaryLayer):
    axis: Annotated[AxisList, Letter()] = (-1,)

    _axes = field_validator("axis", mode="before")(listed)

    def needs(self, x: Shape) -> Iterator[Demand]:
        yield from axis_needs(self.axis, x)

    def reading(self, x: Shape) -> Reading:
        return Mixed(frozenset(position(axis, x) for axis in self.axis), Scope.WHOLE)
