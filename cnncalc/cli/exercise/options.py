"""What the verbs share."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from ...interop import load
from ...language import Text
from ...teach.exercise import Exercise, load_exercise
from ...teach.key import Key, keys_of
from ..failing import told_as_json

EXERCISE = str(Text("An exercise file (YAML, JSON or TOML); - is standard input."))
FORMAT = str(Text("text or json."))
OUTPUT = str(Text("Write to this file. A file that exists is replaced."))

Path = Annotated[str, typer.Argument(metavar="EXERCISE", help=EXERCISE, show_default=False)]
Output = Annotated[str | None, typer.Option("-o", "--output", metavar="FILE", help=OUTPUT, show_default=False)]


class Format(StrEnum):
    """What a result is written as."""

    text = "text"
    json = "json"


Written = Annotated[Format, typer.Option("--format", metavar="FORMAT", help=FORMAT)]


def opened(path: str) -> Exercise:
    """The exercise at `path`; its network may be any file that `cnncalc summary` reads."""
    return load_exercise(path, load)


def with_keys(path: str, written: StrEnum) -> tuple[Exercise, dict[str, Key]]:
    """The exercise at `path` and its derived answers; faults are told in the form that was asked for."""
    with told_as_json(written == Format.json):
        found = opened(path)
        return found, keys_of(found)


def put(text: str, output: str | None) -> None:
    """Write to a file, whole or not at all, or to the terminal."""
    if output is None:
        typer.echo(text)
        return
    from pathlib import Path as FilePath

    from ..streams import replaced

    with replaced(FilePath(output)) as file:
        file.write_text(text + "\n", encoding="utf-8")
