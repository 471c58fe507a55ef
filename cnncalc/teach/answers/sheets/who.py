"""Who a row belongs to, as the column of names says it."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from unicodedata import normalize

from ...defusing import restored

__all__ = ["Who"]


class Who:
    """The columns that say who the student is: one, or last and first name."""

    def __init__(self, places: Sequence[int]) -> None:
        self.places = tuple(places)

    def names(self, rows: Sequence[Sequence[str]]) -> list[str]:
        """The students of rows that have all columns."""
        if len(self.places) == 1:
            names = list(map(itemgetter(self.places[0]), rows))
            joined = "".join(names)
            if joined.isascii() and joined.isalnum():  # as most are, these are plain already
                return names
        return list(map(self.name, rows))

    def name(self, cells: Sequence[str]) -> str:
        """The student's name, in plain characters, without the sign that guards a spreadsheet."""
        name = " ".join([cells[at] for at in self.places if at < len(cells)])
        name = name.strip() if name.isascii() else normalize("NFKC", name).strip()
        return restored(name)
