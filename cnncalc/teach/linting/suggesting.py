"""Which numbers nearby would tell: the nearest change of one number, or of two, with the best score.

A change is taken over only if every misconception of the exercise still applies: a score is not raised by asking less.
Each is derived and linted again before it is suggested.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, NamedTuple

from ...architecture import Architecture
from ...architecture.entries import Faults
from ...derive import Summary
from ...derive.walk import walk
from ...errors import ArchitectureError
from ..exercise import Exercise
from ..items import Item, items_of
from ..key import keys_of
from .construction import Constructions
from .lint import Lint, lint
from .numbers import Number, changed, fields, sizes, variables

REACH = 4
"""How far a number is moved, alone."""

REACH_TWO = 3
"""How far the second of two numbers is moved."""

WORK = 1_200
"""Layers that are derived for changes of one number, and again for those of two."""

PROMISING = 8
"""Changes of one number that are tried together with another, the best ones."""


class Change(NamedTuple):
    """Other numbers, and what they show."""

    numbers: Mapping[Number, int]
    lint: Lint

    @property
    def distance(self) -> int:
        return sum(abs(value - number.value) for number, value in self.numbers.items())


class Suggestion(NamedTuple):
    """What was found, and how many changes were tried."""

    change: Change | None
    """The nearest with a full score, else the best found; None where none is better than the exercise."""
    tried: int


def suggest(exercise: Exercise, found: Lint, constructions: Constructions | None = None) -> Suggestion:
    """Look for numbers with a better score than `found`, the exercise's own."""
    if exercise.architecture is None or found.full:
        return Suggestion(None, 0)
    return _Search(exercise, found, constructions or Constructions()).suggestion()


def numbers_of(exercise: Exercise) -> tuple[Number, ...]:
    """What may be changed: variables, sizes and fields that no variable sets; no strides and dilations of 1."""
    network = exercise.architecture
    assert network is not None, "asked of exercises with a network"
    listed = variables(network, exercise.numbers)
    others = [_written(other) for variable in listed for other in _moved(network, variable, exercise.numbers)]
    free = (each for each in (*sizes(network), *fields(network)) if all(other.get(each.name) == each.value for other in others))  # fmt: skip
    return (*listed, *(each for each in free if not _is_idle(each)))


def _moved(network: Architecture, variable: Number, given: Mapping[str, int]) -> Iterator[Architecture]:
    """The network with a variable one more, and one less, as far as it takes that."""
    for value in (variable.value + 1, variable.value - 1):
        with suppress(ArchitectureError):
            yield changed(network, {variable: value}, given)


def _written(network: Architecture) -> dict[str, int]:
    return {each.name: each.value for each in (*sizes(network), *fields(network))}


def _is_idle(number: Number) -> bool:
    return number.value == 1 and number.name.partition("[")[0].endswith((".strides", ".dilation_rate"))


class _Search:
    def __init__(self, exercise: Exercise, found: Lint, constructions: Constructions) -> None:
        self.exercise, self.found, self.constructions = exercise, found, constructions
        self.numbers = numbers_of(exercise)
        self.tried = 0
        assert exercise.summary is not None, "asked of exercises with a network"
        self.most = max(WORK // len(exercise.summary.rows), len(self.numbers))

    def suggestion(self) -> Suggestion:
        alone = sorted(self._tested(self._singles()), key=_rank)
        pairs = [] if alone and alone[0].lint.full else self._tested(self._pairs(alone[:PROMISING]))
        better = [change for change in sorted([*alone, *pairs], key=_rank) if change.lint.score > self.found.score]
        return Suggestion(next(filter(self._has_answers, better[:PROMISING]), None), self.tried)

    def _singles(self) -> Iterator[dict[Number, int]]:
        """One number moved, the nearest first, up before down."""
        for distance in range(1, REACH + 1):
            for number in self.numbers:
                yield from ({number: value} for value in _near(number, distance))

    def _pairs(self, promising: Iterable[Change]) -> Iterator[dict[Number, int]]:
        """A promising change with one other number, the nearest first."""
        more = [
            {number: value} for number in self.numbers for d in range(1, REACH_TWO + 1) for value in _near(number, d)
        ]
        pairs = [
            {**change.numbers, **other}
            for change in promising
            for other in more
            if not _places(change.numbers) & _places(other)
        ]
        return iter(sorted(pairs, key=lambda numbers: Change(numbers, self.found).distance))

    def _tested(self, candidates: Iterable[dict[Number, int]]) -> list[Change]:
        """The changes that work, up to the first with a full score."""
        good: list[Change] = []
        for _, numbers in zip(range(self.most), candidates, strict=False):
            self.tried += 1
            change = self._change(numbers)
            if change is None or (change.lint.full and not self._has_answers(change)):
                continue
            good.append(change)
            if change.lint.full:
                break
        return good

    def _has_answers(self, change: Change) -> bool:
        """Whether all questions still have one, such as those for a setting that gives a shape."""
        exercise = with_numbers(self.exercise, change.numbers)
        try:
            return exercise is not None and bool(keys_of(exercise))
        except ArchitectureError:
            return False

    def _change(self, numbers: Mapping[Number, int]) -> Change | None:
        """The change with its score; None where the network does not work, or asks less."""
        exercise = with_numbers(self.exercise, numbers)
        if exercise is None:
            return None
        found = lint(exercise, self.constructions)
        return Change(numbers, found) if set(self.found.codes) <= set(found.codes) else None


def _rank(change: Change) -> tuple[Any, ...]:
    """The best first; of equals the fewest numbers, then the nearest."""
    return -change.lint.score, len(change.numbers), change.distance


def _near(number: Number, distance: int) -> Iterator[int]:
    for value in (number.value + distance, number.value - distance):
        if value > 0 and value != number.neutral:
            yield value


def _places(numbers: Iterable[Number]) -> set[object]:
    return {place for number in numbers for place in number.places}


def with_numbers(exercise: Exercise, numbers: Mapping[Number, int]) -> Exercise | None:
    """The exercise with other numbers in its network; None where that cannot be derived, or has not what is asked."""
    assert exercise.architecture is not None, "asked of exercises with a network"
    try:
        network = changed(exercise.architecture, numbers, exercise.numbers)
    except ArchitectureError:
        return None
    found = walk(network)  # not `derive`, which looks for remedies where it fails
    if found.failures:
        return None
    summary = Summary(network, found.rows, found.conditions)
    items = _items(exercise, summary)
    return replace(exercise, architecture=network, summary=summary, items=items) if items is not None else None


def _items(exercise: Exercise, summary: Summary) -> tuple[Item, ...] | None:
    """The items as the network has them now: a variable may say how many layers there are."""
    assert exercise.summary is not None, "it has a network"
    if [row.name for row in exercise.summary.rows] == [row.name for row in summary.rows]:
        return exercise.items
    faults = Faults()
    questions = {item.path: item.question for item in exercise.items}
    items = items_of(tuple(questions.values()), summary, faults)
    return None if faults else items
