"""How much room text takes on a screen: Chinese characters take two cells."""

from __future__ import annotations

from collections.abc import Iterator
from unicodedata import combining, east_asian_width

GAP = "  "
NOT_FIRST = frozenset("，。、；：？！）」』》〉…,.;:?!)]}%")
"""What never begins a line, beside Chinese."""
NOT_LAST = frozenset("（「『《〈([{")
"""What never ends one."""


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
    """`text` in lines of at most `width` cells; words stay whole where they can, nothing is lost.

    Chinese, which is written without spaces, may break between any two characters, but not before its punctuation.
    """
    lines, used = [""], 0
    for word in text.split(" "):
        for number, piece in enumerate(_pieces(word)):
            wide = cells(piece)
            space = " " if lines[-1] and not number else ""
            if used + len(space) + wide <= width:
                lines[-1] += space + piece
                used += len(space) + wide
                continue
            if lines[-1]:
                lines.append("")
                used = 0
            for character in piece:
                if lines[-1] and used + cells(character) > width:
                    lines.append("")
                    used = 0
                lines[-1] += character
                used += cells(character)
    return lines


def _pieces(word: str) -> Iterator[str]:
    """The parts of a word that stay on one line: all of it, but for Chinese a character with its punctuation."""
    if word.isascii():
        yield word
        return
    begun = 0
    for at in range(1, len(word)):
        before, after = word[at - 1], word[at]
        if (_wide(before) or _wide(after)) and before not in NOT_LAST and after not in NOT_FIRST:
            yield word[begun:at]
            begun = at
    yield word[begun:]


def _wide(character: str) -> bool:
    return east_asian_width(character) in "WF"
