"""A sheet of answers: looked through once for what is wrong with it, then streamed, a row per student.

    sheet = read_sheet("answers.csv", items=("conv2d.shape", "conv2d.params"))
    for remark in sheet.remarks: ...
    for row in sheet: row.student, row.texts

The first pass keeps students' names only; rows are read again from the file each time the sheet is gone through.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Literal
from unicodedata import normalize

from ....architecture.source import failure
from ....errors import Place
from ....language import Text
from ...defusing import restored
from ..decoding import opened, text_of
from .columns import Columns, Names, columns_of
from .delimited import Delimited
from .excel import Workbook
from .folder import Folder, one_form
from .markdown import MarkdownTable, tables
from .model import MAX_ROWS, Record, Remark, Remarks, Row, Table
from .moments import moment
from .structured import FORMS, MAX_FILE, Forms, answers_in, read_data
from .worksheet import is_form

__all__ = ["Sheet", "read_sheet"]

Seen = tuple[int, int, tuple[int, ...] | None]
"""A student's row: which record it is (from 0), its number in the file, and when it was written."""

NO_STUDENT = {"overall average", "總平均", "points possible", "average", "平均"}
"""What course systems write in the place of a name, in rows of their own."""


def read_sheet(
    path: str,
    items: Sequence[str],
    *,
    titles: Mapping[str, str] | None = None,
    columns: Mapping[str, str] | None = None,
    attempts: Literal["last", "first"] = "last",
) -> Sheet:
    """The answers to `items` at `path`: a file of any form that is read, or a folder with a file per student.

    `titles` are further names of items (a question's text); `columns` says what single columns are, where the reader
    cannot know: title to item or to `student`. Raises ArchitectureError where nothing can be read at all.
    """
    names = Names(items, titles)
    table = _table(opened(path), names)
    return Sheet(table, columns_of(table.header, names, table.file, columns), names.items, attempts)


def _table(path: str, names: Names) -> Table:
    if Path(path).is_dir():
        return Folder(path, names)
    ending = Path(path).suffix.lower()
    if ending == ".xlsx":
        return Workbook(path)
    if ending in FORMS:
        return Forms(path, answers_in(read_data(path), names, path), Path(path).stem)
    if ending in {".md", ".markdown", ".txt"}:
        found = [table for table in tables(text_of(path, MAX_FILE)[0]) if not is_form(table[0][1])]
        best = max(found, key=lambda table: names.fit(table[0][1]), default=None)
        if best and names.fit(best[0][1]) > 1:
            return MarkdownTable(path, best)
        if ending != ".txt" or (form := one_form(path, names, lambda remark: None)):
            form = one_form(path, names, lambda remark: None)
            return Forms(path, [form], Path(path).stem)
    return Delimited(path, names.fit)


