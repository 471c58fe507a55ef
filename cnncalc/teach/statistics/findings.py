"""What is found out about a class, for views to show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from ...language import Text
from ..answers import Value
from ..results import plain_data

Count = int | None
"""A number of students; None where there are some, but so few that they are not told."""


class WrongValue(NamedTuple):
    """A wrong answer that several gave."""

    value: Value
    codes: tuple[str, ...]
    students: int
    share: Fraction
    """Of those who handed something in."""


@dataclass(frozen=True, slots=True)
class ItemFindings:
    """How one item worked."""

    item: str
    points: Fraction
    n: int
    """Students with a mark."""
    facility: Fraction | None
    """The mean mark as a share of the points: 1 is easy."""
    verdicts: Mapping[str, Count]
    item_rest: float | None
    interval: tuple[float, float] | None
    """Where the correlation lies, with a confidence of 95 %."""
    labels: tuple[Text, ...]
    warnings: tuple[Text, ...]
    values: tuple[WrongValue, ...]
    rare: int
    """Wrong answers that are not listed."""
    at_most_missing: int
    """By how much the counts of values may be too low, in a class of very many different answers."""
    also: tuple[str, ...] = ()
    """Misconceptions that give the right answer too: right answers do not show that these rules are understood."""

    def to_dict(self) -> dict[str, Any]:
        """Schema 1; shares are exact, correlations have four places."""
        return {
            "item": self.item,
            "points": str(self.points),
            "n": self.n,
            "facility": _text(self.facility),
            "verdicts": dict(self.verdicts),
            "item_rest": _rounded(self.item_rest),
            "interval": [_rounded(end) for end in self.interval] if self.interval else None,
            "labels": [text.into("en") for text in self.labels],
            "warnings": [text.into("en") for text in self.warnings],
            "wrong_values": [
                {"value": plain_data(each.value), "codes": list(each.codes), "students": each.students}
                for each in self.values
            ],
            "rare": self.rare,
            "also": list(self.also),
        }


class CodeFindings(NamedTuple):
    """How common a misconception is: students with a wrong answer that it explains."""

    code: str
    students: int
    share: Fraction
    upper: Count
    lower: Count
    chances: Count = None
    """Students who answered an item that can show it, or have it."""


class Group(NamedTuple):
    """The students with the highest or the lowest totals."""

    n: int
    bound: Fraction
    """The lowest total of the upper group, the highest of the lower one."""


class Bin(NamedTuple):
    """Students with a mark from `low` up to, but not including, `high` (shares of the points); the last one includes it."""

    low: Fraction
    high: Fraction
    students: Count


class Talk(NamedTuple):
    """A student to talk to, and why."""

    student: str
    reason: Text
    code: str | None = None


@dataclass(frozen=True, slots=True)
class ClassFindings:
    """What is found out about a class."""

    students: int
    absent: int
    """Handed in nothing."""
    undecided: int
    """Students with an answer that a person has to decide."""
    complete: int
    """Students with all marks: the n of correlations, reliability and groups."""
    max: Fraction
    mean: Fraction | None
    median: Fraction | None
    deviation: float | None
    """The standard deviation of a sample."""
    alpha: Fraction | None
    bins: tuple[Bin, ...]
    items: tuple[ItemFindings, ...]
    codes: tuple[CodeFindings, ...]
    rare_codes: int
    """Misconceptions too rare to be listed."""
    upper: Group | None
    lower: Group | None
    labelled: bool
    """Whether there are enough students to judge items."""
    hide_below: int
    talks: tuple[Talk, ...]

    @property
    def present(self) -> int:
        return self.students - self.absent

    def to_dict(self) -> dict[str, Any]:
        """Schema 1; it names no student."""
        return {
            "students": self.students,
            "absent": self.absent,
            "undecided": self.undecided,
            "complete": self.complete,
            "max": str(self.max),
            "mean": _text(self.mean),
            "median": _text(self.median),
            "deviation": _rounded(self.deviation),
            "alpha": _rounded(None if self.alpha is None else float(self.alpha)),
            "distribution": [
                {"from": str(each.low), "to": str(each.high), "students": each.students} for each in self.bins
            ],
            "items": [item.to_dict() for item in self.items],
            "codes": [{**each._asdict(), "share": str(each.share)} for each in self.codes],
            "groups": {name: _group(group) for name, group in (("upper", self.upper), ("lower", self.lower))},
            "hidden_below": self.hide_below,
        }


def _group(group: Group | None) -> dict[str, Any] | None:
    return {"n": group.n, "bound": str(group.bound)} if group else None


def _text(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
