"""Grading a class: rows of answers in, a result per student out, one after the other, so that memory stays small."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import closing
from fractions import Fraction
from functools import partial
from hashlib import sha256
from itertools import chain, islice
from typing import Any, NamedTuple

from pydantic_core import PydanticCustomError

from ..errors import ArchitectureError, Fault
from ..language import Text
from .answers.sheets import Row
from .answers.sheets.model import Numbers
from .assessing import ROOM, Assessor
from .bounded import Bounded
from .exercise import Exercise
from .items import Item
from .jobs import spread
from .results import StudentResult
from .statistics import Gathering
from .variants import concrete
from .wording import asked
from .written import exact

PART = 1024
"""Students who are marked at a time."""

MAX_VARIANTS = 256
"""Variants of an exercise that are kept ready at a time."""

Lines = tuple[Any, ...]
Form = Callable[[StudentResult, str], Lines]
"""What is written of a student: lines for the files of the class, and what else can be sent from process to process. The name is that of files of their own."""

Handed = tuple[Row, "Person", str]
"""What a student handed in, who it is, and the name for their files."""

Person = Mapping[str, str]
"""What a sheet says of a student beside the answers: name, email."""


class Told(NamedTuple):
    """A part of a class, marked."""

    lines: list[Lines]
    """Student by student."""
    gathering: Gathering
    unread: int


class Grader:
    """An exercise, ready for any number of students, and the counts of those who were marked."""

    def __init__(self, exercise: Exercise, *, show_key: bool = False, numbers: Numbers = ()) -> None:
        """Where everybody has their own numbers, `numbers` are some that may be drawn: what answers can show is said of them."""
        self.exercise = exercise
        self.show_key = show_key
        self._numbers = numbers
        self._assessors = Bounded(self._assessor, MAX_VARIANTS)
        self.assessor = self._assessors[numbers]
        self.gathering = self.new_gathering()
        self.unread = 0
        """Marks by hand that are no numbers."""

    def __reduce__(self) -> tuple[Any, ...]:
        return partial(Grader, self.exercise, show_key=self.show_key, numbers=self._numbers), ()

    @property
    def items(self) -> tuple[Item, ...]:
        return self.exercise.items

    def new_gathering(self) -> Gathering:
        return Gathering([(item.id, item.points) for item in self.items], self.assessor.evidence)

    def told(self, rows: Iterable[Handed], form: Form, jobs: int = 1) -> Generator[list[Lines], None, None]:
        """What `form` says of each student, in the order of the rows, part by part; the counts are added up."""
        pieces: Iterable[Iterable[Handed]] = parts(rows) if jobs == 1 else map(list, parts(rows))
        with closing(spread(partial(Desk, self, form), pieces, jobs)) as found:
            for each in found:
                self.gathering.merge(each.gathering)
                self.unread += each.unread
                yield each.lines

    def result(self, row: Row, person: Person) -> StudentResult:
        """One student, marked; what a person gave counts instead of ours."""
        manual, unread = _by_hand(row.manual) if row.manual else ({}, {})
        spellings, outcomes = self._assessors[row.numbers].assess(row.texts, manual)
        return StudentResult(row.student, spellings, outcomes, person, manual, unread, dict(row.numbers))

    def _assessor(self, numbers: Numbers) -> Assessor:
        """The exercise with these numbers, ready. Raises ArchitectureError where they change what is asked."""
        if not numbers:
            return Assessor(self.exercise, show_key=self.show_key)
        variant = concrete(self.exercise, dict(numbers))
        if [(item.id, item.points) for item in variant.items] != [(item.id, item.points) for item in self.items]:
            told = ", ".join(f"{name} = {value}" for name, value in numbers)
            message = Text("with {numbers}, other items are asked than without: they cannot stand in one sheet", numbers=told)  # fmt: skip
            raise ArchitectureError([Fault("other-items", message, place=self.exercise.source.place(("variants",)))])
        return Assessor(variant, show_key=self.show_key, room=ROOM // MAX_VARIANTS)


class Desk:
    """Where parts of a class are marked, in this process or in another one. All that comes out follows from the part alone."""

    def __init__(self, grader: Grader, form: Form) -> None:
        self.grader = grader
        self.form = form
        self.gathering = grader.new_gathering()

    def __call__(self, part: Iterable[Handed]) -> Told:
        named = [(self.grader.result(row, person), name) for row, person, name in part]
        self.gathering.add([result for result, _ in named])
        unread = sum(len(result.unread) for result, _ in named)
        return Told([self.form(result, name) for result, name in named], self.gathering.taken(), unread)


def parts(rows: Iterable[Handed]) -> Iterator[Iterable[Handed]]:
    """The rows, so many at a time, however many processes there are: the statistics of a huge class depend on it.

    Each part is gone through before the next one: in this process, a row is marked as soon as it is read.
    """
    left = iter(rows)
    for first in left:
        yield chain([first], islice(left, PART - 1))


def nothing(result: StudentResult, name: str) -> Lines:
    """The form of results that are only counted."""
    return ()


def _by_hand(written: Mapping[str, str]) -> tuple[dict[str, Fraction], dict[str, str]]:
    """Marks that a person gave, and those that are no numbers."""
    found, unread = {}, {}
    for item, text in written.items():
        try:
            found[item] = exact(text)
        except PydanticCustomError:
            unread[item] = text
    return found, unread


def titles(exercise: Exercise) -> dict[str, str]:
    """The questions in words, as titles of columns; those of several items say nothing."""
    words = [(str(asked(item)), item.id) for item in exercise.items]
    twice = Counter(title for title, _ in words)
    return {title: item for title, item in words if twice[title] == 1}


def fingerprints(exercise: Exercise) -> dict[str, str]:
    """Hashes of what the results follow from: the exercise's file, the network's, and true labels."""
    texts = {"exercise": exercise.source.text}
    if exercise.architecture is not None:
        texts["architecture"] = exercise.architecture.source.text
    found = {name: sha256(text.encode("utf-8")).hexdigest() for name, text in texts.items()}
    return found | {f"labels {name}": labels.digest for name, labels in exercise.labels.items()}
