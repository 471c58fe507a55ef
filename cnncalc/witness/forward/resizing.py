"""Zeros around a map, its edges cut off, and enlargements."""

from __future__ import annotations

import numpy as np

from ...layers.resizing import Cropping, UpSampling, ZeroPadding
from ..arrays import Array, channels_back, channels_last
from ..call import Call
from ..dispatch import forward
from ..resampling import resize
from ..windows import pad


@forward.register
def zero_padding(layer: ZeroPadding, call: Call, x: Array) -> Array:
    x = channels_last(x, layer.channels_first)
    return channels_back(pad(x, layer.padding), layer.channels_first)


@forward.register
def cropping(layer: Cropping, call: Call, x: Array) -> Array:
    x = channels_last(x, layer.channels_first)
    cuts = tuple((-before, -after) for before, after in layer.cropping)
    return channels_back(pad(x, cuts), layer.channels_first)


@forward.register
def up_sampling(layer: UpSampling, call: Call, x: Array) -> Array:
    """Every pixel repeated, or the map resized; Keras interpolates two axes alone, and here every axis does the same."""
    x = channels_last(x, layer.channels_first)
    if layer.interpolation == "nearest":
        for axis, size in enumerate(layer.size, start=1):
            x = np.repeat(x, size, axis)
    else:
        sizes = [n * size for n, size in zip(x.shape[1:-1], layer.size, strict=True)]
        x = resize(x, sizes, layer.interpolation)
    return channels_back(x, layer.channels_first)
