"""Names of files from names of students: safe on every system, readable, and no two the same."""

from __future__ import annotations

from unicodedata import normalize

LONGEST = 60
"""Characters; in UTF-8 at most four bytes each, and systems allow 255."""
RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
"""What Windows takes for devices."""


class FileNames:
    """One name for each student, in the order in which they come."""

    def __init__(self) -> None:
        self._used: set[str] = set()
        self._next: dict[str, int] = {}

    def __call__(self, student: str) -> str:
        """Letters, digits, `-` and `_` stay; a number at the end tells apart what would be the same in any case."""
        plain = safe(student)
        folded, found = plain.casefold(), plain
        while found.casefold() in self._used:
            self._next[folded] = self._next.get(folded, 1) + 1
            found = f"{plain}-{self._next[folded]}"
        self._used.add(found.casefold())
        return found


def safe(student: str) -> str:
    """`Ada Lovelace` is `Ada_Lovelace`; `../x` is `x`."""
    kept = "".join(each if each.isalnum() or each in "-_" else " " for each in normalize("NFKC", student))
    name = "_".join(kept.split()).strip("-_")[:LONGEST] or "student"
    return f"{name}_" if name.casefold() in RESERVED else name
