"""Normalisation as in inference: batch normalisation uses the statistics that it remembers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...layers.normalization import (
    BatchNormalization,
    GroupNormalization,
    InstanceNormalization,
    LayerNormalization,
    LocalResponseNormalization,
    Normalization,
    RMSNormalization,
    UnitNormalization,
)
from ..arrays import Array, as_real
from ..call import Call
from ..dispatch import forward
from ..initializers import ones, zeros

EPSILON = 1e-7
"""Keras's smallest number, where a layer names none."""


def _along(x: Array, axis: int, values: Array) -> Array:
    """One value per entry of an axis, shaped to meet x."""
    shape = [1] * x.ndim
    shape[axis] = -1
    return values.reshape(shape)


@forward.register
def batch_normalization(layer: BatchNormalization, call: Call, x: Array) -> Array:
    axis = layer.axis % x.ndim
    channels = (x.shape[axis],)
    factor = call.weight("gamma", channels, ones) if layer.scale else np.ones(channels, x.dtype)
    shift = call.weight("beta", channels, zeros) if layer.center else np.zeros(channels, x.dtype)
    if layer.track_statistics:
        mean = call.statistic("moving_mean", channels, zeros)
        variance = call.statistic("moving_variance", channels, ones)
    else:  # PyTorch without running statistics: those of the batch at hand
        others = tuple(each for each in range(x.ndim) if each != axis)
        mean, variance = x.mean(others), x.var(others)
    factor = factor / np.sqrt(variance + layer.epsilon)
    y = x * _along(x, axis, factor)
    y += _along(x, axis, shift - mean * factor)
    return y


@forward.register
def layer_normalization(layer: LayerNormalization, call: Call, x: Array) -> Array:
    axes = _axes(layer.axis, x)
    shape = [x.shape[axis] for axis in axes]
    scaled = layer.scale or layer.rms_scaling
    factor = call.weight("gamma", shape, ones) if scaled else None
    shift = call.weight("beta", shape, zeros) if layer.center and not layer.rms_scaling else None
    variance = x.var(axes, keepdims=True)
    centred = x if layer.rms_scaling else x - x.mean(axes, keepdims=True)
    return _scaled(centred / np.sqrt(variance + layer.epsilon), axes, factor, shift)


@forward.register
def rms_normalization(layer: RMSNormalization, call: Call, x: Array) -> Array:
    x = as_real(x)
    axes = _axes(layer.axis, x)
    factor = call.weight("scale", [x.shape[axis] for axis in axes], ones) if layer.scale else None
    epsilon = np.finfo(x.dtype).eps if layer.epsilon is None else layer.epsilon
    return _scaled(x / np.sqrt((x * x).mean(axes, keepdims=True) + epsilon), axes, factor, None)


@forward.register
def unit_normalization(layer: UnitNormalization, call: Call, x: Array) -> Array:
    squares = (x * x).sum(_axes(layer.axis, x), keepdims=True)
    return x / np.sqrt(np.maximum(squares, 1e-12))


@forward.register
def group_normalization(layer: GroupNormalization, call: Call, x: Array) -> Array:
    axis = layer.axis % x.ndim
    channels = x.shape[axis]
    factor = call.weight("gamma", (channels,), ones) if layer.scale else None
    shift = call.weight("beta", (channels,), zeros) if layer.center else None
    groups = channels if layer.groups == -1 else layer.groups
    parted = x.reshape(*x.shape[:axis], groups, channels // groups, *x.shape[axis + 1 :])
    others = tuple(each for each in range(1, parted.ndim) if each != axis)
    y = (parted - parted.mean(others, keepdims=True)) / np.sqrt(parted.var(others, keepdims=True) + layer.epsilon)
    return _scaled(y.reshape(x.shape), (axis,), factor, shift)


@forward.register
def instance_normalization(layer: InstanceNormalization, call: Call, x: Array) -> Array:
    factor = call.weight("gamma", (x.shape[1],), ones) if layer.scale else None
    shift = call.weight("beta", (x.shape[1],), zeros) if layer.center else None
    axes = tuple(range(2, x.ndim))
    y = (x - x.mean(axes, keepdims=True)) / np.sqrt(x.var(axes, keepdims=True) + layer.epsilon)
    return _scaled(y, (1,), factor, shift)


@forward.register
def normalization(layer: Normalization, call: Call, x: Array) -> Array:
    """Subtract the mean, divide by the deviation, or the other way round."""
    x = as_real(x)
    axes = _axes(layer.axis or (), x)
    if layer.mean is None:
        shape = [x.shape[axis] for axis in axes]
        mean, variance = call.statistic("mean", shape, zeros), call.statistic("variance", shape, ones)
        call.statistic("count", (), zeros)
    else:
        mean, variance = (np.asarray(value, x.dtype) for value in (layer.mean, layer.variance))
    met = [x.shape[axis] if axis in axes else 1 for axis in range(x.ndim)]
    if mean.size > 1:
        mean, variance = np.broadcast_to(mean, [x.shape[axis] for axis in axes]).reshape(met), variance.reshape(met)
    deviation = np.maximum(np.sqrt(variance), EPSILON)
    return mean + x * deviation if layer.invert else (x - mean) / deviation


@forward.register
def local_response_normalization(layer: LocalResponseNormalization, call: Call, x: Array) -> Array:
    """Channels come first; the window of `size` channels has its middle, or the one after it, on each (PyTorch)."""
    before = layer.size // 2
    padded = np.zeros((len(x), x.shape[1] + layer.size - 1, *x.shape[2:]), x.dtype)
    padded[:, before : before + x.shape[1]] = x * x
    sums = sum(padded[:, tap : tap + x.shape[1]] for tap in range(layer.size))
    return x / (layer.bias + layer.alpha / layer.size * sums) ** layer.beta


def _axes(axes: Sequence[int], x: Array) -> tuple[int, ...]:
    return tuple(sorted({axis % x.ndim for axis in axes}))


def _scaled(y: Array, axes: tuple[int, ...], factor: Array | None, shift: Array | None) -> Array:
    """Times a factor plus a shift, both with one number per entry of the axes."""
    shape = [n if axis in axes else 1 for axis, n in enumerate(y.shape)]
    y = y if factor is None else y * factor.reshape(shape)
    return y if shift is None else y + shift.reshape(shape)
