"""Pooling: the largest, the mean or the p-norm of each window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import reduce
from math import prod

import numpy as np

from ...layers.pool import AveragePool, LPPool, MaxPool, Pooling
from ..arrays import Array, as_real, channels_back, channels_last, is_whole
from ..call import Call
from ..dispatch import forward
from ..windows import Sides, pad, sides


@forward.register
def max_pool(layer: MaxPool, call: Call, x: Array) -> Array:
    """The padding is smaller than any number."""
    x = channels_last(x, layer.channels_first)
    lowest = np.iinfo(x.dtype).min if is_whole(x) else -np.inf
    x = pad(x, _around(layer, x, layer.dilation_rate), lowest)
    return channels_back(_over(np.maximum, x, layer, layer.dilation_rate), layer.channels_first)


@forward.register
def average_pool(layer: AveragePool, call: Call, x: Array) -> Array:
    """A mean over the pixels of the map; where padding is numbers, over that too unless the layer says no (PyTorch)."""
    x = as_real(channels_last(x, layer.channels_first))
    around = _around(layer, x, (1,) * layer.rank)
    sums = _summed(pad(x, around), layer)
    if layer.divisor_override is not None:
        return channels_back(sums / layer.divisor_override, layer.channels_first)
    counts = isinstance(layer.padding, tuple) and layer.count_include_pad
    own = layer.padding if isinstance(layer.padding, tuple) and counts else ((0, 0),) * layer.rank
    y = sums / _summed(_counted(x, own, around), layer)
    return channels_back(y.astype(x.dtype, copy=False), layer.channels_first)


@forward.register
def lp_pool(layer: LPPool, call: Call, x: Array) -> Array:
    """The root of the mean power times the taps, as PyTorch: with `ceil_mode` a window cut off weighs as a whole one."""
    x = as_real(channels_last(x, layer.channels_first))
    ones = (1,) * layer.rank
    around = _around(layer, x, ones)
    counted = _counted(x, sides(layer.padding, x.shape[1:-1], layer.pool_size, layer.strides, ones), around)
    mean = _summed(pad(x, around) ** layer.norm_type, layer) / _summed(counted, layer)
    with np.errstate(invalid="ignore"):  # an odd power may add up to less than 0, which has no root: NaN, as in PyTorch
        y = (mean * prod(layer.pool_size)) ** (1 / layer.norm_type)
    return channels_back(y.astype(x.dtype, copy=False), layer.channels_first)


def _counted(x: Array, padding: Sides, around: Sides) -> Array:
    """1 on the map and on its padding, 0 on what lies around both."""
    counted = pad(np.ones((1, *x.shape[1:-1], 1), x.dtype), padding, 1)
    beyond = [(a - p, b - q) for (a, b), (p, q) in zip(around, padding, strict=True)]
    return pad(counted, tuple(beyond))


def _summed(x: Array, layer: Pooling) -> Array:
    return _over(np.add, x, layer, (1,) * layer.rank)


def _around(layer: Pooling, x: Array, rates: tuple[int, ...]) -> Sides:
    """The padding; with `ceil_mode` also room for a last window that begins on the map or before it, but does not fit."""
    spatial = x.shape[1:-1]
    given = sides(layer.padding, spatial, layer.pool_size, layer.strides, rates)
    if not layer.ceil_mode:
        return given
    wider = []
    for (before, after), n, size, stride, rate in zip(
        given, spatial, layer.pool_size, layer.strides, rates, strict=True
    ):
        extent = (size - 1) * rate + 1
        starts = range(0, before + n + after - extent + stride, stride)  # the last one reaches the end or goes beyond
        last = max((start for start in starts if start < before + n), default=0)
        wider.append((before, max(after, last + extent - before - n)))
    return tuple(wider)


def _over(step: Callable[..., Array], x: Array, layer: Pooling, rates: tuple[int, ...]) -> Array:
    """Fold the taps of every window, one axis after the other: k + k steps instead of k * k."""
    for axis, (size, stride, rate) in enumerate(zip(layer.pool_size, layer.strides, rates, strict=True), start=1):
        x = reduce(step, _taps(x, axis, size, stride, rate))
    return x


def _taps(x: Array, axis: int, size: int, stride: int, rate: int) -> Iterator[Array]:
    """What each tap of a window along one axis meets at all positions."""
    end = x.shape[axis] - (size - 1) * rate
    for start in range(0, size * rate, rate):
        yield x[(slice(None),) * axis + (slice(start, end + start, stride),)]
