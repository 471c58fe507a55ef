"""Windows as columns, and columns added up to a map; channels come first."""

from __future__ import annotations

from math import prod

import numpy as np

from ...layers.unfold import Columns, Fold, Unfold
from ..arrays import Array, channels_back, channels_last
from ..call import Call
from ..dispatch import forward
from ..windows import Sides, pad, sides, windows


@forward.register
def unfold(layer: Unfold, call: Call, x: Array) -> Array:
    """(batch, C, H, W) to (batch, C x taps, windows): a channel's taps stand together, row by row."""
    x = channels_last(x, first=True)
    x = pad(x, _around(layer, x.shape[1:-1]))
    view = windows(x, layer.kernel_size, layer.strides, layer.dilation_rate)
    columns = view.transpose(0, 5, 3, 4, 1, 2)
    return columns.reshape(len(x), x.shape[-1] * prod(layer.kernel_size), -1)


@forward.register
def fold(layer: Fold, call: Call, x: Array) -> Array:
    """Every tap is added where its window lies on the padded map, whose border is cut off then."""
    around = _around(layer, layer.output_size)
    shape = [n + before + after for n, (before, after) in zip(layer.output_size, around, strict=True)]
    channels = x.shape[1] // prod(layer.kernel_size)
    y = np.zeros((len(x), *shape, channels), x.dtype)
    target = windows(y, layer.kernel_size, layer.strides, layer.dilation_rate, writeable=True)
    taps = x.reshape(len(x), channels, *layer.kernel_size, *target.shape[1:3]).transpose(0, 4, 5, 2, 3, 1)
    for tap in np.ndindex(*layer.kernel_size):  # one by one: the windows overlap
        target[:, :, :, *tap] += taps[:, :, :, *tap]
    return channels_back(pad(y, tuple((-before, -after) for before, after in around)), first=True)


def _around(layer: Columns, spatial: tuple[int, ...]) -> Sides:
    return sides(layer.padding, spatial, layer.kernel_size, layer.strides, layer.dilation_rate)
