"""All combinations of an exercise's `variants:`, each tried when it is asked for, once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import prod
from typing import NamedTuple

from ...derive.walk import walk
from ...errors import ArchitectureError, Fault
from ...language import Text
from ..exercise import Exercise
from ..key import keys_of
from ..linting import Constructions, Lint, lint
from ..reading import read_exercise, with_variables
from .human import Burden, burdens
from .identity import values_of
from .writing import told


class Trial(NamedTuple):
    """One combination: what it makes of the exercise, and whether it may be handed out."""

    numbers: Mapping[str, int]
    exercise: Exercise | None = None
    """None where it may not be handed out."""
    lint: Lint | None = None
    """None where the network or a question does not work with these numbers."""
    burdens: tuple[Burden, ...] = ()
    error: ArchitectureError | None = None

    @property
    def eligible(self) -> bool:
        """Whether all misconceptions are told apart, and the numbers are human-sized."""
        return self.lint is not None and self.lint.full and not self.burdens


class Combinations:
    """The combinations, numbered from 0: names in order of the alphabet, values by size, the last name fastest."""

    def __init__(self, exercise: Exercise) -> None:
        self.exercise = exercise
        self.values = values_of(exercise)
        self._constructions = Constructions()
        self._tried: dict[int, Trial] = {}

    @property
    def count(self) -> int:
        return prod(map(len, self.values.values()))

    def __getitem__(self, index: int) -> Trial:
        if index not in self._tried:
            self._tried[index] = self._trial(self.numbers(index))
        return self._tried[index]

    def first(self, most: int) -> Iterator[Trial]:
        """The first `most` of them."""
        return (self[index] for index in range(min(self.count, most)))

    @property
    def tried(self) -> tuple[Trial, ...]:
        return tuple(self._tried.values())

    def numbers(self, index: int) -> dict[str, int]:
        """What the variables are in the combination of this number."""
        found = {}
        for name, values in reversed(self.values.items()):
            index, at = divmod(index, len(values))
            found[name] = values[at]
        return dict(sorted(found.items()))

    def _trial(self, numbers: Mapping[str, int]) -> Trial:
        try:
            _need_fitting(self.exercise, numbers)
            exercise = concrete(self.exercise, numbers)
            keys_of(exercise)
        except ArchitectureError as error:
            return Trial(numbers, error=error)
        trial = Trial(numbers, exercise, lint(exercise, self._constructions).brief, burdens(exercise))
        return trial if trial.eligible else trial._replace(exercise=None)


def _need_fitting(exercise: Exercise, numbers: Mapping[str, int]) -> None:
    """Raise an ArchitectureError where layers do not fit, without the search for remedies that `derive` makes."""
    assert exercise.architecture is not None, "an exercise with variants has a network"
    failures = walk(with_variables(exercise.architecture, {**exercise.numbers, **numbers})).failures
    if failures:
        message = Text("{layer}: {rule}", layer=failures[0].node.name, rule=failures[0].demand.rule)
        raise ArchitectureError([Fault("does-not-fit", message, layer=failures[0].node.name)])


def concrete(exercise: Exercise, numbers: Mapping[str, int]) -> Exercise:
    """The exercise with these numbers; what was published was published of others and is left out.

    Raises ArchitectureError where the network or a question does not work with them.
    """
    network = exercise.architecture
    assert network is not None, "an exercise with variants has a network"
    return read_exercise(exercise.source.with_data(told(exercise, numbers)), lambda _: network)
