"""Formulas as answers: any spelling that the reader of formulas knows, after a label, with x for times."""

from __future__ import annotations

import re
from collections.abc import Collection

from ...algebra.reading import FormulaError, formula
from ...expression import Expr
from ...language import Text
from .understood import Unclear, Understood

__all__ = ["read_formula"]

MAX_LENGTH = 200
LABEL = re.compile(r"[^\W\d][\w .\-]{0,60}[:=] *|[:=] *|答案? *")
TIMES = re.compile(r"(?<=[\w)\]]) ?[xX] ?(?=[\w(\[])")


def read_formula(text: str, symbols: Collection[str] = ()) -> Understood:
    """What a formula in `symbols` says; any name is a symbol where none are given."""
    if len(text) > MAX_LENGTH:
        raise Unclear("unreadable", Text("a formula may have at most {limit} characters", limit=MAX_LENGTH))
    if (found := LABEL.match(text)) and found.end() < len(text):
        text = text[found.end() :]
    if "=" in text:
        raise Unclear("ambiguous", Text("there is more than one formula here: write one"))
    if symbols and not {"x", "X"} & set(symbols):
        text = TIMES.sub("*", text)
    try:
        value = formula(text.rstrip(" ;"), symbols)
    except FormulaError as error:
        raise Unclear("unreadable", Text("this is not a formula ({reason})", reason=error.text)) from None
    if not isinstance(value, (int, Expr)):  # nothing else comes from text
        raise Unclear("unreadable", Text("this is not a formula ({reason})", reason=text))
    return Understood("read", value, str(value))
