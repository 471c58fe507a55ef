"""Whole and real numbers as people answer with them: labels, units, products, and words of doubt.

`答案：320`, `18,496 params`, `3*3*32*64+64 = 18496` are read; `about 320` and `320 or 330` are not one number.
"""

from __future__ import annotations

import re
from fractions import Fraction

from ...algebra.reading import FormulaError, formula
from ...language import Text
from .numbers import MAX_DIGITS, number
from .understood import Number, Unclear, Understood, written

__all__ = ["read_integer", "read_real", "unlabelled"]

LABEL = re.compile(
    r"(?:[^\W\d][\w .\-]{0,60}?|) ?(?:[:=]|\bis\b|是|為)[:=]? *|答案? *|一?共 *|總[共計] *|合計 *|等於 *|= *"
)
"""What people write before an answer; a name begins with a letter."""

MAX_LABELS = 3

DOUBT = re.compile(
    r"~|≈|≒|±|\?|[約约]|大概|左右|可能|或|應該|\b(?:about|approx\w*|around|roughly|circa|nearly|almost|maybe|perhaps|probably|or|guess)\b",
    re.IGNORECASE,
)

UNIT = re.compile(
    r" ?(?:(?:trainable |total )?(?:params?|parameters?|weights?|biases|macs?|multiply-accumulates|flops?|operations|ops|"
    r"pixels?|px|units?|neurons?|values?|numbers?|elements?|features?|filters?|channels?|layers?|bytes?)"
    r"|個?(?:可訓練)?(?:參數|權重|像素|神經元|數值|特徵|濾波器|通道|位元組)|個|次|層)\.?$",
    re.IGNORECASE,
)
BYTES = re.compile(r"(.*[0-9]) ?([KMGkmg])(i?)[bB]")
BINARY = {"k": 2**10, "m": 2**20, "g": 2**30}

RATIO = re.compile(r"([+-]?[0-9]{1,40}) ?/ ?([0-9]{1,40})")
PERCENT = re.compile(r"(.*[0-9.]) ?%")
TIMES = re.compile(r"(?<=[0-9)\]]) ?[xX] ?(?=[0-9(\[])")
WORKING = re.compile(r"(?:[0-9 +\-*/^%().,\[\]⁰¹²³⁴⁵⁶⁷⁸⁹⌊⌋⌈⌉]|floor|ceil|max|min|mod)+")
WORKED = re.compile(r"[0-9)\]] ?[-+*/^%xX(\[⁰¹²³⁴⁵⁶⁷⁸⁹]")
"""A sign between numbers."""

MAX_WORKING = 100
"""Characters of a sum or a product that is worked out."""

MAX_STEPS = 8


def read_integer(text: str) -> Understood:
    """A whole number; one that is not whole is read as a Fraction."""
    return _scalar(text, real=False)


def read_real(text: str) -> Understood:
    """A number, exactly as it is written: 0.1 is 1/10."""
    return _scalar(text, real=True)


def unlabelled(text: str) -> str:
    """The text without what stands before the answer."""
    for _ in range(MAX_LABELS):
        found = LABEL.match(text)
        if not found or not found[0] or found.end() == len(text):
            break
        text = text[found.end() :]
    return text


def _scalar(text: str, *, real: bool) -> Understood:
    if (value := number(text, real=real)) is not None:
        return Understood("read", value, written(value))
    if DOUBT.search(text):
        raise Unclear("ambiguous", Text("this is not one definite number: write one number"))
    text = unlabelled(text).rstrip(" .,;!")
    steps = text.split("=")
    if len(steps) > MAX_STEPS:
        raise Unclear("unreadable", Text("write one number"))
    read = [_step(step.strip(" ="), real=real) for step in steps if step.strip()]
    if not read:
        raise Unclear("unreadable", Text("write one number"))
    if len({each.value for each in read}) > 1:
        told = " ≠ ".join(each.reading for each in read)
        raise Unclear("ambiguous", Text("the sides are not equal ({sides}): write one number", sides=told))
    return read[0]


def _step(text: str, *, real: bool) -> Understood:
    """One side of an equality."""
    bare = UNIT.sub("", text).strip()
    unit = text[len(bare) :].strip() if text.startswith(bare) else ""
    value = _quantity(bare, real=real)
    reading = written(value)
    if WORKED.search(bare) and bare != reading:
        reading = f"{bare} = {reading}"
    return Understood("read", value, reading, Text("without “{words}”", words=unit) if unit else None)


def _quantity(text: str, *, real: bool) -> Number:
    value = number(text, real=real)
    if value is None:
        value = _in_bytes(text, real=real)
    if value is None and real and (found := PERCENT.fullmatch(text)):
        part = number(found[1], real=True)
        value = None if part is None else _simple(Fraction(part) / 100)
    if value is None and (found := RATIO.fullmatch(text)) and int(found[2]):
        value = _simple(Fraction(int(found[1]), int(found[2])))
    return _worked_out(text) if value is None else value


def _simple(value: Fraction) -> Number:
    return value.numerator if value.denominator == 1 else value


def _in_bytes(text: str, *, real: bool) -> Number | None:
    """KiB are 1024 bytes; KB are 1000 to some and 1024 to others."""
    found = BYTES.fullmatch(text)
    if not found or (amount := number(found[1], real=True)) is None:
        return None
    if not found[3]:
        raise Unclear("ambiguous", Text("{unit} can be powers of 1000 or of 1024: write bytes, or {binary}", unit=f"{found[2]}B", binary=f"{found[2].upper()}iB"))  # fmt: skip
    value = _simple(Fraction(amount) * BINARY[found[2].lower()])
    if isinstance(value, Fraction) and not real:
        raise Unclear("ambiguous", Text("{text} is {value}, which is not whole: write all digits", text=text, value=written(value)))  # fmt: skip
    return value


def _worked_out(text: str) -> Number:
    """3*3*32*64+64: parsed, never run."""
    working = TIMES.sub("*", text)
    if len(working) > MAX_WORKING or not WORKING.fullmatch(working):
        raise Unclear("unreadable", Text("this is not a number: write one number, in digits"))
    try:
        value = formula(working)
    except FormulaError as error:
        raise Unclear("unreadable", Text("this cannot be worked out ({reason}): write one number", reason=error.text)) from None  # fmt: skip
    if not isinstance(value, int):
        raise Unclear("unreadable", Text("this is not a number: write one number, in digits"))
    if abs(value) >= 10**MAX_DIGITS:
        raise Unclear("unreadable", Text("a number may have {limit} digits", limit=MAX_DIGITS))
    return value
