"""A sheet of answers: looked through once for what is wrong with it, then streamed, a row per student.

    sheet = read_sheet("answers.csv", items=("conv2d.shape", "conv2d.params"))
    for remark in sheet.remarks: ...
    for row in sheet: row.student, row.texts

The first pass keeps students' names only; rows are read again from the file each time the sheet is gone through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import count, repeat
from operator import itemgetter
from pathlib import Path
from typing import Literal

from ....architecture.source import failure
from ....errors import Place
from ....language import Text
from ..decoding import opened, text_of
from .columns import Columns, Names, columns_of
from .delimited import Delimited
from .excel import Workbook
from .folder import Folder, one_form
from .markdown import MarkdownTable, tables
from .model import Remarks, Row, Table
from .structured import FORMS, MAX_FILE, Forms, answers_in, read_data
from .survey import Survey
from .who import Who
from .worksheet import is_form

__all__ = ["Sheet", "read_sheet"]


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
        self._table = table
        self._columns = columns
        self._check_columns()
        survey = Survey(table, columns, self.remarks, keep_last=attempts == "last")
        self.students = survey.students
        """How many rows there are to go through."""
        self._left = survey.left

    @property
    def missing(self) -> tuple[str, ...]:
        """Items that have no column."""
        return tuple(item for item, column in zip(self.items, self._columns.items, strict=True) if column is None)

    def __iter__(self) -> Iterator[Row]:
        width, columns = len(self._table.header), self._columns
        pick = _picker([width if column is None else column for column in columns.items])
        about = _picker(list(columns.details.values()))
        names, manual, missing = Who(columns.student).names, columns.manual, self.missing
        index = 0
        for batch in self._table.batches(lambda remark: None):
            numbers: Iterable[int] = count(batch.number)
            rows = [cells if len(cells) == width else _fitted(cells, width) for cells in batch.rows]
            if not self._left.isdisjoint(range(index, index + len(rows))):
                kept = [at for at in range(len(rows)) if index + at not in self._left]
                rows, numbers = [rows[at] for at in kept], [batch.number + at for at in kept]
            index += len(batch.rows)
            students = names(rows)
            if missing:
                rows = [[*cells, ""] for cells in rows]
            marks = [_marks(cells, manual) if manual else {} for cells in rows]
            fields = zip(
                students,
                map(pick, rows),
                map(about, rows),
                marks,
                numbers,
                repeat(batch.file),
                repeat(()),
                strict=False,
            )
            yield from map(Row._make, fields)  # numbers and what is repeated have no end

    def _check_columns(self) -> None:
        header = ", ".join(self._table.header)[:200]
        if not self._columns.student:
            message = Text("no column says who the student is; the columns are {header}", header=header)
            raise failure("no-student-column", message, Place(self.file), Text("name one `student`"))
        if self.items and len(self.missing) == len(self.items) and not self._columns.manual:
            message = Text("no column belongs to an item; the columns are {header}", header=header)
            raise failure("no-item-column", message, Place(self.file), Text("name columns as the items: {items}", items=", ".join(self.items)[:200]))  # fmt: skip


def _fitted(cells: list[str], width: int) -> list[str]:
    """As many cells as there are titles."""
    return [*cells[:width], *[""] * (width - len(cells))]


def _marks(cells: Sequence[str], manual: Mapping[str, int]) -> dict[str, str]:
    """Marks by hand, by item."""
    return {of: text for of, at in manual.items() if (text := cells[at].strip())}


def _picker(places: list[int]) -> Callable[[list[str]], tuple[str, ...]]:
    """The cells at `places`, always as a tuple."""
    if len(places) > 1:
        pick: Callable[[list[str]], tuple[str, ...]] = itemgetter(*places)
        return pick
    slot = slice(places[0], places[0] + 1) if places else slice(0, 0)
    return lambda cells: tuple(cells[slot])
