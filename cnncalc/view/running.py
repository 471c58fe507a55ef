"""A run on an image: a table of what each layer put out, and the largest values at the end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..language import Text
from ..witness.showing.maps import Best, Run
from ..witness.tracing.trace import Index
from .columns import shape_text
from .markup import markdown_escaped, markdown_table
from .table import Grid, plain_grid, show_grid
from .tracing import number

if TYPE_CHECKING:
    from rich.console import Console


def _grid(found: Run) -> Grid:
    titles = [Text("Layer"), Text("Kind"), Text("Output shape"), Text("Least"), Text("Mean"), Text("Largest")]
    rows = [
        [seen.layer, seen.kind, shape_text(seen.shape), number(seen.least), number(seen.mean), number(seen.most)]
        for seen in found.layers
    ]
    return Grid([*map(str, titles)], [False, False, False, True, True, True], rows)


def _best(best: Best) -> Grid:
    """The values of one output, largest first."""
    rows = [[_place(at), f"{value:.2%}" if best.shares else number(value)] for at, value in best.values]
    titles = [str(Text("{layer}: class", layer=best.layer) if best.shares else Text("{layer}: index", layer=best.layer))]  # fmt: skip
    return Grid([*titles, str(Text("Share") if best.shares else Text("Value"))], [True, True], rows)


def _place(at: Index) -> str:
    return ",".join(map(str, at))


def _notes(found: Run) -> Iterator[str]:
    yield from map(str, found.notes)


def plain(found: Run) -> str:
    """Tables as aligned text."""
    parts = [plain_grid(_grid(found)), *(plain_grid(_best(best)) for best in found.best), "\n".join(_notes(found))]
    return "\n\n".join(filter(None, parts))


def show(found: Run, console: Console) -> None:
    """Tables on a terminal, folded to its width."""
    from rich.text import Text as RichText  # Rich costs more than all else: a pipe never loads it

    show_grid(_grid(found), console, title=found.name)
    for best in found.best:
        console.print()
        show_grid(_best(best), console)
    if found.notes:
        console.print()
    for note in _notes(found):
        console.print(RichText(note), overflow="fold")


def markdown(found: Run) -> str:
    """Tables in GitHub's Markdown."""
    parts = [markdown_table(_grid(found)), *(markdown_table(_best(best)) for best in found.best)]
    return "\n\n".join([*parts, *map(markdown_escaped, _notes(found))])


def json_text(found: Run) -> str:
    """Schema 1 of the JSON output."""
    return json.dumps(found.to_dict(), indent=2, ensure_ascii=False)
