"""Arrays in a file: looked at before they are read, and placed in a network's layers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from ....architecture import Architecture
from ....layers import Layer
from ...arrays import Array
from .names import weight_names

Shape = tuple[int, ...]
Turn = Callable[[Array], Array]
"""From another layout to the witness's; a ValueError where the shape is not one of that layout."""


class Stored(NamedTuple):
    """An array that stands in a file and was not read yet."""

    shape: Shape
    dtype: str
    """As NumPy calls it, or else as the file does."""
    nbytes: int
    read: Callable[[], Array]


class Found(NamedTuple):
    """A weight, and where in the file it stands."""

    key: str
    stored: Stored
    turn: Turn = lambda array: array


Arrays = Mapping[str, Stored]
"""What a file holds, by the name that it has there."""

Placed = dict[str, dict[str, Found]]
"""What was found for each layer, by the witness's name of the weight."""


IGNORED = re.compile(r"^optimizer/|/seed_generator/|spectral_normalization(_\d+)?/vars/0$|(^|\.)num_batches_tracked$")
"""Keras saves the kernel under spectral normalisation twice; PyTorch counts batches."""


class Contents(NamedTuple):
    """A file of weights: what it holds, and whose it is."""

    arrays: Arrays
    layers: tuple[str, ...]
    """What the file calls the layers, or groups of arrays."""
    place: Callable[[Architecture], Placed]


def owners(architecture: Architecture) -> dict[str, Layer]:
    """The layers that have weights of their own, in the order of the network."""
    nodes = [node for node in architecture.nodes if not node.shares]
    return {node.name: node.layer for node in nodes if weight_names(node.layer)}


def is_chain(architecture: Architecture) -> bool:
    """Whether every layer reads the one before it and nothing else, so that layers can be told by their order."""
    before = [node.name for node in architecture.nodes]
    return all(
        not node.inputs or {*node.inputs} == {before[at - 1]} for at, node in enumerate(architecture.nodes) if at
    )


def lacking(placed: Placed, architecture: Architecture) -> int:
    """How many weights of the network were not found."""
    layers = owners(architecture).items()
    return sum(name not in placed.get(layer, {}) for layer, of in layers for name in weight_names(of))


def is_ignored(key: str) -> bool:
    """Whether an array is of the training, of a random generator or another's double, so that nobody misses it."""
    return bool(IGNORED.search(key))


def zeros(shape: Shape) -> Stored:
    """What a file leaves out since it is zero."""
    return Stored(shape, "float32", 0, lambda: np.zeros(shape, np.float32))
