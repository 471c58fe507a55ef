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
        formulas = [entry.wrong(twin) for entry in candidates(case.about, quantity) if _may_apply(entry, twin)]
    except TypeError:  # it branches on numbers, which letters have not
        return unknown
    names = [str(letter) for letter in chain.from_iterable(letters)]
    worked_out = function(list(chain.from_iterable(formulas)), names)
    ranks = [len(shape) for shape in case.inputs]

    def foreseen(inputs: tuple[Shape, ...]) -> Collection[Answer] | None:
        if [len(shape) for shape in inputs] != ranks:
            return None
        try:
            return worked_out(*chain.from_iterable(inputs))
        except ZeroDivisionError:
            return None

    return foreseen


def _may_apply(entry: Entry, twin: Case) -> bool:
    """Whether there are sizes for which the misconception applies. TypeError for one that does not run on letters."""
    try:
        applies = entry.applies(twin)
    except TypeError:
        applies = True  # that depends on the sizes
    if applies and not entry.lettered:
        raise TypeError(entry.code)
    return applies
