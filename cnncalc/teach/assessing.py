"""Assessing: one student's answers marked and explained; equal answers, from equal earlier ones, are assessed once.

A class repeats its answers, right and wrong, and writes each in a few ways. So a text is first turned into its `Meaning`, one object
for all ways to write it; whole rows of equal meanings then have the same outcomes. In a row that is new, what an answer is worth
follows from its meaning and from those earlier answers that its own key can be carried from (`Carrier.reads`), and no more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import partial
from operator import attrgetter, getitem, itemgetter
from typing import Any

from ..language import Text
from .answers import Understood
from .bounded import Bounded, keep
from .carrying import Carried
from .causes import NONE, Cause
from .diagnosing import EXPLAINED, Doctor, feedback, leading
from .exercise import Exercise
from .following import Answers
from .items import FILES, Item
from .key import keys_of
from .marking import Marked, Marker, Own, carried_name
from .misconceptions import smallest
from .outcomes import Evidence, Outcome, Outcomes, Spelling
from .remarks import evidence
from .wording import answer

ROOM = 80_000
"""Spellings that are kept, of all items together; as many answers beside earlier ones; a quarter as many rows. Each is about 1 kB."""


class Meaning:
    """An answer by itself, however it is written."""

    __slots__ = ("marked", "outcome", "value")

    def __init__(self, marked: Marked, value: Any, outcome: Outcome | None) -> None:
        self.marked = marked
        self.value = value
        """What later answers can be carried from; None for nothing."""
        self.outcome = outcome
        """None where earlier answers have to be looked at."""


class Assessed:
    """A wrong answer beside earlier ones, with its causes."""

    __slots__ = ("cause", "marked", "outcomes")

    def __init__(self, marked: Marked, cause: Cause) -> None:
        self.marked = marked
        self.cause = cause
        self.outcomes: dict[str | None, Outcome] = {}
        """By the cause that is told."""


MEANING = attrgetter("meaning")


class Assessor:
    """One exercise, ready for any number of students."""

    def __init__(self, exercise: Exercise, *, show_key: bool = False, room: int = ROOM) -> None:
        """`room` is for so many spellings, and as many answers beside earlier ones."""
        self.exercise = exercise
        self.items = exercise.items
        self.keys = keys_of(exercise)
        self.show_key = show_key
        self._marker = Marker(exercise, self.keys)
        self._doctor = Doctor(exercise, self.keys)
        self._room = max(64, room // max(1, len(self.items)))
        self._spellings = [Bounded(partial(self._read, place), self._room) for place in range(len(self.items))]
        self._meanings: list[dict[Any, Meaning]] = [{} for _ in self.items]
        self._rows = Bounded(self._assessed, room // 4)
        self._names = [carried_name(item) or "" for item in self.items]
        self._reads = list(map(self._read_by, self.items))
        self._owns: list[dict[Any, Own]] = [{} for _ in self.items]
        self._beside = Bounded(self._again, room)
        self._fewest: Bounded[tuple[tuple[str, ...], ...], tuple[str, ...]] = Bounded(_fewest, room // 4)

    def assess(self, texts: Sequence[str], manual: Mapping[str, Fraction]) -> tuple[tuple[Spelling, ...], Outcomes]:
        """How each item was read, and what all are worth; a mark in `manual` counts instead of ours."""
        spellings = tuple(map(getitem, self._spellings, texts))
        outcomes = self._rows[tuple(map(MEANING, spellings))]
        return spellings, outcomes.with_marks(manual) if manual else outcomes

    @property
    def evidence(self) -> dict[str, Evidence]:
        """What answers can show, by item."""
        return self._doctor.evidence

    def _read(self, place: int, text: str) -> Spelling:
        item, known = self.items[place], self._meanings[place]
        read, maps_named = self._marker.understood(item, text), "@" in text
        bare = Understood("read", read.value) if read.verdict == "read" else read
        key = text if item.answer in FILES else (bare, maps_named)
        meaning = known.get(key)
        if meaning is None:
            marked = self._marker.judged(item, bare, maps_named=maps_named)
            meaning = keep(known, key, self._meaning(marked, self._names[place]), self._room)
        return Spelling(text, read.reading, read.note, meaning)

    def _meaning(self, marked: Marked, name: str) -> Meaning:
        outcome = None if marked.verdict == "wrong" else self._outcome(marked, NONE, None)
        goes_on = name and marked.understood.verdict == "read"
        return Meaning(marked, self._marker.meant(marked) if goes_on else None, outcome)

    def _assessed(self, meanings: tuple[Meaning, ...]) -> Outcomes:
        """A row: the answers that are wrong by themselves are looked at again beside the student's own earlier ones."""
        outcomes = [each.outcome for each in meanings]
        again = self._follow(meanings, [place for place, outcome in enumerate(outcomes) if outcome is None])
        codes = self._fewest[tuple([each.cause.codes for each in again.values() if each.cause.codes])]
        for place, each in again.items():
            outcomes[place] = self._told(each, codes)
        return Outcomes(tuple(outcomes), codes)  # type: ignore[arg-type]  # none is None any more

    def _follow(self, meanings: Sequence[Meaning], places: Sequence[int]) -> dict[int, Assessed]:
        """The answers at these places, each beside its item's key from the student's own values."""
        carried: Carried | None = None
        found = {}
        for place in places:
            owns, read = self._owns[place], self._reads[place](meanings)
            own = owns.get(read)
            if own is None:
                carried = carried or self._marker.carried(self._answers(meanings))
                own = keep(owns, read, self._marker.own(self.items[place], carried), self._room)
            found[place] = self._beside[meanings[place], own]
        return found

    def _answers(self, meanings: Sequence[Meaning]) -> Answers:
        """The values by name; where two items have one name, the later answer that there is."""
        return {name: each.value for name, each in zip(self._names, meanings, strict=True) if each.value is not None}

    def _read_by(self, item: Item) -> Callable[[Sequence[Meaning]], Any]:
        """Of a row of meanings, those that an item's own key can be carried from."""
        names = self._marker.reads(item)
        places = [place for place, name in enumerate(self._names) if name in names]
        return itemgetter(*places) if places else lambda _: None

    def _again(self, key: tuple[Meaning, Own]) -> Assessed:
        marked = self._marker.beside(key[0].marked, key[1])
        return Assessed(marked, self._doctor.cause(marked) if marked.verdict in EXPLAINED else NONE)

    def _told(self, each: Assessed, codes: Sequence[str]) -> Outcome:
        """With the one of its causes that is told."""
        code = leading(each.cause, codes)
        outcome = each.outcomes.get(code)
        if outcome is None:
            outcome = each.outcomes[code] = self._outcome(each.marked, each.cause, code)
        return outcome

    def _outcome(self, marked: Marked, cause: Cause, code: str | None) -> Outcome:
        item, read = marked.item, marked.understood
        return Outcome(
            item=item.id,
            understood=read.value,
            verdict=marked.verdict,
            score=marked.score,
            max=item.points,
            codes=cause.codes,
            feedback=self._feedback(marked, feedback(marked, cause, code)),
            also=self._doctor.also[item.id] if marked.verdict == "right" else (),
            evidence=evidence(item.question, read.value) if item.answer in FILES else None,
            note=read.note,
        )

    def _feedback(self, marked: Marked, told: Text | None) -> Text | None:
        """With the key after it, if it may be shown and was not found."""
        if not self.show_key or marked.verdict == "right":
            return told
        key = Text("The answer is {answer}.", answer=answer(self.keys[marked.item.id]))
        return Text("{told} {key}", told=told, key=key) if told else key


def _fewest(rows: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    return smallest(list(map(frozenset, rows)))
