"""What was understood of an answer."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, Literal, NamedTuple, Self

from ...expression import Expr
from ...language import Text

__all__ = ["BLANK", "Measured", "Number", "Unclear", "Understood", "Value", "echo", "written"]

Number = int | Fraction
Value = int | Fraction | tuple[Number, ...] | tuple[tuple[Number, ...], ...] | Expr | bool | str
Verdict = Literal["read", "blank", "ambiguous", "unreadable"]


class Measured(tuple[Any, ...]):
    """What was measured of a file that was handed in: rows of plain values, and the sum of it in words."""

    reading: str

    def __new__(cls, rows: Iterable[tuple[Any, ...]], reading: str) -> Self:
        self = super().__new__(cls, rows)
        self.reading = reading
        return self

    def __getnewargs__(self) -> tuple[Any, ...]:
        return (tuple(self), self.reading)


class Understood(NamedTuple):
    """An answer as it was understood; only one that was read has a value.

    A number that is not whole is a Fraction, also where an integer is asked for: 13.5 is a wrong answer, not an unclear one.
    """

    verdict: Verdict
    value: Value | None = None
    reading: str = ""
    """The value as people write it: `26×26×32`, `1,199,882`."""
    note: Text | None = None
    """Why it was not read, and what to write; or what was left out in reading it."""

    @property
    def echo(self) -> str:
        """What to show to whoever wrote it."""
        return echo(self.reading, self.note)


BLANK = Understood("blank")


def echo(reading: str, note: Text | None) -> str:
    """A value that was read, with a note on how, or why there is none."""
    return f"{reading} ({note})" if reading and note else reading or str(note or "")


class Unclear(Exception):
    """A text that no value can be taken from, and why."""

    def __init__(self, verdict: Literal["ambiguous", "unreadable"], note: Text) -> None:
        super().__init__(note)
        self.verdict: Verdict = verdict
        self.note = note


def written(value: Number) -> str:
    """A number as people write it: 1,199,882; 0.5; 1/3."""
    if value.denominator == 1:
        return f"{value.numerator:,}"
    below = value.denominator
    places = 0
    while below % 10 == 0:
        below, places = below // 10, places + 1
    twos = fives = 0
    while below % 2 == 0:
        below, twos = below // 2, twos + 1
    while below % 5 == 0:
        below, fives = below // 5, fives + 1
    if below > 1:
        return f"{value.numerator}/{value.denominator}"
    places += max(twos, fives)
    digits = f"{abs(value.numerator) * 10**places // value.denominator:0{places + 1}d}"
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"
