"""Depthwise and separable convolutions."""

from __future__ import annotations

from ...layers.separable import DepthwiseConv, SeparableConv
from ..activations import activate
from ..arrays import Array, channels_back, channels_last
from ..call import Call
from ..contraction import convolve, depthwise
from ..dispatch import forward
from ..initializers import zeros
from ..windows import sides


@forward.register
def depthwise_conv(layer: DepthwiseConv, call: Call, x: Array) -> Array:
    x = channels_last(x, layer.channels_first)
    kernel = call.weight("kernel", (*layer.kernel_size, x.shape[-1], layer.depth_multiplier))
    y = _each_channel(layer, call, x, kernel)
    if layer.use_bias:
        y = y + call.weight("bias", (x.shape[-1] * layer.depth_multiplier,), zeros)
    return activate(layer.activation, channels_back(y, layer.channels_first))


@forward.register
def separable_conv(layer: SeparableConv, call: Call, x: Array) -> Array:
    x = channels_last(x, layer.channels_first)
    wide = x.shape[-1] * layer.depth_multiplier
    ones = (1,) * layer.rank
    kernel = call.weight("depthwise_kernel", (*layer.kernel_size, x.shape[-1], layer.depth_multiplier))
    point = call.weight("pointwise_kernel", (*ones, wide, layer.filters))
    y = _each_channel(layer, call, x, kernel)
    y = convolve(call, y, point, strides=ones, rates=ones, around=((0, 0),) * layer.rank)
    if layer.use_bias:
        y = y + call.weight("bias", (layer.filters,), zeros)
    return activate(layer.activation, channels_back(y, layer.channels_first))


def _each_channel(layer: DepthwiseConv | SeparableConv, call: Call, x: Array, kernel: Array) -> Array:
    around = sides(layer.padding, x.shape[1:-1], layer.kernel_size, layer.strides, layer.dilation_rate)
    return depthwise(call, x, kernel, strides=layer.strides, rates=layer.dilation_rate, around=around)
