"""Layers that hand on what they get. Masking does so too, but for the steps that it marks, which become 0."""

from __future__ import annotations

import numpy as np

from ...layers.identity import ActivityRegularization, Identity, Masking
from ..arrays import Array
from ..call import Call
from ..dispatch import forward


@forward.register(Identity)
@forward.register(ActivityRegularization)
def identity(layer: Identity, call: Call, x: Array) -> Array:
    return x


@forward.register
def masking(layer: Masking, call: Call, x: Array) -> Array:
    """A step is marked if all its numbers are `mask_value`."""
    return x * np.any(x != layer.mask_value, axis=-1, keepdims=True)
