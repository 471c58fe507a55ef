"""Values as people read them: 14×14×64; 1,199,882; 0.25; 1/3; true."""

from __future__ import annotations

from fractions import Fraction

from ..language import Text, current
from .answers.understood import Measured, written


def plain(value: object, language: str | None = None) -> str:
    """A value in the words of a language, else of the current one; what is no value of ours, as Python writes it."""
    match value:
        case Measured():
            return value.reading
        case bool():
            return (Text("true") if value else Text("false")).into(language or current())
        case int() | Fraction():
            return written(value)
        case tuple() if any(isinstance(row, tuple) for row in value):
            return "; ".join(" ".join(plain(each, language) for each in row) for row in value)
        case tuple():
            return "×".join(map(str, value))
    return str(value)
