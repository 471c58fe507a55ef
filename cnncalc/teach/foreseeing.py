"""What a layer's wrong rules can give at all on a student's own inputs: formulas, worked out once for each layer.

Most wrong answers follow from no misconception. To see that, the rules need not be run on every student's inputs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from itertools import chain

from ..algebra.function import function
from ..arithmetic import Shape
from ..expression import symbol
from ..layers.base import UnaryLayer
from .misconceptions import Answer, Case, Entry, Quantity, candidates

Foresight = Callable[[tuple[Shape, ...]], Collection[Answer] | None]
"""From inputs to all answers that a wrong rule may give on them, and more; None where nobody knows."""


def unknown(inputs: tuple[Shape, ...]) -> None:
    """The foresight where rules have to be run."""
    return


def foresight(case: Case, quantity: Quantity) -> Foresight:
    """Of a layer, for inputs that have as many axes as its own."""
    if case.key(quantity) is None or not isinstance(case.layer, UnaryLayer):
        return unknown  # of several inputs, letters do not say which is repeated
    letters = tuple(tuple(symbol(f"n{i}_{axis}") for axis in range(len(shape))) for i, shape in enumerate(case.inputs))
    try:
        twin = case.on(*letters)
        entries = [entry for entry in candidates(case.about, quantity) if _may_apply(entry, twin)]
        formulas = chain.from_iterable(entry.wrong(twin) for entry in entries if entry.lettered)
        worked_out = function(list(formulas), [str(letter) for letter in chain.from_iterable(letters)])
    except TypeError:  # it branches on numbers, which letters have not
        return unknown
    others = [entry for entry in entries if not entry.lettered]
    ranks = [len(shape) for shape in case.inputs]

    def foreseen(inputs: tuple[Shape, ...]) -> Collection[Answer] | None:
        if [len(shape) for shape in inputs] != ranks:
            return None
        try:
            found = worked_out(*chain.from_iterable(inputs))
        except ZeroDivisionError:
            return None
        if others:
            mine = case.on(*inputs)
            found += tuple(chain.from_iterable(entry.wrong(mine) for entry in others))
        return found

    return foreseen


def _may_apply(entry: Entry, twin: Case) -> bool:
    """Whether there are sizes for which the misconception applies."""
    try:
        return entry.applies(twin)
    except TypeError:
        return True  # it depends on the sizes
