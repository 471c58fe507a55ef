"""Results taken in one by one; what is kept does not grow with the number of students.

Marks are counted as integers in the finest unit that has come so far: a class has few different totals, so that sums of squares
and products, and what the upper and the lower group did, can be had at the end from counts alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from copy import copy
from fractions import Fraction
from itertools import chain
from math import lcm

from ..answers import Value
from ..results import FAULTY, Evidence, ItemResult, StudentResult
from .formulas import Moments
from .tally import Foremost, Tally

TALKS = 30
"""So many students are named for each reason."""
ONE_CAUSE = 3
"""Wrong answers with one cause that are worth a talk."""


BLOCK = 1024
"""Students after which their answers are counted."""
RECENT = 2**14
"""Different answers that are remembered from one block to the next."""

Wrong = tuple[Value, tuple[str, ...]]


UNREAD = {"blank", "unreadable", "ambiguous"}
"""Verdicts of answers that show nothing."""


class Level:
    """All students with one total."""

    __slots__ = ("causes", "n")

    def __init__(self) -> None:
        self.n = 0
        self.causes: Counter[str] = Counter()

    def add(self, causes: Sequence[str]) -> None:
        self.n += 1
        for code in causes:
            self.causes[code] += 1

    def merge(self, other: Level) -> None:
        self.n += other.n
        self.causes.update(other.causes)


class ItemCounts:
    """What is counted of one item."""

    __slots__ = ("marks", "verdicts", "wrong")

    def __init__(self) -> None:
        self.verdicts: Counter[str] = Counter()
        self.marks: dict[int, list[int]] = {}
        """By mark: students; of these the ones with all marks; the sum of their totals."""
        self.wrong: Tally[Wrong] = Tally()
        """Wrong answers, each with the codes that lead to it."""

    def take(self, mark: int, counts: Sequence[int]) -> None:
        """Count students who have this mark."""
        n, complete, sums = counts
        mine = self.marks.setdefault(mark, [0, 0, 0])
        mine[0] += n
        mine[1] += complete
        mine[2] += sums

    def merge(self, other: ItemCounts) -> None:
        self.verdicts.update(other.verdicts)
        self.wrong.merge(other.wrong)
        for mark, counts in other.marks.items():
            self.take(mark, counts)

    def scale(self, factor: int) -> None:
        self.marks = {mark * factor: [n, whole, sums * factor] for mark, (n, whole, sums) in self.marks.items()}


class Gathering:
    """The counts of a class. Students whose answers are all blank are counted and otherwise left out.

    Gatherings of parts of a class merge into that of the whole; with equal parts in equal order the result is the same to
    the last byte, whoever gathered them.
    """

    def __init__(self, items: Sequence[tuple[str, Fraction]], evidence: Mapping[str, Evidence] | None = None) -> None:
        self.points = dict(items)
        self.evidence = evidence or {}
        self.items = {name: ItemCounts() for name in self.points}
        self.unit = 1
        """Marks are counted in parts of 1/unit."""
        self.students = 0
        self.absent = 0
        self.finals: Counter[int] = Counter()
        """Students by final mark, with marks given by hand."""
        self.levels: dict[int, Level] = {}
        """Students who have all marks, by the sum of these."""
        self.unread: Counter[frozenset[str]] = Counter()
        """Students who have all marks, by the items that they did not answer; those who answered all are not in it."""
        self.lowest: Foremost[tuple[int, str]] = Foremost(TALKS)
        self.of_one_cause: Foremost[tuple[int, str, str]] = Foremost(TALKS)
        """Minus how many wrong answers have the cause; the student; the code."""
        self.recent: dict[int, ItemResult] = {}
        """The answers of the last students, by identity: marking gives equal answers as one object."""
        self.marks: dict[int, int | None] = {}
        """Their marks, in units."""
        self.by_total: dict[int | None, list[int]] = {}
        """The last students' answers, by the sum of their marks, under None where one is missing; `settle` counts them."""

    def add(self, result: StudentResult) -> None:
        self.students += 1
        if result.absent:
            self.absent += 1
            return
        answers = list(map(id, result.items))
        marks = self._marks(result.items, answers)
        complete = None not in marks
        total: int = sum(marks) if complete else sum(filter(None, marks))  # type: ignore[arg-type]
        self.by_total.setdefault(total if complete else None, []).extend(answers)
        causes = result.causes
        if complete:
            self._level(total).add(causes)
            if unread := [item.item for item in result.items if item.verdict in UNREAD]:
                self.unread[frozenset(unread)] += 1
        if complete or "" in result.manual:
            final = self._whole(result.manual[""]) if "" in result.manual else total
            self.finals[final] += 1
            self.lowest.add((final, result.student))
        if len(causes) > 0:
            explained = [item.codes for item in result.items if item.codes and item.verdict in FAULTY]
            if len(explained) >= ONE_CAUSE:
                self._take_cause(result.student, explained, causes)
        if self.students % BLOCK == 0:
            self.settle()

    def _marks(self, items: Sequence[ItemResult], answers: Sequence[int]) -> list[int | None]:
        """All marks in one unit: again from the start if one of them makes it finer."""
        try:
            return list(map(self.marks.__getitem__, answers))
        except KeyError:
            for item in items:
                if id(item) not in self.marks:
                    mark = None if item.score is None else self._whole(item.score)
                    self.recent[id(item)], self.marks[id(item)] = item, mark
            return self._marks(items, answers)

    def _level(self, total: int) -> Level:
        if total not in self.levels:
            self.levels[total] = Level()
        return self.levels[total]

    def _take_cause(self, student: str, explained: Sequence[tuple[str, ...]], causes: Sequence[str]) -> None:
        """Whether one cause is behind several wrong answers of a student."""
        counts = Counter(chain.from_iterable(explained))
        code = min(causes, key=lambda code: (-counts[code], code))
        if counts[code] >= ONE_CAUSE:
            self.of_one_cause.add((-counts[code], student, code))

    def _whole(self, mark: Fraction) -> int:
        """The mark in units; these become finer where they must."""
        parts, rest = divmod(self.unit, mark.denominator)
        if rest:
            self._refine(lcm(self.unit, mark.denominator))
            parts = self.unit // mark.denominator
        return mark.numerator * parts

    def _refine(self, unit: int) -> None:
        factor = unit // self.unit
        self.unit = unit
        self.marks = {answer: None if mark is None else mark * factor for answer, mark in self.marks.items()}
        self.finals = Counter({mark * factor: n for mark, n in self.finals.items()})
        self.by_total = {None if total is None else total * factor: answers for total, answers in self.by_total.items()}
        self.levels = {total * factor: level for total, level in self.levels.items()}
        self.lowest = self.lowest.changed(lambda entry: (entry[0] * factor, entry[1]))
        for counts in self.items.values():
            counts.scale(factor)

    def settle(self) -> None:
        """Count the recent answers, at moments that do not depend on which of them are one object."""
        if not self.by_total:
            return
        wrong: dict[str, Counter[Wrong]] = {name: Counter() for name in self.items}
        found: dict[int, list[int]] = {}
        for total, answers in self.by_total.items():
            for answer, n in Counter(answers).items():
                counts = found.setdefault(answer, [0, 0, 0])
                counts[0] += n
                if total is not None:
                    counts[1] += n
                    counts[2] += n * total
        for answer, counts in found.items():
            item, mark = self.recent[answer], self.marks[answer]
            self.items[item.item].verdicts[item.verdict] += counts[0]
            if mark is not None:
                self.items[item.item].take(mark, counts)
            if item.verdict in FAULTY and item.understood is not None:
                wrong[item.item][item.understood, item.codes] += counts[0]
        for name, counter in wrong.items():
            self.items[name].wrong.add(counter)
        self.by_total = {}
        if len(self.recent) > RECENT:
            self.recent, self.marks = {}, {}

    def taken(self) -> Gathering:
        """All that was gathered, as a gathering of its own; this one begins again, but still knows the recent answers."""
        self.settle()
        taken, new = copy(self), Gathering(list(self.points.items()), self.evidence)
        taken.recent, taken.marks = {}, {}
        new.unit, new.recent, new.marks = self.unit, self.recent, self.marks
        self.__dict__.update(new.__dict__)
        return taken

    def merge(self, other: Gathering) -> None:
        """Take in the students of another part of the class; `other` is of no use afterwards."""
        unit = lcm(self.unit, other.unit)
        for each in (self, other):
            each.settle()
            if each.unit != unit:
                each._refine(unit)
        self.students += other.students
        self.absent += other.absent
        self.finals.update(other.finals)
        for total, level in other.levels.items():
            self.levels.setdefault(total, Level()).merge(level)
        self.unread.update(other.unread)
        for name, counts in other.items.items():
            self.items[name].merge(counts)
        self.lowest.merge(other.lowest)
        self.of_one_cause.merge(other.of_one_cause)

    def chances(self, code: str) -> int:
        """How many of the students with all marks answered an item that can show a misconception."""
        showing = {name for name, evidence in self.evidence.items() if code in evidence.shows}
        complete = sum(level.n for level in self.levels.values())
        return complete - sum(n for unread, n in self.unread.items() if showing <= unread) if showing else 0

    def moments(self, name: str) -> Moments:
        """The sums of an item's marks and of the totals, over students with all marks."""
        u = self.unit
        marks = [(mark, whole, sums) for mark, (_, whole, sums) in self.items[name].marks.items()]
        totals = [(total, level.n) for total, level in self.levels.items()]
        return Moments(
            n=sum(n for _, n in totals),
            x=Fraction(sum(mark * n for mark, n, _ in marks), u),
            xx=Fraction(sum(mark * mark * n for mark, n, _ in marks), u * u),
            t=Fraction(sum(total * n for total, n in totals), u),
            tt=Fraction(sum(total * total * n for total, n in totals), u * u),
            xt=Fraction(sum(mark * sums for mark, _, sums in marks), u * u),
        )

    def facility(self, name: str) -> tuple[int, Fraction | None]:
        """How many have a mark for the item, and the mean of these marks as a share of its points."""
        marks = self.items[name].marks
        n = sum(counts[0] for counts in marks.values())
        points = self.points[name]
        if not n or not points:
            return n, None
        return n, Fraction(sum(mark * counts[0] for mark, counts in marks.items()), self.unit * n) / points
