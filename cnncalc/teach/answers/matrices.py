"""Matrices: [[1, 2], [3, 4]], `1 2; 3 4`, a row per line."""

from __future__ import annotations

import re
from fractions import Fraction

from ...language import Text
from .numbers import axis
from .scalars import unlabelled
from .understood import Number, Unclear, Understood, written

__all__ = ["read_matrix"]

NESTED = re.compile(r"[(\[{]\s*[(\[{](.*)[)\]}]\s*[)\]}]", re.DOTALL)
BETWEEN = re.compile(r"[)\]}]\s*,?\s*[(\[{]")
LINES = re.compile(r"\s*[;\n]\s*")
RATIO = re.compile(r"([+-]?[0-9]{1,40})/([0-9]{1,40})")
MAYBE_DECIMAL = re.compile(r"[0-9],[0-9]")
BLANKS_ALONE = re.compile(r"[0-9] +[-+]?[0-9.]")


def read_matrix(text: str) -> Understood:
    """Rows of numbers, all of one length."""
    text = unlabelled(text).strip(" ;|,")
    if found := NESTED.fullmatch(text):
        lines = BETWEEN.split(found[1])
    else:
        lines = LINES.split(text.strip("()[]{} "))
    rows = tuple(tuple(map(_value, _words(line))) for line in lines if line.strip(" ,"))
    if not rows or not all(rows):
        raise _unreadable()
    if len({len(row) for row in rows}) > 1:
        counts = ", ".join(str(len(row)) for row in rows)
        raise Unclear("unreadable", Text("the rows have different numbers of values: {counts}", counts=counts))
    return Understood("read", rows, f"[{', '.join(f'[{_row(row)}]' for row in rows)}]")


def _row(row: tuple[Number, ...]) -> str:
    return ", ".join(written(value).replace(",", "") for value in row)


def _words(line: str) -> list[str]:
    line = line.strip(" ,")
    if "," not in line:
        return line.split()
    if MAYBE_DECIMAL.search(line) and BLANKS_ALONE.search(line):
        raise Unclear("ambiguous", Text("the commas in {text} can be decimal points: write 1.5, and commas between numbers only", text=line))  # fmt: skip
    return [word.strip() for word in line.split(",")]


def _value(word: str) -> Number:
    value = axis(word)
    if value is None and (found := RATIO.fullmatch(word)) and int(found[2]):
        ratio = Fraction(int(found[1]), int(found[2]))
        value = ratio.numerator if ratio.denominator == 1 else ratio
    if value is None:
        raise _unreadable()
    return value


def _unreadable() -> Unclear:
    return Unclear("unreadable", Text("this is not a matrix: write it as [[1, 2], [3, 4]]"))
