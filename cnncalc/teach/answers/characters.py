"""What people type, in plain characters: full-width forms, look-alike signs, spaces that nobody sees.

NFKC would go too far: it makes `32` of `3²` and `31/2` of `3½`. Here a character is folded only where its plain form
is the same sign in another width or fount; raised digits, fractions and circles stay what they are.
"""

from __future__ import annotations

import re
from unicodedata import decomposition, normalize

__all__ = ["plain", "squeezed"]

SAME = {"wide", "narrow", "small", "vertical", "noBreak", "compat", "font"}
"""Kinds of compatibility forms (Unicode, UAX #44) that mean the character they stand for."""

SIGNS = {
    "*": "×✕✖⨯╳∗⋅∙·⁎＊乘",
    "-": "−–—―‐‑‒ーｰ－﹣",
    "/": "÷⁄∕／",
    "~": "〜∼～",
    "'": "’‘′＇",
    '"': "“”〝〞「」『』",
    ",": "、﹑､，",
    ".": "。｡．",
    "(": "（〔【〈《⟨",
    ")": "）〕】〉》⟩",
    "": "\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u00ad",
}
"""Signs that NFKC leaves alone, or that it would fold to something else."""

REMEMBERED = 4096


class Folding(dict[int, str]):
    """From a character's number to its plain form, looked up once."""

    def __missing__(self, number: int) -> str:
        character = chr(number)
        form = decomposition(character).partition(" ")[0].strip("<>")
        plain = normalize("NFKC", character) if form in SAME else character
        if len(self) < REMEMBERED:
            self[number] = plain
        return plain


FOLDING = Folding({ord(sign): plain for plain, signs in SIGNS.items() for sign in signs})


def plain(text: str) -> str:
    """The text in plain characters, without what surrounds it."""
    if not text.isascii():
        text = text.translate(FOLDING).replace("*以", "*").replace("*上", "*")
    return text.strip(" \t\r\n\v\f\"`'")


def squeezed(title: str) -> str:
    """A title without case, blanks, dots and dashes."""
    return re.sub(r"[\s_.\-]+", "", plain(title).casefold())
