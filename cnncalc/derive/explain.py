"""Why a number is what it is: the rule run on letters, with the numbers put in, and the result.

No formula is typed: a layer whose fields hold letters is asked the same questions as one with numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from ..architecture import producer
from ..arithmetic import Dim, Shape, prod
from ..expression import Expr, symbol
from ..language import Text
from ..layers import Reading, Scope
from ..layers.base import Layer, UnaryLayer
from ..window import Window
from .letters import Lettered, Numbers, axis_letters, lettered
from .rows import Row
from .summary import Summary

PRIME = "′"


class Line(NamedTuple):
    """One number: `name` = `formula` = the formula with `numbers` put in = `result`."""

    name: str
    formula: Dim
    numbers: Numbers
    result: Dim


class Given(NamedTuple):
    """What a letter stands for: `letter` = `value`, from `origin` (a field, or the input)."""

    letter: str
    value: Dim
    origin: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """One layer's numbers, each with its arithmetic."""

    row: Row
    given: tuple[Given, ...]
    shape: tuple[Line, ...]
    params: tuple[Line, ...]
    """A line per weight array, then the total."""
    macs: tuple[Line, ...]
    receptive_field: tuple[Line, ...]
    notes: dict[str, tuple[Text, ...]]
    """What a formula does not say, by section."""


SECTIONS = ("shape", "params", "macs", "receptive_field")
"""What can be asked of a layer, as in `conv2d.params`."""


def explain(summary: Summary, name: str | None = None) -> tuple[Explanation, ...]:
    """Explain the layer called `name`, or every layer; a KeyError if there is no such layer."""
    rows = [summary.row(name)] if name is not None else summary.rows
    by_name = {row.name: row for row in summary.rows}
    return tuple(_explained(row, by_name) for row in rows if row.kind != "Input" or name)


def _explained(row: Row, by_name: dict[str, Row]) -> Explanation:
    twin = lettered(row.layer, row.input_shapes)
    facts = twin.layer.facts(twin.input_shapes)
    shape = _shape_lines(row, facts.output, twin.numbers)
    params = _param_lines(row, facts.weights, twin.numbers)
    macs = _mac_lines(row, twin, facts.output, facts.macs)
    receptive = _receptive_lines(row, twin, by_name)
    given = tuple(Given(letter, twin.numbers[letter], origin) for letter, origin in twin.meanings.items())
    notes = {"params": tuple(_param_notes(row)), "receptive_field": tuple(_field_notes(row, receptive))}
    return Explanation(row, given, shape, params, macs, receptive, notes)


def _shape_lines(row: Row, formulas: Shape, numbers: Numbers) -> tuple[Line, ...]:
    letters = output_letters(row.layer, len(row.output_shape))
    axes = zip(letters, formulas, row.output_shape, strict=True)
    return tuple(Line(letter, formula, numbers, result) for letter, formula, result in axes)


def output_letters(layer: Layer, rank: int) -> tuple[str, ...]:
    """The letters of an output: those of an input, with a prime."""
    return tuple(letter + PRIME for letter in axis_letters(layer, rank))


def _param_lines(row: Row, weights: dict[str, Shape], numbers: Numbers) -> tuple[Line, ...]:
    if not weights:
        return ()
    lines = [Line(name, prod(shape), numbers, prod(row.weights[name])) for name, shape in weights.items()]
    total = sum((line.formula for line in lines[1:]), lines[0].formula)
    return (*lines, Line("params", total, numbers, sum(line.result for line in lines)))


def _mac_lines(row: Row, twin: Lettered, output: Shape, formula: Dim) -> tuple[Line, ...]:
    """The MACs by the output's letters, which the shape lines have explained already."""
    if isinstance(row.macs, int) and row.macs == 0:
        return ()
    numbers = dict(twin.numbers)
    if isinstance(twin.layer, UnaryLayer) and type(twin.layer).macs is not UnaryLayer.macs:
        y: list[Dim] = []
        for letter, axis, size in zip(output_letters(row.layer, len(output)), output, row.output_shape, strict=True):
            derived = isinstance(axis, Expr) and axis.op != "symbol"
            y.append(symbol(letter) if derived else axis)
            numbers[letter] = size
        formula = twin.layer.macs(twin.input_shapes[0], tuple(y))
    return (Line("MACs", formula, numbers, row.macs),)


