"""Answers to a choice: the letter of an option, or what the option says."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from string import ascii_uppercase
from typing import Any

from ...language import Text
from .characters import plain
from .understood import Understood
from .values import understand
from .words import LETTER

__all__ = ["read_option"]


def read_option(text: str, options: Sequence[Any]) -> Understood:
    """The letter of the option that is meant: `B`, `(b)`, `B: 18,496`, or `18496` where one option is that."""
    letters = ascii_uppercase[: len(options)]
    letter, said = _letter_and_more(text, letters)
    if said and (meant := _letters_of(said, options)):
        if letter in meant:
            return Understood("read", letter, letter)
        note = Text("the letter is {letter}, but {value} is {other}: write one of them", letter=letter, value=said, other=meant[0])  # fmt: skip
        return Understood("ambiguous", note=note)
    found = understand(text, "choice", names=letters)
    if found.verdict != "unreadable":
        return found
    meant = _letters_of(text, options)
    if len(meant) > 1:
        return Understood("ambiguous", note=Text("this can be several options: write the letter of one"))
    if meant:
        return Understood("read", meant[0], meant[0], Text("by its value"))
    return Understood("unreadable", note=Text("this is none of the options: write one of {letters}", letters=", ".join(letters)))  # fmt: skip


def _letter_and_more(text: str, letters: str) -> tuple[str, str]:
    """A letter and what follows it: `B: 18,496`."""
    found = LETTER.fullmatch(plain(text))
    letter = found[1].upper() if found else ""
    return (letter, (found[2] or "").strip()) if found and letter in letters else ("", "")


def _letters_of(text: str, options: Sequence[Any]) -> list[str]:
    """The letters of the options that the text can mean."""
    return [letter for letter, option in zip(ascii_uppercase, options, strict=False) if _means(text, option)]


def _means(text: str, option: Any) -> bool:
    if isinstance(option, str):
        return plain(text).casefold() == plain(option).casefold()
    read = understand(text, _kind(option), rank=len(option) if isinstance(option, tuple) else None)
    return read.verdict == "read" and bool(read.value == option)


def _kind(option: Any) -> str:
    match option:
        case bool():
            return "truth"
        case Fraction():
            return "real"
        case tuple():
            return "matrix" if any(isinstance(row, tuple) for row in option) else "shape"
    return "integer"
