"""`cnncalc schema`: the JSON Schema of architecture files."""

from __future__ import annotations

import json

import typer

from ..architecture.schema import architecture_schema
from ..language import Text
from .options import Lang

BRIEF = Text("Print the JSON Schema of architecture files.")

HELP = Text(
    "Print the JSON Schema of architecture files, with which an editor completes and checks while you type.\n\n"
    "Example: cnncalc schema > cnncalc.schema.json"
)


def schema(lang: Lang = None) -> None:
    typer.echo(json.dumps(architecture_schema(), indent=2, ensure_ascii=False))
