"""Some students of a class, side by side: answers that are one object are looked at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, compress
from operator import attrgetter, mul

from ..results import FAULTY, ItemResult, StudentResult

UNREAD = {"blank", "unreadable", "ambiguous"}
"""Verdicts of answers that show nothing."""

ITEMS, CAUSES = attrgetter("items"), attrgetter("causes")


class Block:
    """Students who handed something in. Their answers stand for themselves by identity: marking gives equal ones as one object."""

    def __init__(self, students: Sequence[StudentResult]) -> None:
        self.students = students
        self.rows = [list(map(id, result.items)) for result in students]
        flat = chain.from_iterable(map(ITEMS, students))
        self.answers: dict[int, ItemResult] = dict(zip(chain.from_iterable(self.rows), flat, strict=True))
        self.scores = {answer: item.score for answer, item in self.answers.items() if item.score is not None}
        """Of the answers that have one."""
        undecided = self.answers.keys() - self.scores.keys()
        whole = [undecided.isdisjoint(row) for row in self.rows]
        self.complete = list(compress(students, whole))
        """The students who have all marks."""
        self.complete_rows = list(compress(self.rows, whole))
        self.marks: dict[int, int] = {}
        self.totals: list[int] = []
        """The sums of marks, of the students who have all."""

    @property
    def denominators(self) -> set[int]:
        """Of all marks, and of those by hand for the whole."""
        by_hand = {result.manual[""].denominator for result in self.students if "" in result.manual}
        return by_hand | {score.denominator for score in self.scores.values()}

    def measure(self, unit: int) -> None:
        """Count marks in parts of 1/unit."""
        self.marks = {answer: score.numerator * (unit // score.denominator) for answer, score in self.scores.items()}
        self.totals = [sum(map(self.marks.__getitem__, row)) for row in self.complete_rows]

    def counts(self) -> Iterator[tuple[ItemResult, int | None, int, int]]:
        """Each answer with its mark: how many gave it, and how many of these have all marks."""
        complete = Counter(chain.from_iterable(self.complete_rows))
        for answer, n in Counter(chain.from_iterable(self.rows)).items():
            yield self.answers[answer], self.marks.get(answer), n, complete[answer]

    def products(self) -> Iterator[tuple[str, int]]:
        """By item, the sum of mark × total over the students who have all marks."""
        for column in zip(*self.complete_rows, strict=True):
            marks = map(self.marks.__getitem__, column)
            yield self.answers[column[0]].item, sum(map(mul, marks, self.totals))

    def levels(self) -> Counter[tuple[int, tuple[str, ...]]]:
        """Students who have all marks, by total and causes."""
        return Counter(zip(self.totals, map(CAUSES, self.complete), strict=True))

    def unread(self) -> Iterator[frozenset[str]]:
        """Of each student who has all marks, the items that were not answered, where there are any."""
        names = {answer: item.item for answer, item in self.answers.items() if item.verdict in UNREAD}
        for row in self.complete_rows:
            if not names.keys().isdisjoint(row):
                yield frozenset([names[answer] for answer in row if answer in names])

    def explained(self) -> Iterator[tuple[StudentResult, list[tuple[str, ...]]]]:
        """Students with wrong answers that have causes: the codes of each answer."""
        codes = {answer: item.codes for answer, item in self.answers.items() if item.verdict in FAULTY and item.codes}
        for result, row in zip(self.students, self.rows, strict=True):
            if result.causes:
                yield result, list(filter(None, map(codes.get, row)))
