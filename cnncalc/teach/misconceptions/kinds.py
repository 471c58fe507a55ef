"""Groups of layers that one misconception is about, and what their settings say of it."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from ...layers.base import SpatialLayer
from ...layers.conv import Conv
from ...layers.pool import Pooling
from ...layers.separable import DepthwiseConv, SeparableConv
from ...layers.transposed import ConvTranspose
from .case import Case

CONVOLVING = (Conv, DepthwiseConv, SeparableConv)
SLIDING = (*CONVOLVING, Pooling)
"""Layers whose windows slide over the map."""
WITH_KERNEL = (*CONVOLVING, ConvTranspose)


REMEMBERED = 256
"""Cases whose settings are kept: a case is asked by many misconceptions in a row."""


class Settings(NamedTuple):
    """What the windows of a layer are set to."""

    plain: bool
    """Whether the size is ⌊(n + padding − extent)/stride⌋ + 1."""
    same: bool
    """Whether the layer pads by the word "same"."""
    strided: bool
    padded: bool
    """Whether the padding is in numbers, and there is some."""
    dilated: bool


@lru_cache(maxsize=REMEMBERED)
def settings(case: Case) -> Settings:
    """The settings of a layer whose windows slide."""
    found = case.windows
    same = any(window.padding is None for window in found)
    plain = not same and not any(window.ceil_mode for window in found)
    return Settings(
        plain,
        same,
        any(window.stride > 1 for window in found),
        plain and any(sum(window.padding or ()) > 0 for window in found),
        plain and any(window.dilation > 1 for window in found),
    )


def plain(case: Case) -> bool:
    return settings(case).plain


def same(case: Case) -> bool:
    return settings(case).same


def strided(case: Case) -> bool:
    return settings(case).strided


def padded(case: Case) -> bool:
    return settings(case).padded


def dilated(case: Case) -> bool:
    return settings(case).dilated


def bare(case: Case) -> bool:
    """Whether nothing is padded."""
    return plain(case) and not padded(case)


def plain_strided(case: Case) -> bool:
    return plain(case) and strided(case)


def same_strided(case: Case) -> bool:
    return same(case) and strided(case)


def later(case: Case) -> bool:
    """Whether a layer reads a map that other layers made of the image."""
    first = case.before is None or not case.before.inputs
    return not first and isinstance(case.layer, SpatialLayer) and len(case.image) == case.layer.rank + 1
