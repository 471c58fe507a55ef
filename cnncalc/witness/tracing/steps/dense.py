"""Dense: all inputs times the weights of one unit."""

from __future__ import annotations

from collections.abc import Iterator

from ....language import Text
from ....layers.dense import Dense
from ..spot import Spot
from ..trace import Step, Terms
from ..tracer import steps
from .conv import adapted, weighted


@steps.register
def dense(layer: Dense, spot: Spot) -> list[Step]:
    return weighted(spot, lambda each: _dense(layer, each), spot.at[-1])


def _dense(layer: Dense, spot: Spot) -> Iterator[Step]:
    (x,) = spot.inputs
    unit = spot.at[-1]
    yield Terms(Text("inputs × weights of unit {n}", n=unit), x[spot.at[:-1]], adapted(layer, spot.weights)[:, unit])
