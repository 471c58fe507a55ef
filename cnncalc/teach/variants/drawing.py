"""Who has which numbers: HMAC-SHA256 of exercise, student and a counter, under a secret of the teacher's.

Candidate after candidate is drawn until one may be handed out, so the numbers of a student depend on nothing but the
exercise, the secret and the student: not on the class, the order, the machine or the version of Python.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping
from hashlib import sha256

from ...errors import ArchitectureError, Fault
from ...language import Text
from ..exercise import Exercise
from .combinations import Combinations, Trial
from .identity import identity

DRAWS = 64
"""Candidates that are drawn for a student before the combinations are gone through in order."""

MOST = 2_000
"""Combinations that are gone through in order."""


class Variants:
    """The variants of an exercise under a secret; each combination is tried once, whoever draws it."""

    def __init__(self, exercise: Exercise, secret: str) -> None:
        if not exercise.variants:
            message = Text("this exercise has no `variants`: everybody has the same numbers")
            hint = Text("list under `variants` what variables of the network may be, as in {example}", example="variants: {F: [16, 24, 32]}")  # fmt: skip
            raise ArchitectureError([Fault("no-variants", message, place=exercise.source.place(()), remedies=(hint,))])
        self.combinations = Combinations(exercise)
        self._identity = identity(exercise)
        self._secret = secret.encode("utf-8")

    def of(self, student: str) -> Exercise:
        """The exercise with the numbers of a student, whose name is taken as the sheet of answers has it.

        `numbers` of what is returned tells them. Raises ArchitectureError where no combination may be handed out.
        """
        found = next((trial for trial in self._candidates(student) if trial.eligible), None)
        if found is None or found.exercise is None:
            raise self._none()
        return found.exercise

    @property
    def some(self) -> Mapping[str, int]:
        """Numbers that may be drawn. Raises ArchitectureError as `of` does."""
        return self.of("").numbers

    def drawn(self, student: str, counter: int) -> int:
        """The number of the combination that is a student's candidate; B12 and b12 are one student."""
        message = f"{self._identity}\n{student.casefold()}\n{counter}".encode()
        return int.from_bytes(hmac.digest(self._secret, message, sha256)) % self.combinations.count

    def _candidates(self, student: str) -> Iterator[Trial]:
        """What is drawn, then, from the first that was drawn on, all there are, as far as they are tried."""
        yield from (self.combinations[self.drawn(student, counter)] for counter in range(DRAWS))
        start, count = self.drawn(student, 0), self.combinations.count
        yield from (self.combinations[(start + step) % count] for step in range(min(count, MOST)))

    def _none(self) -> ArchitectureError:
        exercise = self.combinations.exercise
        tried = sorted(self.combinations.tried, key=lambda trial: tuple(trial.numbers.values()))
        message = Text("of {n} combinations of numbers, {tried} were tried, and none may be handed out", n=f"{self.combinations.count:,}", tried=len(tried))  # fmt: skip
        working = [trial for trial in tried if trial.lint is not None]
        best = max(working, key=lambda trial: (trial.lint.score if trial.lint else 0, not trial.burdens), default=None)
        remedies = (_why(best) if best else _unusable(tried[0]), Text("`cnncalc exercise lint` says which numbers would do"))  # fmt: skip
        place = exercise.source.place(("variants",))
        return ArchitectureError([Fault("no-variant", message, path=("variants",), place=place, remedies=remedies)])


def _why(best: Trial) -> Text:
    assert best.lint is not None, "asked of those that work"
    numbers = ", ".join(f"{name}={value}" for name, value in best.numbers.items())
    if best.lint.full:
        return Text("with {numbers} the numbers are too large to be worked out by hand: {burden}", numbers=numbers, burden=best.burdens[0].told)  # fmt: skip
    return Text(
        "the best is {numbers}, which does not tell {codes}", numbers=numbers, codes=", ".join(best.lint.failing)
    )


def _unusable(trial: Trial) -> Text:
    assert trial.error is not None, "else it works"
    return trial.error.first.message


def variant(exercise: Exercise, secret: str, student: str) -> Exercise:
    """One student's exercise, with its numbers; `Variants` is faster for many."""
    return Variants(exercise, secret).of(student)
