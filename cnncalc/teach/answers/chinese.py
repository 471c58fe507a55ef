"""Numbers in Chinese characters: 三百二十, 一萬八千四百九十六, 二〇二六; and 119萬9882.

Speech drops a last unit (三百二 for 320), which cannot be told from a forgotten 零: such a number is ambiguous.
"""

from __future__ import annotations

import re
from fractions import Fraction

from ...language import Text
from .understood import Number, Unclear

__all__ = ["chinese_number"]

DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")}
DIGITS |= {"〇": 0, "○": 0, "兩": 2}
CHARACTERS = frozenset("零〇○一二兩三四五六七八九十百千萬億")
ONE = "[一二兩三四五六七八九]"
SECTION = re.compile(rf"(?:({ONE})千)?(零?(?:{ONE})百)?(零?{ONE}十|(?<![千百])十)?(零?{ONE})?")
"""Thousands, hundreds, tens, ones."""

MIXED = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?([百千]?[萬億]|[百千])(?: ?([0-9]{4}|[0-9],[0-9]{3}))?")
UNITS = {"百": 100, "千": 1000, "萬": 10**4, "百萬": 10**6, "千萬": 10**7, "億": 10**8, "百億": 10**10, "千億": 10**11}
MOST = 40
"""Characters of a number."""


def chinese_number(text: str) -> Number | None:
    """The number that the text says, None if it says none; raises Unclear."""
    if found := MIXED.fullmatch(text):
        rest = int(found[3].replace(",", "")) if found[3] else 0
        value = Fraction(found[1]) * UNITS[found[2]]
        if rest and (found[2] != "萬" or value.denominator != 1 or value % 10**4):
            return None
        return _whole(value + rest)
    if not CHARACTERS.issuperset(text) or not text or len(text) > MOST:
        return None
    if len(text) > 1 and all(character in DIGITS for character in text):
        return int("".join(str(DIGITS[character]) for character in text))
    return _spoken(text)


def _whole(value: Fraction) -> Number:
    return value.numerator if value.denominator == 1 else value


def _spoken(text: str) -> int | None:
    total = 0
    for unit, size in (("億", 10**8), ("萬", 10**4)):
        high, parted, low = text.rpartition(unit)
        if parted:
            part = _section(high)
            if part is None:
                return None
            total += part * size
            if len(low) == 1:
                raise _dropped(text)
            text = low
    rest = _section(text) if text else 0
    return None if rest is None else total + rest


def _section(text: str) -> int | None:
    """A number below 10,000."""
    if text.removeprefix("零") in {"", "零", "〇", "○"}:
        return 0 if text else None
    found = SECTION.fullmatch(text.removeprefix("零"))
    if not found:
        return None
    thousands, hundreds, tens, ones = found.groups()
    if ones and not tens and (thousands or hundreds) and not ones.startswith("零"):
        raise _dropped(text)
    digits = [_digit(part) for part in (thousands, hundreds, tens, ones)]
    return 1000 * digits[0] + 100 * digits[1] + 10 * digits[2] + digits[3]


def _digit(part: str | None) -> int:
    part = (part or "零").removeprefix("零") if part != "零" else ""
    part = part[:1]
    return 1 if part == "十" else DIGITS.get(part, 0)


def _dropped(text: str) -> Unclear:
    return Unclear("ambiguous", Text("{text} can be two numbers: write it in digits", text=text))
