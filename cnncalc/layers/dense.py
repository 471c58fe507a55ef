"""From maps to features: Flatten puts all entries in a row, and every unit of a Dense sees all of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from ..arithmetic import Demand, Dim, Shape, prod
from ..language import Text
from .axes import axis_needs, position
from .base import Mixed, Reading, Scope, UnaryLayer, Weights
from .fields import ActivationName, DataFormat, Index, Letter, Positive, Switch
from .lora import Adaptable


class Flatten(UnaryLayer):
    """All axes in a row, or those from `start_axis` to `end_axis`; the batch is axis 0."""

    data_format: DataFormat | None = None
    start_axis: Annotated[Index, Letter()] = 1
    end_axis: Annotated[Index, Letter()] = -1

    def _ends(self, x: Shape) -> tuple[int, int]:
        return position(self.start_axis, x), position(self.end_axis, x)

    def needs(self, x: Shape) -> Iterator[Demand]:
        if (self.start_axis, self.end_axis) != (1, -1):  # a bare batch flattens too
            yield from axis_needs((self.start_axis, self.end_axis), x)
            first, last = self._ends(x)
            yield Demand(first, "<=", last, Text("start_axis cannot come after end_axis"))

    def output(self, x: Shape) -> Shape:
        first, last = self._ends(x)
        return (*x[:first], prod(x[first : last + 1]), *x[last + 1 :])

    def reading(self, x: Shape) -> Reading:
        first, last = self._ends(x)
        if first == last:
            return Scope.POINT
        return Scope.WHOLE if (first, last) == (0, len(x) - 1) else Scope.MOVED


class Dense(UnaryLayer, Adaptable):
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
        kernel = (x[-1], self.units)
        bias: Weights = {"bias": (self.units,)} if self.use_bias else {}
        return {"kernel": kernel, **bias, **self.adapter(kernel)}

    def macs(self, x: Shape, y: Shape) -> Dim:
        return prod(x[:-1]) * prod(self.weights(x)["kernel"])
