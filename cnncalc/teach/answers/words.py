"""Answers in a word or a letter: true or false, and the letter of a choice."""

from __future__ import annotations

import re
from collections.abc import Collection
from unicodedata import normalize

from ...language import Text
from .scalars import unlabelled
from .understood import Unclear, Understood

__all__ = ["read_choice", "read_truth"]

TRUE = {
    "true", "t", "yes", "y", "right", "correct", "agree", "o", "v", "ok", "○", "◯", "〇", "⭕", "✓", "✔", "☑",
    "✅", "對", "是", "正確", "是的", "對的", "真", "同意", "沒錯", "成立",
}  # fmt: skip
FALSE = {
    "false", "f", "no", "n", "wrong", "incorrect", "disagree", "x", "*", "✗", "✘", "❌", "❎", "☒", "錯", "否",
    "不", "不是", "不對", "不正確", "錯誤", "錯的", "假", "不同意", "不成立", "非",
}  # fmt: skip
BEFORE = re.compile(r"(?:答案?|answer|ans)? *[:=]? *(?:(?:it|this|that) is )?")
WORD = re.compile(r"[^\s,.;:!()\[\]{}\"/]+")
MAX_WORDS = 60

LETTER = re.compile(r"(?:選項?|option|choice)? *[(\[{]? *([A-Za-z]|[0-9]{1,2}) *[)\]}]?(?:[.):,] *(.*)|)", re.IGNORECASE | re.DOTALL)  # fmt: skip
CIRCLED = re.compile("[\u2460-\u2473\u24b6-\u24e9]")


def read_truth(text: str) -> Understood:
    """True or false, by the first word; what follows may explain, and must not say the opposite."""
    words = WORD.findall(BEFORE.sub("", text.lower().replace("\ufe0f", ""), count=1))[:MAX_WORDS]
    said = {word in TRUE for word in words if word in TRUE or word in FALSE}
    if len(said) > 1:
        raise Unclear("ambiguous", Text("this says both true and false: write one of them"))
    if not words or (words[0] not in TRUE and words[0] not in FALSE):
        raise Unclear("unreadable", Text("write true or false"))
    value = words[0] in TRUE
    note = Text("by its first word") if len(words) > 1 else None
    return Understood("read", value, "true" if value else "false", note)


def read_choice(text: str, letters: Collection[str] = ()) -> Understood:
    """The letter (or number) of one choice among `letters`; any single one where none are given."""
    text = CIRCLED.sub(lambda found: normalize("NFKC", found[0]), unlabelled(text))
    found = LETTER.fullmatch(text)
    if not found:
        if _are_letters(text, letters):
            raise _one_of(letters)
        raise Unclear("unreadable", Text("write the letter of your choice"))
    letter, rest = found[1], (found[2] or "").strip()
    wanted = {each.casefold(): each for each in letters}
    if letters and letter.casefold() not in wanted:
        raise Unclear("unreadable", Text("there is no choice {letter}: write one of {letters}", letter=letter, letters=", ".join(letters)))  # fmt: skip
    if any(word.casefold() in wanted for word in re.findall(r"\b\w\b", rest)):
        raise _one_of(letters)
    chosen = wanted.get(letter.casefold(), letter.upper())
    return Understood("read", chosen, chosen, Text("by its letter") if rest else None)


def _are_letters(text: str, letters: Collection[str]) -> bool:
    """Whether the text is several choices: `A, C`, `AB`, `B or D`."""
    known = {each.casefold() for each in letters or "abcdefgh"}
    found = re.sub(r"\b(?:and|or)\b|[ ,;/&+和或、]", "", text.casefold())
    return bool(found) and all(letter in known for letter in found)


def _one_of(letters: Collection[str]) -> Unclear:
    if letters:
        return Unclear("ambiguous", Text("there is more than one choice here: write one of {letters}", letters=", ".join(letters)))  # fmt: skip
    return Unclear("ambiguous", Text("there is more than one choice here: write one letter"))
