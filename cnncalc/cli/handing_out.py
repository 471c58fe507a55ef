"""The files of a graded class: marks for people and gradebooks, feedback for each student, the report, and all of it as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from ..language import current
from ..teach.gradebooks import Canvas, Gradebook, Marks, Moodle, gradescope
from ..teach.statistics import findings
from ..view import class_report, feedback
from ..view.file_names import FileNames
from ..view.grading import json_lines, origins, title_of
from .grade import MARKS
from .whole import text_file

if TYPE_CHECKING:
    from ..teach.answers.sheets import Remark
    from ..teach.grading import Grader
    from ..teach.kept import Kept
    from ..teach.persons import Known
    from ..teach.results import StudentResult

RESULTS, REPORT = "results.json", "report.html"
FEEDBACK, GRADESCOPE = "feedback", "gradescope"
FORMS = {"txt": feedback.text, "md": feedback.markdown, "html": feedback.html}
"""A student's feedback, by the ending of its file."""


def hand_out(
    folder: Path,
    grader: Grader,
    results: Iterable[StudentResult],
    remarks: Iterable[Remark],
    name: Callable[[str], str],
    hide_below: int,
    kept: Kept,
    known: Known,
) -> None:
    """Write everything into an empty folder, student by student; what a person wrote into the sheet of marks is `kept`."""
    title = title_of(grader.exercise)
    with text_file(folder / RESULTS) as stream:
        told = _told(folder, results, grader, _books(grader, kept, known))
        stream.writelines(f"{line}\n" for line in json_lines(grader, told, remarks, name))
    found = findings(grader.gathering, hide_below)
    with text_file(folder / REPORT) as stream:
        stream.write(class_report.page(found, title, current(), origins(grader.exercise), named=hide_below <= 1))


def _books(grader: Grader, kept: Kept, known: Known) -> dict[str, Gradebook]:
    title, items = title_of(grader.exercise), [item.id for item in grader.items]
    return {
        MARKS: Marks(items, items, kept.titles, kept.others),
        "moodle.csv": Moodle(title, current(), known),
        "canvas.csv": Canvas(title, grader.exercise.points, known),
    }


def _told(
    folder: Path, results: Iterable[StudentResult], grader: Grader, forms: dict[str, Gradebook]
) -> Iterator[StudentResult]:
    """The results again, each written to the gradebooks and to the student's own files in passing."""
    title, exercise, names = title_of(grader.exercise), origins(grader.exercise), FileNames()
    for name in (FEEDBACK, GRADESCOPE):
        (folder / name).mkdir()
    with ExitStack() as stack:
        books = [(book, stack.enter_context(text_file(folder / name))) for name, book in forms.items()]
        for book, stream in books:
            stream.write(book.head())
        for result in results:
            for book, stream in books:
                stream.write(book.line(result))
            name = names(result.student)
            for ending, form in FORMS.items():
                _put(folder / FEEDBACK / f"{name}.{ending}", form(result, title, current()))
            _put(folder / GRADESCOPE / f"{name}.json", gradescope(result, exercise, current()))
            yield result


def _put(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", errors="replace", newline="")
