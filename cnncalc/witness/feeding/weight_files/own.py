"""The witness's own names: `layer/weight`, or `layer.weight`."""

from __future__ import annotations

from functools import partial

from ....architecture import Architecture
from .names import weight_names
from .stored import Arrays, Contents, Found, Placed, lacking, owners
from .torch_names import place_torch


def flat(arrays: Arrays) -> Contents:
    """Arrays whose names begin with the layer's: in our names or in PyTorch's, whichever finds more."""
    layers = dict.fromkeys(key.rpartition("/" if "/" in key else ".")[0] or key for key in arrays)
    return Contents(arrays, tuple(layers), partial(_place, arrays))


def _place(arrays: Arrays, architecture: Architecture) -> Placed:
    own, torch = place_own(arrays, architecture), place_torch(arrays, architecture)
    return min(own, torch, key=lambda placed: lacking(placed, architecture))


def place_own(arrays: Arrays, architecture: Architecture) -> Placed:
    """What stands under the name of its layer and its own."""
    placed: Placed = {}
    for layer, of in owners(architecture).items():
        for name in weight_names(of):
            key = next((key for key in (f"{layer}/{name}", f"{layer}.{name}") if key in arrays), None)
            if key:
                placed.setdefault(layer, {})[name] = Found(key, arrays[key])
    return placed
