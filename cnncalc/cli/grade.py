"""`cnncalc grade`: students' answers, marked and explained."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ..errors import ArchitectureError, Fault, Place
from ..language import Text, current
from .exercise.options import Format, Written, opened, variants_of
from .exercise.options import Path as ExercisePath
from .failing import told_as_json
from .marking import Marking
from .options import Lang

if TYPE_CHECKING:
    from ..teach.answers.sheets import Remark
    from ..teach.comparing import Changes
    from ..teach.grading import Grader
    from ..teach.kept import Kept
    from ..teach.persons import Known

    Name = Callable[[str], str]

BRIEF = Text("Mark students' answers and say why they are wrong.")

HELP = Text(
    "Mark students' answers: sheets with a row per student (CSV, XLSX, YAML, JSON, Markdown) whose columns are named as the "
    "items are, or folders with a file per student. A wrong answer is tried against what follows from the student's own "
    "earlier answers, and against known misconceptions.\n\n"
    "With -o, a folder has all files: marks.csv, to which marks by hand can be added in the columns `manual` (they win when "
    "it is graded again), forms for Moodle, Canvas and Gradescope, feedback for each student, report.html of the class, and "
    "results.json.\n\n"
    "The exit code is 0 if every row was read, right or wrong; 2 if the exercise or a sheet cannot be used.\n\n"
    "Examples:\n\n"
    "cnncalc grade exercise.yaml answers.csv\n\n"
    "cnncalc grade exercise.yaml answers.csv -o out\n\n"
    "cnncalc grade exercise.yaml answers.csv --format json -o results.json\n\n"
    "cnncalc grade exercise.yaml answers.csv --seed SECRET"
)

ANSWERS = str(Text("Files of answers, or folders of them."))
OUTPUT = str(Text("The folder to write to; with --format json, the file."))
COLUMN = str(Text('What a column is, as in "Question 1=conv2d.shape" or "Name=student" (may be repeated).'))
FIRST = str(Text("Of a student's several attempts, mark the first, not the last."))
ANONYMOUS = str(Text("A file with a secret: students' names are replaced by a hash with it."))
SHOW_KEY = str(Text("Tell the right answers in the feedback."))
HIDE_BELOW = str(
    Text("For a report that is passed on: numbers of fewer than N students are not told, and no student is named.")
)
DRAWN = str(
    Text(
        "The secret that students' own numbers were drawn under (`variants:` in the exercise); else CNNCALC_SEED. "
        "Everybody is marked with theirs."
    )
)
JOBS = str(Text("Mark in N processes at a time, for large classes: the results are the same."))
BEFORE = str(
    Text(
        "The results.json of an earlier grading: tell whose marks changed. With -o, that of the folder, if it has one."
    )
)
NO_SEED = Text("the exercise has `variants`; without --seed everybody is marked with the numbers of the network's file")
LEAST_SECRET = 16
MARKS = "marks.csv"
"""The sheet of marks in the folder; a person may write into it."""


def grade(
    context: typer.Context,
    exercise: ExercisePath,
    answers: Annotated[list[str], typer.Argument(metavar="ANSWERS...", help=ANSWERS, show_default=False)],
    format: Written = Format.text,
    output: Annotated[str | None, typer.Option("-o", "--output", metavar="PATH", help=OUTPUT, show_default=False)] = None,
    column: Annotated[list[str] | None, typer.Option("--column", metavar="TITLE=ITEM", help=COLUMN, show_default=False)] = None,
    first: Annotated[bool, typer.Option("--first", help=FIRST)] = False,
    show_key: Annotated[bool, typer.Option("--show-key", help=SHOW_KEY)] = False,
    anonymous: Annotated[str | None, typer.Option("--anonymous", metavar="FILE", help=ANONYMOUS, show_default=False)] = None,
    hide_below: Annotated[int, typer.Option("--hide-below", metavar="N", min=1, help=HIDE_BELOW)] = 1,
    before: Annotated[str | None, typer.Option("--before", metavar="FILE", help=BEFORE, show_default=False)] = None,
    seed: Annotated[str | None, typer.Option("--seed", metavar="SECRET", help=DRAWN, show_default=False)] = None,
    jobs: Annotated[int, typer.Option("--jobs", metavar="N", min=1, help=JOBS)] = 1,
    lang: Lang = None,
) -> None:  # fmt: skip
    from ..teach.answers.sheets import Remark, read_sheet
    from ..teach.confirm import need_agreement
    from ..teach.grading import Grader, titles
    from ..teach.handing_in import handed_in, renamed, with_files, with_numbers
    from ..teach.kept import Kept, kept_marks, with_marks
    from ..teach.persons import UNKNOWN, known_by
    from ..view.grading import origins
    from .before import compared
    from .piping import called, on_disk
    from .remarking import Remarked

    target = _folder(output) if output and format is Format.text else None
    marks = target / MARKS if target else None
    with told_as_json(format is Format.json):
        name = _naming(anonymous)
        asked = opened(exercise)
        variants = variants_of(asked, seed)
        grader = Grader(asked, show_key=show_key, numbers=tuple(variants.some.items()) if variants else ())
        need_agreement(grader.assessor.exercise, grader.assessor.keys)
        items = [item.id for item in grader.items]
        chosen = dict(_columns(column or []))
        attempts: Literal["first", "last"] = "first" if first else "last"
        files = {context.with_resource(on_disk(path)): path for path in answers}
        with called(files):
            sheets = [read_sheet(path, items, titles=titles(grader.exercise), columns=chosen, attempts=attempts) for path in files]  # fmt: skip
        kept = kept_marks(marks, items, name, hidden=anonymous is not None) if marks else Kept()
        changes = context.with_resource(compared(before, target, origins(grader.exercise), name))
    remarks = Remarked(sheets, kept.remarks, {**files, str(marks): MARKS}, hide=anonymous is not None)
    known = UNKNOWN if anonymous else known_by(sheets)
    rows = with_files(handed_in(sheets, attempts, remarks.later.tell), grader.items)
    if variants:
        rows = with_numbers(rows, variants)
    elif asked.variants:
        remarks.later.tell(Remark("no-seed", NO_SEED, exercise))
    rows = renamed(rows, name) if anonymous else rows
    rows = with_marks(rows, kept.marks, MARKS, len(items), remarks.later.tell)
    marking = Marking(grader, rows, sum(sheet.students for sheet in sheets), jobs, changes)
    if format is Format.json:
        _write_json(marking, remarks, name, output)
        return
    _mark(marking, remarks, name, target, hide_below, kept, known)
    _show(grader, remarks, name, hide_below, changes)


def _folder(output: str) -> Path:
    """Where the files go; marks that a person wrote there stay."""
    target = Path(output).resolve()
    if not target.name or (target.exists() and not target.is_dir()):
        message = Text("{path} is not a folder", path=repr(output))
        raise typer.BadParameter(str(message), param_hint="--output")
    return target


def _write_json(marking: Marking, remarks: Iterable[Remark], name: Name, output: str | None) -> None:
    """Line by line, as the students are marked."""
    from ..view.grading import json_lines, student_line, with_before
    from .whole import whole

    with closing(marking.lines(student_line, hidden=output is None and sys.stdout.isatty())) as lines:
        students = (with_before(line, change) for (line,), change in lines)
        told = json_lines(marking.grader, students, remarks, name, marking.changes)
        if output is None:
            for line in told:
                typer.echo(line)
            return
        with whole(Path(output)) as stream:
            stream.writelines(f"{line}\n" for line in told)


def _mark(
    marking: Marking, remarks: Iterable[Remark], name: Name, target: Path | None, hide_below: int, kept: Kept, known: Known
) -> None:  # fmt: skip
    """Mark all, and write the folder if one is wanted."""
    if target is None:
        marking.count()
        return
    from .before import noted
    from .handing_out import hand_out
    from .whole import whole_folder

    with whole_folder(target) as folder, noted(folder, marking.changes) as note:
        hand_out(folder, marking, remarks, name, hide_below, kept, known, note)


def _show(grader: Grader, remarks: Iterable[Remark], name: Name, hide_below: int, changes: Changes | None) -> None:
    """The class in a screen, and what there is to say of the sheets."""
    from ..teach.statistics import findings
    from ..view.changes import told
    from ..view.class_text import text
    from ..view.grading import notes, title_of

    title = title_of(grader.exercise)
    found = findings(grader.gathering, hide_below)
    typer.echo(text(found, title, current(), get_terminal_size().columns), nl=False)
    if changes and changes.any:
        typer.echo("\n" + "\n".join(told(changes, hide_below)))
    for line in notes(grader, remarks, name):
        typer.echo(line, err=True)


def _columns(texts: list[str]) -> Iterator[tuple[str, str]]:
    for text in texts:
        title, sign, item = text.rpartition("=")
        if not sign or not title.strip() or not item.strip():
            message = Text("takes TITLE=ITEM, not {text}", text=repr(text))
            raise typer.BadParameter(str(message), param_hint="--column")
        yield title.strip(), item.strip()


def _naming(file: str | None) -> Callable[[str], str]:
    """What stands for a student: the name, or a hash with the secret in a file."""
    if file is None:
        return str
    from ..architecture.files import contents, decoded
    from ..teach.answers.anonymous import is_pseudonym, pseudonym

    secret = decoded(contents(file, file), file).strip()
    if len(secret) < LEAST_SECRET:
        message = Text("a secret has at least {n} characters", n=LEAST_SECRET)
        raise ArchitectureError([Fault("secret", message, place=Place(file))])
    return lambda student: student if is_pseudonym(student, secret) else pseudonym(student, secret)
