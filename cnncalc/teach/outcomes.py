"""What answers are worth, however they are written: of every answer a verdict and a mark, as exact fractions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal, NamedTuple

from ..language import Text
from .answers import Value

Verdict = Literal["right", "carried", "partial", "wrong", "blank", "unreadable", "ambiguous"]

VERDICTS: dict[Verdict, Text] = {
    "right": Text("right"),
    "carried": Text("right from an earlier answer"),
    "partial": Text("partly right"),
    "wrong": Text("wrong"),
    "blank": Text("blank"),
    "unreadable": Text("not understood"),
    "ambiguous": Text("for a person to decide"),
}
"""What can be said of an answer, in the words that people read; the best first."""

UNREAD = {"blank", "unreadable", "ambiguous"}
"""Verdicts of answers that show nothing."""

FAULTY = {"wrong", "partial"}
"""Verdicts whose codes tell a cause."""


class Evidence(NamedTuple):
    """What answers to an item can show."""

    shows: frozenset[str] = frozenset()
    """The misconceptions that would give a wrong answer."""
    also: tuple[str, ...] = ()
    """Those that give the right one too: a right answer is no evidence that these rules are understood."""


class Spelling:
    """How an answer is written, and how it was read."""

    __slots__ = ("meaning", "note", "raw", "reading")

    def __init__(self, raw: str, reading: str = "", note: Text | None = None, meaning: Any = None) -> None:
        self.raw = raw
        """As the student wrote it."""
        self.reading = reading
        """The value as people write it."""
        self.note = note
        """Why it was not read, or what was left out in reading it."""
        self.meaning = meaning
        """What marking keeps for all spellings of one answer."""

    def __reduce__(self) -> tuple[Any, ...]:
        return Spelling, (self.raw, self.reading, self.note)


@dataclass(eq=False, slots=True)
class Outcome:
    """What an answer is worth, however it is written. Marking gives equal ones as one object, which nobody changes."""

    item: str
    understood: Value | None
    verdict: Verdict
    score: Fraction | None
    """With what a person gave; None as long as a person has to decide."""
    max: Fraction
    codes: tuple[str, ...] = ()
    """The misconceptions that lead to this answer."""
    feedback: Text | None = None
    also: tuple[str, ...] = ()
    """The misconceptions that lead to the right answer: it is no evidence against them."""
    manual: bool = False
    """Whether a person gave the score."""
    evidence: Mapping[str, Any] | None = None
    """What was measured of a file that was handed in."""
    note: Text | None = None
    """What marking found in how the answer was read."""


class Outcomes:
    """What all answers of a student are worth, in the order of the exercise. Equal ones are one object, as with `Outcome`."""

    def __init__(self, items: tuple[Outcome, ...], causes: tuple[str, ...] = ()) -> None:
        self.items = items
        self.causes = causes
        """The fewest misconceptions that explain what is wrong."""
        self.undecided = sum([each.score is None for each in items])
        """Answers that wait for a person."""

    @cached_property
    def score(self) -> Fraction:
        """The marks that are given so far."""
        return added(each.score for each in self.items if each.score is not None)

    @cached_property
    def max(self) -> Fraction:
        return added(each.max for each in self.items)

    @property
    def blank(self) -> bool:
        """Whether nothing at all was answered."""
        return all(each.verdict == "blank" for each in self.items)

    @cached_property
    def unread(self) -> frozenset[str]:
        """The items whose answers show nothing."""
        return frozenset([each.item for each in self.items if each.verdict in UNREAD])

    @cached_property
    def commonest(self) -> tuple[int, str]:
        """How many wrong answers have the commonest of the causes, and which this is."""
        codes = [each.codes for each in self.items if each.codes and each.verdict in FAULTY]
        counts = [(-sum(cause in each for each in codes), cause) for cause in self.causes]
        n, cause = min(counts, default=(0, ""))
        return -n, cause

    def with_marks(self, manual: Mapping[str, Fraction]) -> Outcomes:
        """The same with marks that a person gave, by item."""
        items = [replace(each, score=manual[each.item], manual=True) if each.item in manual else each for each in self.items]  # fmt: skip
        return Outcomes(tuple(items), self.causes)


def added(marks: Iterable[Fraction]) -> Fraction:
    """The exact sum; marks are mostly whole, and whole numbers are added at once."""
    whole, rest = 0, Fraction(0)
    for mark in marks:
        if mark.denominator == 1:
            whole += mark.numerator
        else:
            rest += mark
    return rest + whole
