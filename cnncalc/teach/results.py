"""What marking gives: a student's answers as they are written, each with what it is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

from ..expression import Expr
from ..language import LANGUAGES, Text
from .answers import Value
from .answers.understood import echo
from .outcomes import Outcome, Outcomes, Spelling, Verdict


class ItemResult(NamedTuple):
    """One answer: how it is written, and what it is worth."""

    spelling: Spelling
    outcome: Outcome

    @property
    def raw(self) -> str:
        return self.spelling.raw

    @property
    def echo(self) -> str:
        """What was understood, for whoever wrote it."""
        return echo(self.spelling.reading, self.outcome.note or self.spelling.note)

    @property
    def item(self) -> str:
        return self.outcome.item

    @property
    def understood(self) -> Value | None:
        return self.outcome.understood

    @property
    def verdict(self) -> Verdict:
        return self.outcome.verdict

    @property
    def score(self) -> Fraction | None:
        return self.outcome.score

    @property
    def max(self) -> Fraction:
        return self.outcome.max

    @property
    def codes(self) -> tuple[str, ...]:
        return self.outcome.codes

    @property
    def feedback(self) -> Text | None:
        return self.outcome.feedback

    @property
    def also(self) -> tuple[str, ...]:
        return self.outcome.also

    @property
    def manual(self) -> bool:
        return self.outcome.manual

    @property
    def evidence(self) -> Mapping[str, Any] | None:
        return self.outcome.evidence

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


@dataclass(slots=True)
class StudentResult:
    """All answers of one student."""

    student: str
    spellings: tuple[Spelling, ...]
    outcomes: Outcomes
    """With what a person gave."""
    details: Mapping[str, str] = field(default_factory=dict)
    """What else the answer sheet says of the student: name, email."""
    manual: Mapping[str, Fraction] = field(default_factory=dict)
    """Marks that a person gave, by item, or under "" for the whole."""
    unread: Mapping[str, str] = field(default_factory=dict)
    """Marks by hand that are no numbers, as they were written."""
    numbers: Mapping[str, int] = field(default_factory=dict)
    """The student's own numbers, by variable of the network; empty where all have the same."""

    @property
    def items(self) -> tuple[ItemResult, ...]:
        """The answers, in the order of the exercise."""
        return tuple(map(ItemResult, self.spellings, self.outcomes.items))

    @property
    def causes(self) -> tuple[str, ...]:
        """The fewest misconceptions that explain what is wrong."""
        return self.outcomes.causes

    @property
    def score(self) -> Fraction:
        """The marks that are given so far; a mark for the whole wins."""
        return self.manual.get("", self.outcomes.score)

    @property
    def max(self) -> Fraction:
        return self.outcomes.max

    @property
    def undecided(self) -> int:
        """Answers that wait for a person."""
        return 0 if "" in self.manual else self.outcomes.undecided

    @property
    def decided(self) -> bool:
        return not self.undecided

    @property
    def absent(self) -> bool:
        """Whether nothing at all was answered: that is a missing mark, not a mark of 0."""
        return self.outcomes.blank and not self.manual

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
