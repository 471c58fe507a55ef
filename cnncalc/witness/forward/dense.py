"""Flatten and Dense."""

from __future__ import annotations

from math import prod

import numpy as np

from ...layers.dense import Dense, Flatten
from ..activations import activate
from ..arrays import Array
from ..call import Call
from ..dispatch import forward
from ..initializers import zeros
from ..lora import adapted


@forward.register
def flatten(layer: Flatten, call: Call, x: Array) -> Array:
    """With channels first, Keras puts the channels last before it flattens a whole map."""
    if x.ndim == 1:
        return x[:, None]
    first, last = layer.start_axis % x.ndim, layer.end_axis % x.ndim
    if layer.data_format == "channels_first" and (first, last) == (1, x.ndim - 1):
        x = np.moveaxis(x, 1, -1)
    return x.reshape(*x.shape[:first], prod(x.shape[first : last + 1]), *x.shape[last + 1 :])


@forward.register
def dense(layer: Dense, call: Call, x: Array) -> Array:
    kernel = adapted(layer, call, "kernel", (x.shape[-1], layer.units))
    y = call.matmul(x.reshape(-1, x.shape[-1]), kernel).reshape(*x.shape[:-1], layer.units)
    if layer.use_bias:
        y = y + call.weight("bias", (layer.units,), zeros)
    return activate(layer.activation, y)
