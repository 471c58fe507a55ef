"""A summary as a table: with Rich where a person looks, as plain aligned text everywhere else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ..derive import Row, Summary
from ..language import Text
from .columns import COLUMNS, Column, cell_text, column_title, totals
from .width import GAP, cells, pad

if TYPE_CHECKING:
    from rich.console import Console


SHARED = Text("shared")
DISAGREE = Text("* paths disagree in jump or centre: the receptive field is that of their union")


class Grid(NamedTuple):
    """A table of strings, ready to be laid out."""

    titles: list[str]
    right: list[bool]
    rows: list[list[str]]


def grid(
    rows: Sequence[Row], summary: Summary, columns: Sequence[str], written: Callable[[Any], str] = cell_text
) -> Grid:
    """The cells of `rows` as people read them; `written` turns a number, a shape or a name into text."""
    chosen = [COLUMNS[name] for name in columns]
    body = [[_cell(row, summary, column, written) for column in chosen] for row in rows]
    return Grid([str(column_title(column, summary)) for column in chosen], [column.right for column in chosen], body)


def _cell(row: Row, summary: Summary, column: Column, written: Callable[[Any], str]) -> str:
    text = written(column.cell(row, summary))
    return f"{text} ({SHARED})" if row.shares and column.name == "params" else text


def plain(summary: Summary, columns: Sequence[str]) -> str:
    """The table and its totals as aligned text, as wide as its data."""
    return f"{plain_grid(grid(summary.rows, summary, columns))}\n\n{totals_text(summary)}"


def plain_grid(table: Grid) -> str:
    """Aligned columns under a line."""
    lines = [table.titles, *table.rows]
    widths = [max(cells(line[i]) for line in lines) for i in range(len(table.titles))]
    rule = GAP.join("-" * width for width in widths)
    laid = [
        GAP.join(pad(text, w, right=r) for text, w, r in zip(line, widths, table.right, strict=True)).rstrip()
        for line in lines
    ]
    return "\n".join([laid[0], rule, *laid[1:]])


def totals_text(summary: Summary) -> str:
    """The totals, a line each, and the footnotes that apply."""
    lines = [f"{total.label}: {total.text}" for total in totals(summary)]
    return "\n".join(lines + footnotes(summary))


def footnotes(summary: Summary) -> list[str]:
    disagree = any(row.receptive_field and not row.receptive_field.aligned for row in summary.rows)
    return [str(DISAGREE)] if disagree else []


def show(summary: Summary, columns: Sequence[str], console: Console) -> None:
    """The table and its totals on a terminal, folded to its width."""
    from rich.text import Text as RichText  # Rich costs more than all else: a pipe never loads it

    show_grid(grid(summary.rows, summary, columns), console, title=summary.name)
    console.print()
    for total in totals(summary):
        console.print(RichText.assemble((str(total.label), "bold"), ": ", total.text), overflow="fold")
    for note in footnotes(summary):
        console.print(RichText(note), overflow="fold")


NARROWEST = 8
"""The cells that a column of words keeps before numbers are folded too."""


def show_grid(table: Grid, console: Console, title: str | None = None) -> None:
    """Columns on a terminal; what does not fit is folded, words before numbers, and never cut."""
    from rich.table import Table
    from rich.text import Text as RichText

    laid = Table(box=None, padding=(0, len(GAP), 0, 0), pad_edge=False, header_style="bold underline")
    for heading, right, width in zip(table.titles, table.right, fitted(table, console.width), strict=True):
        justify: Literal["left", "right"] = "right" if right else "left"
        laid.add_column(RichText(heading), justify=justify, overflow="fold", vertical="bottom", width=width)
    for row in table.rows:
        laid.add_row(*map(RichText, row))
    if title:
        console.print(RichText(title, style="bold"), end="\n\n")
    console.print(laid)


def fitted(table: Grid, width: int) -> list[int]:
    """Column widths that add up to `width`: the widest give way first, down to what still reads well."""
    data = [max((cells(row[i]) for row in table.rows), default=1) for i in range(len(table.titles))]
    widths = [max(cells(title), each) for title, each in zip(table.titles, data, strict=True)]
    room = width - len(GAP) * (len(widths) - 1)
    readable = [each if right else min(each, NARROWEST) for each, right in zip(data, table.right, strict=True)]
    for floors in (readable, [1] * len(widths)):
        while sum(widths) > room and (able := [i for i, each in enumerate(widths) if each > floors[i]]):
            widths[max(able, key=lambda i: widths[i])] -= 1
    return widths
