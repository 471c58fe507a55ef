"""Layers that hand numbers on: where a number comes from."""

from __future__ import annotations

import numpy as np

from ....language import Text
from ....layers import Layer
from ....layers.dense import Flatten
from ....layers.dropout import RandomZeros
from ....layers.identity import ActivityRegularization, Identity
from ....layers.inputs import Input
from ....layers.noise import GaussianDropout, GaussianNoise, SpatialDropout
from ..spot import Spot, own_axis
from ..trace import Index, Line, Source, Step, axis_names, plain
from ..tracer import steps


def entry(number: int, shape: Index) -> Index:
    """The index of the number-th entry of a shape, the last axis running fastest."""
    return tuple(map(int, np.unravel_index(number, shape)))


@steps.register
def flatten(layer: Flatten, spot: Spot) -> list[Step]:
    (x,) = spot.inputs
    rank = x.ndim
    if not rank:
        return [Source(spot.node.inputs[0], (), (), plain(x))]
    first, last = own_axis(layer.start_axis, rank), own_axis(layer.end_axis, rank)
    head, number, tail = spot.at[:first], spot.at[first], spot.at[first + 1 :]
    if layer.data_format == "channels_first" and (first, last) == (0, rank - 1):
        *spatial, channel = entry(number, (*x.shape[1:], x.shape[0]))
        at: Index = (channel, *spatial)
    else:
        at = (*head, *entry(number, x.shape[first : last + 1]), *tail)
    names = axis_names(rank, layer.data_format == "channels_first")
    return [Source(spot.node.inputs[0], at, names, plain(x[at]))]


@steps.register(Identity)
@steps.register(ActivityRegularization)
@steps.register(RandomZeros)
@steps.register(GaussianDropout)
@steps.register(GaussianNoise)
@steps.register(SpatialDropout)
def handed_on(layer: Layer, spot: Spot) -> list[Step]:
    """Outside training nothing changes."""
    (x,) = spot.inputs
    names = axis_names(x.ndim, getattr(layer, "channels_first", False))
    return [Source(spot.node.inputs[0], spot.at, names, plain(x[spot.at]))]


@steps.register
def given(layer: Input, spot: Spot) -> list[Step]:
    x = plain(spot.inputs[0][spot.at])
    return [Line(Text("what was given"), "{x}", {"x": x}, x)]
