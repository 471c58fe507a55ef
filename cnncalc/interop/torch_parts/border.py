"""Layers that change the size of a map without weights: borders, crops, enlargements."""

from __future__ import annotations

from functools import partial

from torch import nn
from torch.nn import functional as F  # noqa: N812 - everybody calls it so

from ...arithmetic import Shape
from ...language import Text
from ...layers.augmentation import Resizing
from ...layers.border import BorderPadding, CircularPadding, ConstantPadding, ReflectionPadding
from ...layers.interpolation import Upsample
from ...layers.resizing import Cropping, UpSampling, ZeroPadding
from .base import Impossible, Part, channels, last_first, mapped, of_rank, part

LINEAR = {1: "linear", 2: "bilinear", 3: "trilinear"}


@part.register
def _(layer: ZeroPadding, xs: tuple[Shape, ...]) -> Part:
    channels(layer, xs[0])
    module = of_rank("ZeroPad", layer.rank)(tuple(last_first(layer.padding)))
    return mapped(layer, module, module)


@part.register
def _(layer: BorderPadding, xs: tuple[Shape, ...]) -> Part:
    channels(layer, xs[0])
    sides = tuple(last_first(layer.padding))
    if isinstance(layer, ConstantPadding):
        module = of_rank("ConstantPad", layer.rank)(sides, layer.value)
    elif isinstance(layer, ReflectionPadding):
        module = of_rank("ReflectionPad", layer.rank)(sides)
    else:
        name = "CircularPad" if isinstance(layer, CircularPadding) else "ReplicationPad"
        module = of_rank(name, layer.rank)(sides)
    return mapped(layer, module, module)


@part.register
def _(layer: Cropping, xs: tuple[Shape, ...]) -> Part:
    channels(layer, xs[0])
    module = of_rank("ZeroPad", layer.rank)(tuple(-side for side in last_first(layer.cropping)))
    return mapped(layer, module, module)


@part.register
def _(layer: UpSampling, xs: tuple[Shape, ...]) -> Part:
    channels(layer, xs[0])
    modes = {"nearest": "nearest", "bilinear": LINEAR[layer.rank]} | ({"bicubic": "bicubic"} if layer.rank == 2 else {})
    if layer.interpolation not in modes:
        raise Impossible(_no_interpolation(layer.interpolation))
    module = nn.Upsample(scale_factor=tuple(map(float, layer.size)), mode=modes[layer.interpolation])
    return mapped(layer, module, module)


def _no_interpolation(way: str) -> Text:
    return Text("PyTorch does not interpolate this way: {way}", way=way)


@part.register
def _(layer: Upsample, xs: tuple[Shape, ...]) -> Part:
    def spread(values: tuple[float, ...] | None) -> tuple[float, ...] | float | None:
        """A lone number stands for every axis."""
        return values[0] if values is not None and len(values) == 1 else values

    module = nn.Upsample(spread(layer.size), spread(layer.scale_factor), layer.mode, layer.align_corners)
    return mapped(layer, module, module)


@part.register
def _(layer: Resizing, xs: tuple[Shape, ...]) -> Part:
    channels(layer, xs[0])
    if layer.interpolation not in {"nearest", "bilinear", "bicubic"}:
        raise Impossible(_no_interpolation(layer.interpolation))
    if layer.crop_to_aspect_ratio or layer.pad_to_aspect_ratio:
        raise Impossible(Text("PyTorch resizes without looking at the aspect ratio"))
    size, mode = (layer.height, layer.width), layer.interpolation
    if mode == "nearest":  # Keras measures from the middle of a pixel
        return mapped(layer, nn.Upsample(size, mode="nearest-exact"))
    return mapped(layer, partial(F.interpolate, size=size, mode=mode, antialias=layer.antialias))
