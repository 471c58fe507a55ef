"""`cnncalc exercise lint`: whether the numbers of an exercise tell misconceptions apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ...language import Text
from ..failing import told_as_json
from ..options import Lang
from .options import FORMAT, Format, Path, Seed, Student, opened

if TYPE_CHECKING:
    from ...teach.exercise import Exercise
    from ...view.lint import Drawn

BRIEF = Text("Say which misconceptions the numbers would not reveal.")

HELP = Text(
    "Try every known misconception on every shape, count and total that is asked. One that gives the right answer "
    "everywhere survives: who follows it gets full marks. Two that give equal answers everywhere cannot be told apart. The "
    "score is the share of misconceptions that are caught and told apart; what is one rule whatever the numbers does not "
    "count against it. Numbers nearby with a better score are searched for.\n\n"
    "With `variants:`, it also says how many combinations have a full score; only those are drawn for students.\n\n"
    "The exit code is 0 if the score is full, 1 if not, 2 if the exercise cannot be used.\n\n"
    "Example: cnncalc exercise lint exercise.yaml"
)

NOT_FULL = 1
"""The exit code for misconceptions that are not caught, or not told apart."""

MOST = 200
"""Combinations of variants that are tried."""


def lint(
    exercise: Path,
    format: Annotated[Format, typer.Option("--format", metavar="FORMAT", help=FORMAT)] = Format.text,
    seed: Seed = None,
    student: Student = None,
    lang: Lang = None,
) -> None:
    from ...teach.key import keys_of
    from ...teach.linting import Constructions, suggest
    from ...teach.linting import lint as linted
    from ...view import lint as view

    with told_as_json(format is Format.json):
        found = opened(exercise, seed, student)
        keys_of(found)
    constructions = Constructions()
    result = linted(found, constructions)
    report = view.Report(found, result, suggest(found, result, constructions), _drawn(found))
    typer.echo(view.lint_json(report) if format is Format.json else view.lint_text(report))
    if not result.full:
        raise typer.Exit(NOT_FULL)


def _drawn(exercise: Exercise) -> Drawn | None:
    """The combinations of the variants, as far as they are tried."""
    if not exercise.variants:
        return None
    from ...teach.variants import Combinations
    from ...view.lint import Drawn

    combinations = Combinations(exercise)
    tried = list(combinations.first(MOST))
    full = sum(each.lint is not None and each.lint.full for each in tried)
    return Drawn(full, sum(each.eligible for each in tried), len(tried), combinations.count)