class Sheet:
    """Students' answers, with what there is to say of them; going through it gives a `Row` per student."""

    def __init__(self, table: Table, columns: Columns, items: tuple[str, ...], attempts: str) -> None:
        self.file = table.file
        self.items = items
        self.details = tuple(columns.details)
        self.named = tuple(table.header[at] for at in columns.student)
        """The titles of what says who the student is."""
        self.remarks = Remarks(columns.remarks)
        self.students = 0
        """How many rows there are to go through."""
        self._table = table
        self._columns = columns
        self._keep_last = attempts == "last"
        self._left: set[int] = set()
        self._check_columns()
        self._survey()

    @property
    def missing(self) -> tuple[str, ...]:
        """Items that have no column."""
        return tuple(item for item, column in zip(self.items, self._columns.items, strict=True) if column is None)

    def __iter__(self) -> Iterator[Row]:
        width, columns = len(self._table.header), self._columns
        pick = _picker([width if column is None else column for column in columns.items])
        about = _picker(list(columns.details.values()))
        place = columns.student[0] if len(columns.student) == 1 else None
        left, manual = self._left, columns.manual
        for index, (number, cells, file) in enumerate(self._table.records(lambda remark: None)):
            if index in left:
                continue
            if len(cells) != width:
                cells = [*cells[:width], *[""] * (width - len(cells))]
            student = cells[place] if place is not None else ""
            student = student if student.isalnum() and student.isascii() else self._student(cells)
            cells.append("")
            marks = {of: cells[at].strip() for of, at in manual.items() if cells[at].strip()} if manual else {}
            yield Row(student, pick(cells), about(cells), marks, number, file)

    def _student(self, cells: Sequence[str]) -> str:
        """The student's name, in plain characters, without the sign that guards a spreadsheet."""
        name = " ".join([cells[at] for at in self._columns.student if at < len(cells)])
        name = name.strip() if name.isascii() else normalize("NFKC", name).strip()
        return restored(name)

    def _check_columns(self) -> None:
        header = ", ".join(self._table.header)[:200]
        if not self._columns.student:
            message = Text("no column says who the student is; the columns are {header}", header=header)
            raise failure("no-student-column", message, Place(self.file), Text("name one `student`"))
        if self.items and len(self.missing) == len(self.items) and not self._columns.manual:
            message = Text("no column belongs to an item; the columns are {header}", header=header)
            raise failure("no-item-column", message, Place(self.file), Text("name columns as the items: {items}", items=", ".join(self.items)[:200]))  # fmt: skip

    def _survey(self) -> None:
        """Look through all rows: which count, and what is wrong with the others."""
        seen: dict[str, Seen] = {}
        width, blank = len(self._table.header), 0
        for index, record in enumerate(self._table.records(self.remarks.tell)):
            if index >= MAX_ROWS:
                raise failure("too-many-rows", Text("a sheet may have {limit} rows", limit=MAX_ROWS), Place(self.file))
            student = self._student(record.cells)
            if not student or student.casefold() in NO_STUDENT:
                self._left.add(index)
                blank += self._nobody(record, student)
            elif len(record.cells) != width and not self._fits(record, student, width):
                self._left.add(index)
            elif student in seen:
                seen[student] = self._twice(student, seen[student], (index, record.number, self._when(record.cells)))
            else:
                seen[student] = index, record.number, self._when(record.cells)
        self.students = len(seen)
        if blank:
            self.remarks.tell(Remark("blank-rows", Text("rows that are blank: {n}", n=blank), self.file))
        if not seen:
            self.remarks.tell(Remark("no-rows", Text("there are no answers below the titles"), self.file, loss=True))

    def _nobody(self, record: Record, student: str) -> bool:
        """Whether a row without a student is blank; what else it holds is told."""
        if not any(cell.strip() for cell in record.cells):
            return True
        message = Text("this row does not belong to a student") if student else Text("this row does not say who the student is: it is left out")  # fmt: skip
        self.remarks.tell(Remark("no-student", message, record.file, record.number, loss=not student))
        return False

    def _fits(self, record: Record, student: str, width: int) -> bool:
        """Whether a row of another length can be read: what is missing is blank, but more cells shift all others."""
        n = len(record.cells)
        if n < width:
            message = Text("this row has {n} cells, the titles are {width}: the last ones are blank", n=n, width=width)
            self.remarks.tell(Remark("short-row", message, record.file, record.number, student=student))
            return True
        if not any(cell.strip() for cell in record.cells[width:]):
            return True
        message = Text("this row has more cells than there are titles: it is left out; an answer with commas needs quotation marks")  # fmt: skip
        self.remarks.tell(Remark("long-row", message, record.file, record.number, student=student, loss=True))
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
        self._left.add(other[0])
        message = Text("this student is there twice, in rows {first} and {second}: row {counts} counts", first=old[1], second=new[1], counts=counts[1])  # fmt: skip
        self.remarks.tell(Remark("student-twice", message, self.file, other[1], student=student, loss=True))
        return counts


def _picker(places: list[int]) -> Callable[[list[str]], tuple[str, ...]]:
    """The cells at `places`, always as a tuple."""
    if len(places) > 1:
        pick: Callable[[list[str]], tuple[str, ...]] = itemgetter(*places)
        return pick
    slot = slice(places[0], places[0] + 1) if places else slice(0, 0)
    return lambda cells: tuple(cells[slot])
