"""A declared layer cannot be run: its declaration is taken at its word, and its output is 0."""

from __future__ import annotations

import numpy as np

from ...layers.custom import Custom
from ..arrays import Array
from ..call import Call
from ..dispatch import forward
from ..initializers import zeros


@forward.register
def custom(layer: Custom, call: Call, *xs: Array) -> Array:
    if layer.params:
        call.weight("weights", (layer.params,), zeros)
    if layer.non_trainable_params:
        call.statistic("others", (layer.non_trainable_params,), zeros)
    call.count(layer.macs * len(xs[0]))
    shape = xs[0].shape[1:] if layer.output is None else layer.output
    return np.zeros((len(xs[0]), *shape), xs[0].dtype)
