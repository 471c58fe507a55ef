"""Expressions as steps on intervals: between which numbers each lies, from between which the unknowns lie."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from functools import reduce

from ..arithmetic import Dim, ceildiv
from ..expression import Expr
from . import bounds
from .bounds import Interval, exactly

Step = tuple[Callable[[Interval, Interval], Interval], int, int]


class Impossible(ArithmeticError):
    """Something is divided by 0."""


class Program:
    """Several expressions; what they share is computed once."""

    def __init__(self, targets: Sequence[Dim], names: Sequence[str]) -> None:
        self._names = {name: place for place, name in enumerate(names)}
        self._steps: list[Step | Interval] = []
        self._known: dict[Dim, int] = {}
        self._divisors: list[int] = []
        self.may_fail = False
        """Whether the box that was last looked at holds settings that divide by 0."""
        self._results = [self._place(target) for target in targets]

    def intervals(self, box: Sequence[Interval]) -> list[Interval]:
        """The interval of each expression. Raises Impossible where a number is divided by 0."""
        values = list(box)
        for step in self._steps:
            values.append(step if isinstance(step, Interval) else step[0](values[step[1]], values[step[2]]))
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
                return reduce(lambda a, b: self._add((function, a, b)), places)
        return self._add(exactly(value))

    def _add(self, step: Step | Interval) -> int:
        self._steps.append(step)
        return len(self._names) + len(self._steps) - 1


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
