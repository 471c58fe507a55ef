"""Files as answers: what a student hands in beside the sheet, in a folder of their own.

A file counts only where the student alone could put it: in the folder that is named after the student, beside the sheet
(or, in a folder of students, the student's own). A name in a cell never leads anywhere else.
"""

from __future__ import annotations

import re
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Self

__all__ = ["MAX_FILE", "Handed", "folder_of", "handed", "harmless_name"]

MAX_FILE = 64 * 2**20
MAX_FILES = 1000
"""Of a folder, that are looked at."""

CHUNK = 2**20
SEPARATORS = re.compile(r"[/\\:\0]")
LIKE_OURS = re.compile(r"\(sha256 [0-9a-f]{16}\)")
DIGITS = 16
"""Of the hash that tells files of one name apart."""


class Handed(str):
    """A file that was handed in; as a text its name and a hash of its contents, so that equal ones are equal."""

    name: str
    digest: str
    path: str
    """Empty for a file that is too large."""

    def __new__(cls, name: str, digest: str, path: str) -> Self:
        self = super().__new__(cls, f"{name} (sha256 {digest})")
        self.name, self.digest, self.path = name, digest, path
        return self

    def __getnewargs__(self) -> tuple[str, str, str]:  # type: ignore[override]  # the arguments of ours, not of str
        return self.name, self.digest, self.path

    def renamed(self, stem: str) -> Handed:
        """The same file under a name that tells nobody's."""
        return Handed(stem + Path(self.name).suffix, self.digest, self.path)


def folder_of(file: str, student: str) -> Path | None:
    """The student's own folder, for a row that stands in `file`; None if there is none."""
    here = Path(file)
    if not here.is_dir():
        if not harmless_name(student):
            return None
        here = here.parent / student
    return here if here.is_dir() and not here.is_symlink() else None


def handed(text: str, folder: Path | None, item: str) -> str:
    """The file that a cell names; for a blank cell the one that is named after the item; else the text itself."""
    try:
        path = _path(text, folder, item)
        return LIKE_OURS.sub("", text) if path is None else Handed(path.name, *_read(path))
    except OSError:
        return LIKE_OURS.sub("", text)  # a file that cannot be opened is none that was handed in


def _path(text: str, folder: Path | None, item: str) -> Path | None:
    name = text.strip().strip("`'\"")
    path = None
    if folder is not None and not name:
        here = sorted(islice(folder.iterdir(), MAX_FILES))
        path = next((each for each in here if each.stem == item and each.is_file()), None)
    elif folder is not None and harmless_name(name):
        path = folder / name
    return None if path is None or path.is_symlink() or not path.is_file() else path


def harmless_name(name: str) -> bool:
    """Whether it is the plain name of one file or folder."""
    return bool(name.strip(". ")) and len(name.encode("utf-8", "replace")) < 256 and not SEPARATORS.search(name)


def _read(path: Path) -> tuple[str, str]:
    """The hash of a file, and its path; of one that is too large, of its size alone, and no path."""
    size = path.stat().st_size
    if size > MAX_FILE:
        return sha256(str(size).encode("ascii")).hexdigest()[:DIGITS], ""
    digest = sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()[:DIGITS], str(path)
