"""From maps to features: Flatten puts all entries in a row, and every unit of a Dense sees all of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from ..arithmetic import Demand, Dim, Shape, prod
from ..language import Text
from .base import Mixed, Reading, Scope, UnaryLayer, Weights
from .fields import ActivationName, DataFormat, Letter, Positive, Switch


class Flatten(UnaryLayer):
    """All axes in a row: the input of a Dense layer."""

    data_format: DataFormat | None = None

    def output(self, x: Shape) -> Shape:
        return (prod(x),)

    def reading(self, x: Shape) -> Reading:
        return Scope.WHOLE


class Dense(UnaryLayer):
    """A matrix on the last axis; on a map, the same matrix at every position."""

    units: Annotated[Positive, Letter("U")]
    activation: ActivationName = None
    use_bias: Switch = True

    def needs(self, x: Shape) -> Iterator[Demand]:
        yield Demand(1, "<=", len(x), Text("Dense takes an input of at least one axis"))

    def output(self, x: Shape) -> Shape:
        return (*x[:-1], self.units)

    def reading(self, x: Shape) -> Reading:
        return Scope.WHOLE if len(x) == 1 else Mixed(frozenset({len(x) - 1}), Scope.WHOLE)

    def weights(self, x: Shape) -> Weights:
        return {"kernel": (x[-1], self.units)} | ({"bias": (self.units,)} if self.use_bias else {})

    def macs(self, x: Shape, y: Shape) -> Dim:
        return prod(x[:-1]) * prod(self.weights(x)["kernel"])
