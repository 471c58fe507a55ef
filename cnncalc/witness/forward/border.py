"""Borders around a map: a constant, or copies of the map itself."""

from __future__ import annotations

import numpy as np

from ...layers.border import BorderPadding, CircularPadding, ConstantPadding, ReflectionPadding, ReplicationPadding
from ..arrays import Array, channels_back, channels_last
from ..call import Call
from ..dispatch import forward
from ..windows import pad


@forward.register
def constant(layer: ConstantPadding, call: Call, x: Array) -> Array:
    """Integers stay integers where the constant is one."""
    x = x if layer.value.is_integer() else x.astype(np.result_type(x, np.float32), copy=False)
    x = channels_last(x, layer.channels_first)
    return channels_back(pad(x, layer.padding, layer.value), layer.channels_first)


@forward.register
def replication(layer: ReplicationPadding, call: Call, x: Array) -> Array:
    return _copied(layer, x, "replicate")


@forward.register
def reflection(layer: ReflectionPadding, call: Call, x: Array) -> Array:
    return _copied(layer, x, "reflect")


@forward.register
def circular(layer: CircularPadding, call: Call, x: Array) -> Array:
    return _copied(layer, x, "circular")


def _copied(layer: BorderPadding, x: Array, mode: str) -> Array:
    x = channels_last(x, layer.channels_first)
    return channels_back(pad(x, layer.padding, mode=mode), layer.channels_first)
