"""Cells that a spreadsheet does not take for a formula, and that are read back as they were.

Text that begins with `=`, `+`, `-` or `@`, in whatever width, or with a tab or the end of a line, is a formula or
a command to spreadsheets (OWASP, "CSV Injection"). A `'` before it makes it text again.
"""

from __future__ import annotations

from unicodedata import category, normalize

__all__ = ["defused", "restored"]

MARK = "'"
BEGINS = frozenset("=+-@")
BREAKS = frozenset("\t\r\n\v\f")


def defused(text: str) -> str:
    """The text, with a `'` before it if it could be a formula."""
    return MARK + text if _is_dangerous(text) else text


def restored(cell: str) -> str:
    """What `defused` was given; every other text stays as it is."""
    return cell[1:] if cell.startswith(MARK) and _is_dangerous(cell[1:]) else cell


def _is_dangerous(text: str) -> bool:
    """Whether a formula begins the text, after blanks and characters that cannot be seen.

    Marks of our own are passed over: text that only looks defused is defused too, so that restoring it is exact.
    """
    for character in text:
        if character in BREAKS:
            return True
        for plain in normalize("NFKC", character):
            if plain in BEGINS:
                return True
            if plain != MARK and not plain.isspace() and category(plain) not in {"Cf", "Cc"}:
                return False
    return False
