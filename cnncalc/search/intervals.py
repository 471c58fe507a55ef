"""Expressions as steps on intervals: between which numbers each lies, from between which the unknowns lie."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from functools import reduce

from ..arithmetic import Dim, ceildiv
from ..expression import Expr
from . import bounds
from .bounds import Interval, exactly

Step = tuple[int, Callable[[Interval, Interval], Interval], int, int]
"""Where the result goes, what is done, and the places of its two arguments."""


class Impossible(ArithmeticError):
    """Something is divided by 0."""


class Program:
    """Several expressions; what they share is computed once."""

    def __init__(self, targets: Sequence[Dim], names: Sequence[str]) -> None:
        self._names = {name: place for place, name in enumerate(names)}
        self._values = [exactly(0)] * len(names)
        """The unknowns, the constants, and room for the result of each step."""
        self._steps: list[Step] = []
        self._known: dict[Dim, int] = {}
        self._divisors: list[int] = []
        self.may_fail = False
        """Whether the box that was last looked at holds settings that divide by 0."""
        self._results = [self._place(target) for target in targets]

    def intervals(self, box: Sequence[Interval]) -> list[Interval]:
        """The interval of each expression. Raises Impossible where a number is divided by 0."""
        values = [*box, *self._values[len(box) :]]
        for place, function, a, b in self._steps:
            values[place] = function(values[a], values[b])
        self.may_fail = any(0 in values[place] for place in self._divisors)
        return [values[place] for place in self._results]

    def _place(self, value: Dim) -> int:
        if value not in self._known:
            self._known[value] = self._made(value)
        return self._known[value]

    def _made(self, value: Dim) -> int:
        match value:
            case Expr("symbol", (name,)):
                return self._names[name]
            case Expr(op, args):
                places, function = [self._place(each) for each in args], FUNCTIONS[op]
                if op in DIVIDING:
                    self._divisors.append(places[1])
                return reduce(lambda a, b: self._step(function, a, b), places)
        return self._room(exactly(value))

    def _step(self, function: Callable[[Interval, Interval], Interval], a: int, b: int) -> int:
        place = self._room(exactly(0))
        self._steps.append((place, function, a, b))
        return place

    def _room(self, value: Interval) -> int:
        self._values.append(value)
        return len(self._values) - 1


def _dividing(
    exact: Callable[[int, int], int], wide: Callable[[Interval, Interval], Interval]
) -> Callable[[Interval, Interval], Interval]:
    def divide(a: Interval, b: Interval) -> Interval:
        if b.low == b.high == 0:
            raise Impossible
        return exactly(exact(a.low, b.low)) if a.low == a.high and b.low == b.high else wide(a, b)

    return divide


FUNCTIONS: dict[str, Callable[[Interval, Interval], Interval]] = {
    "sum": bounds.add,
    "product": bounds.multiply,
    "floor": _dividing(operator.floordiv, bounds.floor),
    "ceil": _dividing(ceildiv, bounds.ceil),
    "mod": _dividing(operator.mod, bounds.modulo),
    "max": bounds.largest,
    "min": bounds.smallest,
}
DIVIDING = {"floor", "ceil", "mod"}
