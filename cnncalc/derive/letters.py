"""A layer and its input with letters in place of numbers: what rules are run on to show formulas."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..arithmetic import Dim, Shape, Symbolic
from ..expression import symbol
from ..layers import Layer
from ..layers.base import SPATIAL_LETTERS
from ..layers.fields import Letter

Numbers = dict[str, Dim]
"""The number behind each letter."""


class Lettered(NamedTuple):
    """The twin of a layer whose numbers have become letters."""

    layer: Layer
    input_shapes: tuple[Shape, ...]
    numbers: Numbers
    meanings: dict[str, str]
    """What each letter is: a field of the layer, or an axis of the input."""


def lettered(layer: Layer, xs: tuple[Shape, ...]) -> Lettered:
    """The twin of `layer` for inputs `xs`."""
    numbers: Numbers = {}
    meanings: dict[str, str] = {}
    shapes = _input_letters(layer, xs, numbers, meanings)
    return Lettered(_twin(layer, numbers, meanings), shapes, numbers, meanings)


def _twin(layer: Layer, numbers: Numbers, meanings: dict[str, str]) -> Layer:
    """The layer with letters for its numbers, and so for a layer that it wraps."""
    update = {
        name: _letters(letter, getattr(layer, name), numbers, meanings, name)
        for name, letter in _letter_fields(layer).items()
    }
    nested = {name: value for name, value in layer if isinstance(value, Layer)}
    update |= {name: _twin(value, numbers, meanings) for name, value in nested.items()}
    return layer.model_copy(update=update)


def axis_letters(layer: Layer, rank: int) -> tuple[str, ...]:
    """The letters of the axes of a tensor of `rank` axes: H, W and C for a map."""
    if rank - 1 not in SPATIAL_LETTERS or rank == 1:
        return ("N",) if rank == 1 else tuple(f"N_{i + 1}" for i in range(rank))
    spatial = SPATIAL_LETTERS[rank - 1]
    return ("C", *spatial) if getattr(layer, "channels_first", False) else (*spatial, "C")


def _letter_fields(layer: Layer) -> dict[str, Letter]:
    found = {}
    for name, field in type(layer).model_fields.items():
        letter = next((m for m in field.metadata if isinstance(m, Letter)), None)
        if letter and letter.name:
            found[name] = letter
    return found


def _input_letters(
    layer: Layer, xs: tuple[Shape, ...], numbers: Numbers, meanings: dict[str, str]
) -> tuple[Shape, ...]:
    """Each axis by its letter; with a number of the input behind it where the inputs differ."""
    shapes = []
    for index, x in enumerate(xs, start=1):
        shape: list[Dim] = []
        for axis, letter in enumerate(axis_letters(layer, len(x))):
            same = all(len(other) == len(x) and other[axis] == x[axis] for other in xs)
            name = letter if same else f"{letter}_{index}"
            if len(xs) > 1 and x[axis] == 1 and not same:
                shape.append(1)  # an axis of 1 is a rule of its own: a merge repeats it
                continue
            shape.append(symbol(name))
            numbers[name] = x[axis]
            meanings[name] = "input"
        shapes.append(tuple(shape))
    return tuple(shapes)


def _letters(letter: Letter, value: Any, numbers: Numbers, meanings: dict[str, str], field: str) -> Any:
    """The field's value with letters for its numbers; words and neutral values stay."""

    def named(number: Dim, suffix: str = "") -> Dim:
        if number == letter.neutral or (isinstance(number, int) and number < 0):
            return number
        name = f"{letter.name}_{suffix}" if suffix else str(letter.name)
        numbers[name] = number
        meanings[name] = field
        return symbol(name)

    if isinstance(value, (int, Symbolic)) and not isinstance(value, bool):
        return named(value)
    if not isinstance(value, tuple):
        return value
    if not value:
        return value
    suffixes = [""] * len(value) if len(set(value)) == 1 else [axis.lower() for axis in SPATIAL_LETTERS[len(value)]]
    if not isinstance(value[0], tuple):
        return tuple(named(number, suffix) for number, suffix in zip(value, suffixes, strict=True))
    return tuple(
        (named(before, suffix), named(after, suffix))
        if before == after
        else (named(before, f"{suffix}1"), named(after, f"{suffix}2"))
        for (before, after), suffix in zip(value, suffixes, strict=True)
    )
