"""Noise disturbs training only."""

from __future__ import annotations

from ...layers.noise import GaussianDropout, GaussianNoise, SpatialDropout
from ..arrays import Array
from ..call import Call
from ..dispatch import forward


@forward.register(GaussianDropout)
@forward.register(GaussianNoise)
@forward.register(SpatialDropout)
def nothing(layer: GaussianDropout | GaussianNoise | SpatialDropout, call: Call, x: Array) -> Array:
    return x
