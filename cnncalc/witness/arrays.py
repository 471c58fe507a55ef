"""What the witness works on: NumPy arrays whose axis 0 is the batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Outputs = Array | tuple[Array, ...]
"""What a layer puts out: one array, or several."""


def is_whole(array: Array) -> bool:
    """Whether the numbers are integers, which every sum and product keeps exact."""
    return bool(np.issubdtype(array.dtype, np.integer))


def as_real(array: Array) -> Array:
    """The array, or its integers as floats where what follows divides or takes roots."""
    return array.astype(np.float64) if is_whole(array) else array


def shape_text(shape: Sequence[int]) -> str:
    """A shape for people; () has no axes."""
    return "×".join(map(str, shape)) or "()"


def channels_last(x: Array, first: bool) -> Array:  # noqa: FBT001 - the layer's own switch, passed on
    """A map with its channels at the end, as the witness works on it; a view."""
    return np.moveaxis(x, 1, -1) if first else x


def channels_back(y: Array, first: bool) -> Array:  # noqa: FBT001 - as above
    """A map whose channels stand where the layer has them again; a view."""
    return np.moveaxis(y, -1, 1) if first else y
