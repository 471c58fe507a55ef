"""The files of a graded class: marks for people and gradebooks, feedback for each student, the report, and all of it as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..language import current
from ..teach.gradebooks import Canvas, Gradebook, Marks, Moodle, gradescope
from ..teach.statistics import findings
from ..view import class_report, feedback
from ..view.grading import json_lines, origins, student_line, title_of
from .grade import MARKS
from .marking import Marking
from .whole import text_file

if TYPE_CHECKING:
    from ..teach.answers.sheets import Remark
    from ..teach.comparing import Change
    from ..teach.grading import Grader, Lines
    from ..teach.kept import Kept
    from ..teach.persons import Known
    from ..teach.results import StudentResult

RESULTS, REPORT = "results.json", "report.html"
FEEDBACK, GRADESCOPE = "feedback", "gradescope"
FORMS = {"txt": feedback.text, "md": feedback.markdown, "html": feedback.html}
"""A student's feedback, by the ending of its file."""


def hand_out(
    folder: Path,
    marking: Marking,
    remarks: Iterable[Remark],
    name: Callable[[str], str],
    hide_below: int,
    kept: Kept,
    known: Known,
    note: Callable[[Change], object],
) -> None:
    """Write everything into an empty folder, student by student; what a person wrote into the sheet of marks is `kept`, and each change told to `note`."""
    grader, exercise = marking.grader, marking.grader.exercise
    title = title_of(exercise)
    books = _books(grader, kept, known)
    for each in (FEEDBACK, GRADESCOPE):
        (folder / each).mkdir()
    files = Files(folder, title, origins(exercise), current(), tuple(books.values()))
    with closing(marking.lines(files, named=True)) as lines, text_file(folder / RESULTS) as stream:
        students = _put_down(folder, books, lines, note)
        stream.writelines(f"{line}\n" for line in json_lines(grader, students, remarks, name))
    found = findings(grader.gathering, hide_below)
    with text_file(folder / REPORT) as stream:
        stream.write(class_report.page(found, title, current(), origins(exercise), named=hide_below <= 1))


def _books(grader: Grader, kept: Kept, known: Known) -> dict[str, Gradebook]:
    title, items = title_of(grader.exercise), [item.id for item in grader.items]
    return {
        MARKS: Marks(items, items, kept.titles, kept.others),
        "moodle.csv": Moodle(title, current(), known),
        "canvas.csv": Canvas(title, grader.exercise.points, known),
    }


def _put_down(
    folder: Path, books: dict[str, Gradebook], lines: Iterable[tuple[Lines, Change | None]], note: Callable[[Change], object]
) -> Iterator[str]:  # fmt: skip
    """The lines for the JSON; those for the gradebooks are written, and changes noted, in passing."""
    with ExitStack() as stack:
        streams = [stack.enter_context(text_file(folder / name)) for name in books]
        for stream, book in zip(streams, books.values(), strict=True):
            stream.write(book.head())
        for (student, *told), change in lines:
            for stream, line in zip(streams, told, strict=True):
                stream.write(line)
            if change:
                note(change)
            yield student


@dataclass(frozen=True)
class Files:
    """A student's own files, and the lines for those of the class."""

    folder: Path
    title: str
    origins: dict[str, str]
    language: str
    books: tuple[Gradebook, ...]

    def __call__(self, result: StudentResult, name: str) -> tuple[str, ...]:
        """Write the files; what is returned is for the JSON and, one after the other, for the gradebooks."""
        for ending, form in FORMS.items():
            _put(self.folder / FEEDBACK / f"{name}.{ending}", form(result, self.title, self.language))
        _put(self.folder / GRADESCOPE / f"{name}.json", gradescope(result, self.origins, self.language))
        return (*student_line(result), *(book.line(result) for book in self.books))


def _put(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", errors="replace", newline="")
