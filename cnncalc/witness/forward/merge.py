"""Merges; axes of 1 are repeated as needed, and a missing axis counts as 1."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

import numpy as np

from ...layers import Layer
from ...layers.merge import Add, Average, Concatenate, Dot, ElementwiseMerge, Maximum, Minimum, Multiply, Subtract
from ..arrays import Array
from ..call import Call
from ..dispatch import forward

STEPS: dict[type[Layer], Callable[[Array, Array], Array]] = {
    Add: np.add,
    Average: np.add,
    Subtract: np.subtract,
    Multiply: np.multiply,
    Maximum: np.maximum,
    Minimum: np.minimum,
}
"""How each kind takes two inputs together."""


@forward.register
def elementwise(layer: ElementwiseMerge, call: Call, *xs: Array) -> Array:
    """All inputs taken together, with the axes lined up from the last backwards behind the batch."""
    rank = max(x.ndim for x in xs)
    y = reduce(STEPS[type(layer)], [x.reshape(len(x), *(1,) * (rank - x.ndim), *x.shape[1:]) for x in xs])
    return y / len(xs) if isinstance(layer, Average) else y


@forward.register
def concatenate(layer: Concatenate, call: Call, *xs: Array) -> Array:
    return np.concatenate(xs, layer.axis)


@forward.register
def dot(layer: Dot, call: Call, a: Array, b: Array) -> Array:
    """The sums of products over one axis of each; `normalize` makes that the cosine of their angle."""
    i, j = (axis % x.ndim for axis, x in zip(layer.axes, (a, b), strict=True))
    if layer.normalize:
        a, b = _of_length_one(a, i), _of_length_one(b, j)
    left = np.moveaxis(a, i, -1).reshape(len(a), -1, a.shape[i])
    right = np.moveaxis(b, j, 1).reshape(len(b), b.shape[j], -1)
    rest = (
        *(n for k, n in enumerate(a.shape) if k not in {0, i}),
        *(n for k, n in enumerate(b.shape) if k not in {0, j}),
    )
    return call.matmul(left, right).reshape(len(a), *(rest or (1,)))


def _of_length_one(x: Array, axis: int) -> Array:
    squares = np.sum(x * x, axis, keepdims=True)
    return x / np.sqrt(np.maximum(squares, 1e-12))
