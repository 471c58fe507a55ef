"""A first exercise for a network, as the text of a file to be changed by hand."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

from ..derive import Row, Summary
from .quantities import by_layer


def draft(summary: Summary, architecture: str, output: str | None = None, written: str | None = None) -> str:
    """YAML that asks for the shapes, the parameters and the totals of a network.

    `architecture` is its file; the exercise names it as seen from the folder of `output`. Where the file alone
    will not do, the exercise holds the network: `written` is its YAML.
    """
    head = ["exercise: 1", f"title: {{en: {_quoted(summary.name)}, zh-TW: {_quoted(summary.name)}}}"]
    network = [_named(architecture, output)] if written is None else ["architecture:", *_indented(written)]
    return "\n".join(
        [*head, *network, "marking: {carry_forward: 1, per_axis: false}", "questions:", *_questions(summary)]
    )


def _named(architecture: str, output: str | None) -> str:
    folder = Path(output).parent if output else Path()
    return f"architecture: {_quoted(Path(os.path.relpath(architecture, folder)).as_posix())}"


def _indented(text: str) -> Iterator[str]:
    return (f"  {line}" for line in text.splitlines())


def _questions(summary: Summary) -> Iterator[str]:
    rows = by_layer(summary).values()
    yield "  - {ask: shape, layers: all, points: 1}"
    if weighted := [row.name for row in rows if row.params]:
        yield f"  - {{ask: params, layers: {_listed(weighted)}, points: 2}}"
    yield "  - {ask: total_params, points: 2}"
    if windowed := [row.name for row in rows if _widens(row)]:
        yield f"  - {{ask: receptive_field, layers: {_listed(windowed)}, points: 1}}"


def _widens(row: Row) -> bool:
    """Whether an output sees more than one pixel of the image, and that can be said."""
    field = row.receptive_field
    return field is not None and any(size != 1 for size in field.size) and isinstance(row.facts.reading, tuple)


def _listed(names: list[str]) -> str:
    return "[" + ", ".join(map(_quoted, names)) + "]"


YAML_WORDS = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}
"""What YAML 1.1 may read as something else than a word."""


def _quoted(text: str) -> str:
    """A word as YAML reads it back: plain where that is sure."""
    bare = text.replace("_", "").replace("/", "").replace(".", "")
    plain = bare.isascii() and bare.isalnum() and not bare[0].isdigit() and bare.lower() not in YAML_WORDS
    return text if plain else json.dumps(text, ensure_ascii=False)
