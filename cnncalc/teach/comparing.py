"""What changed since the class was graded before: whose marks, of which answers, and why.

The earlier results are a file that `view.grading.json_lines` wrote, a line per student. Of it only the places of the lines
are kept in memory; a line is read when its student is marked again.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

from ..language import Text
from .results import ItemResult, StudentResult

MAX_LINE = 2**24
"""Bytes of one student's results."""
HEAD = re.compile(rb'\{"schema": 1, "exercise": (\{[^{}]{0,2000}\}),\r?\n')
STUDENT = re.compile(rb',?(\{"student": ("(?:[^"\\]|\\.)*"), .*\})\r?\n', re.DOTALL)
MARK = re.compile(r"-?[0-9]{1,40}(?:/[1-9][0-9]{0,39})?")

NEW, GONE = Text("not graded before"), Text("not among the answers any more")
BY_HAND, NOT_BY_HAND = Text("marked by hand"), Text("not marked by hand any more")
ANSWER, FOLLOWS = Text("another answer"), Text("follows from another answer")
ASKED, NOT_ASKED = Text("not asked before"), Text("not asked any more")
EXERCISE, VERSION = Text("the exercise changed"), Text("another version of cnncalc")
OTHER_NUMBERS = Text("other numbers were drawn")
UNKNOWN = Text("no known reason")


class Foreign(Exception):
    """A file that is no results of ours, and the line from which on it is none."""

    def __init__(self, file: str, line: int) -> None:
        super().__init__(file, line)
        self.message = Text("{file}:{line}: these are not the results of an earlier grading: nothing is compared with them", file=file, line=line)  # fmt: skip


class Verdict(NamedTuple):
    """What was said of one answer; score None: it waits for a person."""

    verdict: str
    score: Fraction | None


class ItemChange(NamedTuple):
    """One answer that was marked otherwise before; None where it was not asked."""

    item: str
    before: Verdict | None
    after: Verdict | None
    why: Text


class Change(NamedTuple):
    """One student whose marks changed; None is no mark."""

    student: str
    before: Fraction | None
    after: Fraction | None
    items: tuple[ItemChange, ...] = ()
    why: Text | None = None
    """Where it is not the answers: the student is new or gone, or a person marked the whole."""

    def to_dict(self) -> dict[str, Any] | None:
        """What there was before, for the JSON of the student; None where the student is new."""
        if self.why is NEW:
            return None
        items = [{"item": each.item, "verdict": each.before.verdict, "score": _text(each.before.score), "why": each.why.into("en")} for each in self.items if each.before]  # fmt: skip
        return {"score": _text(self.before), "items": items}


class Earlier:
    """The results of an earlier grading. Raises Foreign (or OSError) for what is none; to be closed."""

    def __init__(self, path: str, name: Callable[[str], str] = str) -> None:
        self.path = path
        self.places: dict[str, int] = {}
        """By student, as `name` calls them, where their line begins."""
        self._stream = Path(path).open("rb")  # noqa: SIM115 - closed by __exit__
        try:
            self.origins = self._head()
            for place, student in self._lines():
                self.places[name(student)] = place
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Earlier:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:  # fmt: skip
        self.close()

    def close(self) -> None:
        self._stream.close()

    def of(self, student: str) -> dict[str, Any] | None:
        """What was found of a student; None if they were not there, or if that cannot be read."""
        place = self.places.get(student)
        if place is None:
            return None
        self._stream.seek(place)
        line = STUDENT.fullmatch(self._stream.readline(MAX_LINE))
        found = _loaded(line[1]) if line else None
        return found if isinstance(found, dict) and isinstance(found.get("items"), list) else None

    def _head(self) -> dict[str, str]:
        head, opening = self._stream.readline(MAX_LINE), None
        if found := HEAD.fullmatch(head):
            opening = self._stream.readline(100).rstrip()
        if not found or opening != b'"students": [':
            raise Foreign(self.path, 1)
        origins = _loaded(found[1])
        if origins is None:
            raise Foreign(self.path, 1)
        return {str(name): str(value)[:100] for name, value in origins.items()}

    def _lines(self) -> Iterator[tuple[int, str]]:
        """The place of each student's line, and the student."""
        number, place = 2, self._stream.tell()
        while line := self._stream.readline(MAX_LINE):
            number += 1
            if line.rstrip() == b"],":
                return
            found = STUDENT.fullmatch(line)
            student = _loaded(found[2]) if found else None
            if not isinstance(student, str):
                break
            yield place, student
            place = self._stream.tell()
        raise Foreign(self.path, number)


