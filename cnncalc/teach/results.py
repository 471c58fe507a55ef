"""What marking gives: of every answer a verdict and a mark, of every student the sum, as exact fractions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal, NamedTuple

from ..expression import Expr
from ..language import LANGUAGES, Text
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

FAULTY = {"wrong", "partial"}
"""Verdicts whose codes tell a cause."""


class Evidence(NamedTuple):
    """What answers to an item can show."""

    shows: frozenset[str] = frozenset()
    """The misconceptions that would give a wrong answer."""
    also: tuple[str, ...] = ()
    """Those that give the right one too: a right answer is no evidence that these rules are understood."""


class ItemResult(NamedTuple):
    """One answer, marked."""

    item: str
    raw: str
    """As the student wrote it."""
    understood: Value | None
    echo: str
    """What was understood, for whoever wrote it."""
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

    def to_dict(self) -> dict[str, Any]:
        """The design's JSON, schema 1."""
        told = self.feedback
        return {
            "item": self.item,
            "raw": self.raw,
            "understood": plain_data(self.understood),
            "verdict": self.verdict,
            "score": None if self.score is None else str(self.score),
            "max": str(self.max),
            **({"manual": True} if self.manual else {}),
            **({"evidence": self.evidence} if self.evidence else {}),
            "codes": list(self.codes),
            **({"also": list(self.also)} if self.also else {}),
            "feedback": {language: told.into(language) for language in LANGUAGES} if told else None,
        }


@dataclass(frozen=True)
class StudentResult:
    """All answers of one student, in the order of the exercise."""

    student: str
    items: tuple[ItemResult, ...]
    details: Mapping[str, str] = field(default_factory=dict)
    """What else the answer sheet says of the student: name, email."""
    manual: Mapping[str, Fraction] = field(default_factory=dict)
    """Marks that a person gave, by item, or under "" for the whole; those of items are in `items` already."""
    causes: tuple[str, ...] = ()
    """The fewest misconceptions that explain what is wrong."""
    unread: Mapping[str, str] = field(default_factory=dict)
    """Marks by hand that are no numbers, as they were written."""
    numbers: Mapping[str, int] = field(default_factory=dict)
    """The student's own numbers, by variable of the network; empty where all have the same."""

    @cached_property
    def score(self) -> Fraction:
        """The marks that are given so far; a mark for the whole wins."""
        if "" in self.manual:
            return self.manual[""]
        return added(item.score for item in self.items if item.score is not None)

    @cached_property
    def max(self) -> Fraction:
        return added(item.max for item in self.items)

    @cached_property
    def undecided(self) -> int:
        """Answers that wait for a person."""
        return 0 if "" in self.manual else sum(item.score is None for item in self.items)

    @property
    def decided(self) -> bool:
        return not self.undecided

    @property
    def absent(self) -> bool:
        """Whether nothing at all was answered: that is a missing mark, not a mark of 0."""
        for item in self.items:
            if item.verdict != "blank":
                return False
        return not self.manual

    @property
    def final(self) -> Fraction | None:
        """The mark for a gradebook; None where there is none yet."""
        return self.score if self.decided and not self.absent else None

    def to_dict(self) -> dict[str, Any]:
        """The design's JSON, schema 1."""
        return {**self.about(), "items": [item.to_dict() for item in self.items]}

    def about(self) -> dict[str, Any]:
        """The same without the answers."""
        return {
            "student": self.student,
            "score": str(self.score),
            "max": str(self.max),
            "undecided": self.undecided,
            "codes": list(self.causes),
            **({"numbers": dict(self.numbers)} if self.numbers else {}),
            **({"manual": str(self.manual[""])} if "" in self.manual else {}),
            **({"unread_manual": list(self.unread)} if self.unread else {}),
        }


def added(marks: Iterable[Fraction]) -> Fraction:
    """The exact sum; marks are mostly whole, and whole numbers are added at once."""
    whole, rest = 0, Fraction(0)
    for mark in marks:
        if mark.denominator == 1:
            whole += mark.numerator
        else:
            rest += mark
    return rest + whole


def plain_data(value: Value | None) -> Any:
    """A value for JSON: whole numbers as they are, others as "27/2", shapes and matrices as lists, formulas as text."""
    match value:
        case tuple():
            return [plain_data(each) for each in value]
        case Fraction() | Expr():
            return str(value)
    return value


def decimal(value: Fraction, places: int = 6) -> str:
    """A number in decimals, no separators: exact where `places` suffice, else rounded, halves away from zero."""
    if value.denominator == 1:
        return str(value.numerator)
    unit = 10**places
    whole, part = divmod((2 * abs(value.numerator) * unit + value.denominator) // (2 * value.denominator), unit)
    digits = f"{part:0{places}d}".rstrip("0") if places else ""
    sign = "-" if value < 0 and (whole or part) else ""
    return f"{sign}{whole}.{digits}" if digits else f"{sign}{whole}"
