"""What can be wrong with an architecture, told so that it can be mended.

    CnncalcError
    └── ArchitectureError (also a ValueError)     .faults, .rows; the first fault's fields as its own

A `Fault` is one thing wrong: the rule with its numbers, the place, and remedies that were tried.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from .language import Text

__all__ = ["ArchitectureError", "CnncalcError", "Fault", "Path", "Place", "nearest"]

Path = tuple[str | int, ...]
"""The way to a value inside a file's data: ("layers", 2, "Conv2D", "filters")."""


class Place(NamedTuple):
    """A position in a file; line and column count from 1."""

    file: str
    line: int | None = None
    column: int | None = None
    excerpt: str | None = None
    """The line's own text, so that a reader sees what is meant."""


class Fault(NamedTuple):
    """One thing wrong with an architecture."""

    code: str
    """A stable word for programs, such as `window-too-large`."""
    message: Text
    layer: str | None = None
    path: Path = ()
    place: Place | None = None
    history: tuple[Text, ...] = ()
    """What led there."""
    remedies: tuple[Text, ...] = ()
    """What to do, each tried on the whole network before it is said."""

    def at(self, place: Place | None) -> Fault:
        """The same fault, with its position in the file."""
        return self._replace(place=place)

    def to_dict(self) -> dict[str, Any]:
        """The fault as schema 1 of the JSON output has it."""
        place = self.place or Place("")
        return {
            "code": self.code,
            "message": str(self.message),
            "layer": self.layer,
            "file": place.file or None,
            "line": place.line,
            "column": place.column,
            "history": [str(text) for text in self.history],
            "remedies": [str(text) for text in self.remedies],
        }


class CnncalcError(Exception):
    """Whatever cnncalc raises on purpose."""


class ArchitectureError(CnncalcError, ValueError):
    """An architecture that cannot be read or derived, with every fault found in one go."""

    def __init__(self, faults: Sequence[Fault], rows: Sequence[Any] = ()) -> None:
        self.faults = tuple(faults)
        self.rows = tuple(rows)
        """The rows derived before the faults, for a view to show."""
        super().__init__(*self.faults)

    def __str__(self) -> str:
        return "\n".join(map(_one_line, self.faults))

    @property
    def first(self) -> Fault:
        return self.faults[0]

    @property
    def code(self) -> str:
        return self.first.code

    @property
    def message(self) -> str:
        return str(self.first.message)

    @property
    def layer(self) -> str | None:
        return self.first.layer

    @property
    def file(self) -> str | None:
        return self.first.place.file if self.first.place else None

    @property
    def line(self) -> int | None:
        return self.first.place.line if self.first.place else None

    @property
    def column(self) -> int | None:
        return self.first.place.column if self.first.place else None

    @property
    def remedies(self) -> tuple[str, ...]:
        return tuple(map(str, self.first.remedies))


def _one_line(fault: Fault) -> str:
    place = fault.place or Place("")
    where = ":".join(str(part) for part in (place.file, place.line, place.column) if part)
    hints = "".join(f"; {text}" for text in fault.remedies)
    return f"{where + ': ' if where else ''}{fault.message}{hints}"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that looks most like `word`, whatever the case; None if none comes near."""
    from difflib import get_close_matches  # noqa: PLC0415 - a mistyped word is rare, and difflib slow to load

    by_lower = {each.lower(): each for each in known}
    found = get_close_matches(word.lower(), by_lower, n=1)
    return by_lower[found[0]] if found else None
