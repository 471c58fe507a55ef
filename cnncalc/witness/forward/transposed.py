"""Transposed convolutions: every pixel is spread over the map, then the edges are cut or filled."""

from __future__ import annotations

from ...layers.transposed import ConvTranspose
from ..activations import activate
from ..arrays import Array, channels_back, channels_last
from ..call import Call
from ..contraction import scatter
from ..dispatch import forward
from ..initializers import zeros
from ..windows import extent, pad


@forward.register
def conv_transpose(layer: ConvTranspose, call: Call, x: Array) -> Array:
    x = channels_last(x, layer.channels_first)
    kernel = call.weight("kernel", (*layer.kernel_size, layer.filters // layer.groups, x.shape[-1]))
    y = scatter(call, x, kernel, strides=layer.strides, rates=layer.dilation_rate, groups=layer.groups)
    for axis in range(layer.rank):
        y = _cut(y, axis, *edges(layer, axis))
    if layer.use_bias:
        y = y + call.weight("bias", (layer.filters,), zeros)
    return activate(layer.activation, channels_back(y, layer.channels_first))


def edges(layer: ConvTranspose, axis: int) -> tuple[int, int]:
    """How many pixels of an axis are cut off before and after; fewer than 0 after are filled up with zeros.

    "same" leaves `stride` pixels for each of the input and cuts the smaller half before, as TensorFlow's gradient
    of a SAME convolution does; "valid" cuts nothing. With an output padding "same" cuts
    twice half the window less that padding, the smaller half before.
    """
    size, stride = extent(layer.kernel_size[axis], layer.dilation_rate[axis]), layer.strides[axis]
    extra = layer.output_padding[axis] if layer.output_padding else None
    if isinstance(layer.padding, tuple):
        before, after = layer.padding[axis]
        return before, after - (extra or 0)
    if layer.padding == "same" and extra is None:
        before = max(size - stride, 0) // 2
        return before, size - stride - before
    if layer.padding == "same":
        total = size // 2 * 2 - (extra or 0)
        before = max(total // 2, 0)
        return before, total - before
    return 0, -(max(stride - size, 0) if extra is None else extra)


def _cut(y: Array, axis: int, before: int, after: int) -> Array:
    """The map without its edges on one spatial axis."""
    around = [(0, 0)] * (y.ndim - 2)
    around[axis] = (0, max(-after, 0))
    y = pad(y, tuple(around))
    stop = y.shape[axis + 1] - max(after, 0)
    return y[(slice(None),) * (axis + 1) + (slice(before, stop),)]
