"""`cnncalc exercise key`: the right answers, derived."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from ...language import Text
from ..failing import told_as_json
from ..options import Lang
from .options import Output, Path, Seed, Student, put, with_keys
from .papers import printed

BRIEF = Text("Print the right answers.")

HELP = Text(
    "Print the right answer to every item of an exercise, as derived and, where that is quick, confirmed by running the network. In Markdown, "
    "HTML and LaTeX it is the worksheet, filled in.\n\n"
    "Examples:\n\n"
    "cnncalc exercise key exercise.yaml\n\n"
    "cnncalc exercise key exercise.yaml --format html -o key.html\n\n"
    "cnncalc exercise key exercise.yaml --seed SECRET --student b12901001"
)

KEY = str(Text("text, json, markdown, html or latex."))


class KeyFormat(StrEnum):
    """What a key is written as."""

    text = "text"
    json = "json"
    markdown = "markdown"
    html = "html"
    latex = "latex"


def key(
    exercise: Path,
    format: Annotated[KeyFormat, typer.Option("--format", metavar="FORMAT", help=KEY)] = KeyFormat.text,
    output: Output = None,
    seed: Seed = None,
    student: Student = None,
    lang: Lang = None,
) -> None:
    from ...teach.confirm import need_agreement
    from ...view import exercise as view

    found, keys = with_keys(exercise, format, seed, student)
    with told_as_json(format is KeyFormat.json):
        need_agreement(found, keys)
    match format:
        case KeyFormat.text:
            put(view.key_text(found, keys), output)
        case KeyFormat.json:
            put(view.key_json(found, keys), output)
        case _:
            put(printed(found, keys, format, "key"), output)
