"""What a teacher writes in an exercise beside names: exact numbers, shapes, matrices, and words in several languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from ..language import LANGUAGES, Text, current
from ..layers.fields import wrong

Number = int | Fraction
Value = bool | Number | str | tuple[Any, ...]
"""What an answer can be: a number, a shape, a matrix (a tuple of rows), true or false, a word."""

SHAPE = re.compile(r"\s*[(\[]?\s*(\d+(?:\s*[x×*,]\s*\d+)+)\s*[)\]]?\s*")
GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+")
DECIMAL = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,2})?|-?\d+/[1-9]\d*")  # YAML leaves 1e-6 a word
MAX_LENGTH = 100


def exact(value: Any) -> Fraction:
    """The number that stands in the file: 0.1 is a tenth, "1/3" a third."""
    if isinstance(value, Fraction):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 10**15:
        return Fraction(repr(value))  # the shortest decimal of a float is the one that was written
    if isinstance(value, str) and len(value) < MAX_LENGTH and DECIMAL.fullmatch(value.strip()):
        return Fraction(value.strip())
    raise wrong(Text("takes a number such as 2, 0.5 or 1/3, not {value}", value=repr(value)))


def number(value: Any) -> Number:
    """An exact number, as an int where it is whole."""
    found = exact(value)
    return found.numerator if found.denominator == 1 else found


def value_of(value: Any) -> Value:
    """A published or claimed value: 320, 0.25, "1,199,882", 14x14x64, [14, 14, 64], a matrix, true, a word."""
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        return number(value)
    if isinstance(value, (list, tuple)):
        return tuple(value_of(each) for each in value)
    if isinstance(value, str) and len(value) < MAX_LENGTH:
        return _word(value.strip())
    raise wrong(Text("takes a number, a shape, a matrix or a word, not {value}", value=repr(value)[:MAX_LENGTH]))


def _word(text: str) -> Value:
    if GROUPED.fullmatch(text):
        return int(text.replace(",", ""))
    if DECIMAL.fullmatch(text):
        return number(text)
    if found := SHAPE.fullmatch(text):
        return tuple(map(int, re.findall(r"\d+", found[1])))
    return text


def _points(value: Any) -> Fraction:
    points = exact(value)
    if points < 0:
        raise wrong(Text("must be at least {ge}, not {value}", ge=0, value=value))
    return points


def _share(value: Any) -> Fraction:
    share = exact(value)
    if not 0 <= share <= 1:
        raise wrong(Text("takes a share from 0 to 1, not {value}", value=value))
    return share


def _wording(value: Any) -> Mapping[str, str]:
    if isinstance(value, str):
        return {"": value}
    if not isinstance(value, dict) or not value or not all(isinstance(text, str) for text in value.values()):
        raise wrong(Text("takes a text, or texts by language such as {{en: ..., zh-TW: ...}}, not {value}", value=repr(value)[:MAX_LENGTH]))  # fmt: skip
    return {str(language): text for language, text in value.items()}


NUMBER = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^\d+/\d+$|^\d+(\.\d+)?$"}]}
TEXTS = {"anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}]}
ANY = {"type": ["boolean", "number", "string", "array"]}

Points = Annotated[Fraction, BeforeValidator(_points), WithJsonSchema(NUMBER)]
Share = Annotated[Fraction, BeforeValidator(_share), WithJsonSchema(NUMBER)]
Exact = Annotated[int | Fraction, BeforeValidator(number), WithJsonSchema(NUMBER)]
Wording = Annotated[Mapping[str, str], BeforeValidator(_wording), WithJsonSchema(TEXTS)]
"""A text by language; the language "" is the only one that was written."""

Stated = Annotated[Any, BeforeValidator(value_of), WithJsonSchema(ANY)]


def said(words: Mapping[str, str], language: str | None = None) -> str:
    """The text in `language` (else the current one), else in English, else in the first there is."""
    wanted = language or current()
    return next((words[each] for each in (wanted, "", "en", *LANGUAGES, *words) if each in words), "")
