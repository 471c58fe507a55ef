"""Figures drawn with characters, for a terminal, a pipe and a Markdown page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from math import floor, log10
from typing import Any

from ..demos import Curves, Grid, Maps
from ..language import Text
from .width import GAP, cells, fold, pad

WIDTH = 80
BETWEEN = "   "
MARKS = "#=+~o"
"""A bar of the first line, of the second, and so on."""
SHORTEST = 4
"""The cells that the longest bar keeps however narrow the screen is."""
OPEN = 20
"""Up to so many columns, characters stand apart, which makes a map about square."""


def drawn(figure: Maps | Curves, width: int, *, whole: bool) -> list[str]:
    """The lines of a figure; a map that is too wide is cut, and says so, unless the `whole` is wanted."""
    narrow = min(width, WIDTH)
    caption = fold(str(figure.caption), narrow)
    if isinstance(figure, Curves):
        return [*caption, *_bars(figure, narrow)]
    if any(grid.is_mask for grid in figure.grids):
        caption += fold(str(Text("(# is yes, a point is no)")), narrow)
    if any(grid.sparse for grid in figure.grids):
        caption += fold(str(Text("(a point is 0)")), narrow)
    return [*caption, *_side_by_side([_grid(grid, None if whole else width) for grid in figure.grids], width)]


def _side_by_side(blocks: Sequence[list[str]], width: int) -> Iterator[str]:
    """Blocks of lines next to each other as far as they fit, the others below."""
    row: list[list[str]] = []
    for block in blocks:
        if row and sum(map(_wide, [*row, block])) + len(row) * len(BETWEEN) > width:
            yield from _joined(row)
            row = []
        row.append(block)
    yield from _joined(row)


def _wide(block: list[str]) -> int:
    return max(map(cells, block))


def _joined(row: list[list[str]]) -> Iterator[str]:
    widths = list(map(_wide, row))
    yield ""
    for lines in zip_longest(*row, fillvalue=""):
        yield BETWEEN.join(pad(line, w) for line, w in zip(lines, widths, strict=True)).rstrip()


def _grid(grid: Grid, width: int | None) -> list[str]:
    """The title and the rows of a map."""
    texts = [[_cell(value, sparse=grid.sparse) for value in row] for row in grid.rows]
    size = max(len(text) for row in texts for text in row)
    columns = len(texts[0])
    gap = "" if size == 1 and columns > OPEN else " "
    room = columns if width is None else max(1, (width + len(gap)) // (size + len(gap)))
    lines = [gap.join(text.rjust(size) for text in row[:room]) for row in texts]
    cut = [Text("(columns 1 to {shown} of {all})", shown=room, all=columns)] if room < columns else []
    title, *below = ([str(text)] if width is None else fold(str(text), width) for text in (grid.title, *cut))
    return [*title, *lines, *(line for each in below for line in each)]


def _cell(value: Any, *, sparse: bool) -> str:
    if isinstance(value, bool):
        return "#" if value else "."
    return "." if sparse and value == 0 else f"{value:.4g}" if isinstance(value, float) else str(value)


def _bars(curves: Curves, width: int) -> Iterator[str]:
    """A bar per point: for every x the lines below each other, each with a character of its own."""
    yield ""
    for mark, series in zip(MARKS, curves.series, strict=False):
        yield from fold(f"{mark} {series.title}", width)
    scale = Text(", each step the same factor") if curves.log_y else ""
    yield from fold(str(Text("down: {x}; bars: {y}{scale}", x=curves.x_title, y=curves.y_title, scale=scale)), width)
    names = [f"{x:,}" for x in curves.xs]
    told = [[_value(y) for y in series.ys] for series in curves.series]
    first, last = max(map(len, names)), max(len(text) for texts in told for text in texts)
    room = max(SHORTEST, width - first - last - 2 * len(GAP))
    lengths = _lengths(curves, room)
    for i, name in enumerate(names):
        for number, mark in enumerate(MARKS[: len(curves.series)]):
            start = name if number == 0 else ""
            yield f"{start:>{first}}{GAP}{mark * lengths[number][i]} {told[number][i]}"


def _value(y: float) -> str:
    return f"{y:,}" if isinstance(y, int) else f"{y:.3g}"


def _lengths(curves: Curves, room: int) -> list[list[int]]:
    """How long the bars are: by the number, or on a logarithmic axis from the power of ten below the smallest."""
    ys = [y for series in curves.series for y in series.ys]
    low = 10.0 ** (floor(log10(min(ys)))) if curves.log_y else 0.0

    def length(y: float) -> int:
        part = log10(y / low) / log10(max(ys) / low) if curves.log_y else y / max(ys)
        return max(round(part * room), 1 if y else 0)

    return [[length(y) for y in series.ys] for series in curves.series]
