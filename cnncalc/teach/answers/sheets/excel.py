"""Workbooks of Excel (.xlsx), read by openpyxl: stored values, no formula is run, and sizes are checked before anything is unpacked."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, time, timedelta
from typing import Any
from zipfile import BadZipFile, ZipFile

from ....architecture.source import failure
from ....errors import ArchitectureError, Place
from ....language import Text
from ..decoding import unreadable
from .model import MAX_COLUMNS, MAX_ROWS, Batch, Remark, Tell
from .structured import cell_text

__all__ = ["Workbook"]

SHEETS = "xl/worksheets/"
MAX_PARTS = 2000
MAX_SHEET = 512 * 2**20
MAX_PART = 32 * 2**20
"""Bytes, unpacked: of the sheets, which are streamed, and of any other part, which is held in memory."""

CHUNK = 2**20
"""Bytes that are looked at in one go; no cell of a spreadsheet is as long (Excel's limit is 32,767 characters)."""
LONGEST_ROW = 16
"""Such pieces without the end of a row."""
BEGINS = re.compile(rb"(?:\xef\xbb\xbf)?(?:<\?xml[^>]*\?>)?\s*<[A-Za-z_]")
"""XML whose first tag is an element: no document type comes before it, nor a comment that hides one."""


class Workbook:
    """The first sheet of a workbook."""

    def __init__(self, path: str) -> None:
        self.file = path
        self.remarks: list[Remark] = []
        _check_archive(path)
        formulas = _scanned(path)
        with self._sheet() as (sheet, others):
            first = next(sheet.iter_rows(max_row=1, max_col=MAX_COLUMNS + 1, values_only=True), ())
            if others:
                message = Text("the first sheet, {name}, is read; {n} more are not", name=repr(sheet.title), n=others)
                self.remarks.append(Remark("other-sheets", message, path))
        titles = [cell_text(value).strip() for value in first]
        while titles and not titles[-1]:
            titles.pop()
        if not titles:
            raise failure(
                "empty-file", Text("the first row of the sheet is empty: it must hold the titles"), Place(path)
            )
        if len(titles) > MAX_COLUMNS:
            raise failure("too-many-columns", Text("a sheet may have {limit} columns", limit=MAX_COLUMNS), Place(path))
        self.header = titles
        if formulas:
            message = Text("some cells are formulas: the values saved with them are read, and one without is blank")
            self.remarks.append(Remark("formulas", message, path, loss=True))

    def batches(self, tell: Tell) -> Iterator[Batch]:
        for remark in self.remarks:
            tell(remark)
        width = len(self.header)
        with self._sheet() as (sheet, _):
            rows = sheet.iter_rows(min_row=2, max_row=MAX_ROWS + 2, max_col=width + 1, values_only=True)
            for number, values in enumerate(rows, start=2):
                cells = [value if isinstance(value, str) else self._cell(value, number, column, tell) for column, value in enumerate(values)]  # fmt: skip
                yield Batch(number, [cells if len(cells) <= width or cells[width] else cells[:width]], self.file)

    def _cell(self, value: Any, row: int, column: int, tell: Tell) -> str:
        if isinstance(value, (date, time, timedelta)):
            title = self.header[column] if column < len(self.header) else ""
            tell(
                Remark(
                    "date", Text("this cell is a date: a spreadsheet makes one of 3-4 or 10/5"), self.file, row, title
                )
            )
        return cell_text(value)

    @contextmanager
    def _sheet(self) -> Iterator[tuple[Any, int]]:
        """The first sheet and the number of the others, in a workbook that is closed again."""
        try:
            import openpyxl
        except ImportError:
            remedies = Text('pip install "cnncalc[xlsx]"'), Text("save it as CSV (UTF-8)")
            raise failure("no-openpyxl", Text("reading .xlsx needs openpyxl"), Place(self.file), *remedies) from None
        book = None
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # about styles and extensions, which are not read
                book = openpyxl.load_workbook(self.file, read_only=True, data_only=True, keep_links=False)
                sheets = book.worksheets
                sheets[0].reset_dimensions()  # what a file says of its size need not be true
                yield sheets[0], len(sheets) - 1
        except ArchitectureError:
            raise
        except OSError as error:
            raise unreadable(self.file, error) from None
        except Exception as error:  # openpyxl meets damage with whatever exception comes up
            raise _damaged(self.file, error) from None
        finally:
            if book is not None:
                book.close()


def _check_archive(path: str) -> None:
    """Refuse what would unpack to more than is read, by the sizes that the archive declares (and that unpacking stops at)."""
    try:
        with ZipFile(path) as archive:
            parts = archive.infolist()
            sheets = sum(part.file_size for part in parts if part.filename.startswith(SHEETS))
            others = max((part.file_size for part in parts if not part.filename.startswith(SHEETS)), default=0)
            if len(parts) > MAX_PARTS or sheets > MAX_SHEET or others > MAX_PART:
                raise _too_much(path)
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as stream:
                        if not BEGINS.match(stream.read(CHUNK)):
                            raise failure("damaged", Text("the workbook declares a document type, or is no XML"), Place(path))  # fmt: skip
    except OSError as error:
        raise unreadable(path, error) from None
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        if isinstance(error, ArchitectureError):
            raise
        raise _damaged(path, error) from None
    except Exception as error:  # a damaged archive: zlib.error, and struct.error of its directory
        raise _damaged(path, error) from None


def _damaged(path: str, error: Exception) -> ArchitectureError:
    reason = (str(error) or type(error).__name__).splitlines()[0][:200]
    return failure("damaged", Text("this is no workbook, or it is damaged: {reason}", reason=reason), Place(path), Text("save it as CSV (UTF-8)"))  # fmt: skip


def _scanned(path: str) -> bool:
    """Whether the first sheet has formulas. Refuses cells and rows without end, which would be held in memory whole."""
    formulas = False
    with ZipFile(path) as archive:
        sheets = [name for name in archive.namelist() if name.startswith(SHEETS) and name.endswith(".xml")]
        for at, name in enumerate(sheets):
            with archive.open(name) as stream:
                last, rowless = b"", 0
                while chunk := stream.read(CHUNK):
                    rowless = 0 if b"</row" in chunk else rowless + 1
                    if rowless > LONGEST_ROW or (len(chunk) == CHUNK and b"<" not in chunk):
                        raise _too_much(path)
                    formulas = formulas or (at == 0 and (b"<f>" in last + chunk or b"<f " in last + chunk))
                    last = chunk[-3:]
    return formulas


def _too_much(path: str) -> ArchitectureError:
    return failure("zip-bomb", Text("the workbook unpacks to more than is read"), Place(path), Text("save it as CSV (UTF-8)"))  # fmt: skip
