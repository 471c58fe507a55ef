"""Convolutions of every sort; what PyTorch's modules do not pad is padded or cropped around them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from torch.nn import functional as F  # noqa: N812 - everybody calls it so

from ...arithmetic import Shape
from ...layers.conv import Conv
from ...layers.separable import DepthwiseConv, SeparableConv
from ...layers.transposed import ConvTranspose
from .base import Impossible, Part, Tensor, channels, channels_last, last_first, mapped, of_rank, part
from .point import NO_ADAPTER, activation

MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "replicate", "circular": "circular"}

Sides = list[tuple[int, int]]


def extents(layer: Any) -> list[int]:
    """The pixels from first to last tap, per axis."""
    return [rate * (size - 1) + 1 for size, rate in zip(layer.kernel_size, layer.dilation_rate, strict=True)]


def same_sides(sizes: Sequence[int], extent: Sequence[int], strides: Sequence[int]) -> Sides:
    """The padding of "same" in TensorFlow, which PyTorch has without a stride only; the odd pixel comes after."""
    sides = []
    for n, reach, step in zip(sizes, extent, strides, strict=True):
        places = (n + step - 1) // step
        total = max((places - 1) * step + reach - n, 0)
        sides.append((total // 2, total - total // 2))
    return sides


def own_padding(layer: Any) -> Any:
    """The padding that PyTorch's module itself can do; None if it must be done before."""
    if layer.padding == "valid":
        return 0
    if layer.padding == "same":
        return "same" if set(layer.strides) == {1} else None
    if layer.padding == "causal" or any(before != after for before, after in layer.padding):
        return None
    return tuple(before for before, _ in layer.padding)


def padded(layer: Any, mode: str = "constant") -> Callable[[Tensor], Tensor]:
    """The padding of maps with channels first, as a step before the module."""

    def pad(x: Tensor) -> Tensor:
        if layer.padding == "same":
            sides = same_sides(x.shape[2:], extents(layer), layer.strides)
        elif layer.padding == "causal":
            sides = [(reach - 1, 0) for reach in extents(layer)]
        else:
            sides = list(layer.padding)
        return F.pad(x, last_first(sides), mode=mode)

    return pad


def sliding(layer: Any, inputs: int, filters: int, groups: int, *, bias: bool) -> tuple[Any, Callable[[Tensor], Tensor]]:  # fmt: skip
    """A convolution module, and the run through its padding and itself."""
    padding, mode = own_padding(layer), getattr(layer, "padding_mode", "zeros")
    module = of_rank("Conv", layer.rank)(
        inputs,
        filters,
        layer.kernel_size,
        layer.strides,
        padding=0 if padding is None else padding,
        dilation=layer.dilation_rate,
        groups=groups,
        bias=bias,
        padding_mode=mode,
    )
    if padding is not None:
        return module, module
    pad = padded(layer, MODES[mode])
    module.padding_mode = "zeros"  # the border is there already
    return module, lambda x: module(pad(x))


def _last(layer: Any) -> int:
    """Where the last axis of the layer's own layout is when the channels are first."""
    return 1 if channels_last(layer) else -1


@part.register
def _(layer: Conv, xs: tuple[Shape, ...]) -> Part:
    if layer.lora_rank is not None:
        raise Impossible(NO_ADAPTER)
    after = activation(layer.activation, _last(layer))
    module, run = sliding(layer, channels(layer, xs[0]), layer.filters, layer.groups, bias=layer.use_bias)
    return mapped(layer, lambda x: after(run(x)), module)


@part.register
def _(layer: DepthwiseConv, xs: tuple[Shape, ...]) -> Part:
    after = activation(layer.activation, _last(layer))
    inputs = channels(layer, xs[0])
    module, run = sliding(layer, inputs, inputs * layer.depth_multiplier, inputs, bias=layer.use_bias)
    return mapped(layer, lambda x: after(run(x)), module)


@part.register
def _(layer: SeparableConv, xs: tuple[Shape, ...]) -> Part:
    after = activation(layer.activation, _last(layer))
    inputs = channels(layer, xs[0])
    between = inputs * layer.depth_multiplier
    depthwise, run = sliding(layer, inputs, between, inputs, bias=False)
    pointwise = of_rank("Conv", layer.rank)(between, layer.filters, 1, bias=layer.use_bias)
    return mapped(layer, lambda x: after(pointwise(run(x))), depthwise, pointwise)


@part.register
def _(layer: ConvTranspose, xs: tuple[Shape, ...]) -> Part:
    after = activation(layer.activation, _last(layer))
    given = layer.output_padding
    sides = () if isinstance(layer.padding, str) else layer.padding
    symmetric = bool(sides) and all(before == after for before, after in sides)
    module = of_rank("ConvTranspose", layer.rank)(
        channels(layer, xs[0]),
        layer.filters,
        layer.kernel_size,
        layer.strides,
        padding=tuple(before for before, _ in sides) if symmetric else 0,
        output_padding=_extra(layer) if given is None else given,
        groups=layer.groups,
        bias=layer.use_bias,
        dilation=layer.dilation_rate,
    )
    if symmetric:
        return mapped(layer, lambda x: after(module(x)), module)
    cuts = [(-before, -behind) for before, behind in _cuts(layer)]
    return mapped(layer, lambda x: after(F.pad(module(x), last_first(cuts))), module)


def _extra(layer: ConvTranspose) -> tuple[int, ...]:
    """Keras without `output_padding`: with its words, a stride beyond the kernel leaves as many pixels free."""
    if not isinstance(layer.padding, str):
        return (0,) * layer.rank
    return tuple(max(step - reach, 0) for step, reach in zip(layer.strides, extents(layer), strict=True))


def _cuts(layer: ConvTranspose) -> Sides:
    """What is cut off the full output: in Keras "same" leaves stride pixels for every pixel of the input."""
    if not isinstance(layer.padding, str):
        return list(layer.padding)
    if layer.padding == "valid":
        return [(0, 0)] * layer.rank
    if layer.output_padding is not None:  # PyTorch puts it behind, Keras on both sides
        halves = [reach // 2 for reach in extents(layer)]
        fronts = [min((extra + 1) // 2, half) for extra, half in zip(layer.output_padding, halves, strict=True)]
        return [(half - front, half + front) for half, front in zip(halves, fronts, strict=True)]
    over = [max(reach - step, 0) for step, reach in zip(layer.strides, extents(layer), strict=True)]
    return [(total // 2, total - total // 2) for total in over]
