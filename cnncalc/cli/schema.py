"""`cnncalc schema`: the JSON Schema of architecture files and of exercises."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated

import typer

from ..language import Text
from .options import Lang

BRIEF = Text("Print the JSON Schema of architecture files, or of exercises.")

HELP = Text(
    "Print the JSON Schema of architecture files, or of exercises, with which an editor completes and checks while you "
    "type.\n\n"
    "Examples:\n\n"
    "cnncalc schema > cnncalc.schema.json\n\n"
    "cnncalc schema exercise > exercise.schema.json"
)

WHICH = str(Text("architecture or exercise."))


class Kind(StrEnum):
    """Which files the schema is of."""

    architecture = "architecture"
    exercise = "exercise"


def schema(
    which: Annotated[Kind, typer.Argument(metavar="[KIND]", help=WHICH, show_default=False)] = Kind.architecture,
    lang: Lang = None,
) -> None:
    if which is Kind.exercise:
        from ..teach.schema import exercise_schema as made
    else:
        from ..architecture.schema import architecture_schema as made
    typer.echo(json.dumps(made(), indent=2, ensure_ascii=False))
