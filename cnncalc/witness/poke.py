"""Receptive fields without any rule: put NaN into one pixel, run the network, and see which outputs it reaches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from ..architecture import Architecture
from ..opinion import Poke, Span
from .arrays import Array
from .execution import execute
from .store import Store

Target = tuple[str, tuple[int, ...]]
"""An input, and one of its pixels."""


def targets(architecture: Architecture, inputs: Mapping[str, Array], times: int) -> Iterator[Target]:
    """Up to `times` pixels around the middle of every input that is a map."""
    first = _first_spatial(architecture)
    for name, x in inputs.items():
        if x.ndim >= 3:
            yield from ((name, pixel) for pixel in _pixels(x.shape[first : first + x.ndim - 2], times))


def poke(architecture: Architecture, inputs: Mapping[str, Array], store: Store, target: Target) -> Poke:
    """What one pixel reaches, in one run of the network."""
    name, pixel = target
    bent = poked(inputs, name, _first_spatial(architecture), pixel)
    return Poke(name, pixel, reached(architecture, bent, store))


def _first_spatial(architecture: Architecture) -> int:
    """The first spatial axis of a map with its batch."""
    return 2 if architecture.channels_first else 1


def poked(inputs: Mapping[str, Array], name: str, first: int, pixel: tuple[int, ...]) -> dict[str, Array]:
    """The inputs with NaN in one pixel of one of them, in all its channels; `first` is the map's first spatial axis."""
    x = inputs[name].astype(np.result_type(inputs[name], np.float32), copy=True)
    x[(slice(None),) * first + pixel] = np.nan
    return {**inputs, name: x}


def reached(
    architecture: Architecture, inputs: Mapping[str, Array], store: Store
) -> dict[str, tuple[Span, ...] | None]:
    """By layer, the first and the last index with a NaN on each axis of its first output; None where there is none."""
    with np.errstate(invalid="ignore"):  # NaN is what we look for
        return {ran.node.name: _box(np.isnan(ran.outputs[0])) for ran in execute(architecture, inputs, store)}


def _box(mask: Array) -> tuple[Span, ...] | None:
    places = np.nonzero(mask)
    return tuple((int(axis.min()), int(axis.max())) for axis in places[1:]) if len(places[0]) else None


def _pixels(spatial: tuple[int, ...], times: int) -> Iterator[tuple[int, ...]]:
    """Neighbours along the diagonal through the middle, so that windows at every offset of a stride are met."""
    for offset in range(-(times // 2), times - times // 2):
        pixel = tuple(n // 2 + offset for n in spatial)
        if all(0 <= place < n for place, n in zip(pixel, spatial, strict=True)):
            yield pixel
