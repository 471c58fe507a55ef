"""Keras 2's HDF5 files, which Keras 3 still writes: a group per layer, whose `weight_names` are paths of variables."""

from __future__ import annotations

from collections.abc import Mapping

from ....architecture import Architecture
from .matching import candidates, matched
from .names import weight_names
from .stored import Arrays, Found, Placed, is_chain, owners

ALIASES = {"depthwise_kernel": "kernel"}
"""What Keras 2 called otherwise."""

Weights = Mapping[str, list[str]]
Path = tuple[str, ...]


def place_legacy(arrays: Arrays, weights: Weights, file: str, architecture: Architecture) -> Placed:
    """Every variable to the layer that its path names; the variables of a model inside stand in the model's group.

    In a chain of as many layers, where the names do not fit, by their order, as Keras itself does it.
    """
    layers = {name: weight_names(layer) for name, layer in owners(architecture).items()}
    placed = _by_name(arrays, weights, layers, file)
    if placed.keys() != layers.keys() and len(weights) == len(layers) and is_chain(architecture):
        pairs = zip(layers.items(), weights.items(), strict=True)
        return {name: _found(outer, variables, known, arrays) for (name, known), (outer, variables) in pairs}
    return placed


def _by_name(arrays: Arrays, weights: Weights, layers: Mapping[str, list[str]], file: str) -> Placed:
    groups: dict[Path, list[str]] = {}
    wishes: dict[Path, set[str]] = {}
    for outer, variables in weights.items():
        for variable in variables:
            path, wish = _owner(outer, variable.removesuffix(":0").split("/"), layers)
            wishes.setdefault(path, wish)
            groups.setdefault(path, []).append(variable)
    found = matched(wishes, file)
    return {layer: _found(path[0], groups[path], layers[layer], arrays) for path, layer in found.items()}


def _found(outer: str, variables: list[str], known: list[str], arrays: Arrays) -> dict[str, Found]:
    """What the variables in a layer's group are, as far as the layer has such weights."""
    named = (
        (weight_name(variable.removesuffix(":0").split("/"), known), f"{outer}/{variable}") for variable in variables
    )
    return {name: Found(key, arrays[key]) for name, key in named if name}


def _owner(outer: str, parts: list[str], layers: Mapping[str, list[str]]) -> tuple[Path, set[str]]:
    """The path of the layer that has the variable, and which layers that may be."""
    if outer in layers:
        return (outer,), {outer}
    for at in range(len(parts) - 2, -1, -1):
        path = (parts[at - 1] if at else outer, parts[at])
        wish = {layer for layer in candidates(path, layers) if weight_name(parts, layers[layer])}
        if wish:
            return (outer, *parts[: at + 1]), wish
    return (outer, *parts), set()


def weight_name(parts: list[str], known: list[str]) -> str | None:
    """The weight that a path of a variable means, among those that the layer has.

    `attention/query/kernel` is `query_kernel`, and `both/forward_lstm/lstm_cell/bias` is `forward_bias`.
    """
    last = parts[-1]
    ways = [part.partition("_")[0] for part in parts if part.startswith(("forward_", "backward_"))]
    names = [f"{part}_{last}" for part in (*ways, *reversed(parts[:-1]))]
    return next((name for name in (*names, last, ALIASES.get(last, "")) if name in known), None)
