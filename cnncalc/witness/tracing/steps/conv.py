"""Convolutions: what the window holds times what the filter holds, added up, the bias, the activation."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from ....language import Text
from ....layers.conv import Conv
from ....layers.lora import Adaptable
from ....layers.separable import DepthwiseConv, SeparableConv
from ....layers.transposed import ConvTranspose
from ...arrays import Array
from ...forward.transposed import edges
from ..spot import Axis, Spot, apart, cut, looking, parts, planes, spreading
from ..trace import Index, Line, Number, Part, Products, Step, Terms, plain
from ..tracer import steps
from .activation import activated

Sums = Callable[[Spot], Iterator[Step]]


def weighted(spot: Spot, sums: Sums, channel: int) -> list[Step]:
    """The sums of a spot, its bias and its activation."""
    found = list(before(spot, sums, channel))
    layer = spot.layer

    def again(at: Index) -> Number:
        _, other = apart(at, getattr(layer, "channels_first", False))
        return list(before(spot.moved(at), sums, other))[-1].value

    return [*found, *activated(getattr(layer, "activation", None), found[-1].value, again, spot)]


def before(spot: Spot, sums: Sums, channel: int) -> Iterator[Step]:
    """What comes before the activation."""
    found = list(sums(spot))
    yield from found
    if "bias" in spot.weights:
        sum_, bias = found[-1].value, plain(spot.weights["bias"][channel])
        yield Line(Text("bias"), "{sum} + {bias}", {"sum": sum_, "bias": bias}, sum_ + bias)


def adapted(layer: Adaptable, weights: dict[str, Array], name: str = "kernel") -> Array:
    """The kernel with its low-rank adapter, where it has one."""
    if layer.lora_rank is None:
        return weights[name]
    scale = (layer.lora_rank if layer.lora_alpha is None else layer.lora_alpha) / layer.lora_rank
    return weights[name] + scale * (weights[f"lora_{name}_a"] @ weights[f"lora_{name}_b"])


def _axes(layer: Conv | DepthwiseConv | SeparableConv, x: Array, position: Index) -> list[Axis]:
    """x has its channels in front."""
    return looking(position, x.shape[1:], layer.padding, layer.kernel_size, layer.strides, layer.dilation_rate)


@steps.register
def conv(layer: Conv, spot: Spot) -> list[Step]:
    _, channel = apart(spot.at, layer.channels_first)
    return weighted(spot, lambda each: _conv(layer, each), channel)


def _conv(layer: Conv, spot: Spot) -> Iterator[Step]:
    position, filter_ = apart(spot.at, layer.channels_first)
    x = planes(spot.inputs[0], layer.channels_first)
    kernel = adapted(layer, spot.weights)
    axes = _axes(layer, x, position)
    channels = kernel.shape[-2]
    first = filter_ // (layer.filters // layer.groups) * channels
    found: list[Part] = []
    for number in range(channels):
        seen = cut(x[first + number], axes, 0, layer.padding_mode)
        found += parts(first + number, *seen, kernel[..., number, filter_])
    yield Products(Text("window × filter {n}", n=filter_), tuple(found))


@steps.register
def depthwise_conv(layer: DepthwiseConv, spot: Spot) -> list[Step]:
    _, out = apart(spot.at, layer.channels_first)
    return weighted(spot, lambda each: iter([_depthwise(layer, each, "kernel", *apart(each.at, layer.channels_first))]), out)  # fmt: skip


def _depthwise(layer: DepthwiseConv | SeparableConv, spot: Spot, name: str, position: Index, out: int) -> Products:
    """Channel `out` of the step that looks at every channel by itself."""
    x = planes(spot.inputs[0], layer.channels_first)
    channel, number = divmod(out, layer.depth_multiplier)
    seen = cut(x[channel], _axes(layer, x, position), 0)
    kernel = spot.weights[name][..., channel, number]
    title = Text("depthwise: window × filter {n} of channel {channel}", n=number, channel=channel)
    return Products(title, tuple(parts(channel, *seen, kernel)))


@steps.register
def separable_conv(layer: SeparableConv, spot: Spot) -> list[Step]:
    _, filter_ = apart(spot.at, layer.channels_first)
    return weighted(spot, lambda each: _separable(layer, each), filter_)


def _separable(layer: SeparableConv, spot: Spot) -> Iterator[Step]:
    position, filter_ = apart(spot.at, layer.channels_first)
    point = spot.weights["pointwise_kernel"].reshape(-1, layer.filters)
    middle = [_depthwise(layer, spot, "depthwise_kernel", position, out) for out in range(len(point))]
    yield from middle
    title = Text("pointwise: these sums × filter {n}", n=filter_)
    yield Terms(title, np.array([each.value for each in middle]), point[:, filter_])


@steps.register
def conv_transpose(layer: ConvTranspose, spot: Spot) -> list[Step]:
    _, filter_ = apart(spot.at, layer.channels_first)
    return weighted(spot, lambda each: _transposed(layer, each), filter_)


def _transposed(layer: ConvTranspose, spot: Spot) -> Iterator[Step]:
    """The input pixels whose spread reaches the place, each with the tap that it is multiplied by."""
    position, filter_ = apart(spot.at, layer.channels_first)
    x = planes(spot.inputs[0], layer.channels_first)
    kernel = spot.weights["kernel"]
    axes = [
        spreading(at, n, layer.kernel_size[i], layer.strides[i], layer.dilation_rate[i], edges(layer, i)[0])
        for i, (at, n) in enumerate(zip(position, x.shape[1:], strict=True))
    ]
    each = layer.filters // layer.groups
    channels = len(x) // layer.groups
    first = filter_ // each * channels
    found: list[Part] = []
    for channel in range(first, first + channels):
        taps = kernel[..., filter_ % each, channel][np.ix_(*(axis.taps for axis in axes))] if all(axis.taps for axis in axes) else None  # fmt: skip
        window, padded = cut(x[channel], axes, 0)
        found += parts(channel, window, padded, np.zeros_like(window) if taps is None else taps)
    reached = ", ".join(_listed(axis.positions) for axis in axes)
    yield Products(Text("input pixels {pixels} × the taps of filter {n} that reach this place", pixels=reached, n=filter_), tuple(found))  # fmt: skip


def _listed(positions: tuple[int, ...]) -> str:
    """Positions along one axis, as in {0;1}."""
    return "{" + ";".join(map(str, positions)) + "}"
