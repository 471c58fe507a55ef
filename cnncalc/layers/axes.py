"""Keras axes: they count the batch as axis 0, and from the end below zero."""

from __future__ import annotations

from collections.abc import Iterator

from ..arithmetic import Demand, Shape
from ..language import Text

NOT_BATCH = Text("the axis must exist, and it cannot be the batch")
EXISTS = Text("the axis must exist")


def position(axis: int, shape: Shape) -> int:
    """The index in `shape`, which has no batch, of a Keras axis."""
    return axis + len(shape) if axis < 0 else axis - 1


def axis_needs(axes: tuple[int, ...], x: Shape) -> Iterator[Demand]:
    """An axis must exist, and the batch is not one to choose."""
    for axis in axes:
        yield Demand(0, "<=", position(axis, x), NOT_BATCH)
        yield Demand(position(axis, x) + 1, "<=", len(x), EXISTS)


def listed(value: object) -> object:
    """A lone axis as a list of one."""
    return (value,) if isinstance(value, int) else value
