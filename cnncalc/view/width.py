"""How much room text takes on a screen: Chinese characters take two cells."""

from __future__ import annotations

from unicodedata import combining, east_asian_width

GAP = "  "


def cells(text: str) -> int:
    """The cells that `text` takes in a terminal."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def pad(text: str, width: int, *, right: bool = False) -> str:
    """`text` filled up to `width` cells; `right` puts it at the end."""
    space = " " * (width - cells(text))
    return space + text if right else text + space


def fold(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` cells; words stay whole where they can, nothing is lost."""
    lines, used = [""], 0
    for word in text.split(" "):
        wide = cells(word)
        space = " " if lines[-1] else ""
        if used + len(space) + wide <= width:
            lines[-1] += space + word
            used += len(space) + wide
            continue
        if lines[-1]:
            lines.append("")
            used = 0
        for character in word:
            if lines[-1] and used + cells(character) > width:
                lines.append("")
                used = 0
            lines[-1] += character
            used += cells(character)
    return lines
