"""Results taken in one by one; what is kept does not grow with the number of students.

Marks are counted as integers in the finest unit that has come so far: a class has few different totals, so that sums of squares
and products, and what the upper and the lower group did, can be had at the end from counts alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from fractions import Fraction
from math import lcm

from ..answers import Value
from ..outcomes import FAULTY, Evidence
from ..results import StudentResult
from .block import Block, present
from .formulas import Moments
from .tally import Foremost, Tally

TALKS = 30
"""So many students are named for each reason."""
Wrong = tuple[Value, tuple[str, ...]]


class Level:
    """All students with one total."""

    __slots__ = ("causes", "n")

    def __init__(self) -> None:
        self.n = 0
        self.causes: dict[str, int] = {}
        """How many of them have each cause."""

    def add(self, causes: Iterable[str], n: int) -> None:
        self.n += n
        for code in causes:
            self.causes[code] = self.causes.get(code, 0) + n

    def merge(self, other: Level) -> None:
        self.n += other.n
        for code, n in other.causes.items():
            self.causes[code] = self.causes.get(code, 0) + n


class ItemCounts:
    """What is counted of one item."""

    __slots__ = ("marks", "products", "verdicts", "wrong")

    def __init__(self) -> None:
        self.verdicts: Counter[str] = Counter()
        self.marks: dict[int, list[int]] = {}
        """By mark: students; of these the ones with all marks."""
        self.products = 0
        """The sum of mark × total, over students with all marks."""
        self.wrong: Tally[Wrong] = Tally()
        """Wrong answers, each with the codes that lead to it."""

    def take(self, mark: int, n: int, complete: int) -> None:
        """Count students who have this mark."""
        mine = self.marks.setdefault(mark, [0, 0])
        mine[0] += n
        mine[1] += complete

    def merge(self, other: ItemCounts) -> None:
        self.verdicts.update(other.verdicts)
        self.wrong.merge(other.wrong)
        self.products += other.products
        for mark, (n, complete) in other.marks.items():
            self.take(mark, n, complete)

    def scale(self, factor: int) -> None:
        self.marks = {mark * factor: counts for mark, counts in self.marks.items()}
        self.products *= factor * factor


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

    def add(self, results: Sequence[StudentResult]) -> None:
        """Count some students, best many at a time."""
        there = present(results)
        self.students += len(results)
        self.absent += len(results) - len(there)
        if there:
            self._count(Block(there))

    def _count(self, block: Block) -> None:
        self._refine(lcm(self.unit, block.unit))
        block.measure(self.unit)
        self._count_answers(block)
        for total, causes, n in block.levels():
            self.levels.setdefault(total, Level()).add(causes, n)
        for items, n in block.unread():
            self.unread[items] += n
        finals = block.finals()
        finals += [(self._whole(result.manual[""]), result.student) for result in block.students if "" in result.manual]
        self.finals.update([final for final, _ in finals])
        self.lowest.extend(finals)
        self.of_one_cause.extend(list(block.suspects()))

    def _count_answers(self, block: Block) -> None:
        for answer, mark, n, complete in block.counts():
            counts = self.items[answer.item]
            counts.verdicts[answer.verdict] += n
            if mark is not None:
                counts.take(mark, n, complete)
            if answer.verdict in FAULTY and answer.understood is not None:
                counts.wrong.add((answer.understood, answer.codes), n)
        for counts in self.items.values():
            counts.wrong.limit()
        for name, products in block.products():
            self.items[name].products += products

    def _whole(self, mark: Fraction) -> int:
        """The mark in units."""
        return mark.numerator * (self.unit // mark.denominator)

    def _refine(self, unit: int) -> None:
        """Count in parts of 1/unit from now on, a multiple of what it was."""
        factor = unit // self.unit
        if factor == 1:
            return
        self.unit = unit
        self.finals = Counter({mark * factor: n for mark, n in self.finals.items()})
        self.levels = {total * factor: level for total, level in self.levels.items()}
        self.lowest = self.lowest.changed(lambda entry: (entry[0] * factor, entry[1]))
        for counts in self.items.values():
            counts.scale(factor)

    def taken(self) -> Gathering:
        """All that was gathered, as a gathering of its own; this one begins again."""
        taken = copy(self)
        self.__dict__.update(Gathering(list(self.points.items()), self.evidence).__dict__)
        return taken

    def merge(self, other: Gathering) -> None:
        """Take in the students of another part of the class; `other` is of no use afterwards."""
        unit = lcm(self.unit, other.unit)
        for each in (self, other):
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
        counts = self.items[name]
        marks = [(mark, n) for mark, (_, n) in counts.marks.items()]
        totals = [(total, level.n) for total, level in self.levels.items()]
        return Moments(
            n=sum(n for _, n in totals),
            x=Fraction(sum(mark * n for mark, n in marks), u),
            xx=Fraction(sum(mark * mark * n for mark, n in marks), u * u),
            t=Fraction(sum(total * n for total, n in totals), u),
            tt=Fraction(sum(total * total * n for total, n in totals), u * u),
            xt=Fraction(counts.products, u * u),
        )

    def facility(self, name: str) -> tuple[int, Fraction | None]:
        """How many have a mark for the item, and the mean of these marks as a share of its points."""
        marks = self.items[name].marks
        n = sum(counts[0] for counts in marks.values())
        points = self.points[name]
        if not n or not points:
            return n, None
        return n, Fraction(sum(mark * counts[0] for mark, counts in marks.items()), self.unit * n) / points
