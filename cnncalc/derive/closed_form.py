"""A network as one formula per axis: the window that it is, the inputs that it takes, and what it never sees.

The network is derived once on letters, and all formulas come from there. Which pixels are never seen depends
on the size, and is told for the size at hand.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..algebra.domain import Domain, domain
from ..algebra.range import Range
from ..architecture import producer
from ..arithmetic import Demand, Dim, Symbolic
from ..errors import ArchitectureError, Fault
from ..expression import evaluate, names, symbol
from ..language import Text
from ..layers.least import has_open_fields
from ..window import AxisReading, Window
from .diagnose import diagnose
from .explain import PRIME, Line, output_letters
from .fits import fits_exactly, lines_up
from .forms import WINDOW_LETTERS, AxisForm, ClosedForm, LinkForm
from .letters import Numbers
from .links import Chain, Link, ancestors, chains, links, spatial
from .opened import opened
from .rows import Row
from .summary import Summary
from .unseen import Unseen
from .walk import walk

SAME_OUTPUT = Text("the output is the same")


def closed_form(summary: Summary, layer: str | None = None) -> tuple[ClosedForm, ...]:
    """The closed form of a layer, or of the network's outputs (else its last layer) with spatial axes.

    A KeyError if there is no such layer, an ArchitectureError if it has no spatial axes.
    """
    if layer is not None:
        summary.row(layer)
    architecture, numbers = opened(summary.architecture)
    found = walk(architecture)
    if found.failures:
        raise ArchitectureError(diagnose(architecture, found), found.rows)
    following = chains(found.rows, channels_first=architecture.channels_first)
    rows = {row.name: row for row in found.rows}
    return tuple(
        _Former(rows[name], ancestors(found.rows, name), asked, following, summary, numbers).form()
        for name in _targets(summary, found.rows, following, layer)
        for asked in [found.rows if layer is None else ancestors(found.rows, name)]
    )


def _targets(summary: Summary, rows: Sequence[Row], following: dict[str, Chain | None], layer: str | None) -> list[str]:
    maps = [row for row in rows if len(row.output_shape) > 1 and (row.inputs or row.name == layer)]
    growing = [row.name for row in maps if any(isinstance(n, Symbolic) for n in row.output_shape)]
    able = {*growing, *(row.name for row in maps if following[row.name])}
    if layer in able:
        return [str(layer)]
    outputs = [name for name in dict.fromkeys(map(producer, summary.architecture.outputs)) if name in able]
    if layer is None and (outputs or growing):
        return outputs or growing[-1:]
    near = (Text("the last layer that has such axes is {layer}", layer=growing[-1]),) if growing else ()
    message = Text("{layer} has no axis whose size follows from that of an input", layer=layer or summary.name)
    raise ArchitectureError([Fault("no-spatial-axes", message, layer=layer, remedies=near)])


class _Former:
    """Makes the closed form of one layer."""

    def __init__(
        self,
        row: Row,
        before: list[Row],
        asked: Sequence[Row],
        following: dict[str, Chain | None],
        summary: Summary,
        numbers: dict[str, int],
    ) -> None:
        self.row = row
        self.before = before
        self.chain = following[row.name]
        self.numbers = numbers
        self.first = summary.architecture.channels_first
        self.demands: list[Demand] = [demand for each in asked for demand in each.step.assumed]
        self.domain: Domain = domain(self.demands)
        known = not any(has_open_fields(each.layer) for each in ancestors(summary.rows, row.name))
        self.real = Unseen(summary, row.name, following) if known else None

    def form(self) -> ClosedForm:
        inputs = {each.name: each.output_shape for each in self.before if not each.inputs}
        return ClosedForm(self.row, inputs, tuple(self._axes()), self.domain)

    def _axes(self) -> list[AxisForm]:
        """The axes, those that behave alike as one."""
        letters = spatial(output_letters(self.row.layer, len(self.row.output_shape)), channels_first=self.first)
        found: list[AxisForm] = []
        for axis, prime in enumerate(letters):
            letter = prime.removesuffix(PRIME)
            twins = ((place, self._axis(axis, letter, other)) for place, other in enumerate(found) if other.symbol)
            place = next((place for place, twin in twins if twin == found[place]._replace(letters=(letter,))), None)
            if place is None:
                found.append(self._axis(axis, letter))
            else:
                found[place] = found[place]._replace(letters=(*found[place].letters, letter))
        return found

    def _axis(self, axis: int, letter: str, called: AxisForm | None = None) -> AxisForm:
        """One axis; with the letters of another one where it is to be compared with that."""
        size = self._size(self.row, axis)
        name = self._followed(size, axis)
        stem, alias = (called.letters[0], called.symbol) if called else (letter, name)
        values: Numbers = dict(self.numbers)
        if name and alias:
            values = {alias: self.numbers[name]} if name in self.numbers else {}
        renamed = {name: symbol(alias)} if name and alias else {}
        told = tuple(self._links(axis, stem, renamed, values))
        formula = evaluate(size, renamed)
        line = Line(stem + PRIME, formula, values, evaluate(formula, values))
        unseen, drops = self.real.never_seen(*self._read_by(name)) if self.real and name else (None, ())
        return AxisForm(
            (letter,),
            alias,
            told,
            line,
            self.numbers.get(name) if name else None,
            self.domain.symbols.get(name) if name else None,
            self._same_output(size, line.result, name),
            _left_over(told, alias, values),
            unseen,
            drops,
            lines_up(self.before, name) if name else None,
            fits_exactly(self.before, self.demands, name, channels_first=self.first) if name else None,
        )

    def _followed(self, size: Dim, axis: int) -> str | None:
        """The letter that a size follows from; of a fixed size, that of the input's axis which it is made of."""
        if not names(size) and self.chain:
            source = next(row for row in self.before if self.chain and row.name == self.chain.source)
            size = self._size(source, axis)
        return names(size)[0] if len(names(size)) == 1 else None

    def _read_by(self, name: str) -> tuple[str, int]:
        """The first input with an axis of this name, and which axis it is."""
        inputs = (row for row in self.before if not row.inputs)
        return next(
            (row.name, axis)
            for row in inputs
            for axis, n in enumerate(spatial(row.output_shape, channels_first=self.first))
            if n == symbol(name)
        )

    def _size(self, row: Row, axis: int) -> Dim:
        return spatial(row.output_shape, channels_first=self.first)[axis]

    def _links(self, axis: int, stem: str, renamed: dict[str, Dim], values: Numbers) -> list[LinkForm]:
        """Each link with its count; the sizes between are H_1, H_2, ..."""
        if self.chain is None:
            return []
        rows = {row.name: row for row in self.before}
        size = evaluate(self._size(rows[self.chain.source], axis), renamed)
        joined = links(self.chain.source, self.chain.axes[axis])
        found: list[LinkForm] = []
        for place, (start, end, way) in enumerate(joined, start=1):
            link = Link(start, end, _renamed(way, renamed))
            name = stem + PRIME if place == len(joined) else f"{stem}_{place}"
            derived = evaluate(self._size(rows[link.end], axis), renamed)
            formula, letters = _count(link, size, derived)
            line = Line(name, formula, values | letters, evaluate(derived, values))
            found.append(LinkForm(link, line))
            values = values | {name: line.result}
            size = symbol(name)
        return found

    def _same_output(self, size: Dim, value: Dim, name: str | None) -> Range | None:
        """All inputs that give this output, other axes as they are; None where nobody can tell, or no number is at hand."""
        if name is None or not isinstance(value, int):
            return None
        others = {other: number for other, number in self.numbers.items() if other != name}
        fixed = [each._replace(left=evaluate(each.left, others), right=evaluate(each.right, others)) for each in self.demands]  # fmt: skip
        found = domain([*fixed, Demand(size, "==", value, SAME_OUTPUT)])
        unsolved = any(demand.rule is SAME_OUTPUT for demand in found.rest)
        return None if unsolved else found.symbols[name]


