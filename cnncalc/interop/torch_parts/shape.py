"""Layers that only rearrange or repeat what comes in."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 - everybody calls it so

from ...arithmetic import Shape
from ...language import Text
from ...layers.axes import position
from ...layers.axis_changes import ExpandDims, Reduce, Squeeze
from ...layers.dense import Flatten
from ...layers.shaping import Permute, RepeatVector, Reshape, Unflatten
from ...layers.shuffle import ChannelShuffle, PixelShuffle, PixelUnshuffle
from ...layers.unfold import Fold, Unfold
from .base import Impossible, Part, Tensor, channels, functional, last_first, mapped, part
from .conv import Sides, extents, same_sides


@part.register
def _(layer: Flatten, xs: tuple[Shape, ...]) -> Part:
    if not xs[0]:
        return functional(lambda x: x.reshape(len(x), 1))  # a bare batch flattens too
    flat = nn.Flatten(layer.start_axis, layer.end_axis)
    whole = (position(layer.start_axis, xs[0]), position(layer.end_axis, xs[0])) == (0, len(xs[0]) - 1)
    if layer.data_format == "channels_first" and whole:  # Keras puts the channels last before
        return functional(lambda x: flat(torch.movedim(x, 1, -1)))
    return functional(flat)


@part.register
def _(layer: ExpandDims, xs: tuple[Shape, ...]) -> Part:
    return functional(lambda x: x.unsqueeze(layer.axis))


@part.register
def _(layer: Squeeze, xs: tuple[Shape, ...]) -> Part:
    """PyTorch would leave an axis that is not 1 in silence; a reshape says so."""
    axes = {position(axis, xs[0]) for axis in layer.axis}
    kept = [n for place, n in enumerate(xs[0]) if place not in axes]
    return functional(lambda x: x.reshape(len(x), *kept))


REDUCTIONS: dict[str, Callable[..., Tensor]] = {
    "mean": torch.mean,
    "sum": torch.sum,
    "max": torch.amax,
    "min": torch.amin,
}


@part.register
def _(layer: Reduce, xs: tuple[Shape, ...]) -> Part:
    if layer.function not in REDUCTIONS:
        raise Impossible(Text("PyTorch multiplies along one axis at a time"))
    every = range(1, len(xs[0]) + 1)
    axes = [*every] if layer.axis is None else sorted({position(axis, xs[0]) + 1 for axis in layer.axis})
    return functional(lambda x: REDUCTIONS[layer.function](x, dim=axes, keepdim=layer.keepdims))


@part.register
def _(layer: Reshape, xs: tuple[Shape, ...]) -> Part:
    return functional(lambda x: x.reshape(len(x), *layer.target_shape))


@part.register
def _(layer: Unflatten, xs: tuple[Shape, ...]) -> Part:
    return functional(nn.Unflatten(layer.axis, tuple(layer.sizes)))


@part.register
def _(layer: Permute, xs: tuple[Shape, ...]) -> Part:
    return functional(lambda x: x.permute(0, *layer.dims))


@part.register
def _(layer: RepeatVector, xs: tuple[Shape, ...]) -> Part:
    return functional(lambda x: torch.stack([x] * layer.n, dim=1))


@part.register
def _(layer: PixelShuffle, xs: tuple[Shape, ...]) -> Part:
    channels(layer, xs[0])
    return mapped(layer, nn.PixelShuffle(layer.upscale_factor))


@part.register
def _(layer: PixelUnshuffle, xs: tuple[Shape, ...]) -> Part:
    channels(layer, xs[0])
    return mapped(layer, nn.PixelUnshuffle(layer.downscale_factor))


@part.register
def _(layer: ChannelShuffle, xs: tuple[Shape, ...]) -> Part:
    channels(layer, xs[0])
    return mapped(layer, nn.ChannelShuffle(layer.groups))


def _sides(layer: Unfold | Fold) -> Callable[[tuple[int, ...]], Sides]:
    """The padding of a map of the given size."""

    def sides(sizes: tuple[int, ...]) -> Sides:
        if layer.padding == "same":
            return same_sides(sizes, extents(layer), layer.strides)
        return [(0, 0)] * 2 if isinstance(layer.padding, str) else list(layer.padding)

    return sides


@part.register
def _(layer: Unfold, xs: tuple[Shape, ...]) -> Part:
    channels(layer, xs[0])
    module, sides = nn.Unfold(layer.kernel_size, layer.dilation_rate, 0, layer.strides), _sides(layer)
    return functional(lambda x: module(F.pad(x, last_first(sides(x.shape[2:])))))


@part.register
def _(layer: Fold, xs: tuple[Shape, ...]) -> Part:
    """Folded with its border, which is cropped then."""
    border = _sides(layer)(layer.output_size)
    sizes = tuple(n + before + after for n, (before, after) in zip(layer.output_size, border, strict=True))
    module = nn.Fold(sizes, layer.kernel_size, layer.dilation_rate, 0, layer.strides)

    def run(x: Tensor) -> Tensor:
        return F.pad(module(x), [-side for side in last_first(border)])

    return functional(run)
