"""Attention: the inputs are query, value and key, in this order; the value is the key where none is given."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import NamedTuple

import numpy as np

from ...errors import ArchitectureError, Fault
from ...language import Text
from ...layers.attention import AdditiveAttention, Attention, AttentionBase, GroupQueryAttention, MultiHeadAttention
from ..activations import sigmoid
from ..arrays import Array, Outputs
from ..attending import attend, attend_near, averaged, compared
from ..call import Call
from ..dispatch import forward
from ..initializers import glorot, ones, zeros


@forward.register
def attention(layer: Attention, call: Call, *xs: Array) -> Outputs:
    """Scores are products, or sums of tanh(query + key)."""
    query, value, key = _triple(call, xs)
    scale = call.weight("scale", (), ones) if layer.use_scale else None
    if layer.score_mode == "dot":
        scores = compared(call, query, key)
        scores = scores if scale is None else scores * scale
    else:
        sums = _sums(query, key)
        bent = np.tanh(sums if scale is None else sums * scale)
        scores = bent.sum(-1) * call.weight("concat_score_weight", (), ones)
    return _told(layer, *averaged(call, scores, value))


@forward.register
def additive(layer: AdditiveAttention, call: Call, *xs: Array) -> Outputs:
    query, value, key = _triple(call, xs)
    bent = np.tanh(_sums(query, key))
    scores = call.matmul(bent, call.weight("scale", query.shape[-1:])) if layer.use_scale else bent.sum(-1)
    return _told(layer, *averaged(call, scores, value))


@forward.register
def multi_head(layer: MultiHeadAttention, call: Call, *xs: Array) -> Outputs:
    axes = range(1, xs[0].ndim - 1) if layer.attention_axes is None else dict.fromkeys(layer.attention_axes)
    value_dim = layer.key_dim if layer.value_dim is None else layer.value_dim
    target = layer.output_shape or xs[0].shape[-1:]
    heads = Heads(layer.num_heads, layer.num_heads, layer.key_dim, value_dim, target, tuple(axes))
    return _in_heads(layer, call, heads, *_triple(call, xs, heads.axes))


@forward.register
def group_query(layer: GroupQueryAttention, call: Call, *xs: Array) -> Outputs:
    width, target, axes = layer.head_dim, xs[0].shape[-1:], (xs[0].ndim - 2,)
    heads = Heads(layer.num_query_heads, layer.num_key_value_heads, width, width, target, axes)
    return _in_heads(layer, call, heads, *_triple(call, xs))


def _triple(call: Call, xs: Sequence[Array], axes: Sequence[int] = ()) -> tuple[Array, Array, Array]:
    """Query, value and key, compared along `axes`, or along their positions, the axis before the last.

    Raises ArchitectureError where another axis of value or key is neither that of the query nor 1.
    """
    query, value, *rest = xs
    alone = set(range(1, query.ndim - 1)).difference(axes or {query.ndim - 2})
    for x in (value, *rest):
        if x.ndim != query.ndim or any(x.shape[axis] not in {1, query.shape[axis]} for axis in alone):
            raise _wrong(call, Text("the axes without attention must be equal"))
    return query, value, rest[0] if rest else value


def _wrong(call: Call, why: Text) -> ArchitectureError:
    return ArchitectureError([Fault("attention", why, layer=call.layer)])


def _sums(query: Array, key: Array) -> Array:
    """Every query plus every key: (..., queries, keys, features)."""
    return query[..., :, None, :] + key[..., None, :, :]


def _told(layer: AttentionBase, output: Array, shares: Array) -> Outputs:
    """The output, and the shares of the values as a second one where they are asked for."""
    return (output, shares) if layer.return_attention_scores else output


class Heads(NamedTuple):
    """What an attention in heads is made of."""

    asking: int
    """Heads of the query."""
    held: int
    """Heads of key and value; each serves as many heads of the query."""
    key_dim: int
    value_dim: int
    target: tuple[int, ...]
    """The feature axes of the output."""
    axes: tuple[int, ...]
    """The axes, the batch being 0, along which positions are compared."""


def _in_heads(
    layer: MultiHeadAttention | GroupQueryAttention, call: Call, heads: Heads, query: Array, value: Array, key: Array
) -> Outputs:
    """Project, compare in each head, project again; the weights are asked for in Keras's order."""
    asked = _projected(layer, call, "query", query, (heads.asking, heads.key_dim))
    keys = _projected(layer, call, "key", key, (heads.held, heads.key_dim))
    gate = _projected(layer, call, "gate", query, (heads.asking, heads.value_dim)) if layer.use_gate else None
    values = _projected(layer, call, "value", value, (heads.held, heads.value_dim))
    mixed, shares = _mixed(layer, call, heads, asked, keys, values)
    mixed = mixed if gate is None else mixed * sigmoid(gate)
    return _told(layer, _projected(layer, call, "attention_output", mixed, heads.target, bound=2), shares)


def _mixed(
    layer: MultiHeadAttention | GroupQueryAttention, call: Call, heads: Heads, asked: Array, keys: Array, values: Array
) -> tuple[Array, Array]:
    """The means of the values (batch, positions, heads, features), and their shares: heads, queries, keys."""
    keys, values = (np.repeat(x, heads.asking // heads.held, axis=-2) for x in (keys, values))
    rows = _rows(asked, heads.axes), _rows(keys, heads.axes), _rows(values, heads.axes)
    if layer.sliding_window is None:
        found, shares = attend(call, *rows)
    else:
        fused = not layer.dropout and not layer.return_attention_scores and asked.ndim == 4
        near = _near(call, layer.sliding_window, heads.axes, asked, keys)
        found, shares = attend_near(call, *rows, near, fused=fused)
    lead, asking, holding = found.shape[:-2], *([x.shape[axis] for axis in heads.axes] for x in (asked, keys))
    mixed = found.reshape(*lead, *asking, heads.value_dim).transpose(np.argsort(_order(asked.ndim, heads.axes)))
    return mixed, shares.reshape(*lead, *asking, *holding)


def _projected(
    layer: MultiHeadAttention | GroupQueryAttention,
    call: Call,
    name: str,
    x: Array,
    features: tuple[int, ...],
    bound: int = 1,
) -> Array:
    """The last `bound` axes of x as other features."""
    inner = x.shape[-bound:]
    fans = prod(inner), prod(features)
    kernel = call.weight(f"{name}_kernel", (*inner, *features), glorot(*fans))
    y = call.matmul(x.reshape(-1, fans[0]), kernel.reshape(fans)).reshape(*x.shape[:-bound], *features)
    return y + call.weight(f"{name}_bias", features, zeros) if layer.use_bias else y


def _order(rank: int, axes: tuple[int, ...]) -> list[int]:
    """The axes of (batch, positions, heads, features) with the compared positions between heads and features."""
    return [*(axis for axis in range(rank - 1) if axis not in axes), *axes, rank - 1]


def _rows(x: Array, axes: tuple[int, ...]) -> Array:
    """Projections as (batch, axes without attention, heads, compared positions, features)."""
    turned = x.transpose(_order(x.ndim, axes))
    return turned.reshape(*turned.shape[: -1 - len(axes)], -1, x.shape[-1])


def _near(call: Call, window: int, axes: tuple[int, ...], asked: Array, keys: Array) -> Array:
    """Which pairs (queries, keys) are less than `window` positions apart."""
    if len(axes) > 1:
        raise _wrong(call, Text("a sliding window needs attention along one axis alone"))
    steps = np.arange(asked.shape[axes[0]])[:, None] - np.arange(keys.shape[axes[0]])
    near: Array = np.abs(steps) < window
    return near
