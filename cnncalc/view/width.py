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
    lines = [""]
    for word in text.split(" "):
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if cells(joined) <= width:
            lines[-1] = joined
            continue
        if lines[-1]:
            lines.append("")
        for character in word:
            if lines[-1] and cells(lines[-1] + character) > width:
                lines.append("")
            lines[-1] += character
    return lines
