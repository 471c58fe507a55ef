"""How much memory a network needs, as two stated figures and the parts that they are made of."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any, NamedTuple

from ..algebra import factored, largest
from ..architecture import producer
from ..arithmetic import Dim, maximum, prod
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

    training_sum: Dim
    """Weights, gradients and outputs."""

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


def memory(
    rows: Sequence[Row], outputs: Sequence[str], dtype: str = "float32", batch: int = 1, *, simplify: bool = True
) -> Memory:
    """The memory of a derived network whose results are `outputs`; expressions are simplified, or stay as written."""
    size = DTYPES[dtype]
    read = factored if simplify else _as_written
    learned = sum(row.trainable for row in rows) * size
    weights = learned + sum(row.non_trainable for row in rows) * size
    entries = [sum(map(prod, row.output_shapes)) for row in rows]
    kept = sum(entries) * size * batch
    levels = _levels(rows, entries, outputs)
    peak = (largest(levels) if simplify else reduce(maximum, levels)) * size * batch
    return Memory(dtype, batch, read(weights), peak, read(kept), read(learned), read(weights + learned + kept))


def _as_written(value: Dim) -> Dim:
    return value


def _levels(rows: Sequence[Row], entries: Sequence[Dim], outputs: Sequence[str]) -> list[Dim]:
    """The entries alive while each row runs, in order."""
    last_reader = {producer(tensor): index for index, row in enumerate(rows) for tensor in row.inputs}
    place = {row.name: index for index, row in enumerate(rows)}
    kept = set(map(producer, outputs))
    alive: Dim = 0
    levels: list[Dim] = []
    for index, row in enumerate(rows):
        alive += entries[index]
        levels.append(alive)
        for name in {*map(producer, row.inputs), row.name}:
            if last_reader.get(name, index) == index and name not in kept:
                alive -= entries[place[name]]
    return levels
