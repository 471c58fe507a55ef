"""Pooling: which number of the window is the largest, or what their mean is."""

from __future__ import annotations

import numpy as np

from ....layers.global_pool import (
    GlobalAveragePooling1D,
    GlobalAveragePooling2D,
    GlobalAveragePooling3D,
    GlobalMaxPooling1D,
    GlobalMaxPooling2D,
    GlobalMaxPooling3D,
    GlobalPooling,
)
from ....layers.pool import AveragePool, MaxPool, Pooling
from ...arrays import Array
from ..spot import Axis, Spot, apart, cut, looking, parts, planes
from ..trace import Reduced, Step
from ..tracer import steps


def _axes(layer: Pooling, x: Array, position: tuple[int, ...], rates: tuple[int, ...]) -> list[Axis]:
    """x has its channels in front."""
    return looking(position, x.shape[1:], layer.padding, layer.pool_size, layer.strides, rates)


@steps.register
def max_pool(layer: MaxPool, spot: Spot) -> list[Step]:
    position, channel = apart(spot.at, layer.channels_first)
    x = planes(spot.inputs[0], layer.channels_first)
    window, padded = cut(x[channel], _axes(layer, x, position, layer.dilation_rate), 0)
    return [Reduced("max", tuple(parts(channel, window, padded, None)), int((~padded).sum()))]


@steps.register
def average_pool(layer: AveragePool, spot: Spot) -> list[Step]:
    """Padding of numbers counts as PyTorch counts it; what only `ceil_mode` adds never does."""
    position, channel = apart(spot.at, layer.channels_first)
    x = planes(spot.inputs[0], layer.channels_first)
    axes = _axes(layer, x, position, (1,) * layer.rank)
    window, padded = cut(x[channel], axes, 0)
    counted = int((~padded).sum())
    if layer.divisor_override is not None:
        counted = layer.divisor_override
    elif isinstance(layer.padding, tuple) and layer.count_include_pad:
        reach = [sum(-b <= p < axis.n + a for p in axis.positions) for axis, (b, a) in zip(axes, layer.padding, strict=True)]  # fmt: skip
        counted = int(np.prod(reach))
    return [Reduced("mean", tuple(parts(channel, window, padded, None)), counted)]


@steps.register(GlobalMaxPooling1D)
@steps.register(GlobalMaxPooling2D)
@steps.register(GlobalMaxPooling3D)
def global_max(layer: GlobalPooling, spot: Spot) -> list[Step]:
    return [_whole(layer, spot, "max")]


@steps.register(GlobalAveragePooling1D)
@steps.register(GlobalAveragePooling2D)
@steps.register(GlobalAveragePooling3D)
def global_average(layer: GlobalPooling, spot: Spot) -> list[Step]:
    return [_whole(layer, spot, "mean")]


def _whole(layer: GlobalPooling, spot: Spot, rule: str) -> Reduced:
    channel = apart(spot.at, layer.channels_first)[1] if layer.keepdims else spot.at[0]
    plane = planes(spot.inputs[0], layer.channels_first)[channel]
    seen = tuple(parts(channel, plane, np.zeros(plane.shape, bool), None))
    return Reduced("max" if rule == "max" else "mean", seen, plane.size)
