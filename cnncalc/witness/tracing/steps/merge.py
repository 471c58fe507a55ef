"""Merges: one number of each input taken together, or the input that a number comes from.

The largest and the least are NumPy's, for which NaN is both.
"""

from __future__ import annotations

from functools import reduce
from operator import mul, sub

import numpy as np

from ....language import Text
from ....layers.merge import Add, Average, Concatenate, Maximum, Minimum, Multiply, Subtract
from ..spot import Spot, own_axis
from ..trace import Line, Number, Source, Step, axis_names, plain, total
from ..tracer import steps


def _met(spot: Spot) -> dict[str, Number]:
    """The number of each input that meets at the place; axes of 1 are repeated, missing ones stand in front."""
    found = {}
    for number, x in enumerate(spot.inputs):
        behind = spot.at[len(spot.at) - x.ndim :] if x.ndim else ()
        found[f"x{number}"] = plain(x[tuple(i if n > 1 else 0 for i, n in zip(behind, x.shape, strict=True))])
    return found


def _joined(numbers: dict[str, Number], sign: str) -> str:
    return sign.join(f"{{{name}}}" for name in numbers)


def _line(spot: Spot, formula: str, value: Number, numbers: dict[str, Number]) -> list[Step]:
    names = ", ".join(spot.node.inputs)
    return [Line(Text("one number of each: {names}", names=names), formula, numbers, value)]


@steps.register
def add(layer: Add, spot: Spot) -> list[Step]:
    met = _met(spot)
    return _line(spot, _joined(met, " + "), total(list(met.values())), met)


@steps.register
def subtract(layer: Subtract, spot: Spot) -> list[Step]:
    met = _met(spot)
    return _line(spot, _joined(met, " - "), reduce(sub, met.values()), met)


@steps.register
def multiply(layer: Multiply, spot: Spot) -> list[Step]:
    met = _met(spot)
    return _line(spot, _joined(met, " × "), reduce(mul, met.values()), met)


@steps.register
def average(layer: Average, spot: Spot) -> list[Step]:
    met = _met(spot)
    return _line(spot, f"({_joined(met, ' + ')}) / {len(met)}", total(list(met.values())) / len(met), met)


@steps.register
def maximum(layer: Maximum, spot: Spot) -> list[Step]:
    met = _met(spot)
    return _line(spot, f"max({_joined(met, ', ')})", plain(np.max(list(met.values()))), met)


@steps.register
def minimum(layer: Minimum, spot: Spot) -> list[Step]:
    met = _met(spot)
    return _line(spot, f"min({_joined(met, ', ')})", plain(np.min(list(met.values()))), met)


@steps.register
def concatenate(layer: Concatenate, spot: Spot) -> list[Step]:
    axis = own_axis(layer.axis, len(spot.at))
    left = spot.at[axis]
    for name, x in zip(spot.node.inputs, spot.inputs, strict=True):
        if left < x.shape[axis]:
            at = (*spot.at[:axis], left, *spot.at[axis + 1 :])
            return [Source(name, at, axis_names(x.ndim, axis == 0 and x.ndim > 1), plain(x[at]))]
        left -= x.shape[axis]
    raise AssertionError("the inputs fill the axis")
