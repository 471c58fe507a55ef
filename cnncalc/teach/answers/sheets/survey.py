"""The first look through a sheet: which rows count, and what is wrong with the others. It keeps students' names only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import count, repeat

from ....architecture.source import failure
from ....errors import Place
from ....language import Text
from .columns import Columns
from .model import MAX_ROWS, Batch, Remark, Remarks, Table
from .moments import moment
from .who import Who

__all__ = ["Survey"]

Seen = tuple[int, int, tuple[int, ...] | None]
"""A student's row: which of all rows it is (from 0), its number in the file, and when it was written."""

NO_STUDENT = frozenset({"overall average", "總平均", "points possible", "average", "平均"})
"""What course systems write in the place of a name, in rows of their own."""


class Survey:
    """A table, looked through."""

    def __init__(self, table: Table, columns: Columns, remarks: Remarks, *, keep_last: bool) -> None:
        self.left: set[int] = set()
        """The rows that do not count, from 0."""
        self._file = table.file
        self._width = len(table.header)
        self._who = Who(columns.student)
        self._columns = columns
        self._remarks = remarks
        self._keep_last = keep_last
        self._seen: dict[str, Seen] = {}
        self._blank = 0
        self._look(table)
        self.students = len(self._seen)

    def _look(self, table: Table) -> None:
        index = 0
        for batch in table.batches(self._remarks.tell):
            if index + len(batch.rows) > MAX_ROWS:
                raise failure("too-many-rows", Text("a sheet may have {limit} rows", limit=MAX_ROWS), Place(self._file))
            if not self._all_new(batch, index):
                for at, cells in enumerate(batch.rows):
                    self._take(cells, index + at, batch.number + at, batch.file)
            index += len(batch.rows)
        if self._blank:
            self._remarks.tell(Remark("blank-rows", Text("rows that are blank: {n}", n=self._blank), self._file))
        if not self._seen:
            message = Text("there are no answers below the titles")
            self._remarks.tell(Remark("no-rows", message, self._file, loss=True))

    def _all_new(self, batch: Batch, index: int) -> bool:
        """Take rows of which there is nothing to tell; nothing is taken if there may be something."""
        if set(map(len, batch.rows)) != {self._width}:
            return False
        names = self._who.names(batch.rows)
        different = set(names)
        plain = all(names) and NO_STUDENT.isdisjoint(map(str.casefold, names))
        if not plain or len(different) < len(names) or not self._seen.keys().isdisjoint(different):
            return False
        timed = self._columns.attempt is not None or self._columns.time is not None
        times = map(self._when, batch.rows) if timed else repeat(None)
        self._seen.update(zip(names, zip(count(index), count(batch.number), times), strict=False))
        return True

    def _take(self, cells: Sequence[str], index: int, number: int, file: str) -> None:
        """One row, whatever it is like."""
        student = self._who.name(cells)
        if not student or student.casefold() in NO_STUDENT:
            self.left.add(index)
            self._blank += self._nobody(cells, student, number, file)
        elif len(cells) != self._width and not self._fits(cells, student, number, file):
            self.left.add(index)
        else:
            new = index, number, self._when(cells)
            self._seen[student] = self._twice(student, self._seen[student], new) if student in self._seen else new

    def _nobody(self, cells: Sequence[str], student: str, number: int, file: str) -> bool:
        """Whether a row without a student is blank; what else it holds is told."""
        if not any(cell.strip() for cell in cells):
            return True
        message = Text("this row does not belong to a student") if student else Text("this row does not say who the student is: it is left out")  # fmt: skip
        self._remarks.tell(Remark("no-student", message, file, number, loss=not student))
        return False

    def _fits(self, cells: Sequence[str], student: str, number: int, file: str) -> bool:
        """Whether a row of another length can be read: what is missing is blank, but more cells shift all others."""
        n, width = len(cells), self._width
        if n < width:
            message = Text("this row has {n} cells, the titles are {width}: the last ones are blank", n=n, width=width)
            self._remarks.tell(Remark("short-row", message, file, number, student=student))
            return True
        if not any(cell.strip() for cell in cells[width:]):
            return True
        message = Text("this row has more cells than there are titles: it is left out; an answer with commas needs quotation marks")  # fmt: skip
        self._remarks.tell(Remark("long-row", message, file, number, student=student, loss=True))
        return False

    def _when(self, cells: Sequence[str]) -> tuple[int, ...] | None:
        """The number of the attempt, else its time, where the sheet has them."""
        at = self._columns.attempt
        if at is not None and at < len(cells) and re.fullmatch("[0-9]{1,9}", cells[at].strip(), re.ASCII):
            return (int(cells[at]),)
        at = self._columns.time
        return moment(cells[at]) if at is not None and at < len(cells) else None

    def _twice(self, student: str, old: Seen, new: Seen) -> Seen:
        """The row that counts of two: the later attempt (or time), else the later row; or the earlier, if so chosen."""
        ordered = old[2] is not None and new[2] is not None and len(old[2]) == len(new[2]) and old[2] != new[2]
        later = new if not ordered or new[2] > old[2] else old  # type: ignore[operator]
        counts = later if self._keep_last else (old if later is new else new)
        other = old if counts is new else new
        self.left.add(other[0])
        message = Text("this student is there twice, in rows {first} and {second}: row {counts} counts", first=old[1], second=new[1], counts=counts[1])  # fmt: skip
        self._remarks.tell(Remark("student-twice", message, self._file, other[1], student=student, loss=True))
        return counts
