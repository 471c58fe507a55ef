"""Convolutions as matrix products: windows are copied into rows, block by block, so that a block stays in the cache.

Every product that is counted is made: no Winograd, no Fourier transform.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod
from typing import Any

import numpy as np

from .arrays import Array
from .call import Call
from .windows import Sides, pad, taps_on_padding, windows

BLOCK = 1 << 18
"""Numbers in a block of rows: 1 MiB of float32."""
ROWS = 256
"""Rows in a block at least: with fewer, BLAS spends its time on packing the kernel."""
THIN = 8
"""With fewer channels a row is gathered in pieces too short to copy fast; then blocks are laid out tap by tap."""


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
    bias: Array | None = None,
    relu: bool = False,
) -> Array:
    """The kernel (taps, channels per group, filters) at every position of the map (batch, spatial axes, channels).

    A bias and a ReLU are applied block by block, while the numbers are in the cache.
    """
    sizes = kernel.shape[:-2]
    view = windows(pad(x, around, mode=mode), sizes, strides, rates)
    dtype = np.result_type(x, kernel) if bias is None else np.result_type(x, kernel, bias)
    out = np.empty((*view.shape[: 1 + len(sizes)], kernel.shape[-1]), dtype)
    channels, filters = kernel.shape[-2], kernel.shape[-1] // groups
    for group in range(groups):
        own = slice(group * filters, (group + 1) * filters)
        seen = view[..., group * channels : (group + 1) * channels]
        for block in _products(call, seen, kernel[..., own].reshape(-1, filters), out[..., own]):
            if bias is not None:
                block += bias[own]
            if relu:
                np.maximum(block, 0, out=block)
    if mode == "zeros":
        call.count(0, _on_padding(x, around, sizes, strides, rates) * channels * kernel.shape[-1])
    return out


def _on_padding(x: Array, around: Sides, sizes: Sequence[int], strides: Sequence[int], rates: Sequence[int]) -> int:
    """How many taps meet padding, over all positions and examples."""
    return len(x) * taps_on_padding(x.shape[1:-1], tuple(around), tuple(sizes), tuple(strides), tuple(rates))


def _products(call: Call, view: Array, matrix: Array, out: Array) -> Iterator[Array]:
    """Fill `out` with the windows of the view as rows times the matrix, block by block; yield what was filled."""
    taps, places = len(matrix), out.ndim - 1
    single = taps == view.shape[-1]  # a window of one pixel is a row already
    thin = view.shape[-1] < THIN and not single
    if thin:
        view = np.moveaxis(view, range(places), range(-places, 0))
    scratch = np.empty(0, view.dtype)
    for block in _blocks(out.shape[:-1], taps):
        index: Any = (..., *block, *(slice(None),) * (places - len(block))) if thin else block
        seen = view[index]
        if scratch.size < seen.size and not single:
            scratch = np.empty(seen.size, view.dtype)
        copied = seen if single else scratch[: seen.size].reshape(seen.shape)
        if not single:
            np.copyto(copied, seen)
        rows = copied.reshape(taps, -1).T if thin else copied.reshape(-1, taps)
        target = out[block]
        if target.flags.c_contiguous:
            call.matmul(rows, matrix, out=target.reshape(-1, matrix.shape[1]))
        else:
            target[...] = call.matmul(rows, matrix).reshape(target.shape)
        yield target


def _blocks(places: Sequence[int], taps: int) -> Iterator[tuple[slice, ...]]:
    """Slices of the batch, or of the first spatial axis where one map alone is more than a block."""
    batch, first, *rest = places
    rows = max(BLOCK // taps, ROWS)
    if prod((first, *rest)) <= rows:
        step = max(rows // max(prod((first, *rest)), 1), 1)
        yield from ((slice(image, image + step),) for image in range(0, batch, step))
        return
    step = max(rows // max(prod(rest), 1), 1)
    for image in range(batch):
        yield from ((slice(image, image + 1), slice(start, start + step)) for start in range(0, first, step))


def depthwise(
    call: Call, x: Array, kernel: Array, *, strides: Sequence[int], rates: Sequence[int], around: Sides
) -> Array:
    """The kernel (taps, channels, multiplier) on every channel by itself; the products of a channel stay together."""
    *sizes, channels, multiplier = kernel.shape
    view = windows(pad(x, around), sizes, strides, rates)
    places = view.shape[: 1 + len(sizes)]
    out = np.empty((*places, channels, multiplier), np.result_type(x, kernel))
    first, *others = np.ndindex(*sizes)
    for block in _blocks(places, channels * multiplier * 4):
        seen, target = view[block], out[block]
        np.multiply(seen[..., *first, :, None], kernel[first], out=target)
        scratch = np.empty_like(target)
        for tap in others:
            target += np.multiply(seen[..., *tap, :, None], kernel[tap], out=scratch)
        call.count(target.size * (1 + len(others)))
    call.count(0, _on_padding(x, around, sizes, strides, rates) * channels * multiplier)
    return out.reshape(*places, channels * multiplier)


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
