"""One number, written out: 320, 18,496, 1.8e4, 12k, 13.5. Exact, and never guessed.

`1.234` for an integer may be 1234; `10,5` may be 10.5 or two numbers; both are ambiguous.
"""

from __future__ import annotations

import re
from fractions import Fraction

from ...language import Text
from .chinese import chinese_number
from .understood import Number, Unclear, written

__all__ = ["MAX_DIGITS", "axis", "number"]

MAX_DIGITS = 40

WHOLE = re.compile(r"[+-]?[0-9]+")
GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:(?:,[0-9]{3})+|(?: [0-9]{3})+|(?:_[0-9]{3})+|(?:'[0-9]{3})+)")
DOTTED = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:\.[0-9]{3})+")
DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.[0-9]*|\.[0-9]+)")
GROUPED_DECIMAL = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+\.[0-9]+")
COMMA = re.compile(r"[+-]?[0-9]+(?:\.[0-9]{3})*,[0-9]+")
SEVERAL = re.compile(r"[(\[{<]*[0-9.]+(?:\s*[,; ]\s*[0-9.]+)+[)\]}>]*")
SCIENTIFIC = re.compile(r"([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))(?:[eE]| ?\* ?10 ?(?:\^|\*\*) ?)([+-]?[0-9]{1,3})")
SHORTENED = re.compile(r"[+-]?[0-9]\.[0-9]+E\+[0-9]{2}")
"""As a spreadsheet shows a number that is too long for its column."""

SCALED = re.compile(r"([+-]?[0-9][0-9,]*(?:\.[0-9]+)?) ?(k|K|thousand|M|million|G|billion)", re.ASCII)
SCALES = {"k": 10**3, "K": 10**3, "thousand": 10**3, "M": 10**6, "million": 10**6, "G": 10**9, "billion": 10**9}


def number(text: str, *, real: bool = False) -> Number | None:
    """The number that the text is, None if it is none; raises Unclear. `real`: not only whole numbers are expected."""
    if len(text) > 2 * MAX_DIGITS:
        return None
    if WHOLE.fullmatch(text):
        return _integer(text)
    if GROUPED.fullmatch(text):
        if real and text.count(",") == 1:
            raise _point_or_group(text, text.replace(",", ""), text.replace(",", "."))
        return _integer(re.sub("[,_' ]", "", text))
    if DECIMAL.fullmatch(text) and (real or not DOTTED.fullmatch(text)):
        return _fraction(text)
    if DOTTED.fullmatch(text):
        raise _point_or_group(text, text.replace(".", ""), text if text.count(".") == 1 else Text("several numbers"))
    if GROUPED_DECIMAL.fullmatch(text):
        return _fraction(text.replace(",", ""))
    if COMMA.fullmatch(text):
        point = text.replace(".", "").replace(",", ".")
        raise Unclear("ambiguous", Text("{text} can be {point}, or several numbers: write a decimal point, or one number", text=text, point=point))  # fmt: skip
    if SEVERAL.fullmatch(text):
        raise _several(text)
    value = _scaled(text, real=real)
    return chinese_number(text) if value is None else value


def axis(text: str) -> Number | None:
    """One axis of a shape, or one value of a matrix, where commas part numbers."""
    if WHOLE.fullmatch(text):
        return _integer(text)
    if DECIMAL.fullmatch(text) and len(text) <= MAX_DIGITS:
        if DOTTED.fullmatch(text):
            raise _point_or_group(text, text.replace(".", ""), text)
        return _fraction(text)
    return None


def _integer(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise Unclear("unreadable", Text("a number may have {limit} digits", limit=MAX_DIGITS))
    return int(text)


def _fraction(text: str) -> Number:
    value = Fraction(text)
    return value.numerator if value.denominator == 1 else value


def _scaled(text: str, *, real: bool) -> Number | None:
    """1.8e4, 1.8×10^4, 12k, 1.2M."""
    if SHORTENED.fullmatch(text):
        raise Unclear("ambiguous", Text("{text} may have been shortened by a spreadsheet: write all digits", text=text))
    if found := SCIENTIFIC.fullmatch(text):
        power = int(found[2])
        if abs(power) > MAX_DIGITS:
            raise Unclear("unreadable", Text("a number may have {limit} digits", limit=MAX_DIGITS))
        value = Fraction(found[1]) * Fraction(10) ** power
    elif found := SCALED.fullmatch(text):
        if "," in found[1] and not (GROUPED.fullmatch(found[1]) or GROUPED_DECIMAL.fullmatch(found[1])):
            return None
        value = Fraction(found[1].replace(",", "")) * SCALES[found[2]]
    else:
        return None
    if value.denominator == 1:
        return value.numerator
    if real:
        return value
    raise Unclear("ambiguous", Text("{text} is {value}, which is not whole: write all digits", text=text, value=written(value)))  # fmt: skip


def _point_or_group(text: str, whole: str, point: str | Text) -> Unclear:
    return Unclear("ambiguous", Text("{text} can be {whole} or {point}: write it without a separator of thousands", text=text, whole=whole, point=point))  # fmt: skip


def _several(text: str) -> Unclear:
    return Unclear("ambiguous", Text("{text} is several numbers: write one", text=text))
