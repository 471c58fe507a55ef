"""Attention itself: queries are compared with keys, and the values are averaged by the result."""

from __future__ import annotations

import numpy as np

from .activations import softmax
from .arrays import Array
from .call import Call

FAR = -1e9
"""The score of a pair that is not compared (keras.layers.Softmax): beside any other score its share is 0."""


def compared(call: Call, query: Array, key: Array) -> Array:
    """The products (..., queries, keys) of all pairs."""
    return call.matmul(query, np.swapaxes(key, -1, -2))


def averaged(call: Call, scores: Array, value: Array) -> tuple[Array, Array]:
    """The mean of the values (..., queries, features), and the share of each value in it (..., queries, keys)."""
    shares = softmax(scores)
    return call.matmul(shares, value), shares


def attend(call: Call, query: Array, key: Array, value: Array) -> tuple[Array, Array]:
    """As `averaged`, by products that are divided by the root of the features."""
    return averaged(call, compared(call, _scaled(query), key), value)


def attend_near(call: Call, query: Array, key: Array, value: Array, near: Array, *, fused: bool) -> tuple[Array, Array]:
    """As `attend`, for the pairs (queries, keys) that `near` marks; all of them are multiplied.

    A query that is near to no key takes nothing, or the mean of all values in the fused form that Keras chooses
    where it needs no scores.
    """
    shares = softmax(np.where(near, compared(call, _scaled(query), key), FAR))
    shares = shares if fused else shares * near
    return call.matmul(shares, value), shares


def _scaled(query: Array) -> Array:
    return query * query.shape[-1] ** -0.5
