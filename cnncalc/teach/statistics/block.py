"""Some students of a class, side by side: equal rows of answers are looked at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from math import lcm
from operator import attrgetter, mul

from ..outcomes import Outcome, Outcomes
from ..results import StudentResult

ONE_CAUSE = 3
"""Wrong answers with one cause that are worth a talk."""

OUTCOMES, ITEMS = attrgetter("outcomes"), attrgetter("items")


def present(students: Sequence[StudentResult]) -> Sequence[StudentResult]:
    """Those who are not absent."""
    blank = {row for row in set(map(OUTCOMES, students)) if row.blank}
    return [each for each in students if each.outcomes not in blank or not each.absent] if blank else students


class Block:
    """Students who handed something in. Outcomes stand for themselves by identity: marking gives equal ones as one object."""

    def __init__(self, students: Sequence[StudentResult]) -> None:
        self.students = students
        self.rows: Counter[Outcomes] = Counter(map(OUTCOMES, students))
        self.answers: dict[Outcome, int] = {}
        for row, n in self.rows.items():
            for answer in row.items:
                self.answers[answer] = self.answers.get(answer, 0) + n
        self.complete = {row: n for row, n in self.rows.items() if not row.undecided}
        """The rows that have all marks."""
        self.marks: dict[Outcome, int] = {}
        self.totals: dict[Outcomes, int] = {}
        """The sums of marks, of the rows that have all."""

    @property
    def unit(self) -> int:
        """All marks, and those by hand for the whole, are multiples of 1/unit."""
        by_hand = [result.manual[""].denominator for result in self.students if "" in result.manual]
        return lcm(*by_hand, *{each.score.denominator for each in self.answers if each.score is not None})

    def measure(self, unit: int) -> None:
        """Count marks in parts of 1/unit."""
        for answer in self.answers:
            if (score := answer.score) is not None:
                self.marks[answer] = score.numerator * (unit // score.denominator)
        self.totals = {row: sum(map(self.marks.__getitem__, row.items)) for row in self.complete}

    def counts(self) -> Iterator[tuple[Outcome, int | None, int, int]]:
        """Each answer with its mark: how many gave it, and how many of these have all marks."""
        other = Counter(chain.from_iterable(each.outcomes.items for each in self.students if each.outcomes.undecided))
        for answer, n in self.answers.items():
            yield answer, self.marks.get(answer), n, n - other[answer]

    def products(self) -> Iterator[tuple[str, int]]:
        """By item, the sum of mark × total over the students who have all marks."""
        totals = [self.totals[row] * n for row, n in self.complete.items()]
        for column in zip(*map(ITEMS, self.complete), strict=True):
            marks = map(self.marks.__getitem__, column)
            yield column[0].item, sum(map(mul, marks, totals))

    def levels(self) -> Iterator[tuple[int, tuple[str, ...], int]]:
        """Totals and causes of the students who have all marks, and how many these are."""
        for row, n in self.complete.items():
            yield self.totals[row], row.causes, n

    def unread(self) -> Iterator[tuple[frozenset[str], int]]:
        """The items that were not answered, where there are any, of the students who have all marks, and how many these are."""
        for row, n in self.complete.items():
            if row.unread:
                yield row.unread, n

    def finals(self) -> list[tuple[int, str]]:
        """Totals with their students, of those who have all marks and none for the whole."""
        totals = map(self.totals.get, map(OUTCOMES, self.students))
        return [
            (total, result.student)
            for total, result in zip(totals, self.students, strict=True)
            if total is not None and "" not in result.manual
        ]

    def suspects(self) -> Iterator[tuple[int, str, str]]:
        """Students for whom one cause is behind several wrong answers: minus how many these are, the student, the code."""
        for result in self.students:
            n, code = result.outcomes.commonest
            if n >= ONE_CAUSE:
                yield -n, result.student, code
