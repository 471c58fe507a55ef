"""CSV and TSV, row by row: quotation marks, ragged rows and lines without end never stop the rest."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import TextIO

from ....architecture.source import failure
from ....errors import Place
from ....language import Text
from ..decoding import encoding_of
from .model import MAX_COLUMNS, Batch, Remark, Tell

__all__ = ["Delimited"]

DELIMITERS = ",\t;|"
MAX_HEADER = 2**17 - 1
"""Characters; no cell of it is longer than csv reads."""
MAX_LINE = 2**18
"""Characters; a line beyond it is left out."""
AT_ONCE = 2**15
"""Characters of lines that are read at a time, and that of the last one besides."""
MAX_LINES = 200
"""Lines of one row, whose cells may hold line ends."""


class Delimited:
    """A file of separated cells. `fit` says how well titles suit the exercise, and so which sign parts them."""

    def __init__(self, path: str, fit: Callable[[list[str]], int]) -> None:
        self.file = path
        self.encoding = encoding_of(path)
        with self._open() as stream:
            first = stream.readline(MAX_LINE + 1)
            self.skipped = 0
            told = first.strip().lower()
            if told.startswith("sep=") and len(told) <= 5:  # Excel's own hint
                self.skipped, first = 1, stream.readline(MAX_LINE + 1)
            while first and not first.strip():
                self.skipped, first = self.skipped + 1, stream.readline(MAX_LINE + 1)
        if not first:
            raise failure("empty-file", Text("the file is empty"), Place(path))
        if len(first) > MAX_HEADER or max(map(first.count, DELIMITERS)) >= MAX_COLUMNS:
            raise failure("too-many-columns", Text("a sheet may have {limit} columns", limit=MAX_COLUMNS), Place(path))
        self.delimiter = told[4:] if self.skipped and told[4:] in DELIMITERS and told[4:] else self._parting(first, fit)
        first_rows = next(self._batches(lambda remark: None), None)
        self.header = [title.strip() for title in first_rows.rows[0]] if first_rows else []

    def _parting(self, line: str, fit: Callable[[list[str]], int]) -> str:
        heads = {sign: next(csv.reader([line], delimiter=sign), []) for sign in DELIMITERS}
        return max(heads, key=lambda sign: (fit(heads[sign]), len(heads[sign])))

    def _open(self) -> TextIO:
        return Path(self.file).open(encoding=self.encoding, newline="")

    def batches(self, tell: Tell) -> Iterator[Batch]:
        if self.encoding == "cp950":
            tell(Remark("big5", Text("the file was read as Big5, since it is not UTF-8"), self.file))
        batches = self._batches(tell)
        first = next(batches)
        yield first._replace(number=first.number + 1, rows=first.rows[1:])
        yield from batches

    def _batches(self, tell: Tell) -> Iterator[Batch]:
        """All rows, the header among them."""
        with self._open() as stream:
            lines = Lines(stream)
            for _ in range(self.skipped):
                next(lines, None)
            lines.rows = self.skipped
            while text := lines.ahead():
                if rows := self._plain(text):
                    first = lines.rows + 1
                    lines.rows += len(rows)
                    yield Batch(first, rows, self.file)
                else:
                    lines.put_back(text)
                    yield from self._carefully(lines, tell)

    def _plain(self, text: str) -> list[list[str]] | None:
        """The rows of lines that hold one each, as nearly all do; None if some may not."""
        if len(text) > MAX_LINE:
            return None
        try:  # strict: an open quotation mark is an error
            rows = list(csv.reader(StringIO(text, newline=""), delimiter=self.delimiter, strict=True))
        except csv.Error:
            return None
        return rows if len(rows) == text.count("\n") + (not text.endswith("\n")) else None

    def _carefully(self, lines: Lines, tell: Tell) -> Iterator[Batch]:
        """Row by row, whatever they are like, until nothing waits."""
        reader = csv.reader(lines, delimiter=self.delimiter)
        while lines.waiting:
            lines.taken.clear()
            lines.rows += 1
            try:
                cells = next(reader)
            except StopIteration:
                cells = []
            except (csv.Error, LineTooLong):
                tell(Remark("bad-row", Text("this row cannot be read: it is too long"), self.file, lines.rows, loss=True))  # fmt: skip
                lines.leave_row()
                reader = csv.reader(lines, delimiter=self.delimiter)
                continue
            if len(lines.taken) > 1 and (lines.endless or "".join(lines.taken).count('"') % 2):
                tell(Remark("open-quote", Text("a quotation mark is not closed: the row was ended with its line"), self.file, lines.rows, loss=True))  # fmt: skip
                cells = next(csv.reader([lines.give_back()], delimiter=self.delimiter), [])
                reader = csv.reader(lines, delimiter=self.delimiter)
            yield Batch(lines.rows, [cells], self.file)


class LineTooLong(Exception):
    """A line beyond `MAX_LINE`."""


class Lines:
    """The lines of a file, which remember those of the row at hand and can take them back."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.taken: list[str] = []
        self.waiting: deque[str] = deque()
        self.endless = False
        self.rows = 0
        """So many were read, or left out."""

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        if len(self.taken) >= MAX_LINES:
            self.endless = True
            raise StopIteration
        line = self.waiting.popleft() if self.waiting else self.stream.readline(MAX_LINE + 1)
        if not line:
            raise StopIteration
        self.taken.append(line)
        if len(line) > MAX_LINE:
            raise LineTooLong
        return line

    def ahead(self) -> str:
        """Some lines that follow, taken out; the last of them may be cut where it is too long."""
        text = self.stream.read(AT_ONCE)
        return text if text.endswith("\n") else text + self.stream.readline(MAX_LINE + 1)

    def put_back(self, text: str) -> None:
        """Lines that were taken out are the next ones again."""
        self.waiting.extend(StringIO(text, newline=""))

    def leave_row(self) -> None:
        """Leave a line that is too long to its end, or the first line of a row that is."""
        line = self.taken[-1]
        if len(line) <= MAX_LINE:
            self.give_back()
        while len(line) > MAX_LINE and not line.endswith(("\n", "\r")):
            line = self.stream.readline(MAX_LINE + 1)

    def give_back(self) -> str:
        """The first line of the row; the others are read again."""
        first, *others = self.taken
        self.waiting.extendleft(reversed(others))
        self.endless = False
        return first
