"""Attention and the transformer: projections are Linear modules, the comparison is PyTorch's own function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 - everybody calls it so

from ...arithmetic import Shape
from ...language import Text
from ...layers.attention import (
    AdditiveAttention,
    Attention,
    AttentionBase,
    GroupQueryAttention,
    Heads,
    MultiHeadAttention,
)
from ...layers.axes import position
from ...layers.transformer import TransformerDecoderLayer, TransformerLayer
from .base import Impossible, Part, Tensor, part


def _triple(xs: Sequence[Any]) -> tuple[Any, Any, Any]:
    """Query, value and key, of inputs in this order; the value is the key where none is given."""
    query, value, *key = xs
    return query, value, key[0] if key else value


def _scored(layer: AttentionBase, found: Tensor, query: Tensor, key: Tensor) -> Any:
    """The output, with the scores behind it where they are asked for; of sequences alone."""
    if not layer.return_attention_scores:
        return found
    return found, torch.softmax(query @ key.transpose(-1, -2), -1)


def _scores_of_sequences(layer: AttentionBase, query: Shape) -> None:
    if layer.return_attention_scores and len(query) != 2:
        raise Impossible(Text("scores are told of sequences alone"))


@part.register
def _(layer: Attention, xs: tuple[Shape, ...]) -> Part:
    if layer.score_mode != "dot":
        raise Impossible(Text("PyTorch compares by products alone"))
    _scores_of_sequences(layer, xs[0])
    scale = nn.ParameterList([torch.ones(())] if layer.use_scale else [])

    def run(data: Sequence[Tensor]) -> Any:
        query, value, key = _triple(data)
        query = query * scale[0] if layer.use_scale else query
        return _scored(layer, F.scaled_dot_product_attention(query, key, value, scale=1.0), query, key)

    return Part(run, (scale,))


@part.register
def _(layer: AdditiveAttention, xs: tuple[Shape, ...]) -> Part:
    scale = nn.ParameterList([torch.ones(xs[0][-1])] if layer.use_scale else [])

    def run(data: Sequence[Tensor]) -> Any:
        query, value, key = _triple(data)
        compared = torch.tanh(query[..., :, None, :] + key[..., None, :, :])
        scores = (compared * scale[0] if layer.use_scale else compared).sum(-1)
        weights = torch.softmax(scores, -1)
        return (weights @ value, weights) if layer.return_attention_scores else weights @ value

    return Part(run, (scale,))


@part.register
def _(layer: Heads, xs: tuple[Shape, ...]) -> Part:
    """Keras's heads have any width; PyTorch's own MultiheadAttention would tie it to that of the input."""
    if getattr(layer, "sliding_window", None) is not None:
        raise Impossible(Text("PyTorch's attention has no sliding window"))
    query, value, key = _triple(xs)
    _scores_of_sequences(layer, query)
    heads, pairs, width, depth, target = _sizes(layer, query)
    project = {
        "query": nn.Linear(query[-1], heads * width, bias=layer.use_bias),
        "key": nn.Linear(key[-1], pairs * width, bias=layer.use_bias),
        "value": nn.Linear(value[-1], pairs * depth, bias=layer.use_bias),
        "output": nn.Linear(heads * depth, prod(target), bias=layer.use_bias),
    }
    if layer.use_gate:
        project["gate"] = nn.Linear(query[-1], heads * depth, bias=layer.use_bias)
    modules = nn.ModuleDict(project)
    over = _attended(layer, query)

    def run(data: Sequence[Tensor]) -> Any:
        q, v, k = _triple(data)
        split = _heads(over)
        q_heads, back = split(modules["query"](q), heads)
        k_heads, _ = split(modules["key"](k), pairs)
        v_heads, _ = split(modules["value"](v), pairs)
        found = back(F.scaled_dot_product_attention(q_heads, k_heads, v_heads, enable_gqa=pairs != heads))
        if layer.use_gate:
            found = found * torch.sigmoid(modules["gate"](q))
        output = modules["output"](found).unflatten(-1, tuple(target))
        return _scored(layer, output, q_heads * width**-0.5, k_heads.repeat_interleave(heads // pairs, -3))

    return Part(run, (modules,))


def _sizes(layer: Heads, query: Shape) -> tuple[int, int, int, int, tuple[int, ...]]:
    """Heads of the query and of key and value, features of a key and of a value, features of the output."""
    if isinstance(layer, GroupQueryAttention):
        groups = layer.num_key_value_heads
        return layer.num_query_heads, groups, layer.head_dim, layer.head_dim, (query[-1],)
    assert isinstance(layer, MultiHeadAttention), "there are two kinds with heads"
    depth = layer.value_dim or layer.key_dim
    return layer.num_heads, layer.num_heads, layer.key_dim, depth, layer.output_shape or (query[-1],)


def _attended(layer: Heads, query: Shape) -> list[int]:
    """The axes, counted with the batch, along which positions are compared."""
    if isinstance(layer, GroupQueryAttention):
        return [len(query) - 1]
    axes = getattr(layer, "attention_axes", None)
    every = list(range(1, len(query)))
    return every if axes is None else [position(axis, query) + 1 for axis in axes]


def _heads(over: list[int]) -> Callable[[Tensor, int], tuple[Tensor, Callable[[Tensor], Tensor]]]:
    """Take features apart into heads, with the compared axes in a row; and the way back."""

    def split(x: Tensor, heads: int) -> tuple[Tensor, Callable[[Tensor], Tensor]]:
        rest = [axis for axis in range(x.ndim - 1) if axis not in over]
        order = [*rest, *over, x.ndim - 1]
        turned = x.permute(order)
        outer, inner = turned.shape[: len(rest)], turned.shape[len(rest) : -1]
        laid = turned.reshape(*outer, prod(inner), heads, -1).transpose(-2, -3)

        def back(y: Tensor) -> Tensor:
            merged = y.transpose(-2, -3).reshape(*outer, *inner, -1)
            return merged.permute([order.index(axis) for axis in range(len(order))])

        return laid, back

    return split


@part.register
def _(layer: TransformerLayer, xs: tuple[Shape, ...]) -> Part:
    if layer.activation not in {"relu", "gelu"}:
        raise Impossible(Text("PyTorch's transformer takes relu and gelu"))
    decoder = isinstance(layer, TransformerDecoderLayer)
    module = (nn.TransformerDecoderLayer if decoder else nn.TransformerEncoderLayer)(
        layer.d_model,
        layer.nhead,
        layer.dim_feedforward,
        layer.dropout,
        layer.activation,
        batch_first=True,
        norm_first=layer.norm_first,
        bias=layer.use_bias,
    )
    return Part(lambda data: module(*data), (module,))