class Changes:
    """Counts what changed, student by student."""

    def __init__(self, earlier: Earlier, origins: Mapping[str, str]) -> None:
        self.earlier = earlier
        self.students = self.up = self.down = self.new = self.gone = 0
        self.items: dict[str, Counter[tuple[str, str]]] = {}
        """By item, from what verdict to what."""
        old = earlier.origins
        changed = any(old.get(name) != origins.get(name) for name in ("exercise", "architecture"))
        self.reason = EXERCISE if changed else VERSION if old.get("cnncalc") != origins.get("cnncalc") else None
        """Why equal answers have other marks."""
        self._left = dict(earlier.places)

    @property
    def any(self) -> bool:
        """Whether anything changed so far."""
        return bool(self.students or self.new or self.gone)

    def of(self, result: StudentResult) -> Change | None:
        """What changed for a student who was marked again; None if nothing did."""
        there = self._left.pop(result.student, None) is not None
        old = self.earlier.of(result.student) if there else None
        if old is None:
            self.new += 1
            return Change(result.student, None, result.final, why=NEW)
        before = _final(old)
        items = tuple(self._items(old, result))
        if not items and before == result.final:
            return None
        self._count(before, result.final, items)
        why = None
        if "" in result.manual or "manual" in old:
            why = BY_HAND if "" in result.manual else NOT_BY_HAND
        return Change(result.student, before, result.final, items, why)

    def rest(self) -> Iterator[Change]:
        """Who is not there any more; nothing is asked of the earlier results after that."""
        for student in self._left:
            old = self.earlier.of(student)
            self.gone += 1
            yield Change(student, _final(old) if old else None, None, why=GONE)
        self.earlier.close()  # where an open file cannot be replaced

    def _items(self, old: Mapping[str, Any], result: StudentResult) -> Iterator[ItemChange]:
        known = {str(each.get("item")): each for each in old["items"] if isinstance(each, dict)}
        drawn = old.get("numbers", {}) != result.numbers
        answered = any(each.item in known and known[each.item].get("raw") != each.raw for each in result.items)
        for each in result.items:
            was = known.pop(each.item, None)
            after = Verdict(each.verdict, each.score)
            before = _verdict(was) if was is not None else None
            if was is None or before is None:
                yield ItemChange(each.item, None, after, ASKED)
            elif before != after:
                yield ItemChange(each.item, before, after, self._why(was, each, answered=answered, drawn=drawn))
        for name, was in known.items():
            yield ItemChange(name, _verdict(was), None, NOT_ASKED)

    def _why(self, was: Mapping[str, Any], item: ItemResult, *, answered: bool, drawn: bool) -> Text:
        if bool(was.get("manual")) != item.manual:
            return BY_HAND if item.manual else NOT_BY_HAND
        if item.manual and _mark(was.get("score")) != item.score:
            return BY_HAND
        if drawn:
            return OTHER_NUMBERS
        if was.get("raw") != item.raw:
            return ANSWER
        return self.reason or (FOLLOWS if answered else UNKNOWN)

    def _count(self, before: Fraction | None, after: Fraction | None, items: Iterable[ItemChange]) -> None:
        self.students += 1
        if before is not None and after is not None:
            self.up += after > before
            self.down += after < before
        for each in items:
            if each.before and each.after:
                self.items.setdefault(each.item, Counter())[each.before.verdict, each.after.verdict] += 1


def _loaded(text: bytes) -> Any:
    """Data from JSON; None if it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _final(old: Mapping[str, Any]) -> Fraction | None:
    """The mark of earlier results, as `StudentResult.final` is."""
    blank = all(isinstance(each, dict) and each.get("verdict") == "blank" and not each.get("manual") for each in old["items"])  # fmt: skip
    absent = blank and "manual" not in old
    return None if absent or old.get("undecided") else _mark(old.get("score"))


def _verdict(old: Mapping[str, Any]) -> Verdict:
    return Verdict(str(old.get("verdict"))[:20], _mark(old.get("score")))


def _mark(written: Any) -> Fraction | None:
    return Fraction(written) if isinstance(written, str) and MARK.fullmatch(written) else None


def _text(mark: Fraction | None) -> str | None:
    return None if mark is None else str(mark)
