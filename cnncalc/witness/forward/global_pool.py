"""Pooling over the whole map, or over a given number of its parts."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from math import floor

import numpy as np

from ...layers.global_pool import AdaptivePooling, FractionalMaxPooling, GlobalPooling
from ..arrays import Array, channels_back, channels_last
from ..call import Call
from ..dispatch import forward

SAMPLE = 0.5
"""Where chance puts the windows of a fractional pool: PyTorch draws it from [0, 1), here it is fixed."""


@forward.register
def global_pooling(layer: GlobalPooling, call: Call, x: Array) -> Array:
    y = channels_last(x, layer.channels_first)
    for axis in range(1, layer.rank + 1):
        y = _summary(layer)(y, axis)
    return channels_back(y, layer.channels_first) if layer.keepdims else y.reshape(len(x), -1)


@forward.register
def adaptive_pooling(layer: AdaptivePooling, call: Call, x: Array) -> Array:
    """Part i of o holds the pixels from floor(i * n / o) to ceil((i + 1) * n / o) (PyTorch's AdaptivePooling.h)."""
    x = channels_last(x, layer.channels_first)
    for axis, size in enumerate(layer.output_size, start=1):
        n = x.shape[axis]
        parts = size or n
        bounds = [(part * n // parts, -(-(part + 1) * n // parts)) for part in range(parts)]
        seen = (np.take(x, range(start, stop), axis) for start, stop in bounds)
        x = np.concatenate([_summary(layer)(each, axis) for each in seen], axis)
    return channels_back(x, layer.channels_first)


@forward.register
def fractional_max_pooling(layer: FractionalMaxPooling, call: Call, x: Array) -> Array:
    """PyTorch's windows for one sample in all axes, planes and examples."""
    x = channels_last(x, layer.channels_first)
    for axis, (size, n) in enumerate(zip(layer.pool_size, x.shape[1:-1], strict=True), start=1):
        starts = _starts(n - size, _parts(layer, axis - 1, n))
        x = reduce(np.maximum, (np.take(x, starts + tap, axis) for tap in range(size)))
    return channels_back(x, layer.channels_first)


def _parts(layer: FractionalMaxPooling, axis: int, n: int) -> int:
    """How many windows there are on a spatial axis; a lone ratio is for all."""
    if layer.output_size is not None:
        return layer.output_size[axis]
    assert layer.output_ratio is not None, "a fractional pool has a size or a ratio"
    return floor(n * layer.output_ratio[axis % len(layer.output_ratio)])


def _starts(room: int, parts: int) -> Array:
    """Where windows start: floor((i + u) * a) - floor(u * a) for a = room / (parts - 1), and the last at the end.

    This is the pseudo-random sequence of Graham 2014, section 3, as PyTorch's generate_intervals shifts it.
    """
    step = np.float32(room / max(parts - 1, 1))
    places = np.floor((np.arange(parts, dtype=np.float32) + np.float32(SAMPLE)) * step)
    starts = (places - np.floor(np.float32(SAMPLE) * step)).astype(np.int64)
    starts[-1] = room
    return starts


def _summary(layer: GlobalPooling | AdaptivePooling) -> Callable[[Array, int], Array]:
    """What is kept of an axis, whose length becomes 1."""
    return _largest if "Max" in layer.kind() else _mean


def _largest(x: Array, axis: int) -> Array:
    largest: Array = x.max(axis, keepdims=True)
    return largest


def _mean(x: Array, axis: int) -> Array:
    """Added up in 64 bits, since a map may have many pixels."""
    mean: Array = x.mean(axis, dtype=np.float64, keepdims=True)
    return mean.astype(np.result_type(x, np.float32))
