"""Why an answer is wrong: the misconceptions that lead to it, from the true inputs and from the student's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import chain
from typing import Any, NamedTuple

from ..language import Text
from .exercise import Exercise
from .items import Item
from .key import Key
from .layout import Layouts
from .marking import Marked
from .misconceptions import (
    CATALOGUE,
    Case,
    Network,
    Quantity,
    also,
    cases_of,
    feedback_for,
    network_of,
    smallest,
    values,
)
from .questions import Choice, FeatureMap, Memory
from .results import Evidence

QUANTITIES = {
    "shape": Quantity.SHAPE,
    "params": Quantity.PARAMS,
    "trainable_params": Quantity.TRAINABLE,
    "macs": Quantity.MACS,
    "receptive_field": Quantity.FIELD,
}
"""Of layers; of the whole network they are called as the items are."""

OF_NETWORK = {each.value for each in Quantity} - {each.value for each in QUANTITIES.values()}
MAX_KEPT = 10_000


class Cause(NamedTuple):
    """What the misconceptions say of one answer."""

    codes: tuple[str, ...] = ()
    """Those that lead to it."""
    subject: Any = None
    """The layer on the inputs from which they do."""
    answer: Any = None


NONE = Cause()
EXPLAINED = frozenset({"wrong", "partial"})
"""The verdicts that a cause is looked for."""


class Diagnosis(NamedTuple):
    """What is said of one student."""

    causes: tuple[Cause, ...]
    """Item by item."""
    codes: tuple[str, ...]
    """The fewest misconceptions that explain all that is wrong and can be explained."""


class Doctor:
    """An exercise's layers, with every wrong answer that a misconception gives; made once, asked for every student."""

    def __init__(self, exercise: Exercise, keys: dict[str, Key]) -> None:
        self._keys = keys
        self._cases = cases_of(exercise.summary) if exercise.summary else {}
        self._summary = exercise.summary
        self._layouts = Layouts(exercise.summary)
        self._known: dict[tuple[str, Any], tuple[Any, dict[Any, tuple[str, ...]]]] = {}
        self.also = {item.id: self._also(item) for item in exercise.items}
        """By item, the misconceptions that give the right answer: it is no evidence against them."""
        self.evidence = {item.id: Evidence(self._shown(item), self.also[item.id]) for item in exercise.items}

    def diagnose(self, marked: Sequence[Marked]) -> Diagnosis:
        """The causes of one student's wrong answers."""
        causes = tuple([self.cause(each) if each.verdict in EXPLAINED else NONE for each in marked])
        return Diagnosis(causes, smallest([frozenset(each.codes) for each in causes if each.codes]))

    def cause(self, marked: Marked) -> Cause:
        """The codes of one wrong answer: from the true inputs, else from the student's own."""
        item, answer = marked.item, self._answer(marked)
        for meant in dict.fromkeys((answer, self._layouts.meant(item, answer, self._keys[item.id].value))):
            for inputs in (None, marked.inputs) if marked.inputs else (None,):
                subject, known = self._values(item, inputs)
                if codes := known.get(meant):
                    return Cause(codes, subject, meant)
        return NONE

    def _answer(self, marked: Marked) -> Any:
        """The value that was meant; of a choice, the option."""
        value, question = marked.understood.value, marked.item.question
        if isinstance(question, Choice):
            return self._keys[marked.item.id].options[ord(str(value).upper()) - ord("A")]
        return value.numerator if isinstance(value, Fraction) and value.denominator == 1 else value

    def _values(self, item: Item, inputs: Any) -> tuple[Any, dict[Any, tuple[str, ...]]]:
        key = (item.id, inputs)
        if key not in self._known:
            if len(self._known) >= MAX_KEPT:
                self._known.clear()
            subject, quantity = self._subject(item, inputs)
            self._known[key] = subject, values(subject, quantity) if subject is not None and quantity else {}
        return self._known[key]

    def _shown(self, item: Item) -> frozenset[str]:
        """The misconceptions that give a wrong answer, and no right one."""
        _, known = self._values(item, None)
        return frozenset(chain.from_iterable(known.values())) - set(self.also[item.id])

    def _also(self, item: Item) -> tuple[str, ...]:
        subject, quantity = self._subject(item, None)
        return also(subject, quantity) if subject is not None and quantity else ()

    def _subject(self, item: Item, inputs: Any) -> tuple[Case | Network | None, Quantity | None]:
        """What the item asks about, for the misconceptions; nothing for what they do not know."""
        if (
            self._summary is None
            or item.answer not in {"shape", "integer", "choice"}
            or isinstance(item.question, FeatureMap)
        ):
            return None, None
        if item.layer is None and item.quantity in OF_NETWORK:
            question = item.question
            asked = (
                replace(self._summary, dtype=question.dtype, batch=question.batch)
                if isinstance(question, Memory)
                else self._summary
            )
            return network_of(asked), Quantity(item.quantity)
        if item.layer not in self._cases or item.quantity not in QUANTITIES:
            return None, None
        case = self._cases[item.layer]
        return (case.on(*inputs) if inputs else case), QUANTITIES[item.quantity]


def leading(cause: Cause, chosen: Sequence[str]) -> str | None:
    """Of several causes the one to tell: one in `chosen`, which explains other answers too."""
    return next((code for code in cause.codes if code in chosen), cause.codes[0] if cause.codes else None)


def feedback(marked: Marked, cause: Cause, code: str | None) -> Text | None:
    """What to tell the student: the cause `code` with their number worked out again, and a hint; never the key."""
    match marked.verdict:
        case "carried":
            return CARRIED
        case "unreadable" | "ambiguous":
            return marked.understood.note
        case "wrong" | "partial" if code is not None:
            entry = CATALOGUE[code]
            return Text("{told}. {hint}", told=feedback_for(entry, cause.subject, cause.answer), hint=entry.hint)
        case "partial":
            return PARTIAL
        case "wrong":
            return UNEXPLAINED
    return None


CARRIED = Text("The method is right. The number that it starts from, an earlier answer of yours, is not.")
PARTIAL = Text("Some of the axes are right.")
UNEXPLAINED = Text("This is not right. Write down the rule, put your numbers in, and compare.")
