"""The weights of PyTorch's modules under the names, and in the layout, that Keras and cnncalc give them.

`witness_weights` is the one table: a function per class of layers, from the state of its modules (names with the
number of the module in front) to the layer's weights. Kernels are (filters, channels, taps) in PyTorch.
"""

from __future__ import annotations

from functools import singledispatch
from typing import Any

import numpy as np
import torch_weights_attention as attending
import torch_weights_recurrent as recurring

from cnncalc.layers import Layer
from cnncalc.layers.activation import PReLU
from cnncalc.layers.attention import AttentionBase
from cnncalc.layers.conv import Conv
from cnncalc.layers.dense import Dense
from cnncalc.layers.embedding import Table
from cnncalc.layers.normalization import (
    BatchNormalization,
    GroupNormalization,
    InstanceNormalization,
    LayerNormalization,
    RMSNormalization,
)
from cnncalc.layers.recurrent import RNN
from cnncalc.layers.scaling import LayerScale
from cnncalc.layers.separable import DepthwiseConv, SeparableConv
from cnncalc.layers.torch_recurrent import Stacked
from cnncalc.layers.transformer import TransformerLayer
from cnncalc.layers.transposed import ConvTranspose
from cnncalc.layers.wrapper import Bidirectional, SpectralNormalization, TimeDistributed

Array = Any
State = dict[str, Array]
Shapes = tuple[tuple[int, ...], ...]


@singledispatch
def witness_weights(layer: Layer, state: State, xs: Shapes) -> State:
    """The layer's weights; `xs` are the shapes of its inputs without the batch."""
    assert not state, f"nothing is known of the weights of {layer.kind()} in PyTorch: {sorted(state)}"
    return {}


def named(state: State, **names: str) -> State:
    """Those arrays of the state that are there, under other names."""
    return {ours: state[theirs] for ours, theirs in names.items() if theirs in state}


def taps_first(kernel: Array) -> Array:
    """(filters, channels, taps) as (taps, channels, filters)."""
    return np.moveaxis(kernel, (0, 1), (-1, -2))


def per_channel(kernel: Array, channels: int) -> Array:
    """(channels x multiplier, 1, taps) as (taps, channels, multiplier)."""
    return np.moveaxis(kernel.reshape(channels, -1, *kernel.shape[2:]), (0, 1), (-2, -1))


def inputs(layer: Any, x: tuple[int, ...]) -> int:
    return x[0] if layer.channels_first else x[-1]


@witness_weights.register
def _(layer: Conv, state: State, xs: Shapes) -> State:
    return {"kernel": taps_first(state["0.weight"]), **named(state, bias="0.bias")}


@witness_weights.register
def _(layer: DepthwiseConv, state: State, xs: Shapes) -> State:
    return {"kernel": per_channel(state["0.weight"], inputs(layer, xs[0])), **named(state, bias="0.bias")}


@witness_weights.register
def _(layer: SeparableConv, state: State, xs: Shapes) -> State:
    depthwise = per_channel(state["0.weight"], inputs(layer, xs[0]))
    pointwise = taps_first(state["1.weight"])
    return {"depthwise_kernel": depthwise, "pointwise_kernel": pointwise, **named(state, bias="1.bias")}


@witness_weights.register
def _(layer: ConvTranspose, state: State, xs: Shapes) -> State:
    """PyTorch: (channels, filters per group, taps)."""
    return {"kernel": taps_first(state["0.weight"]), **named(state, bias="0.bias")}


@witness_weights.register
def _(layer: Dense, state: State, xs: Shapes) -> State:
    return {"kernel": state["0.weight"].T, **named(state, bias="0.bias")}


@witness_weights.register
def _(layer: PReLU, state: State, xs: Shapes) -> State:
    """PyTorch has the slopes that are not shared in a row."""
    return {"alpha": state["0.weight"].reshape(layer.weights(xs[0])["alpha"])}


@witness_weights.register(BatchNormalization)
@witness_weights.register(GroupNormalization)
@witness_weights.register(InstanceNormalization)
def _(layer: Layer, state: State, xs: Shapes) -> State:
    learned = named(state, gamma="0.weight", beta="0.bias")
    return {**learned, **named(state, moving_mean="0.running_mean", moving_variance="0.running_var")}


@witness_weights.register
def _(layer: LayerNormalization, state: State, xs: Shapes) -> State:
    return named(state, gamma="0.weight", beta="0.bias")


@witness_weights.register
def _(layer: RMSNormalization, state: State, xs: Shapes) -> State:
    return named(state, scale="0.weight")


@witness_weights.register
def _(layer: LayerScale, state: State, xs: Shapes) -> State:
    return {"gamma": state["0.0"]}


@witness_weights.register
def _(layer: Table, state: State, xs: Shapes) -> State:
    return {"embeddings": state["0.weight"]}


@witness_weights.register
def _(layer: RNN, state: State, xs: Shapes) -> State:
    return recurring.recurrent(layer, state)


@witness_weights.register
def _(layer: Stacked, state: State, xs: Shapes) -> State:
    return recurring.stacked(layer, state)


@witness_weights.register
def _(layer: Bidirectional, state: State, xs: Shapes) -> State:
    return recurring.bidirectional(layer, state)


@witness_weights.register
def _(layer: SpectralNormalization, state: State, xs: Shapes) -> State:
    return recurring.spectral(layer, state)


@witness_weights.register
def _(layer: TimeDistributed, state: State, xs: Shapes) -> State:
    return witness_weights(layer.layer, state, tuple(x[1:] for x in xs))


@witness_weights.register
def _(layer: AttentionBase, state: State, xs: Shapes) -> State:
    return attending.attention(layer, state)


@witness_weights.register
def _(layer: TransformerLayer, state: State, xs: Shapes) -> State:
    return attending.transformer(layer, state)
