"""A class on its way through marking, with a bar on the terminal."""

from __future__ import annotations

import gc
from collections.abc import Generator, Iterable
from contextlib import closing, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .progress import bar

if TYPE_CHECKING:
    from ..teach.answers.sheets import Row
    from ..teach.comparing import Change, Changes
    from ..teach.grading import Form, Grader, Lines, Person
    from ..teach.results import StudentResult


@dataclass
class Marking:
    """The rows of a class, and what marks them."""

    grader: Grader
    rows: Iterable[tuple[Row, Person]]
    students: int
    """How many there are, as far as the sheets say."""
    jobs: int
    """Processes."""
    changes: Changes | None = None
    """What counts the changes, where there were earlier results."""

    def lines(
        self, form: Form, *, named: bool = False, hidden: bool = False
    ) -> Generator[tuple[Lines, Change | None], None, None]:
        """What `form` makes of each student, and what changed. `named`: they have files of their own; `hidden`: without a bar."""
        from ..view.file_names import FileNames

        gc.disable()  # marking makes no cycles, and what it keeps would be looked through again and again
        name = FileNames() if named else lambda student: ""
        rows = ((row, person, name(row.student)) for row, person in self.rows)
        done, changes = 0, self.changes
        told = self.grader.told(rows, WithResult(form) if changes else form, self.jobs)
        with nullcontext(None) if hidden else bar() as tell, closing(told) as parts:
            for part in parts:
                for lines in part:
                    yield (lines[1:], changes.of(lines[0])) if changes else (lines, None)
                done += len(part)
                if tell:
                    tell(done, max(done, self.students))

    def count(self) -> None:
        """Mark all, for the statistics alone."""
        from ..teach.grading import nothing

        with closing(self.lines(nothing)) as lines:
            for _ in lines:
                pass
        if self.changes:
            for _ in self.changes.rest():
                pass


@dataclass(frozen=True)
class WithResult:
    """The lines after the result itself, with which earlier ones are compared."""

    form: Form

    def __call__(self, result: StudentResult, name: str) -> Lines:
        return (result, *self.form(result, name))
