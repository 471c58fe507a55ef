"""`cnncalc exercise worksheet`: the questions, with room for the answers."""

from __future__ import annotations

from typing import Annotated

import typer

from ...language import Text
from ..options import Lang
from .options import Output, Path, Seed, Student, plain_name, put, with_keys
from .papers import PAPER, PaperFormat, printed

BRIEF = Text("Print the questions, with room for the answers.")

HELP = Text(
    "Print an exercise to be filled in and handed in. The network is shown without its numbers. `cnncalc grade` reads "
    "worksheets in Markdown that were filled in; HTML and LaTeX are for paper. With --seed and --student it has the "
    "student's own numbers, and their name.\n\n"
    "Examples:\n\n"
    "cnncalc exercise worksheet exercise.yaml -o worksheet.md\n\n"
    "cnncalc exercise worksheet exercise.yaml --format html -o worksheet.html\n\n"
    "cnncalc exercise worksheet exercise.yaml --seed SECRET --student b12901001 -o b12901001.md"
)


def worksheet(
    exercise: Path,
    format: Annotated[PaperFormat, typer.Option("--format", metavar="FORMAT", help=PAPER)] = PaperFormat.markdown,
    output: Output = None,
    seed: Seed = None,
    student: Student = None,
    lang: Lang = None,
) -> None:
    found, keys = with_keys(exercise, format, seed, student)
    put(printed(found, keys, format, "worksheet", plain_name(student) if student else ""), output)
