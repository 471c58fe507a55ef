"""What can be worked out by hand: answers that a pocket calculator shows, from factors that are quickly typed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ...derive import Summary
from ...language import Text
from ..exercise import Exercise
from ..subjects import subjects_of

LARGEST_ANSWER = 99_999_999
"""The eight digits of a pocket calculator."""

LARGEST_FACTOR = 9_999
"""An axis of a map or of a weight: four digits."""


class Burden(NamedTuple):
    """A number that is too large."""

    place: str
    """An item or a layer."""
    number: int

    @property
    def told(self) -> Text:
        return Text("{place} takes {number}", place=self.place, number=f"{self.number:,}")


def burdens(exercise: Exercise) -> tuple[Burden, ...]:
    """What is too large to be worked out by hand."""
    return (*_answers(exercise), *(_factors(exercise.summary) if exercise.summary else ()))


def _answers(exercise: Exercise) -> Iterator[Burden]:
    for item, subject in subjects_of(exercise).items():
        largest = max(subject.key, default=0) if isinstance(subject.key, tuple) else subject.key
        if isinstance(largest, int) and largest > LARGEST_ANSWER:
            yield Burden(item, largest)


def _factors(summary: Summary) -> Iterator[Burden]:
    for row in summary.rows:
        shapes = (*row.input_shapes, *row.output_shapes, *row.facts.weights.values())
        largest = max((axis for shape in shapes for axis in shape), default=0)
        if largest > LARGEST_FACTOR:
            yield Burden(row.name, largest)
