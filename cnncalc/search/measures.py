"""What can be wanted of a network: numbers of its summary by name, as ints or as expressions.

`total_params`, `macs`, `memory`, `receptive_field`, `output`; of a layer `conv2d.output`, `conv2d.params`,
`conv2d.macs`, `conv2d.receptive_field`, `conv2d.jump`. `[i]` picks an axis: `output[0]`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ..architecture import producer
from ..arithmetic import Dim
from ..derive import Row, Summary
from ..derive.limits import MEASURES
from ..errors import ArchitectureError, Fault, nearest
from ..language import Text
from ..layers import Scope
from .places import open_names

Measured = Dim | tuple[Dim, ...] | None
"""A number, a number per axis, or None where there is none, or none that an expression could say."""

OF_NETWORK: dict[str, Callable[[Summary], Measured]] = {
    "params": lambda summary: summary.total_params,
    "total_params": lambda summary: summary.total_params,
    "trainable_params": lambda summary: summary.trainable_params,
    "non_trainable_params": lambda summary: summary.non_trainable_params,
    "macs": lambda summary: summary.total_macs,
    "total_macs": lambda summary: summary.total_macs,
    "flops": lambda summary: 2 * summary.total_macs,
    "memory": lambda summary: MEASURES["memory"](summary)[0],
    "receptive_field": lambda summary: _last_field(summary),
    "output": lambda summary: _output(summary),
    "layers": lambda summary: len(summary.rows),
}
"""Of the whole network; those that `limits:` has too mean the same there."""

OF_LAYER: dict[str, Callable[[Row], Measured]] = {
    "output": lambda row: row.output_shape,
    "params": lambda row: row.params,
    "trainable_params": lambda row: row.trainable,
    "non_trainable_params": lambda row: row.non_trainable,
    "macs": lambda row: row.macs,
    "flops": lambda row: 2 * row.macs,
    "receptive_field": lambda row: row.receptive_field.size if row.receptive_field else None,
    "jump": lambda row: row.receptive_field.jump if row.receptive_field else None,
}

AXIS = re.compile(r"(.+)\[(-?\d+)\]")


def names(summary: Summary) -> tuple[str, ...]:
    """All that can be measured, without the axes."""
    return (*OF_NETWORK, *(f"{row.name}.{quantity}" for row in summary.rows for quantity in OF_LAYER))


def measure(summary: Summary, name: str) -> Measured:
    """The number, or the numbers per axis, of that name.

    Raises ArchitectureError if nothing has the name, or if it has no such axis.
    """
    axis = AXIS.fullmatch(name)
    value = _measure(summary, axis[1] if axis else name)
    if axis is None or value is None:
        return value
    index = int(axis[2])
    if not isinstance(value, tuple) or not -len(value) <= index < len(value):
        axes = len(value) if isinstance(value, tuple) else 0
        raise _wrong(summary, Text("{name} has {n} axes, so there is no [{index}]", name=axis[1], n=axes, index=index))
    return value[index]


def _measure(summary: Summary, name: str) -> Measured:
    if name in OF_NETWORK:
        return OF_NETWORK[name](summary)
    layer, _, quantity = name.rpartition(".")
    row = next((row for row in summary.rows if row.name == layer), None)
    if row is not None and quantity in OF_LAYER:
        return OF_LAYER[quantity](row)
    near = nearest(name, names(summary))
    known = ", ".join(OF_LAYER if row is not None else OF_NETWORK)
    hint = Text("did you mean {near}?", near=near) if near else Text("there is {names}", names=known)
    raise _wrong(summary, Text("there is no quantity {name}", name=repr(name)), hint)


def _wrong(summary: Summary, message: Text, *hints: Text) -> ArchitectureError:
    place = summary.architecture.source.place(())
    return ArchitectureError([Fault("unknown-quantity", message, place=place, remedies=hints)])


def _last_field(summary: Summary) -> Measured:
    """The receptive field of the last layer that has one."""
    for row in reversed(summary.rows):
        if row.receptive_field:
            return row.receptive_field.size
        if row.field is Scope.UNKNOWN and open_names(summary.architecture):
            return None  # with numbers it may be known
    return None


def _output(summary: Summary) -> Measured:
    """The shape of the one output."""
    outputs = summary.architecture.outputs
    if len(outputs) > 1:
        first = producer(outputs[0])
        raise _wrong(summary, Text("the network has {n} outputs: say of which layer, as in {name}", n=len(outputs), name=f"{first}.output"))  # fmt: skip
    (tensor,) = outputs
    row = next(row for row in summary.rows if row.name == producer(tensor))
    _, _, number = tensor.partition(":")
    shape: tuple[Any, ...] = row.output_shapes[int(number or 0)]
    return shape
