"""Feature maps in exact numbers: what a filter makes of an image, as the layer's windows read it."""

from __future__ import annotations

from collections.abc import Sequence

from ..arithmetic import Demand
from ..window import Window
from .questions import FeatureMap
from .written import Number

Matrix = tuple[tuple[Number, ...], ...]


def windows(question: FeatureMap) -> tuple[Window, Window]:
    """How the filter reads rows and columns."""
    sizes = len(question.filter), len(question.filter[0])
    padding = None if question.padding == "same" else (0, 0) if question.padding == "valid" else (question.padding,) * 2
    down, across = (Window(size, question.strides, 1, padding) for size in sizes)
    return down, across


def refused(question: FeatureMap) -> Demand | None:
    """What the image does not meet, where the filter does not fit."""
    for axis, (window, size) in enumerate(zip(windows(question), sides(question.image), strict=True)):
        demand = window.demand(size, axis)
        if demand.left > demand.right:
            return demand
    return None


def sides(matrix: Sequence[Sequence[Number]]) -> tuple[int, int]:
    return len(matrix), len(matrix[0])


def feature_map(question: FeatureMap) -> Matrix:
    """The sum of products at every place of the filter, with the bias; the filter is not turned (Keras, PyTorch)."""
    down, across = windows(question)
    rows, columns = sides(question.image)
    return tuple(tuple(_value(question, top, left) for left in starts(across, columns)) for top in starts(down, rows))


def starts(window: Window, size: int) -> range:
    """The first pixel of every place, negative inside the padding."""
    before, _ = window.pads(size)
    return range(-before, window.count(size) * window.stride - before, window.stride)


def _value(question: FeatureMap, top: int, left: int) -> Number:
    rows, columns = sides(question.image)
    return question.bias + sum(
        weight * question.image[top + i][left + j]
        for i, line in enumerate(question.filter)
        for j, weight in enumerate(line)
        if 0 <= top + i < rows and 0 <= left + j < columns
    )
