"""Axes added, dropped or summed up."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...layers.axis_changes import ExpandDims, Reduce, Squeeze
from ..arrays import Array
from ..call import Call
from ..dispatch import forward

REDUCTIONS: dict[str, Callable[..., Array]] = {
    "mean": np.mean,
    "sum": np.sum,
    "max": np.max,
    "min": np.min,
    "prod": np.prod,
}


@forward.register
def expand_dims(layer: ExpandDims, call: Call, x: Array) -> Array:
    return np.expand_dims(x, layer.axis)


@forward.register
def squeeze(layer: Squeeze, call: Call, x: Array) -> Array:
    return np.squeeze(x, tuple({axis % x.ndim for axis in layer.axis}))


@forward.register
def reduced(layer: Reduce, call: Call, x: Array) -> Array:
    """Over all axes but the batch where none is named."""
    axes = range(1, x.ndim) if layer.axis is None else {axis % x.ndim for axis in layer.axis}
    return REDUCTIONS[layer.function](x, axis=tuple(axes), keepdims=layer.keepdims)
