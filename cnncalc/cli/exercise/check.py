"""`cnncalc exercise check`: whether an exercise's answers are what was published, and what the witness says of them."""

from __future__ import annotations

import typer

from ...language import Text
from ..failing import told_as_json
from ..options import Lang
from ..progress import bar
from .options import Format, Path, Seed, Student, Written, with_keys

BRIEF = Text("Derive the answers, run the network, compare with what was published.")

HELP = Text(
    "Derive every answer, confirm it by running the network in NumPy where it is small enough, and compare with the "
    "published numbers in `expect:` and with claims that are `published: true`.\n\n"
    "The exit code is 0 if nothing disagrees, 1 if a published number is wrong or the witness sees something else, "
    "2 if the exercise cannot be used.\n\n"
    "Example: cnncalc exercise check exercise.yaml"
)

WRONG = 1
"""The exit code for a published number that is wrong."""


def check(
    exercise: Path, format: Written = Format.text, seed: Seed = None, student: Student = None, lang: Lang = None
) -> None:
    from ...teach.confirm import confirm
    from ...teach.published import differences
    from ...view import exercise as view

    found, keys = with_keys(exercise, format, seed, student)
    with told_as_json(format is Format.json), bar() as tell:
        confirmation = confirm(found, keys, tell)
    wrong = differences(found, keys)
    write = view.check_json if format is Format.json else view.check_text
    typer.echo(write(found, confirmation, wrong))
    if wrong or not confirmation.ok:
        raise typer.Exit(WRONG)
