"""The numbers that weights start from, as Keras has them, and PyTorch for the layers that it alone has."""

from __future__ import annotations

from collections.abc import Callable
from math import prod, sqrt
from typing import Any

import numpy as np

from .arrays import Array

Shape = tuple[int, ...]
Initializer = Callable[[np.random.Generator, Shape, Any], Array]
"""Of a generator, a shape and a dtype to an array."""

INTEGERS = (-2, 3)
"""Where weights are integers, those that are drawn lie in this half-open range, small enough to follow by hand."""


def zeros(random: np.random.Generator, shape: Shape, dtype: Any) -> Array:
    return np.zeros(shape, dtype)


def ones(random: np.random.Generator, shape: Shape, dtype: Any) -> Array:
    return np.ones(shape, dtype)


def glorot_uniform(random: np.random.Generator, shape: Shape, dtype: Any) -> Array:
    """Uniform within ±sqrt(6 / (fan in + fan out)) (Glorot and Bengio 2010); taps multiply both fans."""
    taps = prod(shape[:-2])
    fans = taps * (shape[-2] + shape[-1]) if len(shape) > 1 else 2 * prod(shape)
    return _uniform(random, shape, dtype, sqrt(6 / max(fans, 1)))


def glorot(fan_in: int, fan_out: int) -> Initializer:
    """As `glorot_uniform`, for a kernel whose inputs and outputs are several axes."""
    return uniform(sqrt(6 / (fan_in + fan_out)))


def he_uniform(random: np.random.Generator, shape: Shape, dtype: Any) -> Array:
    """Uniform within ±sqrt(6 / fan in) (He et al. 2015)."""
    return _uniform(random, shape, dtype, sqrt(6 / max(prod(shape[:-1]) if len(shape) > 1 else prod(shape), 1)))


def small_uniform(random: np.random.Generator, shape: Shape, dtype: Any) -> Array:
    """Uniform within ±0.05, as Keras starts embeddings."""
    return _uniform(random, shape, dtype, 0.05)


def uniform(limit: float) -> Initializer:
    """Uniform within ±limit."""
    return lambda random, shape, dtype: _uniform(random, shape, dtype, limit)


def truncated_normal(deviation: float) -> Initializer:
    """Normal around 0, drawn again where it is more than two deviations away."""

    def start(random: np.random.Generator, shape: Shape, dtype: Any) -> Array:
        if np.issubdtype(dtype, np.integer):
            return random.integers(*INTEGERS, shape, dtype)
        drawn = random.standard_normal(shape)
        while (far := np.abs(drawn) > 2).any():
            drawn[far] = random.standard_normal(np.count_nonzero(far))
        return (deviation * drawn).astype(dtype)

    return start


def orthogonal(random: np.random.Generator, shape: Shape, dtype: Any) -> Array:
    """Columns or rows at right angles (Saxe et al. 2014), as Keras starts recurrent kernels."""
    if np.issubdtype(dtype, np.integer):
        return random.integers(*INTEGERS, shape, dtype)
    rows, columns = prod(shape[:-1]), shape[-1]
    q, r = np.linalg.qr(random.standard_normal((max(rows, columns), min(rows, columns))))
    q *= np.sign(np.diagonal(r))
    return np.ascontiguousarray(q if rows >= columns else q.T).reshape(shape).astype(dtype)


def normal(random: np.random.Generator, shape: Shape, dtype: Any) -> Array:
    """Mean 0 and deviation 1, as PyTorch starts embeddings."""
    if np.issubdtype(dtype, np.integer):
        return random.integers(*INTEGERS, shape, dtype)
    return random.standard_normal(shape).astype(dtype)


def constant(value: float) -> Initializer:
    """The same number everywhere."""
    return lambda random, shape, dtype: np.full(shape, value, dtype)


def _uniform(random: np.random.Generator, shape: Shape, dtype: Any, limit: float) -> Array:
    if np.issubdtype(dtype, np.integer):
        return random.integers(*INTEGERS, shape, dtype)
    drawn = random.random(shape, np.float32 if dtype == np.float32 else np.float64)
    drawn *= 2 * limit
    drawn -= limit
    return drawn.astype(dtype, copy=False)
