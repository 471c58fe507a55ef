"""Rearrangements between channels and positions; in both data formats the channels stand in PyTorch's order."""

from __future__ import annotations

from ...layers.shuffle import ChannelShuffle, PixelShuffle, PixelUnshuffle
from ..arrays import Array, channels_back, channels_last
from ..call import Call
from ..dispatch import forward


@forward.register
def pixel_shuffle(layer: PixelShuffle, call: Call, x: Array) -> Array:
    """Channels (c, i, j) become the pixel (i, j) of a square, in channel c."""
    x, side = channels_last(x, layer.channels_first), layer.upscale_factor
    batch, height, width, channels = x.shape
    squares = x.reshape(batch, height, width, channels // side**2, side, side).transpose(0, 1, 4, 2, 5, 3)
    return channels_back(squares.reshape(batch, height * side, width * side, -1), layer.channels_first)


@forward.register
def pixel_unshuffle(layer: PixelUnshuffle, call: Call, x: Array) -> Array:
    """The way back of `PixelShuffle`."""
    x, side = channels_last(x, layer.channels_first), layer.downscale_factor
    batch, height, width, channels = x.shape
    squares = x.reshape(batch, height // side, side, width // side, side, channels).transpose(0, 1, 3, 5, 2, 4)
    return channels_back(squares.reshape(batch, height // side, width // side, -1), layer.channels_first)


@forward.register
def channel_shuffle(layer: ChannelShuffle, call: Call, x: Array) -> Array:
    """Channels (group, place) become (place, group)."""
    x = channels_last(x, layer.channels_first)
    grouped = x.reshape(*x.shape[:-1], layer.groups, -1)
    return channels_back(grouped.swapaxes(-1, -2).reshape(x.shape), layer.channels_first)
