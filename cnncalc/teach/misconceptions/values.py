"""One number of a feature map, worked out by hand: V codes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import Any

from ...arithmetic import Symbolic, maximum
from ...language import Text
from ...layers import Layer
from ...layers.conv import Conv
from ...layers.pool import AveragePool, MaxPool, Pooling
from .base import JUDGMENT, Answer, Answers, Misconception, Quantity

Number = Any
"""An int, a Fraction, or a letter."""

Channel = tuple[Number | None, ...]
"""The numbers under a window, row by row; None where it lies on padding."""


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """One output of a convolution or a pool: what lies under its window, by channel, and its filter."""

    layer: Layer
    patch: tuple[Channel, ...]
    kernel: tuple[tuple[Number, ...], ...] = ()
    """The filter's weights as the patch has its numbers; empty for a pool."""
    bias: Number = 0

    @property
    def about(self) -> type:
        return type(self.layer)

    def key(self, quantity: Quantity) -> Answer | None:
        """The right value; None for an activation that gives no exact number."""
        if quantity is not Quantity.VALUE or not understood(self):
            return None
        return pooled(self) if isinstance(self.layer, Pooling) else activated(self, convolved(self) + self.bias)


def understood(cell: Cell) -> bool:
    """Whether the value can be exact: a dot product, a maximum or a mean over one channel, with ReLU or nothing after."""
    if isinstance(cell.layer, Pooling):
        return isinstance(cell.layer, (MaxPool, AveragePool)) and any(n is not None for n in cell.patch[0])
    return getattr(cell.layer, "activation", None) in {None, "linear", "relu"}


def convolved(cell: Cell) -> Number:
    """The sum of products."""
    return products(zip(cell.patch, cell.kernel, strict=True))


def products(pairs: Iterable[tuple[Channel, tuple[Number, ...]]]) -> Number:
    terms = [x * w for xs, ws in pairs for x, w in zip(xs, ws, strict=True) if x is not None]
    return sum(terms[1:], terms[0]) if terms else 0


def rectified(value: Number) -> Number:
    return larger(value, 0)


def larger(a: Number, b: Number) -> Number:
    """The larger of two numbers, fractions and letters among them."""
    return maximum(a, b) if isinstance(a, Symbolic) else max(a, b)


def activated(cell: Cell, value: Number) -> Number:
    return rectified(value) if has_relu(cell) else value


def has_relu(cell: Cell) -> bool:
    return getattr(cell.layer, "activation", None) == "relu"


def _real(cell: Cell) -> list[Number]:
    """The numbers of the pool's channel that are there."""
    return [number for number in cell.patch[0] if number is not None]


def pooled(cell: Cell) -> Number:
    """The maximum, or the mean; padding in numbers counts in a mean where the layer says so, that of words never."""
    numbers = _real(cell)
    if isinstance(cell.layer, AveragePool):
        counts = cell.layer.count_include_pad and not isinstance(cell.layer.padding, str)
        below = cell.layer.divisor_override or (len(cell.patch[0]) if counts else len(numbers))
        return _divided(sum(numbers), below)
    return max(numbers)


def _divided(a: Number, b: int) -> Number:
    exact = Fraction(a) / b
    return int(exact) if exact.denominator == 1 else exact


def _border(cell: Cell) -> bool:
    return any(number is None for number in cell.patch[0])


def _flipped(cell: Cell) -> Answers:
    turned = products((xs, ws[::-1]) for xs, ws in zip(cell.patch, cell.kernel, strict=True))
    return (activated(cell, turned + cell.bias),)


def _other_divisor(cell: Cell) -> Answers:
    numbers = _real(cell)
    return tuple(_divided(sum(numbers), below) for below in (len(numbers), len(cell.patch[0])))


def _other_pool(cell: Cell) -> Answers:
    numbers = _real(cell)
    return (_divided(sum(numbers), len(numbers)), min(numbers), sum(numbers)) if isinstance(cell.layer, MaxPool) else (
        max(numbers), sum(numbers),
    )  # fmt: skip


VALUE, CONV = Quantity.VALUE, (Conv,)

CODES: tuple[Misconception[Cell], ...] = (
    Misconception(
        "V01", VALUE, CONV,
        Text("kernel flipped"),
        Text("the kernel was turned round before it was applied"),
        Text("Does this course's convolution turn the kernel, or lay it on as it is written?"),
        "Dive into Deep Learning: what is calculated is a cross-correlation",
        _flipped,
    ),
    Misconception(
        "V02", VALUE, CONV,
        Text("bias added per channel"),
        Text("the bias was added once for every input channel"),
        Text("How many biases has one filter?"),
        JUDGMENT,
        lambda c: (activated(c, convolved(c) + len(c.patch) * c.bias),), lambda c: len(c.patch) > 1 and c.bias != 0,
    ),
    Misconception(
        "V03", VALUE, (MaxPool,),
        Text("zeros in a maximum"),
        Text("zeros were put where the pool lies on padding, and took part in the maximum"),
        Text("Which number can never win a maximum?"),
        "docs.pytorch.org, MaxPool2d: padding is with negative infinity",
        lambda c: (larger(reduce(larger, _real(c)), 0),), _border,
    ),
    Misconception(
        "V04", VALUE, CONV,
        Text("ReLU forgotten"),
        Text("the activation is missing"),
        Text("What does the layer do with the sum at the end?"),
        JUDGMENT,
        lambda c: (convolved(c) + c.bias,), has_relu,
    ),
    Misconception(
        "V05", VALUE, CONV,
        Text("ReLU before the bias"),
        Text("the activation was applied before the bias was added"),
        Text("In which order are products, bias and activation taken?"),
        JUDGMENT,
        lambda c: (rectified(convolved(c)) + c.bias,), lambda c: has_relu(c) and c.bias != 0,
    ),
    Misconception(
        "V06", VALUE, CONV,
        Text("bias left out of the value"),
        Text("the bias was not added"),
        Text("What does the filter add to its products?"),
        JUDGMENT,
        lambda c: (activated(c, convolved(c)),), lambda c: c.bias != 0,
    ),
    Misconception(
        "V07", VALUE, CONV,
        Text("first channel alone"),
        Text("only the first input channel was used"),
        Text("How deep is the filter?"),
        JUDGMENT,
        lambda c: (activated(c, products([(c.patch[0], c.kernel[0])]) + c.bias),), lambda c: len(c.patch) > 1,
    ),
    Misconception(
        "V08", VALUE, (MaxPool, AveragePool),
        Text("another summary of the window"),
        Text("another summary of the window was taken: mean, maximum, minimum or sum"),
        Text("What does this kind of pool keep of its window?"),
        JUDGMENT,
        _other_pool, lettered=False,
    ),
    Misconception(
        "V09", VALUE, (AveragePool,),
        Text("padding in the mean"),
        Text("the sum was divided by another number of pixels: padding may count or not"),
        Text("Does padding count in the mean of this layer?"),
        "docs.pytorch.org, AvgPool2d: count_include_pad",
        _other_divisor, _border, lettered=False,
    ),
)  # fmt: skip
