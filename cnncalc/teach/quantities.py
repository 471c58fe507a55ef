"""What can be asked of a derived network, by name: `conv2d.shape`, `conv2d.shape[0]`, `total_params`, `dropout.rate`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from ..derive import Row, Summary
from ..errors import nearest
from ..language import Text
from .written import value_of

OF_LAYER: dict[str, Callable[[Row], Any]] = {
    "shape": lambda row: row.output_shape,
    "input_shape": lambda row: row.input_shapes[0] if row.input_shapes else None,
    "params": lambda row: row.params,
    "trainable_params": lambda row: row.trainable,
    "non_trainable_params": lambda row: row.non_trainable,
    "macs": lambda row: row.macs,
    "receptive_field": lambda row: row.receptive_field.size if row.receptive_field else None,
}

OF_NETWORK: dict[str, Callable[[Summary], Any]] = {
    "total_params": lambda summary: summary.total_params,
    "trainable_params": lambda summary: summary.trainable_params,
    "non_trainable_params": lambda summary: summary.non_trainable_params,
    "total_macs": lambda summary: summary.total_macs,
    "receptive_field": lambda summary: _last_field(summary),
    "memory.weights": lambda summary: summary.memory.weights,
    "memory.inference_peak": lambda summary: summary.memory.inference_peak,
    "memory.training_sum": lambda summary: summary.memory.training_sum,
    "output": lambda summary: _output(summary),
}

INDEXED = re.compile(r"(.+)\[(\d+)\]")


class Unknown(ValueError):
    """A name that means nothing here, and what it may have meant."""

    def __init__(self, text: Text, *remedies: Text) -> None:
        super().__init__(text)
        self.text = text
        self.remedies = remedies


class Quantity(NamedTuple):
    """A number or shape of the network, and the layer that it belongs to."""

    name: str
    """Without the layer and the axis."""
    value: Any
    row: Row | None = None
    axis: int | None = None


def quantity(summary: Summary, of: str) -> Quantity:
    """The quantity, or the field of a layer, called `of`. Raises Unknown."""
    if found := INDEXED.fullmatch(of):
        whole = quantity(summary, found[1])
        axis = int(found[2])
        if not isinstance(whole.value, tuple) or axis >= len(whole.value):
            raise Unknown(Text("{name} has no axis {axis}", name=found[1], axis=axis))
        return whole._replace(value=whole.value[axis], axis=axis)
    if of in OF_NETWORK:
        return _there(of, Quantity(of, OF_NETWORK[of](summary)))
    name, _, what = of.rpartition(".")
    row = layer(summary, name) if name else None
    if row is not None and what in OF_LAYER:
        return _there(of, Quantity(what, OF_LAYER[what](row), row))
    if row is not None and what in type(row.layer).model_fields:
        return Quantity(what, _held(getattr(row.layer, what)), row)
    known = [*OF_NETWORK] if row is None else [*OF_LAYER, *type(row.layer).model_fields]
    near = nearest(what, known)
    hint = f"{name}.{near}" if near and name else near or ", ".join(known)
    raise Unknown(Text("there is nothing called {name}", name=repr(of)), Text("did you mean {near}?", near=hint))


def layer(summary: Summary, name: str) -> Row:
    """The row called `name`. Raises Unknown."""
    rows = {row.name: row for row in summary.rows}
    if name in rows:
        return rows[name]
    near = nearest(name, rows)
    hint = Text("did you mean {near}?", near=near) if near else Text("there is {names}", names=", ".join(rows))
    raise Unknown(Text("there is no layer {name}", name=repr(name)), hint)


def by_layer(summary: Summary) -> Mapping[str, Row]:
    """The rows by name, without the inputs."""
    return {row.name: row for row in summary.rows if row.kind != "Input"}


def _there(of: str, found: Quantity) -> Quantity:
    if found.value is None:
        raise Unknown(Text("{name} has no meaning here", name=of))
    return found


def _held(value: Any) -> Any:
    """What a field holds; one number where all axes have the same."""
    if isinstance(value, tuple) and value and all(each == value[0] for each in value):
        return _held(value[0])
    return value_of(value) if isinstance(value, (int, float, str, tuple)) else str(value)


def _last_field(summary: Summary) -> Any:
    """The receptive field of the last layer that has one."""
    return next((row.receptive_field.size for row in reversed(summary.rows) if row.receptive_field), None)


def _output(summary: Summary) -> Any:
    """The shape of the one output; None where there are several."""
    if len(summary.architecture.outputs) != 1:
        return None
    name, _, which = summary.architecture.outputs[0].partition(":")
    return summary.row(name).output_shapes[int(which or 0)]
