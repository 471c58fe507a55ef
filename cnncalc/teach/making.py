"""What a layer makes of other inputs than its own: formulas, worked out once, for the inputs of many students."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ..algebra.function import function
from ..arithmetic import Dim, Shape
from ..expression import symbol
from ..layers import Layer, Weights
from ..layers.base import UnaryLayer


class Made(NamedTuple):
    """What can be asked of a layer on other inputs."""

    output: Shape
    others: tuple[Shape, ...]
    weights: Weights
    macs: Dim


Maker = Callable[[tuple[Shape, ...]], Made | None]
"""From inputs to what is made of them; None if the layer does not take them."""


def maker(layer: Layer, own: tuple[Shape, ...]) -> Maker:
    """Of a layer, for any inputs; those of the rank of its own are put into formulas, where it has one input."""
    plainly = _plainly(layer)
    if not isinstance(layer, UnaryLayer):
        return plainly  # of two inputs, letters do not say which is repeated
    rank = len(own[0])
    letters = tuple(symbol(f"n{axis}") for axis in range(rank))
    try:
        demands = [demand[:3] for demand in layer.asked((letters,))]
        facts = layer.facts((letters,))
        equal = tuple((left, right) for left, relation, right in demands if relation == "==")
        least = tuple((left, right) for left, relation, right in demands if relation != "==")
        values = [equal, least, facts.output, facts.others, tuple(facts.weights.values()), facts.macs]
        work_out = function(values, [str(letter) for letter in letters])
    except TypeError:  # it branches on sizes, which letters have not
        return plainly

    def made(inputs: tuple[Shape, ...]) -> Made | None:
        if len(inputs) != 1 or len(inputs[0]) != rank:
            return plainly(inputs)
        try:
            equal, least, output, others, weights, macs = work_out(*inputs[0])
        except ZeroDivisionError:
            return plainly(inputs)
        if any(left != right for left, right in equal) or any(left > right for left, right in least):
            return None
        return Made(output, others, dict(zip(facts.weights, weights, strict=True)), macs)

    return made


def _plainly(layer: Layer) -> Maker:
    """By the layer's rules themselves."""

    def made(inputs: tuple[Shape, ...]) -> Made | None:
        demands = layer.asked(inputs)
        takes = all(left == right if relation == "==" else left <= right for left, relation, right, *_ in demands)
        if not takes:
            return None
        facts = layer.facts(inputs)
        return Made(facts.output, facts.others, facts.weights, facts.macs)

    return made
