"""A demonstration as text, on a terminal, as Markdown and as JSON.

Figures are drawn with characters, unless they are in a file, `picture`, which is then named in their place.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..demos import Claim, Curves, Demo, Maps, Page, Share, Table
from ..demos.page import Part
from ..language import Text
from .characters import WIDTH, drawn
from .columns import cell_text
from .markup import markdown_escaped, markdown_table
from .table import Grid, plain_grid, show_grid
from .width import GAP, cells, fold, pad

if TYPE_CHECKING:
    from rich.console import Console


def plain(page: Page, picture: str | None = None) -> str:
    """The page for a pipe: sentences are folded, tables and maps as wide as their data."""
    blocks = []
    for level, part in _all(page, picture):
        if level:
            blocks.append(_underlined(str(part), "=-"[level - 1]))
        elif isinstance(part, Table):
            blocks.append(plain_grid(_grid(part)))
        else:
            blocks.append("\n".join(_lines(part, WIDTH, whole=True)))
    if picture:
        blocks.append(str(_named(picture)))
    return "\n\n".join(blocks)


def show(page: Page, console: Console, picture: str | None = None) -> None:
    """The page on a terminal, folded to its width."""
    from rich.text import Text as RichText  # Rich costs more than all else: a pipe never loads it

    for number, (level, part) in enumerate(_all(page, picture)):
        if number:
            console.print()
        if isinstance(part, Table):
            show_grid(_grid(part), console)
            continue
        for line in fold(str(part), console.width) if level else _lines(part, console.width, whole=False):
            console.print(RichText(line, style="bold" if level else ""), no_wrap=True, overflow="ignore", crop=False)
    if picture:
        console.print()
        console.print(RichText(str(_named(picture))), soft_wrap=True)


def markdown(page: Page, picture: str | None = None) -> str:
    """The page in GitHub's Markdown; figures drawn with characters stand in blocks of code."""
    blocks = []
    for level, part in _all(page, picture):
        if level:
            blocks.append(f"{'#' * level} {markdown_escaped(str(part))}")
        elif isinstance(part, Table):
            blocks.append(markdown_table(_grid(part)))
        elif isinstance(part, Maps | Curves):
            blocks.append("\n".join(["```text", *_lines(part, WIDTH, whole=True), "```"]))
        else:
            blocks.append(markdown_escaped(_sentence(part)))
    if picture:
        blocks.append(f"![{markdown_escaped(str(page.title))}]({picture.replace(' ', '%20')})")
    return "\n\n".join(blocks)


def json_text(page: Page) -> str:
    """Schema 1 of the JSON output, with the numbers of every figure."""
    return json.dumps(page.to_dict(), indent=2, ensure_ascii=False)


def _all(page: Page, picture: str | None) -> Iterator[tuple[int, Part]]:
    """Everything in order: titles of level 1 and 2, and parts, whose level is 0."""
    yield 1, page.title
    yield 0, Text("Settings: {settings}", settings=", ".join(f"{name} {n}" for name, n in page.settings.items()))
    for section in page.sections:
        yield 2, section.title
        yield from ((0, part) for part in section.parts if not (picture and isinstance(part, Maps | Curves)))


def _named(picture: str) -> Text:
    """The file of the figures; a path stays in one piece."""
    return Text("Picture: {file}", file=picture)


def _underlined(title: str, line: str) -> str:
    return f"{title}\n{line * cells(title)}"


def _lines(part: Part, width: int, *, whole: bool) -> list[str]:
    if isinstance(part, Maps | Curves):
        return drawn(part, width, whole=whole)
    return fold(_sentence(part), min(width, WIDTH))


def _sentence(part: Part) -> str:
    if not isinstance(part, Claim):
        return str(part)
    return str(Text("Checked: {claim}", claim=part.says) if part.holds else Text("Checked, and FALSE: {claim}", claim=part.says))  # fmt: skip


def _grid(table: Table) -> Grid:
    """The cells as people read them; a column with numbers stands at the right."""
    right = [any(isinstance(row[i], int | Fraction) for row in table.rows) for i in range(len(table.titles))]
    return Grid(list(map(str, table.titles)), right, [list(map(_cell, row)) for row in table.rows])


def _cell(value: Any) -> str:
    match value:
        case Share():
            return f"{float(100 * value):.1f} %"
        case Fraction():
            return f"{float(value):.4f}"
    return cell_text(value)


def listing(demos: Mapping[str, Demo], width: int | None = None) -> str:
    """Every demonstration with its line; on a terminal folded to its `width`."""
    longest = max(map(cells, demos))
    lines = []
    for name, demo in demos.items():
        brief = str(demo.brief)
        folded = [brief] if width is None else fold(brief, max(width - longest - len(GAP), 20))
        lines += [pad(start, longest) + GAP + text for start, text in zip([name, *[""] * len(folded)], folded, strict=False)]  # fmt: skip
    return "\n".join(lines)


def listing_markdown(demos: Mapping[str, Demo]) -> str:
    return "\n".join(f"- `{name}`: {markdown_escaped(str(demo.brief))}" for name, demo in demos.items())


def listing_json(demos: Mapping[str, Demo]) -> str:
    """Schema 1: every demonstration with what may be set in it."""
    found = [
        {
            "name": name,
            "brief": str(demo.brief),
            "settings": {key: bound._asdict() for key, bound in demo.settings.items()},
        }
        for name, demo in demos.items()
    ]
    return json.dumps({"schema": 1, "demonstrations": found}, indent=2, ensure_ascii=False)
