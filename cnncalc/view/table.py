"""A summary as a table: with Rich where a person looks, as plain aligned text everywhere else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from ..derive import Row, Summary
from ..language import Text
from .columns import COLUMNS, Column, cell_text, totals
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


def grid(rows: Sequence[Row], summary: Summary, columns: Sequence[str]) -> Grid:
    """The cells of `rows` as people read them."""
    chosen = [COLUMNS[name] for name in columns]
    body = [[_cell(row, summary, column) for column in chosen] for row in rows]
    return Grid([str(column.title) for column in chosen], [column.right for column in chosen], body)


def _cell(row: Row, summary: Summary, column: Column) -> str:
    text = cell_text(column.cell(row, summary))
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
    lines = [f"{total.label}: {total.value}" for total in totals(summary)]
    return "\n".join(lines + footnotes(summary))


def footnotes(summary: Summary) -> list[str]:
    disagree = any(row.receptive_field and not row.receptive_field.aligned for row in summary.rows)
    return [str(DISAGREE)] if disagree else []


def show(summary: Summary, columns: Sequence[str], console: Console) -> None:
    """The table and its totals on a terminal, folded to its width."""
    show_grid(grid(summary.rows, summary, columns), console, title=summary.name)
    for total in totals(summary):
        console.print(f"[bold]{total.label}[/bold]: ", end="")
        console.print(total.value, markup=False)
    for note in footnotes(summary):
        console.print(note, markup=False)


def show_grid(table: Grid, console: Console, title: str | None = None) -> None:
    """Columns on a terminal; what does not fit is folded, never cut."""
    from rich import box
    from rich.table import Table
    from rich.text import Text as RichText

    laid = Table(box=box.SIMPLE_HEAD, title=RichText(title) if title else None, title_justify="left", pad_edge=False)
    for heading, right in zip(table.titles, table.right, strict=True):
        laid.add_column(RichText(heading), justify="right" if right else "left", overflow="fold")
    for line in table.rows:
        laid.add_row(*map(RichText, line))
    console.print(laid)
