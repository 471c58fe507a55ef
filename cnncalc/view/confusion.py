"""What a model took for what, as a table: a row per true label, a column per prediction."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from ..language import Text
from .harmless import harmless
from .table import Grid

MOST = 20
"""Labels of a table that people read."""


def confusion(evidence: Mapping[str, Any] | None, language: str) -> Grid | None:
    """The table in the evidence of an answer; None where there is none, or one too large to read."""
    rows = (evidence or {}).get("confusion")
    if rows is None or len(rows) > MOST:
        return None
    assert evidence is not None, "rows come from it"
    labels = [harmless(label) for label in evidence["labels"]]
    titles = [Text("true label").into(language), *labels, Text("none of them").into(language)]
    lines = [[label, *map(str, row)] for label, row in zip(labels, rows, strict=True)]
    if not any(row[-1] for row in rows):
        titles, lines = titles[:-1], [line[:-1] for line in lines]
    return Grid(titles, [True] * len(titles), lines)


def html(table: Grid) -> str:
    """The table for a page."""
    head = "".join(f"<th>{escape(title)}</th>" for title in table.titles)
    body = "".join(f"<tr><th>{escape(line[0])}</th>{_cells(line[1:])}</tr>" for line in table.rows)
    return f"<table><tr>{head}</tr>{body}</table>"


def _cells(cells: list[str]) -> str:
    return "".join(f"<td>{escape(cell)}</td>" for cell in cells)
