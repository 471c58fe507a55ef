"""Why an answer is wrong: the misconceptions that lead to it, from the true inputs and from the student's own."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import chain
from typing import Any

from ..language import Text
from .bounded import Bounded
from .causes import NONE, Cause, told
from .exercise import Exercise
from .foreseeing import Foresight, foresight, unknown
from .items import Item
from .key import Key
from .layout import Layouts
from .map_causes import MapDoctor
from .maps import feature_map
from .marking import Marked
from .misconceptions import Case, also
from .outcomes import Evidence
from .questions import Choice, FeatureMap
from .remarks import worker_of
from .subjects import Subject, Subjects, axis_of, wrong_values

MAX_KEPT = 10_000

Produced = tuple[Any, dict[Any, tuple[str, ...]]]
NOTHING: Produced = None, {}

EXPLAINED = frozenset({"wrong", "partial"})
"""The verdicts that a cause is looked for."""


class Doctor:
    """An exercise's layers, with every wrong answer that a misconception gives; made once, asked for every student."""

    def __init__(self, exercise: Exercise, keys: dict[str, Key]) -> None:
        self._keys = keys
        self._subjects = Subjects(exercise.summary)
        self._layouts = Layouts(exercise.summary)
        self._items = {item.id: item for item in exercise.items}
        self._known = Bounded(self._produced, MAX_KEPT)
        self._foreseen = Bounded(self._foresight, MAX_KEPT)
        self._on = Bounded(self._on_inputs, MAX_KEPT)
        self._workers = {
            name: worker for name, key in keys.items() if (worker := worker_of(exercise, key, self._subjects))
        }
        self._worked = Bounded(self._by_worker, MAX_KEPT)
        self.also = {item.id: self._also(item) for item in exercise.items}
        """By item, the misconceptions that give the right answer: it is no evidence against them."""
        self.evidence = {item.id: Evidence(self._shown(item), self.also[item.id]) for item in exercise.items}

    def cause(self, marked: Marked) -> Cause:
        """The codes of one wrong answer: those that lead to it from the true inputs, then from the student's own."""
        if marked.item.id in self._workers:
            return self._worked[marked.item.id, marked.understood.value]
        item, answer = marked.item, self._answer(marked)
        subject, known = self._known[item.id, None]
        turned = self._layouts.meant(item, answer, self._keys[item.id].value)
        own, follows = self._known[item.id, marked.inputs] if self._may_follow(marked, answer, turned) else NOTHING
        meant = answer if turned == answer or answer in known or answer in follows else turned
        codes, more = known.get(meant, ()), follows.get(meant, ())
        if not codes and not more:
            return NONE
        others = tuple([code for code in more if code not in codes])
        shown = self._axis(item) is None
        return Cause((*codes, *others), subject if shown else None, meant, None, others, own if shown else None)

    def _may_follow(self, marked: Marked, *answers: Any) -> bool:
        """Whether one of the answers may come from a wrong rule on the student's own inputs."""
        if not marked.inputs:
            return False
        foreseen = self._foreseen[marked.item.id](marked.inputs)
        return foreseen is None or any(answer in foreseen for answer in answers)

    def _foresight(self, item: str) -> Foresight:
        subject = self._subject(self._items[item], None)
        if subject is None or not isinstance(subject.about, Case) or self._axis(self._items[item]) is not None:
            return unknown
        return foresight(subject.about, subject.quantity)

    def _by_worker(self, key: tuple[str, Any]) -> Cause:
        return self._workers[key[0]](key[1])

    def _answer(self, marked: Marked) -> Any:
        """The value that was meant; of a choice, the option."""
        value, question = marked.understood.value, marked.item.question
        if isinstance(question, Choice):
            return self._keys[marked.item.id].options[ord(str(value).upper()) - ord("A")]
        return value.numerator if isinstance(value, Fraction) and value.denominator == 1 else value

    def _produced(self, key: tuple[str, Any]) -> Produced:
        """What the item asks about, on the student's own inputs if there are any, and every wrong answer with its codes."""
        item, inputs = self._items[key[0]], key[1]
        subject = self._subject(item, inputs)
        return subject and subject.about, wrong_values(subject, self._axis(item))

    def _shown(self, item: Item) -> frozenset[str]:
        """The misconceptions that give a wrong answer, and no right one."""
        _, known = self._known[item.id, None]
        return frozenset(chain.from_iterable(known.values())) - set(self.also[item.id])

    def _also(self, item: Item) -> tuple[str, ...]:
        if isinstance(item.question, FeatureMap):
            return MapDoctor(item.question, feature_map(item.question)).also()
        subject = self._subject(item, None)
        return also(*subject) if subject and self._axis(item) is None else ()

    def _axis(self, item: Item) -> int | None:
        """The one axis of a shape that a choice is about."""
        return axis_of(item.question.of) if isinstance(item.question, Choice) else None

    def _subject(self, item: Item, inputs: Any) -> Subject | None:
        """What the item asks about, on the student's own inputs if there are any; None for what no misconception knows."""
        if item.answer not in {"shape", "integer", "choice"}:
            return None
        found = self._subjects.of(item.layer, item.quantity, item.question)
        if found and inputs and isinstance(found.about, Case):
            return found._replace(about=self._on[found.about, inputs])
        return found

    def _on_inputs(self, key: tuple[Case, Any]) -> Case:
        """A layer on a student's own inputs, for all that is asked of it."""
        case, inputs = key
        return case.on(*inputs)


def leading(cause: Cause, chosen: Sequence[str]) -> str | None:
    """Of several causes the one to tell: one in `chosen`, which explains other answers too."""
    if len(cause.codes) < 2:
        return cause.codes[0] if cause.codes else None
    return next((code for code in cause.codes if code in chosen), cause.codes[0])


def feedback(marked: Marked, cause: Cause, code: str | None) -> Text | None:
    """What to tell the student: the cause `code` with their number worked out again, and a hint; never the key."""
    match marked.verdict:
        case "carried":
            return CARRIED
        case "unreadable" | "ambiguous":
            return marked.understood.note
        case "wrong" | "partial" if code is not None:
            return told(cause, code)
        case "wrong" | "partial" if cause.note is not None:
            return cause.note
        case "partial":
            return PARTIAL
        case "wrong":
            return UNEXPLAINED
    return None


CARRIED = Text("The method is right. The number that it starts from, an earlier answer of yours, is not.")
PARTIAL = Text("Some of the axes are right.")
UNEXPLAINED = Text("This is not right. Write down the rule, put your numbers in, and compare.")
