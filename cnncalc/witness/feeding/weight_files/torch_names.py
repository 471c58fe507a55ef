"""PyTorch's state dicts: `features.0.weight`, channels in front, and matrices with a row per output."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import takewhile
from typing import Any

import numpy as np

from ....architecture import Architecture
from ....layers import HOME, Layer
from ...arrays import Array
from .names import weight_names
from .stored import Arrays, Found, Placed, Turn, is_chain, is_ignored, owners

Source = tuple[str, Turn]
"""The name in PyTorch, and how the array becomes ours."""


def place_torch(arrays: Arrays, architecture: Architecture) -> Placed:
    """By the names of the modules, which are those of the layers; where modules are only numbered, in their order."""
    layers = owners(architecture)
    keys = _keys(arrays)
    modules = {name: name for name in layers if any(path.startswith(f"{name}.") for path in keys)}
    unnamed = [name for name in layers if name not in modules]
    numbers = sorted({number for path in keys if (number := _numbers(path))})
    if not modules and len(numbers) == len(unnamed) and is_chain(architecture):
        modules = {name: ".".join(map(str, number)) for name, number in zip(unnamed, numbers, strict=True)}
    placed: Placed = {}
    for name, module in modules.items():
        for weight, (own, turn) in torch_names(layers[name]).items():
            if key := keys.get(f"{module}.{own}"):
                placed.setdefault(name, {})[weight] = Found(key, arrays[key], turn)
    return placed


def _keys(arrays: Arrays) -> dict[str, str]:
    """The keys by their paths, and by their paths inside the attribute that holds the whole network (`net.`)."""
    keys = [key for key in arrays if not is_ignored(key)]
    prefix = ""
    while len(heads := {key.removeprefix(prefix).partition(".")[0] for key in keys}) == 1:
        head = heads.pop()
        if head.isdecimal() or any(key.removeprefix(prefix).count(".") < 2 for key in keys):
            break
        prefix += f"{head}."
    return {key.removeprefix(prefix): key for key in keys} | {key: key for key in keys}


def _numbers(path: str) -> tuple[int, ...]:
    """The numbers in front: `2.0.weight` is of the module 2.0."""
    return tuple(map(int, takewhile(str.isdecimal, path.split("."))))


def torch_names(layer: Layer) -> dict[str, Source]:
    """Where PyTorch keeps each weight of the layer, and how."""
    kind = layer.kind()
    if kind == "MultiHeadAttention":
        return _attention(layer)
    if kind.startswith("DepthwiseConv"):
        return {"kernel": ("weight", partial(_depthwise, layer)), "bias": ("bias", _same)}
    if kind == "Dense" or HOME[kind] in {"conv", "transposed"}:
        return {"kernel": ("weight", _outputs_last), "bias": ("bias", _same)}
    return {name: (SAME_LAYOUT.get(name, name), _same) for name in weight_names(layer)}


SAME_LAYOUT = {
    "alpha": "weight",
    "beta": "bias",
    "embeddings": "weight",
    "gamma": "weight",
    "moving_mean": "running_mean",
    "moving_variance": "running_var",
    "scale": "weight",
}
"""What is only called something else; stacks of recurrent layers and transformers have PyTorch's names already."""


def _same(array: Array) -> Array:
    return array


def _outputs_last(array: Array) -> Array:
    """(a, b, taps) to (taps, b, a), of matrices and of kernels in both directions."""
    if array.ndim < 2:
        raise ValueError
    return np.transpose(array, (*range(2, array.ndim), 1, 0))


def _depthwise(layer: Any, array: Array) -> Array:
    """(channels x multiplier, 1, taps) to (taps, channels, multiplier)."""
    turned = _outputs_last(array)
    return turned.reshape(*turned.shape[:-2], -1, layer.depth_multiplier)


def _attention(layer: Any) -> dict[str, Source]:
    """PyTorch keeps query, key and value in one matrix, and all heads in a row."""
    heads = (layer.num_heads, layer.key_dim)
    found: dict[str, Source] = {}
    for number, part in enumerate(("query", "key", "value")):
        found[f"{part}_kernel"] = ("in_proj_weight", _third(number, lambda rows: rows.T.reshape(-1, *heads)))
        found[f"{part}_bias"] = ("in_proj_bias", _third(number, lambda rows: rows.reshape(heads)))
    found["attention_output_kernel"] = ("out_proj.weight", lambda array: _outputs_last(array).reshape(*heads, -1))
    found["attention_output_bias"] = ("out_proj.bias", _same)
    return found


def _third(number: int, turn: Callable[[Array], Array]) -> Turn:
    return lambda array: turn(np.split(array, 3)[number])
