"""Why a number is what it is: the rule run on letters, with the numbers put in, and the result.

No formula is typed: a layer whose fields hold letters is asked the same questions as one with numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from ..arithmetic import Dim, Shape, prod
from ..expression import Expr, symbol
from ..language import Text
from ..layers import Scope
from ..layers.base import Layer, UnaryLayer
from ..window import Window
from .letters import Lettered, Numbers, axis_letters, lettered
from .receptive import ReceptiveField
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
    notes: tuple[Text, ...]


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
    return Explanation(row, given, shape, params, macs, receptive, tuple(_notes(row)))


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
    if isinstance(twin.layer, UnaryLayer):
        y: list[Dim] = []
        for letter, axis, size in zip(output_letters(row.layer, len(output)), output, row.output_shape, strict=True):
            derived = isinstance(axis, Expr) and axis.op != "symbol"
            y.append(symbol(letter) if derived else axis)
            numbers[letter] = size
        formula = twin.layer.macs(twin.input_shapes[0], tuple(y))
    return (Line("MACs", formula, numbers, row.macs),)


def _receptive_lines(row: Row, twin: Lettered, by_name: dict[str, Row]) -> tuple[Line, ...]:
    """r and j after the layer from those before it, by `Window.then` on letters."""
    field = row.receptive_field
    before = by_name[row.inputs[0]].receptive_field if len(row.inputs) == 1 else None
    reading = twin.layer.facts(twin.input_shapes).reading
    actual = row.facts.reading
    if field is None or before is None or not isinstance(reading, tuple) or not isinstance(actual, tuple):
        return ()
    groups: list[tuple[Line, ...]] = []
    letters = [letter for letter in axis_letters(row.layer, len(row.input_shapes[0])) if letter != "C"]
    channels_first = getattr(row.layer, "channels_first", False)
    sizes = row.input_shapes[0][1:] if channels_first else row.input_shapes[0]
    for axis, _ in enumerate(letters):
        way, real = reading[axis], actual[axis]
        if not (isinstance(way, Window) and isinstance(real, Window) and isinstance(field.axes[axis], Window)):
            return ()
        groups.append(_axis_lines(field, before, axis, way, real.pads(sizes[axis])[0], twin.numbers))
    if len({tuple(line.result for line in group) for group in groups}) == 1:
        return groups[0]
    named = zip(letters, groups, strict=True)
    return tuple(line._replace(name=f"{line.name}_{letter.lower()}") for letter, group in named for line in group)


def _axis_lines(
    field: ReceptiveField, before: ReceptiveField, axis: int, way: Window, real_before: Dim, letters: Numbers
) -> tuple[Line, ...]:
    r, j, s = symbol("r"), symbol("j"), symbol("s")
    numbers = dict(letters) | {"r": before.size[axis], "j": before.jump[axis], "s": before.start[axis]}
    if way.padding is None:  # how much "same" pads is known by now
        numbers["P"] = real_before
        way = way._replace(padding=(symbol("P"), symbol("P")))
    chain = Window(r, j, 1, (-s, 0)).then(way)
    before_all, _ = chain.padding or (0, 0)
    return (
        Line("r" + PRIME, chain.extent, numbers, field.size[axis]),
        Line("j" + PRIME, chain.stride, numbers, field.jump[axis]),
        Line("s" + PRIME, -before_all, numbers, field.start[axis]),
    )


def _notes(row: Row) -> list[Text]:
    notes = []
    if row.shares:
        notes.append(Text("the weights are those of {layer} and are counted there", layer=row.shares))
    if not row.layer.trainable and row.weights:
        notes.append(Text("the layer is frozen (trainable: false): its parameters count as non-trainable"))
    elif row.layer.statistics & row.weights.keys():
        moving = ", ".join(name for name in row.weights if name in row.layer.statistics)
        notes.append(Text("{names}: kept, but changed by no gradient: {n} non-trainable parameters", names=moving, n=row.non_trainable))  # fmt: skip
    if isinstance(row.field, Scope):
        notes.append(SEES[row.field])
    elif not row.field.aligned:
        notes.append(Text("the paths to this layer disagree in jump or centre; the size is that of their union"))
    return notes


SEES = {
    Scope.WHOLE: Text("every output sees the whole input"),
    Scope.MOVED: Text("positions were rearranged, so no receptive field is told"),
    Scope.SEVERAL: Text("the outputs see several inputs, so no single receptive field is told"),
    Scope.UNKNOWN: Text("the pattern of what an output sees is too long to tell"),
}
