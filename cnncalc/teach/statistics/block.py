"""Some students of a class, side by side: equal rows of answers are looked at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from math import lcm
from operator import attrgetter, mul

from ..outcomes import FAULTY, Outcome, Outcomes
from ..results import StudentResult

UNREAD = {"blank", "unreadable", "ambiguous"}
"""Verdicts of answers that show nothing."""

ONE_CAUSE = 3
"""Wrong answers with one cause that are worth a talk."""

NOBODY = (0, "")

OUTCOMES, ITEMS = attrgetter("outcomes"), attrgetter("items")


class Block:
    """Students who handed something in. Outcomes stand for themselves by identity: marking gives equal ones as one object."""

    def __init__(self, students: Sequence[StudentResult]) -> None:
        self.students = students
        self.rows: Counter[Outcomes] = Counter(map(OUTCOMES, students))
        self.answers: Counter[Outcome] = Counter(chain.from_iterable(map(ITEMS, map(OUTCOMES, students))))
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
        other: Counter[Outcome] = Counter()
        for row, n in self.rows.items():
            if row not in self.complete:
                other.update(dict.fromkeys(row.items, n))
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
        unread = {answer for answer in self.answers if answer.verdict in UNREAD}
        for row, n in self.complete.items():
            if not unread.isdisjoint(row.items):
                yield frozenset([answer.item for answer in row.items if answer in unread]), n

    def finals(self) -> Iterator[tuple[int, str]]:
        """Totals with their students, of those who have all marks and none for the whole."""
        for result in self.students:
            if result.outcomes in self.totals and "" not in result.manual:
                yield self.totals[result.outcomes], result.student

    def suspects(self) -> Iterator[tuple[int, str, str]]:
        """Students for whom one cause is behind several wrong answers: minus how many these are, the student, the code."""
        found = {row: _behind_most(row) for row in self.rows if row.causes}
        for result in self.students:
            n, code = found.get(result.outcomes, NOBODY)
            if n >= ONE_CAUSE:
                yield -n, result.student, code


def _behind_most(row: Outcomes) -> tuple[int, str]:
    """How many wrong answers have the commonest of the causes, and which this is."""
    codes = [each.codes for each in row.items if each.verdict in FAULTY]
    counts = {cause: sum(cause in each for each in codes) for cause in row.causes}
    code = min(counts, key=lambda cause: (-counts[cause], cause))
    return counts[code], code
