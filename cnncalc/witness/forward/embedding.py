"""Embeddings. Numbers that are no integers are cut to them, as Keras does.

A NaN, which no table has a row for, gets a row of NaN: it could have been any entry.
"""

from __future__ import annotations

import numpy as np

from ...errors import ArchitectureError, Fault
from ...language import Text
from ...layers.embedding import Embedding, EmbeddingBag, ReversibleEmbedding, Table
from ..arrays import Array
from ..call import Call
from ..dispatch import forward
from ..initializers import normal, small_uniform
from ..lora import adapted


@forward.register
def embedding(layer: Embedding, call: Call, x: Array) -> Array:
    return _rows(layer, call, adapted(layer, call, "embeddings", _shape(layer), small_uniform), x)


@forward.register
def reversible(layer: ReversibleEmbedding, call: Call, x: Array) -> Array:
    """The way back is not run, but its table is there."""
    table = adapted(layer, call, "embeddings", _shape(layer), small_uniform)
    if not layer.tie_weights:
        call.weight("reverse_embeddings", _shape(layer)[::-1], small_uniform)
    return _rows(layer, call, table, x)


@forward.register
def bag(layer: EmbeddingBag, call: Call, x: Array) -> Array:
    """The mean of the rows of each bag, which lies along the last axis (PyTorch's default)."""
    table = adapted(layer, call, "embeddings", _shape(layer), normal)
    bags = x if x.ndim > 1 else x[:, None]
    return np.asarray(_rows(layer, call, table, bags).mean(-2))


def _shape(layer: Table) -> tuple[int, int]:
    return layer.input_dim, layer.output_dim


def _rows(layer: Table, call: Call, table: Array, x: Array) -> Array:
    """The row of the table for every entry of x; an ArchitectureError where it has none."""
    index = np.trunc(x)
    beyond = (index < 0) | (index >= layer.input_dim)
    if beyond.any():
        message = Text(
            "{layer} has rows 0 to {last}, but its input holds {index}",
            layer=call.layer, last=layer.input_dim - 1, index=f"{index[beyond][0]:.0f}",
        )  # fmt: skip
        raise ArchitectureError([Fault("index", message, layer=call.layer)])
    unknown = np.isnan(index)
    found: Array = table[np.where(unknown, 0, index).astype(np.int64)]
    return np.where(unknown[..., None], np.nan, found) if unknown.any() else found
