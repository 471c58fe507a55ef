"""A trace as text: as wide as its data for a pipe, folded to its width on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..witness.tracing.trace import Trace
from .table import Grid, plain_grid
from .tracing import Block, Equation, Grids, Heading, Listing, Note, Picture, blocks, title
from .width import GAP, cells, fold, pad

if TYPE_CHECKING:
    from rich.console import Console

INDENT = "  "


def text(found: Trace, *, width: int | None = None, short: bool = False) -> str:
    """The trace in lines; no longer than `width` where that is given."""
    lines = _folded(title(found), width, "")
    for block in blocks(found, short=short):
        if isinstance(block, Heading):
            lines.append("")
        lines += _lines(block, width)
    return "\n".join(lines)


def show(found: Trace, console: Console) -> None:
    """The trace on a terminal: headings bold, padding dim, the largest number in colour."""
    from rich.text import Text as RichText  # Rich costs more than all else: a pipe never loads it

    written = RichText(text(found, width=console.width, short=True))
    written.highlight_regex(r"(?m)^\S.*$", "bold")
    written.highlight_regex(r"\(-?[0-9.e+-]+\)(?=\s|$)", "dim")
    written.highlight_regex(r"\[-?[0-9.e+-]+\]", "bold green")
    console.print(written, overflow="fold", soft_wrap=True)


def _lines(block: Block, width: int | None) -> list[str]:
    match block:
        case Heading():
            return _folded(block.text, width, "")
        case Note():
            return _folded(block.text, width, INDENT)
        case Equation():
            return _folded(f"{block.text} = {block.result}", width, INDENT)
        case Listing():
            return _listed(block, width)
        case Grids():
            return list(grid_lines(block, width))


def _folded(line: str, width: int | None, indent: str) -> list[str]:
    return [indent + line] if width is None else [indent + each for each in fold(line, max(width - len(indent), 8))]


def _listed(block: Listing, width: int | None) -> list[str]:
    marked = [(*row, "←" if i == block.chosen else "") for i, row in enumerate(block.rows)]
    rows = [list(row) for row in (marked if block.chosen is not None else block.rows)]
    titles = [*block.titles, *([""] if block.chosen is not None else [])]
    table = plain_grid(Grid(titles, [True] * len(titles), rows)).splitlines()
    if width is not None and max(map(cells, table)) + len(INDENT) > width:
        table = [f"{name or '#'}: {value}" if name else value for row in rows for name, value in zip(titles, row, strict=True) if value]  # fmt: skip
    lines = [INDENT + line for line in table]
    return lines + (_folded(block.below, width, INDENT) if block.below else [])


def grid_lines(block: Grids, width: int | None) -> Iterator[str]:
    """Grids beside each other; one below the other where that is too wide, and in blocks of columns at last."""
    laid = [_picture(picture) for picture in block.pictures]
    signs = ("", *block.signs)
    room = None if width is None else width - len(INDENT)
    yield from _folded(block.title, width, INDENT)
    needed = sum(_wide(lines) for lines in laid) + sum(len(sign) + 2 * len(GAP) for sign in block.signs)
    if room is None or needed <= room:
        yield from (INDENT + line for line in _beside(laid, signs))
    else:
        for picture, sign in zip(block.pictures, signs, strict=True):
            for number, part in enumerate(_narrowed(picture, room - 2)):
                sign_ = sign if not number else ""
                yield from (INDENT + pad(sign_ if not row else "", 2) + line for row, line in enumerate(_picture(part)))
    for line in (block.below, block.result):
        yield from _folded(line, width, INDENT) if line else ()


def _picture(picture: Picture) -> list[str]:
    """The title, then the rows with their columns lined up."""
    if not picture.rows or not picture.rows[0]:
        return [picture.title, "–"]
    widths = [max(cells(row[j].text) for row in picture.rows) for j in range(len(picture.rows[0]))]
    rows = [GAP.join(pad(cell.text, w, right=True) for cell, w in zip(row, widths, strict=True)) for row in picture.rows]  # fmt: skip
    return [picture.title, *rows]


def _narrowed(picture: Picture, room: int) -> Iterator[Picture]:
    """The grid in blocks of columns that fit."""
    columns = len(picture.rows[0]) if picture.rows else 0
    widest = max((cells(cell.text) for row in picture.rows for cell in row), default=1)
    step = max((room + len(GAP)) // (widest + len(GAP)), 1)
    if columns <= step:
        yield picture
        return
    for start in range(0, columns, step):
        stop = min(start + step, columns)
        yield Picture(f"{picture.title} [{start}–{stop - 1}]", [row[start:stop] for row in picture.rows])


def _wide(lines: list[str]) -> int:
    return max(map(cells, lines))


def _beside(laid: list[list[str]], signs: tuple[str, ...]) -> Iterator[str]:
    """The lines of all grids side by side, the signs at half their height."""
    height = max(map(len, laid))
    middle = height // 2
    for row in range(height):
        pieces = []
        for lines, sign in zip(laid, signs, strict=True):
            if sign:
                pieces.append(sign if row == middle else " ")
            pieces.append(pad(lines[row] if row < len(lines) else "", _wide(lines)))
        yield GAP.join(pieces).rstrip()
