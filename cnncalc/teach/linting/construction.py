"""What coincides whatever the numbers are: rules whose formulas are equal, found by putting many numbers into letters.

The whole network is derived once with a letter for every number, so that the image's channels and the input channels
of the first layer are one letter. Two formulas count as equal if they agree at `POINTS` points.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from typing import Any

from ...architecture import Architecture
from ...arithmetic import Dim
from ...derive import Summary
from ...derive.walk import walk
from ...errors import ArchitectureError
from ...expression import Expr, evaluate, symbol
from ..exercise import Exercise
from ..misconceptions import CATALOGUE, Case
from ..misconceptions.lettering import letters_of
from ..subjects import Subject, subjects_of
from .numbers import Number, changed, channels_of, every

POINTS = 40
LONG = 10**5
SMALL = 11
"""Strides are small, so that roundings differ at some of the points."""

AXES = frozenset("DHLNW")
"""What axes of a layer's input are called, where a layer is looked at alone."""

UNKNOWN = (ArithmeticError, RecursionError, TypeError, ValueError)
"""What a formula may fail with: a fraction of letters, a network of a thousand layers."""

Mark = Hashable
"""A formula, as its values at the points."""


class Construction:
    """The formulas of an exercise's right and wrong answers, each worked out when it is asked for."""

    def __init__(self, exercise: Exercise) -> None:
        self._exercise = exercise
        network = exercise.architecture
        self._points = _Points(channels_of(network) if network is not None else frozenset())
        self._subjects: dict[str, Subject] | None = None
        self._keys: dict[str, Mark] = {}
        self._known: dict[tuple[str, str], tuple[Mark, ...] | None] = {}

    def key(self, item: str) -> Mark:
        """The right answer's formula."""
        if item not in self._keys:
            subject = self._lettered(item)
            self._keys[item] = object()  # equal to nothing
            with suppress(*UNKNOWN):
                self._keys[item] = self._points.mark(subject.key) if subject else self._keys[item]
        return self._keys[item]

    def ways(self, item: str, code: str) -> tuple[Mark, ...] | None:
        """The formulas of a misconception's answers, in its order; None where it does not run on letters."""
        at = item, code
        if at not in self._known:
            subject = self._lettered(item)
            self._known[at] = None
            with suppress(*UNKNOWN):
                self._known[at] = (
                    tuple(map(self._points.mark, CATALOGUE[code].wrong(subject.about))) if subject else None
                )
        return self._known[at]

    def _lettered(self, item: str) -> Subject | None:
        if self._subjects is None:
            self._subjects = _twins(self._exercise)
        return self._subjects.get(item)


class Constructions:
    """The formulas of exercises that differ in numbers only: those with letters in the same places share theirs."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, ...], Construction] = {}

    def of(self, exercise: Exercise) -> Construction:
        network = exercise.architecture
        places = tuple(number.name for number in every(network)) if network is not None else ()
        if places not in self._known:
            self._known[places] = Construction(exercise)
        return self._known[places]


def _twins(exercise: Exercise) -> dict[str, Subject]:
    """The subjects of the items, in letters; layer by layer where the network does not take letters as a whole."""
    network = exercise.architecture
    if network is None:
        return {}
    letters = {number: symbol(number.name) for number in every(network)}
    summary = _lettered(network, letters)
    if summary is None:
        return {
            item: Subject(letters_of(about).subject, quantity)
            for item, (about, quantity) in subjects_of(exercise).items()
            if isinstance(about, Case)
        }
    return subjects_of(replace(exercise, summary=summary))


def _lettered(network: Architecture, letters: Mapping[Number, Expr]) -> Summary | None:
    """The network derived with letters; None where it takes numbers alone."""
    try:
        twin = changed(network, letters, {})
        found = walk(twin, simplify=False)
    except (ArchitectureError, TypeError, ValueError):
        return None
    return None if found.failures else Summary(twin, found.rows, found.conditions, simplify=False)


class _Points:
    """Numbers for letters, the same on every machine: axes of inputs are long, so that windows move on them."""

    def __init__(self, short: frozenset[str]) -> None:
        self.short = short
        self._known: list[dict[Expr, Dim]] = [{} for _ in range(POINTS)]

    def mark(self, formula: Any) -> Mark:
        """The values of a formula, or of a shape of formulas."""
        if isinstance(formula, tuple):
            return tuple(map(self.mark, formula))
        if not isinstance(formula, Expr):
            return formula  # type: ignore[no-any-return]  # a number
        return tuple(self._value(formula, point) for point in range(POINTS))

    def _value(self, formula: Dim, point: int) -> Dim:
        """The value of a formula, of which most is part of the formulas of later layers."""
        if not isinstance(formula, Expr):
            return formula
        known = self._known[point]
        if formula not in known:
            if formula.op == "symbol":
                known[formula] = self._number(formula.args[0], point)
            else:
                arguments = tuple(self._value(argument, point) for argument in formula.args)
                known[formula] = evaluate(Expr(formula.op, arguments), {})
        return known[formula]

    def _number(self, letter: str, point: int) -> int:
        chance = int.from_bytes(sha256(f"{letter} {point}".encode()).digest()[:4])
        return LONG + chance % LONG if self._is_long(letter) else 2 + chance % SMALL

    def _is_long(self, letter: str) -> bool:
        return letter not in self.short and (".shape[" in letter or letter[0] in AXES)