def _renamed(way: AxisReading | None, letters: dict[str, Dim]) -> AxisReading | None:
    """The same way where its numbers are told by other letters."""
    if way is None:
        return None
    parts = (
        tuple(evaluate(n, letters) for n in part) if isinstance(part, tuple) else evaluate(part, letters)
        for part in way
    )
    return type(way)._make(parts)


def _count(link: Link, size: Dim, derived: Dim) -> tuple[Dim, Numbers]:
    """The size behind a link as a formula of the size before it."""
    lettered = _lettered(link.window, size)
    if lettered:
        window, letters = lettered
        return window.count(size), letters
    formula = derived if link.way is None else link.way.count(size)
    return (formula if set(names(formula)) <= set(names(size)) else derived), {}


def _lettered(window: Window | None, n: Dim) -> tuple[Window, Numbers] | None:
    """The window with letters; None where its size is no number, or where a letter stands for something else."""
    if window is None or not isinstance(window.extent, int):
        return None
    taken = {name for number in (n, window.stride, *(window.padding or ())) for name in names(number)}
    return None if taken & set(WINDOW_LETTERS) else one_window(window)


def one_window(window: Window) -> tuple[Window, Numbers]:
    """The window with letters: size r, stride j, padding P; no letter for what changes nothing."""
    assert window.padding is not None, "asked of windows with constant padding"
    before, after = window.padding
    called = ("P", "P") if before == after else ("P_1", "P_2")
    numbers: Numbers = {"r": window.extent, "j": window.stride, called[0]: before, called[1]: after}
    stride = 1 if window.stride == 1 else symbol("j")
    first, last = (symbol(name) if numbers[name] != 0 else 0 for name in called)
    return Window(symbol("r"), stride, 1, (first, last)), numbers


def _left_over(told: tuple[LinkForm, ...], name: str | None, values: Numbers) -> Line | None:
    """(H + 2·P − r) mod j, where the whole chain is one window with a stride."""
    window = told[0].link.window if len(told) == 1 else None
    if window is None or name is None or window.stride == 1 or not isinstance(window.extent, int):
        return None
    lettered, letters = _lettered(window, symbol(name)) or (window, {})
    assert lettered.padding is not None, "its padding has letters"
    formula = (symbol(name) + sum(lettered.padding) - lettered.size) % lettered.stride
    return Line("", formula, values | letters, evaluate(formula, values | letters))
