"""What a wrong rule sees: a layer on its input shapes, which may be the true ones or the student's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from ...architecture import producer
from ...arithmetic import Dim, Shape, prod
from ...derive import Row, Summary
from ...derive.memory import DTYPES
from ...layers import Facts, Layer, Weights
from ...layers.base import SpatialLayer
from ...window import Window
from .base import Answer, Quantity


class Seen(NamedTuple):
    """What one output of the layer before sees of the image along an axis."""

    size: Dim
    jump: Dim


class Axis(NamedTuple):
    """A spatial axis of `n` pixels and the window that slides over it."""

    n: Dim
    window: Window

    @property
    def padding(self) -> Dim:
        """Before and after together; 0 for "same", where it depends on the axis."""
        return sum(self.window.padding, 0) if self.window.padding is not None else 0

    @property
    def room(self) -> Dim:
        """How far the window can move."""
        return self.n + self.padding - self.window.extent


@dataclass(frozen=True, eq=False)
class Case:
    """A layer on its inputs, with what it makes of them and what came before."""

    layer: Layer
    inputs: tuple[Shape, ...]
    facts: Facts
    before: Case | None = None
    """The layer that the first input comes from."""
    image: Shape = ()
    """The network's first input."""
    seen: tuple[Seen, ...] = ()
    """Per spatial axis; empty where there is no receptive field to speak of."""
    batch: int = 1
    shared: bool = False
    """Whether the weights are another layer's and counted there."""

    @property
    def about(self) -> type:
        return type(self.layer)

    @property
    def x(self) -> Shape:
        """The first input."""
        return self.inputs[0]

    @property
    def output(self) -> Shape:
        return self.facts.output

    @property
    def weights(self) -> Weights:
        return self.facts.weights

    @property
    def params(self) -> Dim:
        """All parameters of the layer, whether counted here or elsewhere."""
        return sum(map(prod, self.weights.values()))

    @property
    def learned(self) -> Dim:
        """The parameters that a gradient changes."""
        return sum(prod(shape) for name, shape in self.weights.items() if self.layer.learns(name))

    @property
    def spatial_layer(self) -> SpatialLayer:
        """The layer, which must have spatial axes; the properties below are asked of such layers."""
        assert isinstance(self.layer, SpatialLayer), "asked of spatial layers"
        return self.layer

    @cached_property
    def spatial(self) -> tuple[Shape, Dim]:
        """The input as (sizes, channels)."""
        return self.spatial_layer.split(self.x)

    @cached_property
    def outward(self) -> tuple[Shape, Dim]:
        """The output as (sizes, channels)."""
        return self.spatial_layer.split(self.output)

    @cached_property
    def windows(self) -> tuple[Window, ...]:
        """Those windows that slide."""
        found = self.spatial_layer.windows(self.spatial[0])
        return tuple([window for window in found if isinstance(window, Window)])

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        """The spatial axes, each with the window that slides over it."""
        return tuple(map(Axis, self.spatial[0], self.windows))

    def joined(self, sizes: Shape, channels: Dim) -> Shape:
        """Sizes and channels in the layout of the layer."""
        return self.spatial_layer.join(sizes, channels)

    def key(self, quantity: Quantity) -> Answer | None:
        """The right answer for these inputs; None for what cannot be asked of this layer."""
        match quantity:
            case Quantity.SHAPE:
                return self.output
            case Quantity.PARAMS:
                return 0 if self.shared else self.params
            case Quantity.TRAINABLE:
                return 0 if self.shared else self.learned
            case Quantity.MACS:
                return self.facts.macs
            case Quantity.FIELD if self.seen and isinstance(self.facts.reading, tuple):
                return tuple(_field(seen, axis) for seen, axis in zip(self.seen, self.axes, strict=True))
        return None

    def on(self, *inputs: Shape) -> Case:
        """The same layer on other inputs, such as a student's own; they must meet the layer's demands."""
        return Case(self.layer, inputs, self.layer.facts(inputs), self.before, self.image, self.seen, self.batch, self.shared)  # fmt: skip


def _field(seen: Seen, axis: Axis) -> Dim:
    return seen.size + (axis.window.extent - 1) * seen.jump


def cases_of(summary: Summary) -> dict[str, Case]:
    """The case of every layer of a derived network, on its true inputs, by name."""
    found: dict[str, Case] = {}
    rows = {row.name: row for row in summary.rows}
    image = next((shape for shape in summary.architecture.inputs.values()), ())
    for row in summary.rows:
        source = producer(row.inputs[0]) if row.inputs else None
        seen = _seen(rows[source]) if source and len(row.inputs) == 1 and _slides(row) else ()
        before = found[source] if source else None
        found[row.name] = Case(
            row.layer, row.input_shapes, row.facts, before, image, seen, summary.batch, row.shares is not None
        )
    return found


def _slides(row: Row) -> bool:
    reading = row.facts.reading
    return isinstance(reading, tuple) and all(isinstance(window, Window) for window in reading)


def _seen(source: Row) -> tuple[Seen, ...]:
    """What the layer before sees, where paths agree and jumps are whole."""
    field = source.receptive_field
    if field is None or not field.aligned or not all(isinstance(axis, Window) for axis in field.axes):
        return ()
    return tuple(map(Seen, field.size, field.jump))


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """A whole network: its layers in order, and what memory counts in."""

    cases: Sequence[Case]
    bytes_per_number: int = 4
    outputs_memory: int = 0
    """Bytes of all outputs, of the whole batch."""

    @property
    def about(self) -> type:
        return Network

    def total(self, quantity: Quantity) -> Dim:
        """The sum of a quantity of the layers."""
        return sum(number for case in self.cases if (number := case.key(quantity)) is not None)

    @property
    def params(self) -> Dim:
        return self.total(Quantity.PARAMS)

    @property
    def learned(self) -> Dim:
        return self.total(Quantity.TRAINABLE)

    def key(self, quantity: Quantity) -> Answer | None:
        """The right answer; None for what is asked of layers only."""
        match quantity:
            case Quantity.TOTAL_PARAMS:
                return self.params
            case Quantity.TRAINABLE_PARAMS:
                return self.learned
            case Quantity.TOTAL_MACS:
                return self.total(Quantity.MACS)
            case Quantity.TOTAL_FLOPS:
                return 2 * self.total(Quantity.MACS)
            case Quantity.WEIGHTS_MEMORY:
                return self.params * self.bytes_per_number
            case Quantity.TRAINING_MEMORY:
                return (self.params + self.learned) * self.bytes_per_number + self.outputs_memory
        return None


def network_of(summary: Summary) -> Network:
    """The totals of a derived network."""
    return Network(tuple(cases_of(summary).values()), DTYPES[summary.dtype], summary.memory.outputs)
