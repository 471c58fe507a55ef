"""Assessing: one student's answers marked and explained; equal answers, from equal earlier ones, are assessed once.

A class repeats its answers, right and wrong. What an answer is worth follows from its text and from those earlier answers that its
own key can be carried from (`Carrier.reads`); so much is the key under which it is kept, and no more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import partial
from operator import attrgetter, getitem, itemgetter
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

    __slots__ = ("cause", "marked", "plain", "results", "value")

    def __init__(self, marked: Marked, cause: Cause, value: Any) -> None:
        self.marked = marked
        self.cause = cause
        self.value = value
        """What later answers can be carried from; None for nothing."""
        self.plain: ItemResult | None = None
        """The only result there is; None where a cause has to be chosen, or earlier answers have to be looked at."""
        self.results: dict[str, ItemResult] = {}
        """By the cause that is told."""


VALUE, PLAIN = attrgetter("value"), attrgetter("plain")


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
        self._rows = Bounded(self._own, room // 4)
        self._fewest: Bounded[tuple[tuple[str, ...], ...], tuple[str, ...]] = Bounded(_fewest, room // 4)

    def assess(
        self, texts: Sequence[str], manual: Mapping[str, Fraction]
    ) -> tuple[tuple[ItemResult, ...], tuple[str, ...]]:
        """A result per item, and the fewest misconceptions that explain what is wrong; a mark in `manual` counts instead of ours."""
        found = list(map(getitem, self._alone, texts))
        results: list[Any] = list(map(PLAIN, found))
        codes: tuple[str, ...] = ()
        if not all(results):  # some are None
            places = [place for place, result in enumerate(results) if result is None]
            again = self._follow(found, places)
            codes = self._fewest[tuple([each.cause.codes for each in again if each.cause.codes])]
            for place, each in zip(places, again, strict=True):
                results[place] = each.plain or self._result(each, codes)
        for place, item in enumerate(self.items) if manual else ():
            if item.id in manual:
                results[place] = results[place]._replace(score=manual[item.id], manual=True)
        return tuple(results), codes

    @property
    def evidence(self) -> dict[str, Evidence]:
        """What answers can show, by item."""
        return self._doctor.evidence

    def _by_itself(self, item: Item, text: str) -> Assessed:
        marked = self._marker.alone(item, text)
        if marked.verdict != "wrong":
            return self._final(marked, NONE, self._meant(marked))
        return Assessed(marked, NONE, self._meant(marked))

    def _meant(self, marked: Marked) -> Any:
        """What later answers can be carried from; None for nothing."""
        return self._marker.meant(marked) if carried_name(marked.item) and marked.understood.verdict == "read" else None

    def _follow(self, found: Sequence[Assessed], places: Sequence[int]) -> list[Assessed]:
        """The answers at these places, which are wrong by themselves, looked at again beside the student's own earlier ones."""
        owns = self._rows[tuple(map(VALUE, found)), tuple(places)]
        return [self._beside[found[place], own] for place, own in zip(places, owns, strict=True)]

    def _own(self, key: tuple[Sequence[Any], Sequence[int]]) -> tuple[Own, ...]:
        """The keys of the items at these places from a student's own values."""
        values, places = key
        carried: Carried | None = None
        found = []
        for place in places:
            owns, read = self._owns[place], self._reads[place](values)
            own = owns.get(read)
            if own is None:
                carried = carried or self._marker.carried(self._answers(values))
                own = keep(owns, read, self._marker.own(self.items[place], carried), self._room)
            found.append(own)
        return tuple(found)

    def _answers(self, values: Sequence[Any]) -> Answers:
        """By name; where two items have one name, the later answer that there is."""
        return {name: value for name, value in zip(self._names, values, strict=True) if value is not None}

    def _read_by(self, item: Item) -> Callable[[Sequence[Any]], Any]:
        """Of the values of all items, those that an item's own key can be carried from."""
        names = self._marker.reads(item)
        places = [place for place, name in enumerate(self._names) if name in names]
        return itemgetter(*places) if places else lambda _: None

    def _again(self, key: tuple[Assessed, Own]) -> Assessed:
        marked = self._marker.beside(key[0].marked, key[1])
        return self._final(marked, self._doctor.cause(marked) if marked.verdict in EXPLAINED else NONE)

    def _final(self, marked: Marked, cause: Cause, value: Any = None) -> Assessed:
        """An answer that nothing can be added to."""
        made = Assessed(marked, cause, value)
        if not cause.codes:
            made.plain = self._made(marked, cause, None)
        return made

    def _result(self, each: Assessed, codes: Sequence[str]) -> ItemResult:
        """What is told where there are causes to choose from."""
        code = leading(each.cause, codes)
        assert code is not None, "what has no cause has one result"
        if code not in each.results:
            each.results[code] = self._made(each.marked, each.cause, code)
        return each.results[code]

    def _made(self, marked: Marked, cause: Cause, code: str | None) -> ItemResult:
        item = marked.item
        return ItemResult(
            item=item.id,
            raw=marked.raw,
            understood=marked.understood.value,
            echo=marked.understood.echo,
            verdict=marked.verdict,
            score=marked.score,
            max=item.points,
            codes=cause.codes,
            feedback=self._told(marked, feedback(marked, cause, code)),
            also=self._doctor.also[item.id] if marked.verdict == "right" else (),
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
