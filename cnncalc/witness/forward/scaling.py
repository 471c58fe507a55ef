"""Scaling by constants and by learned numbers."""

from __future__ import annotations

import numpy as np

from ...layers.scaling import CustomScaleLayer, LayerScale, Rescaling
from ..arrays import Array
from ..call import Call
from ..dispatch import forward
from ..initializers import constant


@forward.register
def rescaling(layer: Rescaling, call: Call, x: Array) -> Array:
    scale, offset = (np.asarray(value, np.result_type(x, np.float32)) for value in (layer.scale, layer.offset))
    return x * scale + offset


@forward.register
def layer_scale(layer: LayerScale, call: Call, x: Array) -> Array:
    return x * call.weight("gamma", (layer.projection_dim,), constant(layer.init_values))


@forward.register
def scaled_sum(layer: CustomScaleLayer, call: Call, x: Array, y: Array) -> Array:
    return x + y * np.asarray(layer.scale, y.dtype)
