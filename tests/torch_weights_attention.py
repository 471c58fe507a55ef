"""PyTorch's weights under the witness's names: attention, transformers, embeddings and what has no weights.

`WEIGHTS` has a function per family. It takes a layer and the state of PyTorch's modules, whose names begin with
the module's number, to the arrays that the witness asks for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cnncalc.layers import Layer
from cnncalc.layers.attention import GroupQueryAttention, Heads
from cnncalc.witness import Array

Weights = dict[str, Array]


def attention(layer: Any, state: Weights) -> Weights:
    """A Linear per projection, whose matrix has the outputs first; without heads at most a scale."""
    if not isinstance(layer, Heads):
        return {"scale": state["0.0"]} if state else {}
    found: Weights = {}
    for name in ("query", "key", "value", "gate", "output"):
        if f"0.{name}.weight" not in state:
            continue
        short = "attention_output" if name == "output" else name
        matrix = state[f"0.{name}.weight"].T
        inner, outer = (matrix.shape[:1], (-1, _width(layer, name)))
        if name == "output":
            inner, outer = (-1, _width(layer, "value")), _target(layer, matrix.shape[1])
        found[f"{short}_kernel"] = matrix.reshape(*inner, *outer)
        if layer.use_bias:
            found[f"{short}_bias"] = state[f"0.{name}.bias"].reshape(outer)
    return found


def _width(layer: Any, name: str) -> int:
    """The features of a head."""
    if isinstance(layer, GroupQueryAttention):
        return int(layer.head_dim)
    return int(layer.key_dim if name in {"query", "key"} or layer.value_dim is None else layer.value_dim)


def _target(layer: Any, features: int) -> tuple[int, ...]:
    return getattr(layer, "output_shape", None) or (features,)


def transformer(layer: Layer, state: Weights) -> Weights:
    """The witness has PyTorch's names."""
    return {name.removeprefix("0."): value for name, value in state.items()}


def embedding(layer: Layer, state: Weights) -> Weights:
    return {"embeddings": state["0.weight"]}


def none(layer: Layer, state: Weights) -> Weights:
    assert not state, "it has no weights"
    return {}


WEIGHTS: dict[str, Callable[[Any, Weights], Weights]] = {
    "attention": attention,
    "axis_changes": none,
    "embedding": embedding,
    "shaping": none,
    "shuffle": none,
    "transformer": transformer,
}
