"""What was derived of one layer."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..algebra import factored
from ..architecture import Node
from ..arithmetic import Demand, Dim, Shape, Symbolic
from ..layers import Facts, Layer, Scope, Weights
from .receptive import Field, ReceptiveField, Way


class Step(NamedTuple):
    """A layer's answers for given input shapes; equal layers on equal shapes have one step."""

    facts: Facts
    way: Way
    trainable: Dim
    non_trainable: Dim
    assumed: tuple[Demand, ...]
    """Demands on symbols, which nobody can check yet."""
    simplify: bool = True
    """Whether expressions are to be read; else they stay as the rules wrote them, and sums as they are."""


class Row(NamedTuple):
    """One layer, derived: its shapes, parameters, MACs and receptive field."""

    node: Node
    input_shapes: tuple[Shape, ...]
    step: Step
    field: Field

    @property
    def name(self) -> str:
        return self.node.name

    @property
    def layer(self) -> Layer:
        return self.node.layer

    @property
    def kind(self) -> str:
        return self.node.layer.kind()

    @property
    def inputs(self) -> tuple[str, ...]:
        return self.node.inputs

    @property
    def shares(self) -> str | None:
        return self.node.shares

    @property
    def facts(self) -> Facts:
        return self.step.facts

    @property
    def trainable(self) -> Dim:
        """Parameters that a gradient changes; 0 where another row's weights are used again."""
        return 0 if self.node.shares else self.step.trainable

    @property
    def non_trainable(self) -> Dim:
        return 0 if self.node.shares else self.step.non_trainable

    @property
    def output_shape(self) -> Shape:
        return self.facts.output

    @property
    def output_shapes(self) -> tuple[Shape, ...]:
        """All outputs; the first is `output_shape`."""
        return (self.facts.output, *self.facts.others)

    @property
    def weights(self) -> Weights:
        return self.facts.weights

    @property
    def macs(self) -> Dim:
        return self.facts.macs

    @property
    def params(self) -> Dim:
        total = self.trainable + self.non_trainable
        return factored(total) if self.step.simplify else total

    @property
    def receptive_field(self) -> ReceptiveField | None:
        """None where it has no meaning; `field` then says what the layer sees."""
        return None if isinstance(self.field, Scope) else self.field

    def to_dict(self) -> dict[str, Any]:
        """The row as schema 1 of the JSON output has it."""
        shared = {"shares": self.shares} if self.shares else {}
        return {
            "name": self.name,
            "kind": self.kind,
            "inputs": list(self.inputs),
            **shared,
            "input_shapes": [plain(shape) for shape in self.input_shapes],
            **self._outputs(),
            "params": {"trainable": plain(self.trainable), "non_trainable": plain(self.non_trainable)},
            "weights": {name: plain(shape) for name, shape in self.weights.items()},
            "macs": plain(self.macs),
            "receptive_field": _field_dict(self.field),
            **({"sees": str(self.field.value)} if isinstance(self.field, Scope) else {}),
        }

    def _outputs(self) -> dict[str, Any]:
        if self.facts.others:
            return {"output_shapes": plain(self.output_shapes)}
        return {"output_shape": plain(self.output_shape)}

    def __repr__(self) -> str:
        shape = "x".join(map(str, self.output_shape))
        return f"<{self.name} {self.kind} -> {shape}, {self.params} params>"


def plain(value: Any) -> Any:
    """Numbers and shapes as JSON has them: integers stay, symbols become strings."""
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return str(value) if isinstance(value, Symbolic) else value


def _field_dict(field: Field) -> dict[str, Any] | None:
    if isinstance(field, Scope):
        return None
    return {
        "size": plain(field.size),
        "jump": plain(field.jump),
        "start": plain(field.start),
        "aligned": field.aligned,
    }
