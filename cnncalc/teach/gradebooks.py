"""Marks in the forms that gradebooks take: a sheet, Moodle's and Canvas's imports, Gradescope's results.

Each form is written line by line, so that a large class needs no room. No mark is not a mark of 0: in an import, a student
without a mark is left out, since an empty cell may wipe what the gradebook has. Numbers have no separators of thousands
(Canvas would read 1,234 as 1.234) and, in imports, two decimals; halves are rounded away from zero.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from io import StringIO
from typing import Any, Protocol

from ..language import Text
from .bounded import once_for_each
from .defusing import defused, restored
from .outcomes import VERDICTS
from .persons import UNKNOWN, Known
from .results import ItemResult, StudentResult, decimal

ROOM = 20_000
"""Answers whose words are kept."""
PLACES = 2
"""Decimals of a mark in an import; Canvas compares two."""
LONGEST = 2000
"""Characters of feedback in a cell."""
BOM = "\ufeff"
"""What tells Excel that a file is UTF-8."""

MOODLE = {"idnumber": "ID number", "email": "Email address", "username": "Username"}
"""Columns that Moodle can find a student by, as its own export calls them."""
CANVAS = {
    "name": "Student", "id": "ID", "sisuserid": "SIS User ID", "sisloginid": "SIS Login ID", "integrationid": "Integration ID",
    "rootaccount": "Root Account", "section": "Section",
}  # fmt: skip
"""Canvas's columns about a student, in its order; those of `RARE` only where they are known."""
RARE = {"integrationid", "rootaccount"}

TITLES = ("student", "name", "score", "max", "manual")
"""How the sheet of marks begins."""


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
    others: Sequence[str] = ()
    """Columns that a person added, and what is in them by student."""
    carried: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def head(self) -> str:
        titles = [*self.items, *(f"{item} manual" for item in self.by_hand), *map(restored, self.others)]
        return BOM + csv_line([*TITLES, *map(defused, titles)])

    def line(self, result: StudentResult) -> str:
        scores = {} if result.absent else {item.item: item.score for item in result.items}
        cells = [defused(result.student), defused(result.details.get("name", ""))]
        cells += [written_mark(result.final), written_mark(result.max), self._given(result, "")]
        cells += (written_mark(scores.get(item)) for item in self.items)
        theirs = self.carried.get(result.student, {})
        cells += (self._given(result, item) for item in self.by_hand)
        return csv_line([*cells, *(defused(restored(theirs.get(title, ""))) for title in self.others)])

    def _given(self, result: StudentResult, item: str) -> str:
        """A mark by hand; what is no number stays as it was written."""
        unread = result.unread.get(item)
        return written_mark(result.manual.get(item)) if unread is None else defused(restored(unread))


@dataclass(frozen=True, slots=True)
class Moodle:
    """Moodle's grade import: mark and feedback together, since feedback alone would wipe the mark.

    docs.moodle.org, Grade import. The columns are those that the answer sheets have; who is not known by one of them stands
    in the first.
    """

    title: str
    language: str
    known: Known = UNKNOWN

    def head(self) -> str:
        told = defused(self.title)
        return csv_line([*(MOODLE[kind] for kind in self._kinds()), told, f"{told} (feedback)"])

    def line(self, result: StudentResult) -> str:
        if result.final is None:
            return ""
        kinds = self._kinds()
        who = {} if self.known.tells(result.student, result.details) else {kinds[0]: result.student}
        who |= {kind: text for kind in kinds if (text := result.details.get(kind))}
        feedback = " | ".join(brief(item, self.language) for item in result.items if item.feedback or item.codes)
        return csv_line(
            [*(defused(who.get(kind, "")) for kind in kinds), _fixed(result.final), defused(_cut(feedback))]
        )

    def _kinds(self) -> list[str]:
        """The number where a title does not say what it is; else what the sheets have."""
        own = {"idnumber"} if self.known.own not in MOODLE else {self.known.own}
        return [kind for kind in MOODLE if kind in own | self.known.kinds]


@dataclass(frozen=True, slots=True)
class Canvas:
    """Canvas's gradebook import (instructure/canvas-lms, lib/gradebook_importer.rb).

    `title` names the assignment, best with its number, `Homework 3 (4711)`: without it, a title that Canvas does not know
    makes a new assignment. Canvas finds a student by the ID, else the SIS user ID, else the login, else the name.
    """

    title: str
    points: Fraction
    known: Known = UNKNOWN

    def head(self) -> str:
        kinds = self._kinds()
        above = csv_line([*(CANVAS[kind] for kind in kinds), defused(self.title)])
        return above + csv_line(["    Points Possible", *("" for _ in kinds[1:]), decimal(self.points)])

    def line(self, result: StudentResult) -> str:
        if result.final is None:
            return ""
        found, student = result.details, result.student
        by = self.known.own if self.known.own in CANVAS else "sisuserid"
        who = {} if self.known.tells(student, found) else {by: student}
        login = found.get("username") or (student if found.get("email") == student else "")
        who |= {"sisloginid": login, **{kind: text for kind, text in found.items() if kind in CANVAS}}
        return csv_line([*(defused(who.get(kind, "")) for kind in self._kinds()), _fixed(result.final)])

    def _kinds(self) -> list[str]:
        return [kind for kind in CANVAS if kind not in RARE or kind in self.known.kinds]


VISIBLE = "visible"
TOO_LONG = Text("… (cut)")
MOST_OUTPUT = 60_000
"""Bytes of one student's results that are shown, in all."""


def gradescope(result: StudentResult, exercise: dict[str, Any], language: str) -> str:
    """Gradescope's `results.json` of one student; a test without a score waits for a person.

    gradescope-autograders.readthedocs.io, Autograder Specifications.
    """
    room = MOST_OUTPUT // max(1, len(result.items))
    tests = ",\n".join([_test_json(item, number, room, language) for number, item in enumerate(result.items, start=1)])
    score = {} if result.final is None else {"score": _float(result.final)}
    head = _indented({**score, "visibility": VISIBLE, "stdout_visibility": "hidden"}).removesuffix("\n}")
    tail = _indented({"extra_data": exercise}).removeprefix("{\n")
    return f'{head},\n  "tests": [\n{tests}\n  ],\n{tail}\n'


@once_for_each(ROOM)
def _test_json(item: ItemResult, number: int, room: int, language: str) -> str:
    return "    " + _indented(_test(item, number, room, language)).replace("\n", "\n    ")


def _indented(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2)


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


@once_for_each(ROOM)
def brief(item: ItemResult, language: str) -> str:
    """One answer in a line: the item, the verdict and the cause."""
    told = VERDICTS[item.verdict].into(language)
    feedback = item.feedback.into(language) if item.feedback else ""
    return f"{item.item}: {told}; {feedback}" if feedback else f"{item.item}: {told}"


def csv_line(cells: Iterable[str]) -> str:
    """A row, with quotation marks where they are needed; the cells are harmless already."""
    out = StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()


def written_mark(value: Fraction | None) -> str:
    """A mark in a cell; an empty one where there is none."""
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
