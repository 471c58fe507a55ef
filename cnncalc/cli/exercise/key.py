"""`cnncalc exercise key`: the right answers, derived."""

from __future__ import annotations

from typing import Annotated

import typer

from ...language import Text
from ..failing import told_as_json
from ..options import Lang
from .options import FORMAT, Format, Path, opened

BRIEF = Text("Print the right answers.")

HELP = Text(
    "Print the right answer to every item of an exercise, as derived. `cnncalc exercise check` confirms them.\n\n"
    "Example: cnncalc exercise key exercise.yaml"
)


def key(
    exercise: Path,
    format: Annotated[Format, typer.Option("--format", metavar="FORMAT", help=FORMAT)] = Format.text,
    lang: Lang = None,
) -> None:
    from ...teach.key import keys_of
    from ...view import exercise as view

    with told_as_json(format is Format.json):
        found = opened(exercise)
        keys = keys_of(found)
    typer.echo(view.key_json(found, keys) if format is Format.json else view.key_text(found, keys))
