"""Misconceptions: the wrong rules that students follow, as code, and what they make of given numbers.

    case = cases_of(derive(architecture))["conv2d_1"]
    for entry in explaining(case, Quantity.PARAMS, 18432):
        print(entry.code, feedback_for(entry, case, 18432), entry.hint)

Nothing here is a table of numbers: every wrong value is calculated from the layer, its input and its output.
"""

from __future__ import annotations

from functools import cache
from itertools import chain
from typing import Any

from . import channels, convolution, costs, dense, others, reading, receptive, resizing, separable, sequences, sizes
from . import totals as network_totals
from . import values as cell_values
from .base import JUDGMENT, Answer, Entry, Misconception, Quantity, always, conceivable
from .case import Case, Network, cases_of, network_of
from .cover import smallest
from .feedback import alike, arithmetic, feedback_for, formulas
from .values import Cell

__all__ = [
    "CATALOGUE",
    "JUDGMENT",
    "Answer",
    "Case",
    "Cell",
    "Entry",
    "Misconception",
    "Network",
    "Quantity",
    "alike",
    "also",
    "applicable",
    "candidates",
    "arithmetic",
    "cases_of",
    "conceivable",
    "explaining",
    "feedback_for",
    "formulas",
    "network_of",
    "smallest",
    "values",
]

FAMILIES = (sizes, resizing, channels, reading, convolution, separable, dense, others, sequences, costs, receptive,
            network_totals, cell_values)  # fmt: skip
"""The modules that hold misconceptions, each in its `CODES`."""

CATALOGUE: dict[str, Entry] = {entry.code: entry for entry in chain.from_iterable(family.CODES for family in FAMILIES)}
"""Every misconception by its code."""

Subject = Any
"""A `Case`, a `Network` or a `Cell`."""


@cache
def candidates(about: type, quantity: Quantity) -> tuple[Entry, ...]:
    """The misconceptions that a kind of layer can meet with."""
    return tuple(each for each in CATALOGUE.values() if each.quantity is quantity and issubclass(about, each.about))


def applicable(subject: Subject, quantity: Quantity) -> tuple[Entry, ...]:
    """The misconceptions that a student could follow here, whether or not they change the answer."""
    if subject.key(quantity) is None:
        return ()
    return tuple([each for each in candidates(subject.about, quantity) if each.applies is always or each.applies(subject)])  # fmt: skip


def values(subject: Subject, quantity: Quantity) -> dict[Answer, tuple[str, ...]]:
    """Every wrong answer and the codes that produce it, in the catalogue's order; the right answer is left out.

    One pass over the catalogue: whoever marks many answers to one question keeps the result.
    """
    key = subject.key(quantity)
    found = _produced(subject, quantity)
    found.pop(key, None)
    return found


def also(subject: Subject, quantity: Quantity) -> tuple[str, ...]:
    """The codes that give the right answer here: for them it is no evidence that the rule is understood."""
    return _produced(subject, quantity).get(subject.key(quantity), ())


def explaining(subject: Subject, quantity: Quantity, answer: Answer) -> tuple[Entry, ...]:
    """The misconceptions that lead to a wrong `answer`; none for the right one."""
    return tuple(CATALOGUE[code] for code in values(subject, quantity).get(answer, ()))


def _produced(subject: Subject, quantity: Quantity) -> dict[Answer, tuple[str, ...]]:
    found: dict[Answer, tuple[str, ...]] = {}
    for entry in applicable(subject, quantity):
        for answer in entry.wrong(subject):
            if not conceivable(answer):
                continue
            codes = found.get(answer)
            if codes is None:
                found[answer] = (entry.code,)
            elif entry.code not in codes:
                found[answer] = (*codes, entry.code)
    return found
