"""Upsample: interpolation as PyTorch has it."""

from __future__ import annotations

from fractions import Fraction
from math import floor

import numpy as np

from ...layers.interpolation import Upsample
from ..arrays import Array, channels_back, channels_last
from ..call import Call
from ..dispatch import forward
from ..resampling import interpolated, mix, nearest

FINE = 1 << 20
"""Steps are taken as the closest fraction with a denominator up to this, so that 1 / 0.1 is 10."""


@forward.register
def upsample(layer: Upsample, call: Call, x: Array) -> Array:
    x = channels_last(x, layer.channels_first)
    for axis, n in enumerate(x.shape[1:-1], start=1):
        size, step = _target(layer, axis - 1, n)
        if _fits(layer, x.ndim - 2, n, size):
            step = n / size
        if layer.mode.startswith("nearest"):
            x = np.take(x, nearest(n, size, step, 0.5 if layer.mode == "nearest-exact" else 0), axis)
        else:
            exact = Fraction(step).limit_denominator(FINE)
            smooth, corners = layer.mode == "bicubic", bool(layer.align_corners)
            x = mix(x, axis, interpolated(n, size, exact, smooth=smooth, corners=corners))
    return channels_back(x, layer.channels_first)


def _fits(layer: Upsample, rank: int, n: int, size: int) -> bool:
    """Whether PyTorch forgets the factor and spreads the outputs over the whole axis.

    Else they lie as far apart as the factor says, even where it does not give a whole number of them. The
    shortcuts are those of compute_source_index_and_lambda and, for two axes, nearest_idx.
    """
    if layer.mode == "nearest":
        return rank == 2 and size in {n, 2 * n}
    return layer.mode.endswith("linear") and size == n


def _target(layer: Upsample, axis: int, n: int) -> tuple[int, float]:
    """The size of a spatial axis, and how many pixels of the input its outputs are apart; a lone number is for all."""
    if layer.size is not None:
        size = layer.size[axis % len(layer.size)]
        return size, n / size
    assert layer.scale_factor is not None, "an Upsample has a size or a factor"
    factor = layer.scale_factor[axis % len(layer.scale_factor)]
    return floor(n * factor), 1 / factor
