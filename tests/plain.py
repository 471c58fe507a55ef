"""The operations of the witness in their plain form: loops over every output, every tap and every channel.

Nothing here is fast, and nothing is shared with the package. Maps are (batch, spatial axes, channels).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from math import exp, sqrt
from typing import Any, NamedTuple

import numpy as np

Array = np.ndarray[Any, Any]
Numbers = Sequence[int]


class Counted(NamedTuple):
    """A result, the products that it took, and those of them with a zero of the padding."""

    y: Array
    products: int
    padded: int


def same_sides(n: int, size: int, stride: int, rate: int) -> tuple[int, int]:
    """TensorFlow's documentation of SAME: ceil(n / stride) outputs, the padding shared, the odd pixel after."""
    outputs = -(-n // stride)
    total = max((outputs - 1) * stride + (size - 1) * rate + 1 - n, 0)
    return total // 2, total - total // 2


def outputs(n: int, size: int, stride: int, rate: int, sides: tuple[int, int]) -> int:
    """How often a window fits, by trying."""
    start, count = -sides[0], 0
    while start + (size - 1) * rate < n + sides[1]:
        count, start = count + 1, start + stride
    return count


def positions(shape: Numbers) -> Iterator[tuple[int, ...]]:
    return product(*map(range, shape))


def met(spot: Numbers, tap: Numbers, strides: Numbers, rates: Numbers, sides: Sequence[tuple[int, int]]) -> list[int]:
    """The pixel under a tap; outside the map it is padding."""
    return [o * s + t * d - before for o, t, s, d, (before, _) in zip(spot, tap, strides, rates, sides, strict=True)]


def convolve(x: Array, kernel: Array, strides: Numbers, rates: Numbers, sides: Sequence[tuple[int, int]], groups: int = 1) -> Counted:  # fmt: skip
    """Every output is a sum over taps and the channels of its group."""
    *sizes, channels, filters = kernel.shape
    spatial = x.shape[1:-1]
    counts = [outputs(*each) for each in zip(spatial, sizes, strides, rates, sides, strict=True)]
    y = np.zeros((len(x), *counts, filters), np.result_type(x, kernel))
    products = padded = 0
    for example, spot, f in product(range(len(x)), positions(counts), range(filters)):
        group = f // (filters // groups)
        for tap, c in product(positions(sizes), range(channels)):
            pixel = met(spot, tap, strides, rates, sides)
            products += 1
            if all(0 <= p < n for p, n in zip(pixel, spatial, strict=True)):
                y[(example, *spot, f)] += x[(example, *pixel, group * channels + c)] * kernel[(*tap, c, f)]
            else:
                padded += 1
    return Counted(y, products, padded)


def depthwise(x: Array, kernel: Array, strides: Numbers, rates: Numbers, sides: Sequence[tuple[int, int]]) -> Counted:
    """A depthwise convolution is one with as many groups as channels; output channel c * multiplier + m."""
    *sizes, channels, multiplier = kernel.shape
    return convolve(x, kernel.reshape(*sizes, 1, channels * multiplier), strides, rates, sides, channels)


def scatter(x: Array, kernel: Array, strides: Numbers, rates: Numbers, groups: int = 1) -> Counted:
    """Every pixel adds itself times the kernel (taps, filters per group, channels) at its stride."""
    *sizes, filters, channels = kernel.shape
    full = [(n - 1) * s + (k - 1) * d + 1 for n, k, s, d in zip(x.shape[1:-1], sizes, strides, rates, strict=True)]
    y = np.zeros((len(x), *full, filters * groups), np.result_type(x, kernel))
    products = 0
    for example, spot, c in product(range(len(x)), positions(x.shape[1:-1]), range(channels)):
        group = c // (channels // groups)
        for tap, f in product(positions(sizes), range(filters)):
            place = [p * s + t * d for p, t, s, d in zip(spot, tap, strides, rates, strict=True)]
            y[(example, *place, group * filters + f)] += x[(example, *spot, c)] * kernel[(*tap, f, c)]
            products += 1
    return Counted(y, products, 0)


def pool(
    x: Array, how: str, sizes: Numbers, strides: Numbers, rates: Numbers, sides: Sequence[tuple[int, int]]
) -> Array:
    """The largest or the mean of the pixels of the map in each window."""
    spatial = x.shape[1:-1]
    counts = [outputs(*each) for each in zip(spatial, sizes, strides, rates, sides, strict=True)]
    y = np.zeros((len(x), *counts, x.shape[-1]))
    for example, spot, c in product(range(len(x)), positions(counts), range(x.shape[-1])):
        pixels = [met(spot, tap, strides, rates, sides) for tap in positions(sizes)]
        inside = [p for p in pixels if all(0 <= each < n for each, n in zip(p, spatial, strict=True))]
        seen = [float(x[(example, *p, c)]) for p in inside]
        y[(example, *spot, c)] = max(seen, default=-np.inf) if how == "max" else sum(seen) / len(seen)
    return y


def dense(x: Array, kernel: Array) -> Counted:
    """One row: each unit is a sum over the features."""
    y = [[sum(row[i] * kernel[i, u] for i in range(len(row))) for u in range(kernel.shape[1])] for row in x]
    return Counted(np.array(y), x.size * kernel.shape[1], 0)


def softmax(row: Sequence[float]) -> list[float]:
    powers = [exp(value) for value in row]
    return [power / sum(powers) for power in powers]


def normalised(value: float, mean: float, variance: float, gamma: float, beta: float, epsilon: float) -> float:
    return gamma * (value - mean) / sqrt(variance + epsilon) + beta
