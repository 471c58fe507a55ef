"""Files, and folders of them, that are there whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from .stopping import stoppable
from .streams import replaced


@contextmanager
def whole(target: Path) -> Iterator[TextIO]:
    """A text file, in UTF-8 (what that cannot say is a `?`), that takes its place when all of it is written and safe on the disk."""
    with replaced(target) as beside, text_file(beside) as stream:
        yield stream


@contextmanager
def text_file(path: Path) -> Iterator[TextIO]:
    """A text file in UTF-8, lines as they are written, safe on the disk at the end."""
    with path.open("w", encoding="utf-8", errors="replace", newline="") as stream:
        yield stream
        stream.flush()
        if path.is_file():  # a pipe or a device has no disk
            os.fsync(stream.fileno())


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """An empty folder beside `target`; at the end what is in it takes its place there. Other files there stay as they are."""
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    beside.mkdir()
    try:
        yield beside
        with stoppable(lambda: None):
            _move(beside, target)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _move(new: Path, target: Path) -> None:
    """Everything in `new` to `target`, in the place of what has its name; all of it, or nothing."""
    names = sorted(each.name for each in new.iterdir())
    target.mkdir(exist_ok=True)
    old = new / ".old"
    old.mkdir()
    try:
        for name in names:
            if (target / name).exists():
                (target / name).rename(old / name)
            (new / name).rename(target / name)
    except OSError:
        for name in names:
            _back(new / name, target / name, old / name)
        raise


def _back(new: Path, place: Path, old: Path) -> None:
    """What was there before is there again."""
    if not new.exists() and place.exists():
        place.rename(new)
    if old.exists():
        old.rename(place)
