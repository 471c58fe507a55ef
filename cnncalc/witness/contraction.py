"""Convolutions as matrix products: windows are copied into rows, block by block, so that a block stays in the cache.

Every product that is counted is made: no Winograd, no Fourier transform.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod

import numpy as np

from .arrays import Array
from .call import Call
from .windows import Sides, pad, shifted, taps_on_padding, windows

BLOCK = 1 << 18
"""Numbers in a block of rows: 1 MiB of float32."""


def convolve(
    call: Call,
    x: Array,
    kernel: Array,
    *,
    strides: Sequence[int],
    rates: Sequence[int],
    around: Sides,
    groups: int = 1,
    mode: str = "zeros",
) -> Array:
    """The kernel (taps, channels per group, filters) at every position of the map (batch, spatial axes, channels)."""
    sizes = kernel.shape[:-2]
    view = windows(pad(x, around, mode=mode), sizes, strides, rates)
    positions = view.shape[1 : 1 + len(sizes)]
    out = np.empty((len(x), *positions, kernel.shape[-1]), np.result_type(x, kernel))
    channels, filters = kernel.shape[-2], kernel.shape[-1] // groups
    for group in range(groups):
        matrix = kernel[..., group * filters : (group + 1) * filters].reshape(-1, filters)
        seen = view[..., group * channels : (group + 1) * channels]
        _rows_times(call, seen, matrix, out[..., group * filters : (group + 1) * filters], len(sizes))
    if mode == "zeros":
        call.count(
            0, taps_on_padding(x.shape[1:-1], around, sizes, strides, rates) * len(x) * channels * kernel.shape[-1]
        )
    return out


def _rows_times(call: Call, view: Array, matrix: Array, out: Array, rank: int) -> None:
    """All windows of the view, as rows, times the matrix."""
    taps = matrix.shape[0]
    scratch = np.empty(0, view.dtype)
    for block in _blocks(view.shape[: 1 + rank], taps):
        seen = view[block]
        if scratch.size < seen.size:
            scratch = np.empty(seen.size, view.dtype)
        rows = scratch[: seen.size].reshape(seen.shape)
        np.copyto(rows, seen)
        target = out[block]
        if target.flags.c_contiguous:
            call.matmul(rows.reshape(-1, taps), matrix, out=target.reshape(-1, matrix.shape[1]))
        else:
            target[...] = call.matmul(rows.reshape(-1, taps), matrix).reshape(target.shape)


def _blocks(positions: Sequence[int], taps: int) -> Iterator[tuple[slice, ...]]:
    """Slices of the batch, or of the first spatial axis where one map alone is more than a block."""
    batch, rows, *rest = positions
    row = prod(rest) * taps
    if row * rows <= BLOCK:
        step = max(BLOCK // max(row * rows, 1), 1)
        yield from ((slice(first, first + step),) for first in range(0, batch, step))
    else:
        step = max(BLOCK // row, 1)
        yield from (
            (slice(image, image + 1), slice(first, first + step))
            for image in range(batch)
            for first in range(0, rows, step)
        )


def depthwise(
    call: Call, x: Array, kernel: Array, *, strides: Sequence[int], rates: Sequence[int], around: Sides
) -> Array:
    """The kernel (taps, channels, multiplier) on every channel by itself; the products of a channel stay together."""
    *sizes, channels, multiplier = kernel.shape
    out: Array | None = None
    for tap, seen in shifted(pad(x, around), sizes, strides, rates):
        products = seen[..., None] * kernel[tap]
        call.count(products.size)
        if out is None:
            out = products
        else:
            out += products
    assert out is not None, "a kernel has a tap"
    call.count(0, taps_on_padding(x.shape[1:-1], around, sizes, strides, rates) * len(x) * channels * multiplier)
    return out.reshape(*out.shape[:-2], channels * multiplier)


def scatter(
    call: Call, x: Array, kernel: Array, *, strides: Sequence[int], rates: Sequence[int], groups: int = 1
) -> Array:
    """Every pixel of the map times the kernel (taps, filters per group, channels), added where its stride puts it."""
    *sizes, filters, channels = kernel.shape
    spatial, each = x.shape[1:-1], channels // groups
    full = [(n - 1) * s + (k - 1) * d + 1 for n, k, s, d in zip(spatial, sizes, strides, rates, strict=True)]
    out = np.zeros((len(x), *full, filters * groups), np.result_type(x, kernel))
    for group in range(groups):
        part = slice(group * each, (group + 1) * each)
        matrix = kernel[..., part].reshape(-1, each).T
        products = call.matmul(x[..., part].reshape(-1, each), matrix).reshape(*x.shape[:-1], *sizes, filters)
        target = out[..., group * filters : (group + 1) * filters]
        for tap in np.ndindex(*sizes):
            starts = [t * d for t, d in zip(tap, rates, strict=True)]
            met = [slice(a, a + (n - 1) * s + 1, s) for a, n, s in zip(starts, spatial, strides, strict=True)]
            target[:, *met] += products[..., *tap, :]
    return out
