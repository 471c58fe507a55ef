"""A small network that is derived and run: what the rules say beside what happens.

Everything is in integers, which NumPy adds and multiplies exactly, so that equal means equal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

import numpy as np

from ..architecture import build
from ..derive import Summary, derive
from ..witness import Array, Ran, Store, execute

Weights = Mapping[str, Mapping[str, Array]]


class Experiment:
    """A chain of layers on an input of a shape; without `weights` they are drawn, the same for the same seed."""

    def __init__(
        self, shape: Sequence[int], *layers: Mapping[str, Any] | str, weights: Weights | None = None, seed: int = 0
    ) -> None:
        self.architecture = build({"input": list(shape), "layers": list(layers)})
        self.summary: Summary = derive(self.architecture)
        self.store = Store(weights, seed=seed, dtype=np.int64)

    def layers(self, batch: Array) -> list[Ran]:
        """Every layer, having run on the batch."""
        return list(execute(self.architecture, {self.architecture.nodes[0].name: batch}, self.store))

    def run(self, batch: Array) -> Array:
        """The last layer's output for a batch of inputs."""
        return self.layers(batch)[-1].outputs[0]

    def one(self, image: Array) -> Array:
        """The last layer's output for one input, without the batch."""
        return self.run(image[None])[0]

    def matrix(self) -> Array:
        """The network as a matrix (outputs, inputs), found by running: column i is the answer to the unit vector i."""
        shape = self.summary.rows[0].output_shape
        units = np.eye(prod(shape), dtype=np.int64).reshape(-1, *shape)
        return self.run(units).reshape(len(units), -1).T

    def seen(self, output: int) -> Array:
        """Which inputs one output depends on, found by poking: each input is changed in turn."""
        shape = self.summary.rows[0].output_shape
        still = np.zeros((1, *shape), np.int64)
        poked = np.eye(prod(shape), dtype=np.int64).reshape(-1, *shape)
        answers = self.run(np.concatenate([still, poked])).reshape(1 + len(poked), -1)[:, output]
        return (answers[1:] != answers[0]).reshape(shape)


def counting(shape: Sequence[int], seed: int = 0) -> Array:
    """The numbers 1, 2, 3, … in an order drawn from the seed: each weight differs from all others, and none is 0."""
    numbers = np.arange(1, prod(shape) + 1, dtype=np.int64)
    return np.random.default_rng(seed).permutation(numbers).reshape(tuple(shape))


def picture(shape: Sequence[int], seed: int = 0) -> Array:
    """An image of digits from 0 to 9."""
    return np.random.default_rng(seed).integers(0, 10, tuple(shape), np.int64)


def rows(array: Array) -> tuple[tuple[Any, ...], ...]:
    """A map of two axes as plain numbers."""
    return tuple(map(tuple, array.tolist()))


def conv(filters: int, kernel: int, **more: Any) -> dict[str, Any]:
    """A convolution without a bias, as an architecture file has it."""
    return {"Conv2D": {"filters": filters, "kernel_size": kernel, "use_bias": False, **more}}
