"""What the verbs share."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated
from unicodedata import normalize

import typer

from ...interop import load
from ...language import Text
from ...teach.exercise import Exercise
from ...teach.key import Key, keys_of
from ...teach.reading import load_exercise
from ..failing import told_as_json

if TYPE_CHECKING:
    from ...teach.variants import Variants

SECRET = "CNNCALC_SEED"
"""The variable of the environment that may hold the secret."""

EXERCISE = str(Text("An exercise file (YAML, JSON or TOML); - is standard input."))
FORMAT = str(Text("text or json."))
SEED = str(
    Text(
        "The secret that students' numbers are drawn under; else CNNCALC_SEED. The same secret gives the same numbers."
    )
)
STUDENT = str(
    Text("The student whose numbers are wanted, as in the sheet of answers. Needs `variants:` in the exercise.")
)
OUTPUT = str(Text("Write to this file. A file that exists is replaced."))

Path = Annotated[str, typer.Argument(metavar="EXERCISE", help=EXERCISE, show_default=False)]
Seed = Annotated[str | None, typer.Option("--seed", metavar="SECRET", help=SEED, show_default=False)]
Student = Annotated[str | None, typer.Option("--student", metavar="ID", help=STUDENT, show_default=False)]
Output = Annotated[str | None, typer.Option("-o", "--output", metavar="FILE", help=OUTPUT, show_default=False)]


class Format(StrEnum):
    """What a result is written as."""

    text = "text"
    json = "json"


Written = Annotated[Format, typer.Option("--format", metavar="FORMAT", help=FORMAT)]


def opened(path: str, seed: str | None = None, student: str | None = None) -> Exercise:
    """The exercise at `path`; its network may be any file that `cnncalc summary` reads.

    With a secret and a student, the exercise with the student's numbers. CNNCALC_SEED alone asks for nobody's.
    """
    secret = seed if seed is not None else os.environ.get(SECRET)
    if student is None and seed is not None:
        raise typer.BadParameter(str(Text("whose numbers? Add --student")), param_hint="--seed")
    if student is not None and not secret:
        message = Text("numbers are drawn under a secret: add --seed, or set CNNCALC_SEED")
        raise typer.BadParameter(str(message), param_hint="--student")
    found = load_exercise(path, load)
    if student is None or secret is None:
        return found
    from ...teach.variants import variant

    return variant(found, secret, plain_name(student))


def variants_of(exercise: Exercise, seed: str | None) -> Variants | None:
    """What draws the numbers of a class; None where everybody has the same. Raises ArchitectureError if no numbers will do."""
    if seed == "":
        raise typer.BadParameter(str(Text("a secret is not empty")), param_hint="--seed")
    secret = seed or (os.environ.get(SECRET) if exercise.variants else None)
    if not secret:
        return None
    from ...teach.variants import Variants

    return Variants(exercise, secret)


def plain_name(student: str) -> str:
    """A student's name as the reader of sheets gives it. Raises BadParameter for none."""
    name = normalize("NFKC", student).strip()
    if not name:
        raise typer.BadParameter(str(Text("a student has a name")), param_hint="--student")
    return name


def with_keys(
    path: str, written: StrEnum, seed: str | None = None, student: str | None = None
) -> tuple[Exercise, dict[str, Key]]:
    """The exercise at `path` and its derived answers; faults are told in the form that was asked for."""
    with told_as_json(written == Format.json):
        found = opened(path, seed, student)
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
