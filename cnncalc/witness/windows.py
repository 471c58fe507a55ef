"""Padding a map and laying windows over it; maps are (batch, spatial axes, channels)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import prod
from typing import Literal

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from .arrays import Array, as_real, is_whole

Sides = tuple[tuple[int, int], ...]
"""How much is put before and after each spatial axis."""

NUMPY_MODES: dict[str, Literal["reflect", "edge", "wrap"]] = {
    "reflect": "reflect",
    "replicate": "edge",
    "circular": "wrap",
}
"""numpy.pad's names for the paddings that copy the map."""


def extent(size: int, rate: int) -> int:
    """How many pixels lie between the first tap and the last, both among them."""
    return range(0, size * rate, rate)[-1] + 1


def sides(
    padding: str | Sides, spatial: Sequence[int], sizes: Sequence[int], strides: Sequence[int], rates: Sequence[int]
) -> Sides:
    """What a layer's padding means on a map of this size."""
    extents = [extent(size, rate) for size, rate in zip(sizes, rates, strict=True)]
    if padding == "valid":
        return ((0, 0),) * len(sizes)
    if padding == "causal":  # nothing that comes later is seen
        return tuple((each - 1, 0) for each in extents)
    if isinstance(padding, str):
        return tuple(_same(n, each, stride) for n, each, stride in zip(spatial, extents, strides, strict=True))
    return padding


def _same(n: int, extent: int, stride: int) -> tuple[int, int]:
    """TensorFlow's SAME: a window begins at every stride on the axis; what the last lacks is shared, the odd pixel after."""
    last = range(0, n, stride)[-1]
    lacking = max(last + extent - n, 0)
    return lacking // 2, lacking - lacking // 2


def pad(x: Array, around: Sides, value: float = 0, mode: str = "zeros") -> Array:
    """The map with `value` around it, or with copies of itself; the map itself where nothing is added.

    A side below zero is cut off instead, where the border is no copy.
    """
    if not any(map(any, around)):
        return x
    if is_whole(x) and np.isfinite(value) and value != int(value):
        x = as_real(x)
    if mode in NUMPY_MODES:
        return np.pad(x, ((0, 0), *around, (0, 0)), mode=NUMPY_MODES[mode])
    inner = x.shape[1:-1]
    shape = (x.shape[0], *(before + n + after for n, (before, after) in zip(inner, around, strict=True)), x.shape[-1])
    kept = [(max(-before, 0), min(n, n + after)) for n, (before, after) in zip(inner, around, strict=True)]
    seen = x[:, *(slice(first, max(first, last)) for first, last in kept)]
    if seen.shape == shape:
        return seen
    padded = np.full(shape, value, x.dtype) if value else np.zeros(shape, x.dtype)
    starts = [max(before, 0) for before, _ in around]
    padded[:, *(slice(start, start + n) for start, n in zip(starts, seen.shape[1:-1], strict=True))] = seen
    return padded


def windows(
    x: Array, sizes: Sequence[int], strides: Sequence[int], rates: Sequence[int], *, writeable: bool = False
) -> Array:
    """A view (batch, positions, taps, channels): no number is copied."""
    rank = len(sizes)
    extents = [extent(size, rate) for size, rate in zip(sizes, rates, strict=True)]
    view = sliding_window_view(x, extents, axis=tuple(range(1, rank + 1)), writeable=writeable)
    positions = [slice(None, None, stride) for stride in strides]
    taps = [slice(None, None, rate) for rate in rates]
    return np.moveaxis(view[:, *positions, :, *taps], rank + 1, -1)


@lru_cache(256)
def taps_on_padding(
    spatial: tuple[int, ...], around: Sides, sizes: tuple[int, ...], strides: tuple[int, ...], rates: tuple[int, ...]
) -> int:
    """How many taps, over all positions of one map, meet what was put around it."""
    met, all_taps = [], []
    for n, (before, after), size, stride, rate in zip(spatial, around, sizes, strides, rates, strict=True):
        inside = np.pad(np.ones(n, bool), (before, after))
        view = windows(inside[None, :, None], (size,), (stride,), (rate,))
        met.append(int(np.count_nonzero(view)))
        all_taps.append(view.size)
    return prod(all_taps) - prod(met)
