"""Pools: over windows, over the whole map, over a given number of parts."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 - everybody calls it so

from ...arithmetic import Shape
from ...language import Text
from ...layers.global_pool import AdaptivePooling, FractionalMaxPooling, GlobalPooling
from ...layers.pool import AveragePool, LPPool, Pooling
from .base import Impossible, Part, Tensor, channels, last_first, mapped, of_rank, on_maps, part, unary
from .conv import Sides, same_sides


@part.register
def _(layer: Pooling, xs: tuple[Shape, ...]) -> Part:
    channels(layer, xs[0])
    maximal = layer.kind().startswith("Max")
    rates = getattr(layer, "dilation_rate", (1,) * layer.rank)
    before, inside = _split_padding(layer)
    settings: dict[str, Any] = {"ceil_mode": layer.ceil_mode and layer.padding != "same"}
    if maximal:
        settings["dilation"] = rates
    power = (layer.norm_type,) if isinstance(layer, LPPool) else ()
    if not power:
        settings["padding"] = inside
    if isinstance(layer, AveragePool):
        if layer.rank > 1:
            settings["divisor_override"] = layer.divisor_override
        elif layer.divisor_override is not None:
            raise Impossible(Text("PyTorch's AvgPool1d has no divisor_override"))
        settings["count_include_pad"] = layer.count_include_pad
        if not layer.count_include_pad and any(map(any, before)):
            raise Impossible(Text("PyTorch counts no padding only where it is the same in front and behind"))
    name = "MaxPool" if maximal else "LPPool" if power else "AvgPool"
    lone = bool(power) and layer.rank == 1  # PyTorch's LPPool1d takes no lists
    sizes = (layer.pool_size[0], layer.strides[0]) if lone else (layer.pool_size, layer.strides)
    module = of_rank(name, layer.rank)(*power, *sizes, **settings)
    extent = [rate * (taps - 1) + 1 for taps, rate in zip(layer.pool_size, rates, strict=True)]
    nothing = float("-inf") if maximal else 0.0

    def run(x: Tensor) -> Tensor:
        sides = same_sides(x.shape[2:], extent, layer.strides) if layer.padding == "same" else before
        if not any(map(any, sides)):
            return module(x)
        found = module(F.pad(x, last_first(sides), value=nothing))
        if layer.padding != "same" or maximal or power or getattr(layer, "divisor_override", None) is not None:
            return found
        return found / module(F.pad(torch.ones_like(x), last_first(sides)))  # a mean over the pixels of the map alone

    return mapped(layer, run, module)


def _split_padding(layer: Pooling) -> tuple[Sides, tuple[int, ...]]:
    """The padding done before a pool, and the padding of both sides that is left to the module.

    With `ceil_mode` PyTorch looks at how much of the padding is the module's own: more of it in front can be done
    before, more behind cannot.
    """
    none = [(0, 0)] * layer.rank, (0,) * layer.rank
    if isinstance(layer.padding, str):
        return none
    if isinstance(layer, LPPool):
        if layer.ceil_mode and any(map(any, layer.padding)):
            raise Impossible(Text("PyTorch's LPPool has no padding, and ceil_mode would count it"))
        return list(layer.padding), none[1]
    inside = tuple(min(pair) for pair in layer.padding)
    if layer.ceil_mode and any(after > before for before, after in layer.padding):
        raise Impossible(Text("with ceil_mode, PyTorch's pools cannot have more padding behind than in front"))
    outside = [(before - own, after - own) for (before, after), own in zip(layer.padding, inside, strict=True)]
    return outside, inside


@part.register
def _(layer: GlobalPooling, xs: tuple[Shape, ...]) -> Part:
    channels(layer, xs[0])
    name = "AdaptiveMaxPool" if "Max" in layer.kind() else "AdaptiveAvgPool"
    module = of_rank(name, layer.rank)(1)
    if layer.keepdims:
        return mapped(layer, module, module)
    return unary(lambda x: torch.flatten(on_maps(layer, module)(x), 1), module)


@part.register
def _(layer: AdaptivePooling, xs: tuple[Shape, ...]) -> Part:
    channels(layer, xs[0])
    name = "AdaptiveMaxPool" if "Max" in layer.kind() else "AdaptiveAvgPool"
    sizes = layer.output_size
    module = of_rank(name, layer.rank)(sizes[0] if layer.rank == 1 and sizes[0] is not None else tuple(sizes))
    return mapped(layer, module, module)


@part.register
def _(layer: FractionalMaxPooling, xs: tuple[Shape, ...]) -> Part:
    channels(layer, xs[0])
    ratio = layer.output_ratio
    if ratio is not None and len(ratio) == 1:
        ratio = ratio * layer.rank
    kind = nn.FractionalMaxPool2d if layer.rank == 2 else nn.FractionalMaxPool3d
    module = kind(layer.pool_size, output_size=layer.output_size, output_ratio=ratio)
    return mapped(layer, module, module)
