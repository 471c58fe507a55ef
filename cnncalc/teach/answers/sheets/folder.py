"""A folder with one file, or one folder, per student, named after the student; a file that cannot be read is told and left out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ....architecture.source import failure
from ....errors import ArchitectureError, Place
from ....language import Text
from ..decoding import text_of
from .columns import Names, rank_of
from .delimited import Delimited
from .excel import Workbook
from .model import MAX_COLUMNS, Batch, Remark, Table, Tell
from .own_folder import form_in
from .structured import FORMS, answers_in, read_data
from .worksheet import form_of, is_form

__all__ = ["Folder", "one_form"]

WRITTEN = {".md", ".markdown", ".txt"}
MAX_FILE = 2**20
MAX_FILES = 200_000


class Folder:
    """A row for each file; the columns are all names that any file has."""

    def __init__(self, path: str, names: Names) -> None:
        self.file = path
        self.names = names
        self.paths: list[Path] = []
        self.others: list[Path] = []
        for each in sorted(Path(path).iterdir()):
            if not each.name.startswith((".", "~$")):
                ours = (each.is_dir() or (each.is_file() and _readable(each))) and not each.is_symlink()
                (self.paths if ours else self.others).append(each)
        if not self.paths:
            raise failure("empty-folder", Text("the folder holds no answers: .md, .txt, .yaml, .json, .csv or .xlsx"), Place(path))  # fmt: skip
        if len(self.paths) > MAX_FILES:
            raise failure("too-many-files", Text("a folder may have {limit} files", limit=MAX_FILES), Place(path))
        titles = dict.fromkeys(title for _, form in self._forms(lambda remark: None) for title in form)
        self.header = ["student", *list(titles)[:MAX_COLUMNS]]

    def batches(self, tell: Tell) -> Iterator[Batch]:
        for other in self.others:
            tell(Remark("other-file", Text("this is not a file of answers"), str(other), loss=True))
        for path, form in self._forms(tell):
            student = path.name if path.is_dir() else path.stem
            yield Batch(1, [[student, *(form.get(title, "") for title in self.header[1:])]], str(path))

    def _forms(self, tell: Tell) -> Iterator[tuple[Path, dict[str, str]]]:
        for path in self.paths:
            try:
                form = self._form(path, tell)
            except (ArchitectureError, OSError) as error:
                message = error.first.message if isinstance(error, ArchitectureError) else Text("the file cannot be read: {reason}", reason=error.strerror)  # fmt: skip
                tell(Remark("unread-file", message, str(path), student=path.stem, loss=True))
                continue
            if path.is_dir() and not form:
                tell(Remark("other-file", Text("this folder has neither answers nor a file named after an item"), str(path), loss=True))  # fmt: skip
                continue
            yield path, {title: text for title, text in form.items() if rank_of(title) is None}

    def _form(self, path: Path, tell: Tell) -> dict[str, str]:
        """What one student wrote, in a file or in a folder."""
        if path.is_dir():
            return form_in(path, self.names, _readable, lambda file: self._form(file, tell), tell)
        if path.stat().st_size > MAX_FILE:
            raise failure("file-too-large", Text("the file is larger than {limit} MiB, the most that is read", limit=1), Place(str(path)))  # fmt: skip
        return one_form(str(path), self.names, tell)


def _readable(file: Path) -> bool:
    return file.suffix.lower() in {*WRITTEN, *FORMS, ".csv", ".tsv", ".xlsx"}


def one_form(path: str, names: Names, tell: Tell) -> dict[str, str]:
    """The texts of one student's file, by title."""
    ending = path[path.rfind(".") :].lower()
    if ending in WRITTEN:
        pairs = form_of(text_of(path, MAX_FILE)[0], names)
    elif ending in FORMS:
        pairs = [pair for form in answers_in(read_data(path), names, path)[:1] for pair in form.items()]
    else:
        pairs = _pairs(Workbook(path) if ending == ".xlsx" else Delimited(path, names.fit), names, tell)
    form: dict[str, str] = {}
    for title, text in pairs:
        found = names.find(title)
        name = found[0] if found else title
        if name in form and form[name] and text and form[name] != text:
            tell(Remark("answer-twice", Text("{item} is answered twice: the last answer is read", item=name), path, loss=True))  # fmt: skip
        if text or name not in form:
            form[name] = text
    return form


def _pairs(table: Table, names: Names, tell: Tell) -> list[tuple[str, str]]:
    """A table of item and answer, with or without a header, or a header and one row."""
    rows = [cells for batch in table.batches(tell) for cells in batch.rows]
    places = is_form(table.header)
    if places is None and len(table.header) == 2 and names.find(table.header[0]) and not names.find(table.header[1]):
        places, rows = (0, 1), [table.header, *rows]
    elif places is None and len(rows) == 1:
        return list(zip(table.header, rows[0], strict=False))
    elif places is None:
        raise failure("no-answers", Text("one student's file holds one row of answers, or items with their answers"), Place(table.file))  # fmt: skip
    return [(cells[places[0]].strip(), cells[places[1]]) for cells in rows if len(cells) > max(places)]
