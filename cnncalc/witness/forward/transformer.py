"""The layers of the transformer, as PyTorch has them: arrays have PyTorch's layouts, a matrix its outputs first."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

import numpy as np

from ...layers.transformer import TransformerDecoderLayer, TransformerEncoderLayer, TransformerLayer
from ..activations import activate
from ..arrays import Array
from ..attending import attend
from ..call import Call
from ..dispatch import forward
from ..initializers import Initializer, glorot_uniform, ones, uniform, zeros

EPSILON = 1e-5
"""PyTorch's `layer_norm_eps`."""

Branch = Callable[[Array], Array]


@forward.register
def encoder(layer: TransformerEncoderLayer, call: Call, x: Array) -> Array:
    x = _beside(layer, call, "norm1", x, lambda own: _attention(layer, call.inside("self_attn."), own, own))
    return _beside(layer, call, "norm2", x, lambda own: _feed_forward(layer, call, own))


@forward.register
def decoder(layer: TransformerDecoderLayer, call: Call, x: Array, memory: Array) -> Array:
    """Its own sequence, then the encoder's output."""
    x = _beside(layer, call, "norm1", x, lambda own: _attention(layer, call.inside("self_attn."), own, own))
    x = _beside(layer, call, "norm2", x, lambda own: _attention(layer, call.inside("multihead_attn."), own, memory))
    return _beside(layer, call, "norm3", x, lambda own: _feed_forward(layer, call, own))


def _beside(layer: TransformerLayer, call: Call, norm: str, x: Array, branch: Branch) -> Array:
    """x plus a branch of it; the norm comes after the sum, or before the branch with `norm_first`."""
    if layer.norm_first:
        return x + branch(_normed(layer, call, norm, x))
    return _normed(layer, call, norm, x + branch(x))


def _normed(layer: TransformerLayer, call: Call, name: str, x: Array) -> Array:
    y = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + EPSILON)
    y = y * call.weight(f"{name}.weight", (layer.d_model,), ones)
    return y + call.weight(f"{name}.bias", (layer.d_model,), zeros) if layer.use_bias else y


def _attention(layer: TransformerLayer, call: Call, own: Array, other: Array) -> Array:
    """Queries of one sequence, keys and values of another; the three matrices of `in_proj` lie in this order."""
    width = layer.d_model
    into = call.weight("in_proj_weight", (3 * width, width), glorot_uniform)
    shift = call.weight("in_proj_bias", (3 * width,), zeros) if layer.use_bias else np.zeros(3 * width, into.dtype)
    parts = [slice(part * width, (part + 1) * width) for part in range(3)]
    found, _ = attend(
        call,
        *(
            _split(call.matmul(x, into[part].T) + shift[part], layer.nhead)
            for x, part in zip((own, other, other), parts, strict=True)
        ),
    )
    return _linear(layer, call, "out_proj", np.swapaxes(found, 1, 2).reshape(own.shape), width, zeros)


def _split(x: Array, heads: int) -> Array:
    """(batch, positions, features) as (batch, heads, positions, features of a head)."""
    return np.swapaxes(x.reshape(*x.shape[:2], heads, -1), 1, 2)


def _feed_forward(layer: TransformerLayer, call: Call, x: Array) -> Array:
    y = activate(layer.activation, _linear(layer, call, "linear1", x, layer.dim_feedforward))
    return _linear(layer, call, "linear2", y, layer.d_model)


def _linear(
    layer: TransformerLayer, call: Call, name: str, x: Array, units: int, init: Initializer | None = None
) -> Array:
    """PyTorch's Linear, which starts uniform within ±1 / sqrt(inputs); `init` is another start of its bias."""
    start = uniform(1 / sqrt(x.shape[-1]))
    y = call.matmul(x, call.weight(f"{name}.weight", (units, x.shape[-1]), start).T)
    return y + call.weight(f"{name}.bias", (units,), init or start) if layer.use_bias else y
