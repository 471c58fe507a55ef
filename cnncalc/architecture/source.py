"""A file's text as plain data, with the position of every value at hand.

Files come from strangers: nesting and alias expansion are bounded, and nothing in them is run.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..errors import ArchitectureError, Fault, Path, Place
from ..language import Text

MAX_DEPTH = 64

Locator = Callable[[Path], tuple[int, int] | None]
"""Finds the line and column (from 1) of a path in the data."""


class Source:
    """Plain data and where it stands: `place` finds the position of a path when a fault needs it."""

    def __init__(self, data: Any, file: str = "", text: str = "", locate: Locator = lambda path: None) -> None:
        self.data = data
        self.file = file
        self.text = text
        self._locate = locate

    def __reduce__(self) -> tuple[Any, ...]:
        return Source, (self.data, self.file, self.text)  # another process finds no fault in it

    def with_data(self, data: Any) -> Source:
        """Other data whose values stand in the same places."""
        return Source(data, self.file, self.text, self._locate)

    def within(self, key: str) -> Source:
        """A part of the data as a source of its own, whose values stand where they stood."""
        return Source(self.data[key], self.file, self.text, lambda path: self._locate((key, *path)))

    def place(self, path: Path) -> Place | None:
        """The position of `path`, or of the nearest value around it."""
        if not self.file:
            return None
        for length in range(len(path), -1, -1):
            if position := self._locate(path[:length]):
                return place_at(self.file, self.text, *position)
        return Place(self.file)


def place_at(file: str, text: str, line: int, column: int) -> Place:
    """A place with the line's own text."""
    lines = text.splitlines()
    return Place(file, line, column, lines[line - 1] if 0 < line <= len(lines) else None)


def failure(code: str, message: Text, place: Place, *remedies: Text) -> ArchitectureError:
    """The error for a file that cannot be read at all."""
    return ArchitectureError([Fault(code, message, place=place, remedies=remedies)])
