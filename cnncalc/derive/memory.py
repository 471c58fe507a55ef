"""How much memory a network needs, as two stated figures and the parts that they are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from ..algebra import factored, largest
from ..architecture import producer
from ..arithmetic import Dim, prod
from .rows import Row

DTYPES = {"float64": 8, "float32": 4, "float16": 2, "bfloat16": 2, "int64": 8, "int32": 4, "int16": 2, "int8": 1, "uint8": 1}  # fmt: skip
"""Bytes per number."""


class Memory(NamedTuple):
    """Bytes. Every layer's output is an array of its own; an input may be freed after its last reader."""

    dtype: str
    batch: int
    weights: Dim
    """All parameters, shared ones once."""
    inference_peak: Dim
    """The largest sum of arrays alive at one time: what a layer reads and writes, and what waits."""
    outputs: Dim
    """All layers' outputs together, the inputs among them: training keeps them for the way back."""
    gradients: Dim
    """One number per trainable parameter; an optimizer's own state is not counted."""

    @property
    def training_sum(self) -> Dim:
        return factored(self.weights + self.gradients + self.outputs)

    def to_dict(self) -> dict[str, Any]:
        """The figures by name, with the parts of the training sum."""
        return {
            "dtype": self.dtype,
            "batch": self.batch,
            "weights": self.weights,
            "inference_peak": self.inference_peak,
            "training_sum": self.training_sum,
            "outputs": self.outputs,
            "gradients": self.gradients,
        }


def memory(rows: Sequence[Row], outputs: Sequence[str], dtype: str = "float32", batch: int = 1) -> Memory:
    """The memory of a derived network whose results are `outputs`."""
    size = DTYPES[dtype]
    trainable = sum(row.trainable for row in rows)
    weights = trainable + sum(row.non_trainable for row in rows)
    entries = [sum(map(prod, row.output_shapes)) for row in rows]
    return Memory(
        dtype,
        batch,
        factored(weights * size),
        _peak(rows, entries, outputs) * size * batch,
        factored(sum(entries) * size * batch),
        factored(trainable * size),
    )


def _peak(rows: Sequence[Row], entries: Sequence[Dim], outputs: Sequence[str]) -> Dim:
    """The most entries alive while the rows run in order."""
    last_reader = {producer(tensor): index for index, row in enumerate(rows) for tensor in row.inputs}
    place = {row.name: index for index, row in enumerate(rows)}
    kept = set(map(producer, outputs))
    alive: Dim = 0
    levels: list[Dim] = [0]
    for index, row in enumerate(rows):
        alive += entries[index]
        levels.append(alive)
        for name in {*map(producer, row.inputs), row.name}:
            if last_reader.get(name, index) == index and name not in kept:
                alive -= entries[place[name]]
    return max(levels) if all(isinstance(level, int) for level in levels) else largest(levels)
