"""Layers that only rearrange or repeat what comes in."""

from __future__ import annotations

import numpy as np

from ...layers.shaping import Permute, RepeatVector, Reshape, Unflatten
from ..arrays import Array
from ..call import Call
from ..dispatch import forward


@forward.register
def reshape(layer: Reshape, call: Call, x: Array) -> Array:
    return x.reshape(len(x), *layer.target_shape)


@forward.register
def unflatten(layer: Unflatten, call: Call, x: Array) -> Array:
    axis = layer.axis % x.ndim
    return x.reshape(*x.shape[:axis], *layer.sizes, *x.shape[axis + 1 :])


@forward.register
def permute(layer: Permute, call: Call, x: Array) -> Array:
    return x.transpose(0, *layer.dims)


@forward.register
def repeat_vector(layer: RepeatVector, call: Call, x: Array) -> Array:
    return np.repeat(x[:, None], layer.n, axis=1)
