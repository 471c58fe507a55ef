"""Grading a class: rows of answers in, a result per student out, one after the other, so that memory stays small."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from hashlib import sha256
from typing import Any

from pydantic_core import PydanticCustomError

from ..language import Text
from .answers.sheets import Row
from .causes import Cause
from .diagnosing import Doctor, feedback, leading
from .exercise import Exercise
from .items import Item
from .key import keys_of
from .marking import Marked, Marker
from .remarks import evidence
from .results import ItemResult, StudentResult
from .statistics import Gathering
from .wording import answer, asked
from .written import exact

MAX_KEPT = 100_000
"""Different results of single answers that are kept; a class has few, and they are made once."""

Person = Mapping[str, str]
"""What a sheet says of a student beside the answers: name, email."""


class Grader:
    """An exercise, ready for any number of students, and the counts of those who were marked."""

    def __init__(self, exercise: Exercise, *, show_key: bool = False) -> None:
        self.exercise = exercise
        self.keys = keys_of(exercise)
        self.marker = Marker(exercise, self.keys)
        self.doctor = Doctor(exercise, self.keys)
        self.gathering = Gathering([(item.id, item.points) for item in exercise.items], self.doctor.evidence)
        self.unread = 0
        """Marks by hand that are no numbers."""
        self.show_key = show_key
        self._known: dict[Any, ItemResult] = {}

    @property
    def items(self) -> tuple[Item, ...]:
        return self.exercise.items

    def results(self, rows: Iterable[tuple[Row, Person]]) -> Iterator[StudentResult]:
        """The students' results, in the order of the rows."""
        for row, person in rows:
            result = self.result(row, person)
            self.gathering.add(result)
            self.unread += len(result.unread)
            yield result

    def result(self, row: Row, person: Person) -> StudentResult:
        """One student, marked; what a person gave counts instead of ours."""
        marked = self.marker.mark(row.texts)
        diagnosis = self.doctor.diagnose(marked)
        manual, unread = _by_hand(row.manual)
        items = tuple(
            self._item(each, cause, leading(cause, diagnosis.codes), manual.get(each.item.id))
            for each, cause in zip(marked, diagnosis.causes, strict=True)
        )
        return StudentResult(row.student, items, person, manual, diagnosis.codes, unread)

    def _item(self, marked: Marked, cause: Cause, code: str | None, given: Fraction | None) -> ItemResult:
        """Equal answers are one object."""
        key = (marked.item.id, marked.raw, marked.verdict, marked.inputs, code, given)
        if key not in self._known:
            if len(self._known) >= MAX_KEPT:
                self._known.clear()
            self._known[key] = self._made(marked, cause, code, given)
        return self._known[key]

    def _made(self, marked: Marked, cause: Cause, code: str | None, given: Fraction | None) -> ItemResult:
        item = marked.item
        return ItemResult(
            item=item.id,
            raw=marked.raw,
            understood=marked.understood.value,
            echo=marked.understood.echo,
            verdict=marked.verdict,
            score=marked.score if given is None else given,
            max=item.points,
            codes=cause.codes,
            feedback=self._told(marked, feedback(marked, cause, code)),
            also=self.doctor.also[item.id] if marked.verdict == "right" else (),
            manual=given is not None,
            evidence=evidence(item.question, marked.understood.value),
        )

    def _told(self, marked: Marked, told: Text | None) -> Text | None:
        """With the key after it, if it may be shown and was not found."""
        if not self.show_key or marked.verdict == "right":
            return told
        key = Text("The answer is {answer}.", answer=answer(self.keys[marked.item.id]))
        return Text("{told} {key}", told=told, key=key) if told else key


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
