"""Marks in the forms that gradebooks take: a sheet, Moodle's and Canvas's imports, Gradescope's results.

Each form is written line by line, so that a large class needs no room. No mark is not a mark of 0: in an import, a student
without a mark is left out, since an empty cell may wipe what the gradebook has. Numbers have no separators of thousands
(Canvas would read 1,234 as 1.234) and, in imports, two decimals; halves are rounded away from zero.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from io import StringIO
from typing import Any, Protocol

from ..language import Text
from .defusing import defused
from .results import VERDICTS, ItemResult, StudentResult, decimal

PLACES = 2
"""Decimals of a mark in an import; Canvas compares two."""
LONGEST = 2000
"""Characters of feedback in a cell."""
BOM = "\ufeff"
"""What tells Excel that a file is UTF-8."""

MOODLE = ("ID number", "Email address", "Username")
"""Columns that Moodle can find a student by."""
CANVAS = ("ID", "SIS User ID", "SIS Login ID")
"""Columns that Canvas can find a student by, in its order."""


class Gradebook(Protocol):
    """A file of marks."""

    def head(self) -> str:
        """What comes before the students."""

    def line(self, result: StudentResult) -> str:
        """A student; "" if they have no place in this file."""


@dataclass(frozen=True, slots=True)
class Marks:
    """The sheet for people: every mark, and a column for a teacher's own, which wins when it is read back."""

    items: Sequence[str]
    by_hand: Sequence[str] = ()
    """Items that a person marked for some student: they have a column of their own too."""

    def head(self) -> str:
        titles = [*self.items, *(f"{item} manual" for item in self.by_hand)]
        return BOM + _line(["student", "name", "score", "max", "manual", *map(defused, titles)])

    def line(self, result: StudentResult) -> str:
        scores = {} if result.absent else {item.item: item.score for item in result.items}
        cells = [defused(result.student), defused(result.details.get("name", ""))]
        cells += map(_number, [result.final, result.max, result.manual.get("")])
        cells += (_number(scores.get(item)) for item in self.items)
        return _line([*cells, *(_number(result.manual.get(item)) for item in self.by_hand)])


@dataclass(frozen=True, slots=True)
class Moodle:
    """Moodle's grade import: mark and feedback together, since feedback alone would wipe the mark.

    docs.moodle.org, Grade import. `by` is the column that holds what the answer sheet calls the student.
    """

    title: str
    language: str
    by: str = MOODLE[0]

    def head(self) -> str:
        told = defused(self.title)
        return _line([*self._names(), told, f"{told} (feedback)"])

    def line(self, result: StudentResult) -> str:
        if result.final is None:
            return ""
        known = {MOODLE[1]: result.details.get("email", ""), self.by: result.student}
        feedback = " | ".join(brief(item, self.language) for item in result.items if item.feedback or item.codes)
        return _line([*(defused(known[name]) for name in self._names()), _fixed(result.final), defused(_cut(feedback))])

    def _names(self) -> list[str]:
        return list(dict.fromkeys([self.by, MOODLE[1]]))


@dataclass(frozen=True, slots=True)
class Canvas:
    """Canvas's gradebook import (instructure/canvas-lms, lib/gradebook_importer.rb).

    `title` names the assignment, best with its number, `Homework 3 (4711)`: without it, a title that Canvas does not know
    makes a new assignment.
    """

    title: str
    points: Fraction
    by: str = CANVAS[1]

    def head(self) -> str:
        return _line(["Student", *CANVAS, "Section", defused(self.title)]) + _line(
            ["    Points Possible", *("" for _ in CANVAS), "", decimal(self.points)]
        )

    def line(self, result: StudentResult) -> str:
        if result.final is None:
            return ""
        known = {self.by: result.student}
        ids = [defused(known.get(name, "")) for name in CANVAS]
        return _line([defused(result.details.get("name", "")), *ids, "", _fixed(result.final)])


VISIBLE = "visible"
TOO_LONG = Text("… (cut)")
MOST_OUTPUT = 60_000
"""Bytes of one student's results that are shown, in all."""


def gradescope(result: StudentResult, exercise: dict[str, Any], language: str) -> str:
    """Gradescope's `results.json` of one student; a test without a score waits for a person.

    gradescope-autograders.readthedocs.io, Autograder Specifications.
    """
    room = MOST_OUTPUT // max(1, len(result.items))
    tests = [_test(item, number, room, language) for number, item in enumerate(result.items, start=1)]
    score = {} if result.final is None else {"score": _float(result.final)}
    data = {
        **score,
        "visibility": VISIBLE,
        "stdout_visibility": "hidden",
        "tests": tests,
        "extra_data": exercise,
    }
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _test(item: ItemResult, number: int, room: int, language: str) -> dict[str, Any]:
    output = brief(item, language)
    if len(written := output.encode(errors="replace")) > room:
        output = written[:room].decode(errors="ignore") + TOO_LONG.into(language)
    decided = item.score is not None
    status = {"status": "passed" if item.score == item.max else "failed"} if decided else {}
    score = {"score": _float(item.score)} if item.score is not None else {}
    return {
        "number": str(number),
        "name": item.item,
        **score,
        "max_score": _float(item.max),
        **status,
        "output": output,
        "output_format": "text",
        "tags": list(item.codes),
        "visibility": VISIBLE,
        "extra_data": {"raw": item.raw[:LONGEST], "verdict": item.verdict},
    }


def brief(item: ItemResult, language: str) -> str:
    """One answer in a line: the item, the verdict and the cause."""
    told = VERDICTS[item.verdict].into(language)
    feedback = item.feedback.into(language) if item.feedback else ""
    return f"{item.item}: {told}; {feedback}" if feedback else f"{item.item}: {told}"


def _line(cells: Iterable[str]) -> str:
    out = StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()


def _number(value: Fraction | None) -> str:
    return "" if value is None else decimal(value)


def _fixed(value: Fraction) -> str:
    """With two decimals, always: 17.50."""
    whole, _, part = decimal(value, PLACES).partition(".")
    return f"{whole}.{part:0<{PLACES}}"


def _float(value: Fraction) -> float:
    """The nearest number that JSON has; whole numbers stay whole."""
    return int(value) if value.denominator == 1 else float(value)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
