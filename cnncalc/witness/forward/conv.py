"""Convolutions."""

from __future__ import annotations

from ...layers.conv import Conv
from ..activations import activate
from ..arrays import Array, channels_back, channels_last
from ..call import Call
from ..contraction import convolve
from ..dispatch import forward
from ..initializers import zeros
from ..lora import adapted
from ..windows import sides


@forward.register
def conv(layer: Conv, call: Call, x: Array) -> Array:
    x = channels_last(x, layer.channels_first)
    shape = (*layer.kernel_size, x.shape[-1] // layer.groups, layer.filters)
    kernel = adapted(layer, call, "kernel", shape)
    relu = layer.activation == "relu"
    y = convolve(
        call,
        x,
        kernel,
        strides=layer.strides,
        rates=layer.dilation_rate,
        around=sides(layer.padding, x.shape[1:-1], layer.kernel_size, layer.strides, layer.dilation_rate),
        groups=layer.groups,
        mode=layer.padding_mode,
        bias=call.weight("bias", (layer.filters,), zeros) if layer.use_bias else None,
        relu=relu,
    )
    y = channels_back(y, layer.channels_first)
    return y if relu else activate(layer.activation, y)
