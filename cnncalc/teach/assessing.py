"""Assessing: one student's answers marked and explained; equal answers, from equal earlier ones, are assessed once.

A class repeats its answers, right and wrong. What an answer is worth follows from its text and from those earlier answers that its
own key can be carried from (`Carrier.reads`); so much is the key under which it is kept, and no more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import partial
from operator import getitem, itemgetter
from typing import Any

from ..language import Text
from .bounded import Bounded, keep
from .carrying import Carried
from .causes import NONE, Cause
from .diagnosing import EXPLAINED, Doctor, feedback, leading
from .exercise import Exercise
from .following import Answers
from .items import Item
from .key import keys_of
from .marking import Marked, Marker, Own, carried_name
from .misconceptions import smallest
from .remarks import evidence
from .results import Evidence, ItemResult
from .wording import answer

ROOM = 80_000
"""Assessed answers that are kept, of all items together; as many again beside earlier ones. Each is about 1 kB."""


class Assessed:
    """An answer with its mark and its causes; its results are kept with it, so that equal answers are one object."""

    __slots__ = ("cause", "marked", "open", "plain", "results", "value")

    def __init__(self, marked: Marked, cause: Cause, value: Any, *, final: bool) -> None:
        self.marked = marked
        self.cause = cause
        self.value = value
        """What later answers can be carried from; None for nothing."""
        self.open = not final
        """Whether it is wrong by itself, and has to be looked at beside earlier answers."""
        self.plain: ItemResult | None = None
        """The only result there is, where no cause has to be chosen."""
        self.results: dict[str, ItemResult] = {}
        """By the cause that is told."""


class Assessor:
    """One exercise, ready for any number of students."""

    def __init__(self, exercise: Exercise, *, show_key: bool = False, room: int = ROOM) -> None:
        """`room` is for so many assessed answers, and as many again."""
        self.exercise = exercise
        self.items = exercise.items
        self.keys = keys_of(exercise)
        self.show_key = show_key
        self._marker = Marker(exercise, self.keys)
        self._doctor = Doctor(exercise, self.keys)
        own = max(64, room // max(1, len(self.items)))
        self._names = [carried_name(item) or "" for item in self.items]
        self._alone = [Bounded(partial(self._by_itself, item), own) for item in self.items]
        self._reads = list(map(self._read_by, self.items))
        self._owns: list[dict[Any, Own]] = [{} for _ in self.items]
        self._beside = Bounded(self._again, room)
        self._room = own
        self._fewest: Bounded[tuple[tuple[str, ...], ...], tuple[str, ...]] = Bounded(_fewest, room // 4)

    def assess(
        self, texts: Sequence[str], manual: Mapping[str, Fraction]
    ) -> tuple[tuple[ItemResult, ...], tuple[str, ...]]:
        """A result per item, and the fewest misconceptions that explain what is wrong; a mark in `manual` counts instead of ours."""
        found = list(map(getitem, self._alone, texts))
        places = [place for place, each in enumerate(found) if each.open]
        codes: tuple[str, ...] = ()
        if places:
            self._follow(found, places)
            codes = self._fewest[tuple([each.cause.codes for each in found if each.cause.codes])]
        if manual:
            return tuple([self._result(each, codes, manual.get(each.marked.item.id)) for each in found]), codes
        return tuple([each.plain or self._result(each, codes, None) for each in found]), codes

    @property
    def evidence(self) -> dict[str, Evidence]:
        """What answers can show, by item."""
        return self._doctor.evidence

    def _by_itself(self, item: Item, text: str) -> Assessed:
        marked = self._marker.alone(item, text)
        name, read = carried_name(item), marked.understood
        value = self._marker.meant(marked) if name and read.verdict == "read" else None
        return self._assessed(marked, NONE, value, final=marked.verdict != "wrong")

    def _follow(self, found: list[Assessed], places: Sequence[int]) -> None:
        """Look at the wrong answers again, beside the student's own earlier ones."""
        values = [each.value for each in found]
        carried: Carried | None = None
        for place in places:
            owns, read = self._owns[place], self._reads[place](values)
            own = owns.get(read)
            if own is None:
                carried = carried or self._marker.carried(self._answers(values))
                own = keep(owns, read, self._marker.own(self.items[place], carried), self._room)
            found[place] = self._beside[found[place], own]

    def _answers(self, values: Sequence[Any]) -> Answers:
        """By name; where two items have one name, the later answer that there is."""
        return {name: value for name, value in zip(self._names, values, strict=True) if value is not None}

    def _read_by(self, item: Item) -> Callable[[Sequence[Any]], Any]:
        """Of the values of all items, those that an item's own key can be carried from."""
        names = self._marker.reads(item)
        places = [place for place, name in enumerate(self._names) if name in names]
        return itemgetter(*places) if places else lambda _: None

    def _again(self, key: tuple[Assessed, Own]) -> Assessed:
        return self._explained(self._marker.beside(key[0].marked, key[1]))

    def _explained(self, marked: Marked) -> Assessed:
        cause = self._doctor.cause(marked) if marked.verdict in EXPLAINED else NONE
        return self._assessed(marked, cause, None, final=True)

    def _assessed(self, marked: Marked, cause: Cause, value: Any, *, final: bool) -> Assessed:
        made = Assessed(marked, cause, value, final=final)
        if final and not cause.codes:
            made.plain = self._made(marked, cause, None, None)
        return made

    def _result(self, each: Assessed, codes: Sequence[str], given: Fraction | None) -> ItemResult:
        code = leading(each.cause, codes)
        if given is not None:
            return self._made(each.marked, each.cause, code, given)
        if code is None:
            assert each.plain is not None, "what has no cause has one result"
            return each.plain
        if code not in each.results:
            each.results[code] = self._made(each.marked, each.cause, code, None)
        return each.results[code]

    def _made(self, marked: Marked, cause: Cause, code: str | None, given: Fraction | None) -> ItemResult:
        item = marked.item
        return ItemResult(
            item=item.id,
            raw=marked.raw,
            understood=marked.understood.value,
            echo=marked.understood.echo,
            verdict=marked.verdict,
            score=marked.score if given is None else given,
            max=item.points,
            codes=cause.codes,
            feedback=self._told(marked, feedback(marked, cause, code)),
            also=self._doctor.also[item.id] if marked.verdict == "right" else (),
            manual=given is not None,
            evidence=evidence(item.question, marked.understood.value),
        )

    def _told(self, marked: Marked, told: Text | None) -> Text | None:
        """With the key after it, if it may be shown and was not found."""
        if not self.show_key or marked.verdict == "right":
            return told
        key = Text("The answer is {answer}.", answer=answer(self.keys[marked.item.id]))
        return Text("{told} {key}", told=told, key=key) if told else key


def _fewest(rows: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    return smallest(list(map(frozenset, rows)))