def _receptive_lines(row: Row, twin: Lettered, by_name: dict[str, Row]) -> tuple[Line, ...]:
    """r, j and s after the layer from those before it, by `Window.then` on letters; else the results alone."""
    field = row.receptive_field
    if field is None:
        return ()
    letters = [letter for letter in axis_letters(row.layer, len(field.axes) + 1) if letter != "C"]
    groups = [_axis_lines(row, twin, by_name, axis) for axis in range(len(field.axes))]
    if len({tuple(line.result for line in group) for group in groups}) == 1:
        return groups[0]
    named = zip(letters, groups, strict=True)
    return tuple(line._replace(name=f"{line.name}_{letter.lower()}") for letter, group in named for line in group)


def _axis_lines(row: Row, twin: Lettered, by_name: dict[str, Row], axis: int) -> tuple[Line, ...]:
    field = row.receptive_field
    assert field is not None, "asked by the caller"
    results = (field.size[axis], field.jump[axis], field.start[axis])
    names = ("r" + PRIME, "j" + PRIME, "s" + PRIME)
    source = by_name[producer(row.inputs[0])] if len(row.inputs) == 1 else None
    before = source.receptive_field if source else None
    way, real = (_window(facts.reading, axis) for facts in (twin.layer.facts(twin.input_shapes), row.facts))
    if before is None or way is None or real is None or not isinstance(field.axes[axis], Window):
        return tuple(Line(name, result, {}, result) for name, result in zip(names, results, strict=True))
    r, j, s = symbol("r"), symbol("j"), symbol("s")
    numbers = twin.numbers | {"r": before.size[axis], "j": before.jump[axis], "s": before.start[axis]}
    if way.padding is None:  # how much "same" pads is known by now
        channels_first = getattr(row.layer, "channels_first", False)
        numbers["P"], _ = real.pads(row.input_shapes[0][axis + channels_first])
        way = way._replace(padding=(symbol("P"), symbol("P")))
    chain = Window(r, j, 1, (-s, 0)).then(way)
    formulas = (chain.extent, chain.stride, chain.start)
    return tuple(Line(*line) for line in zip(names, formulas, (numbers,) * 3, results, strict=True))


def _window(reading: Reading, axis: int) -> Window | None:
    """The plain window that reads an axis, if one does."""
    way = reading[axis] if isinstance(reading, tuple) else None
    return way if isinstance(way, Window) else None


def _param_notes(row: Row) -> Iterator[Text]:
    if row.shares:
        yield Text("the weights are those of {layer} and are counted there", layer=row.shares)
    if not row.layer.trainable and row.weights:
        yield Text("the layer is frozen (trainable: false): its parameters count as non-trainable")
    elif kept := [name for name in row.weights if not row.layer.learns(name)]:
        moving = ", ".join(kept)
        yield Text("{names}: kept, but changed by no gradient: {n} non-trainable parameters", names=moving, n=row.non_trainable)  # fmt: skip


def _field_notes(row: Row, lines: tuple[Line, ...]) -> Iterator[Text]:
    if isinstance(row.field, Scope):
        yield SEES[row.field]
    elif not row.field.aligned:
        yield Text("the paths to this layer disagree in jump or centre; the size is that of their union")
    if getattr(row.layer, "padding", None) == "same" and any("P" in line.numbers for line in lines):
        yield Text('P: the zeros that "same" adds before the input')


SEES = {
    Scope.WHOLE: Text("every output sees the whole input"),
    Scope.MOVED: Text("positions were rearranged, so no receptive field is told"),
    Scope.SEVERAL: Text("the outputs see several inputs, so no single receptive field is told"),
    Scope.UNKNOWN: Text("the pattern of what an output sees is too long to tell"),
}
