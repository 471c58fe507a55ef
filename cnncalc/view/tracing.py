"""A trace laid out for people: grids, lists, equations and notes, which each format then writes in its own way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..language import Text
from ..witness.tracing.trace import Index, Line, Number, Part, Products, Reduced, Shares, Source, Step, Terms, Trace
from .columns import shape_text

FEW = 3
"""The windows that a terminal writes out; of the others it gives the sums."""

SOME = 12
"""The lines of a long list, or the rows of a large window, that a terminal writes out."""

WINDOW = Text("window")
FILTER = Text("filter")
PRODUCTS = Text("products")


class Cell(NamedTuple):
    """A number in a grid; `mark` is "", "padding" or "chosen"."""

    text: str
    mark: str = ""


class Picture(NamedTuple):
    """A grid under its title."""

    title: str
    rows: list[list[Cell]]


class Grids(NamedTuple):
    """Grids beside each other, with a sign between any two."""

    title: str
    pictures: tuple[Picture, ...]
    signs: tuple[str, ...]
    result: str
    below: str = ""
    """What is left out above it."""


class Listing(NamedTuple):
    """Rows of numbers under titles; the chosen one is marked."""

    titles: tuple[str, ...]
    rows: list[tuple[str, ...]]
    chosen: int | None = None
    below: str = ""


class Equation(NamedTuple):
    """left = right, as text and as LaTeX."""

    text: str
    result: str
    tex: str


class Heading(NamedTuple):
    text: str


class Note(NamedTuple):
    text: str


Block = Grids | Listing | Equation | Heading | Note


def number(value: Number) -> str:
    """A number for people, with up to 6 digits that count."""
    text = str(value) if isinstance(value, int) else f"{value:.6g}"
    return "0" if text == "-0" else text


def bracketed(value: Number) -> str:
    """A number inside a formula: one below 0 needs brackets."""
    return f"({number(value)})" if value < 0 else number(value)


def place(axes: Sequence[Text], at: Index) -> str:
    """Row 0, column 2, channel 1."""
    return ", ".join(f"{axis} {i}" for axis, i in zip(axes, at, strict=True))


def title(found: Trace) -> str:
    """The layer and the place."""
    return f"{found.layer} ({found.kind}, {shape_text(found.shape)}): {place(found.axes, found.at)}"


def blocks(found: Trace, *, short: bool = False) -> Iterator[Block]:
    """The whole trace; `short` is for terminals: sums stand for what would fill pages, and say so."""
    for step in found.steps:
        yield from _step(step, short)
    yield Heading(str(Text("result: {value}", value=number(found.value))))
    if any(_padded(step) for step in found.steps):
        yield Note(str(Text("( ) is padding")))
    if any(isinstance(step, Reduced) and step.rule == "max" for step in found.steps):
        yield Note(str(Text("[ ] is the largest")))
    yield from (Note(str(note)) for note in (verdict(found), *found.notes))


def verdict(found: Trace) -> Text:
    """Whether the layer, run at once, has the same number."""
    if found.agrees:
        return Text("the whole layer, run at once, has the same value here")
    return Text("the whole layer, run at once, has {value} here", value=number(found.executed))


def _padded(step: Step) -> bool:
    return isinstance(step, (Products, Reduced)) and any(part.padded.any() for part in step.parts)


def _step(step: Step, short: bool) -> Iterator[Block]:  # noqa: FBT001 - passed on
    match step:
        case Products():
            yield Heading(str(step.title))
            yield from _products(step, short)
        case Reduced():
            yield from _reduced(step, short)
        case Terms():
            yield Heading(str(step.title))
            yield from _terms(step, short)
        case Shares():
            yield from _shares(step, short)
        case Line():
            yield Heading(str(step.title))
            yield _line(step)
        case Source():
            where = Text("it is the value of {tensor} at {place}", tensor=step.tensor, place=place(step.axes, step.at))
            yield Heading(str(where if step.at else Text("it is the value of {tensor}", tensor=step.tensor)))


def _products(step: Products, short: bool) -> Iterator[Block]:  # noqa: FBT001 - passed on
    written = step.parts[:FEW] if short and len(step.parts) > FEW + 1 else step.parts
    for part in written:
        grids = [_grid(part.window, part, None), _grid(part.kernel, None, None), _grid(part.products, None, None)]
        pictures, below = _shortened(grids, short)
        titled = tuple(Picture(str(name), rows) for name, rows in zip((WINDOW, FILTER, PRODUCTS), pictures, strict=True))  # fmt: skip
        yield Grids(str(part.title), titled, ("×", "="), _sum_of(part), below)
    for part in step.parts[len(written) :]:
        yield Note(f"{part.title}: {_sum_of(part)}")
    if len(step.parts) > 1:
        yield sum_of([part.value for part in step.parts], step.value)


def _sum_of(part: Part) -> str:
    return str(Text("sum {value}", value=number(part.value)))


def _grid(numbers: object, part: Part | None, chosen: tuple[int, int] | None) -> list[list[Cell]]:
    """The cells of an array, with what is padding and what is chosen."""
    listed: list[list[Number]] = numbers.tolist()  # type: ignore[attr-defined]  # an array of rows
    padded = part.padded.tolist() if part else [[False] * len(row) for row in listed]
    return [
        [_cell(value, outside, (i, j) == chosen) for j, (value, outside) in enumerate(zip(row, line, strict=True))]
        for i, (row, line) in enumerate(zip(listed, padded, strict=True))
    ]


def _cell(value: Number, padding: bool, chosen: bool) -> Cell:  # noqa: FBT001 - what is known of the number
    text = number(value)
    return Cell(f"({text})", "padding") if padding else Cell(f"[{text}]", "chosen") if chosen else Cell(text)


def _shortened(grids: list[list[list[Cell]]], short: bool) -> tuple[list[list[list[Cell]]], str]:  # noqa: FBT001 - passed on
    """The first rows of large grids, and a word on the others."""
    rows = len(grids[0])
    if not short or rows <= 2 * SOME:
        return grids, ""
    return [grid[:SOME] for grid in grids], str(Text("{n} more rows, which a pipe or a file gets", n=rows - SOME))


def _reduced(step: Reduced, short: bool) -> Iterator[Block]:  # noqa: FBT001 - passed on
    largest = step.rule == "max"
    yield Heading(str(Text("the largest number of the window") if largest else Text("the mean of the window")))
    best, at = step.winner
    for i, part in enumerate(step.parts):
        won = largest and i == best
        (rows,), below = _shortened([_grid(part.window, part, at if won else None)], short)
        told = "" if largest else _sum_of(part)
        if won:
            told = str(Text("largest {value}", value=number(step.value)))
        yield Grids(str(part.title), (Picture(str(WINDOW), rows),), (), told, below)
    if not largest:
        if len(step.parts) > 1:
            yield sum_of([part.value for part in step.parts], step.value * step.divisor)
        sum_ = number(sum(part.value for part in step.parts))
        yield Equation(f"{sum_} / {step.divisor}", number(step.value), rf"\frac{{{sum_}}}{{{step.divisor}}}")


def _terms(step: Terms, short: bool) -> Iterator[Block]:  # noqa: FBT001 - passed on
    listed = list(zip(step.numbers.tolist(), step.weights.tolist(), step.products.tolist(), strict=True))
    rows: list[tuple[str, ...]] = [(str(i), *map(number, numbers)) for i, numbers in enumerate(listed)]
    titles = ("", str(Text("input")), str(Text("weight")), str(Text("product")))
    written, below = rows, ""
    if short and len(rows) > 2 * SOME:
        written = rows[:SOME]
        rest = number(sum(product for _, _, product in listed[SOME:]))
        below = str(Text("the other {n} products add up to {value}", n=len(rows) - SOME, value=rest))
    yield Listing(titles, written, None, below)
    yield Note(str(Text("sum {value}", value=number(step.value))))


def _shares(step: Shares, short: bool) -> Iterator[Block]:  # noqa: FBT001 - passed on
    yield Heading(str(Text("softmax: every power of e as a share of their sum")))
    powers: list[float] = step.powers.tolist()
    whole = sum(powers)
    every = enumerate(zip(step.numbers.tolist(), powers, strict=True))
    rows: list[tuple[str, ...]] = [(str(i), number(x), number(p), number(p / whole)) for i, (x, p) in every]
    titles = ("", "x", "exp(x − max)", str(Text("share")))
    chosen: int | None = step.chosen
    below = ""
    if short and len(rows) > 2 * SOME:
        n = len(rows) - SOME
        rest = sum(powers[SOME:]) / whole
        below = str(Text("the shares of the other {n} add up to {value}", n=n, value=number(rest)))
        rows = rows[:SOME]
        chosen = chosen if step.chosen < SOME else None
    yield Listing(titles, rows, chosen, below)
    own = number(powers[step.chosen])
    yield Equation(f"{own} / {number(whole)}", number(step.value), rf"\frac{{{own}}}{{{number(whole)}}}")


def _line(step: Line) -> Equation:
    text, tex = (form.format(**_written(form, step.numbers)) for form in (step.formula, step.tex or _tex(step.formula)))
    return Equation(text, number(step.value), tex)


def _written(form: str, numbers: dict[str, Number]) -> dict[str, str]:
    """Numbers as they stand in the formula: brackets around one below 0, unless it comes first, in brackets or after a comma."""
    told = {}
    for name, value in numbers.items():
        start = form.find(f"{{{name}}}")
        bare = start <= 0 or form[:start].endswith(("(", "{", ", "))
        told[name] = number(value) if bare else bracketed(value)
    return told


WORDS = {"×": r"\cdot", "≥": r"\ge", "√": r"\sqrt", "max(": r"\max(", "min(": r"\min(", "exp(": r"\exp("}


def _tex(formula: str) -> str:
    for word, tex in WORDS.items():
        formula = formula.replace(word, tex)
    return formula


def sum_of(values: Sequence[Number], total: Number) -> Equation:
    """a + b + c = total."""
    first, *rest = values
    told = " + ".join([number(first), *map(bracketed, rest)])
    return Equation(told, number(total), told)
