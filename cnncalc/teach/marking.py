"""Marking: what an answer is worth, exactly, and why it is wrong.

An answer that was read is `right`; else, by the key from the student's own earlier answers, `carried`; else `partial` where
single axes count; else `wrong`. One that was not read is `blank` or `unreadable`; `ambiguous` has no points until a person decides.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from ..algebra.polynomial import canonical
from ..expression import Expr
from .answers import Reader, Understood, reader
from .answers.options import read_option
from .carrying import Carried
from .conditions import conditions_of, met
from .exercise import Exercise
from .following import Answers, Carrier
from .items import Item
from .judging import near, right
from .key import Key, keys_of
from .layout import TURNED, Layouts
from .maps import sides
from .networks import read_network
from .outcomes import Verdict
from .predictions import read_predictions
from .questions import Claim, Design, FeatureMap, Predictions, Solve
from .solving import words


class Marked(NamedTuple):
    """One answer, marked."""

    item: Item
    understood: Understood
    verdict: Verdict
    score: Fraction | None
    """None where a person must decide."""
    inputs: tuple[Any, ...] | None = None
    """The input shapes that the student has for the layer, where they are not the true ones."""
    maps_named: bool = False
    """Whether the text says which number is the maps, as 32@26×26 does."""


class Own(NamedTuple):
    """The key of an item from a student's own earlier answers; nothing where they change nothing."""

    value: Any = None
    inputs: tuple[Any, ...] | None = None
    """The input shapes that the student has for the layer."""


class Marker:
    """An exercise, ready to mark any number of students."""

    def __init__(self, exercise: Exercise, keys: dict[str, Key] | None = None) -> None:
        self.exercise = exercise
        self.keys = keys_of(exercise) if keys is None else keys
        self.items = exercise.items
        self._readers = {item.id: self._reader(item) for item in self.items}
        self._names = [carried_name(item) for item in self.items]
        self._right: dict[tuple[str, Any], bool] = {}
        self._slow = {item.id for item in self.items if item.answer == "formula" or isinstance(item.question, Solve)}
        """What takes work to judge."""
        self._carrier = Carrier(exercise.summary, self._names) if exercise.summary is not None else None
        self._layouts = Layouts(exercise.summary)
        self._carried_points = {item.id: item.points * exercise.marking.carry_forward for item in self.items}

    def mark(self, texts: Sequence[str]) -> tuple[Marked, ...]:
        """One student's answers, one text per item in the order of the items; "" is no answer."""
        first = [self.alone(item, text) for item, text in zip(self.items, texts, strict=True)]
        if all(each.verdict != "wrong" for each in first):
            return tuple(first)
        answers = {name: self.meant(each) for name, each in zip(self._names, first, strict=True) if name and each.understood.verdict == "read"}  # fmt: skip
        carried = self.carried(answers)
        return tuple(
            self.beside(each, self.own(each.item, carried)) if each.verdict == "wrong" else each for each in first
        )

    def alone(self, item: Item, text: str) -> Marked:
        """An answer by itself; what is not right is wrong so far."""
        return self.judged(item, self.understood(item, text), maps_named="@" in text)

    def carried(self, answers: Answers) -> Carried | None:
        """A student's answers, by `carried_name`, followed through the network; None without a network."""
        return Carried(self._carrier, answers) if self._carrier else None

    def reads(self, item: Item) -> frozenset[str]:
        """The answers, by `carried_name`, that the item's own key is carried from."""
        return self._carrier.reads(item) if self._carrier else frozenset()

    def judged(self, item: Item, read: Understood, *, maps_named: bool = False) -> Marked:
        """An answer by itself, as it was understood."""
        if read.verdict != "read":
            return Marked(item, read, read.verdict, None if read.verdict == "ambiguous" else NOTHING)
        if self._is_right(item, read.value):
            return Marked(item, read, "right", item.points)
        first = Marked(item, read, "wrong", NOTHING, maps_named=maps_named)
        return self._turned(first, self.keys[item.id].value, "right", item.points) or first

    def _turned(self, first: Marked, key: Any, verdict: Verdict, score: Fraction) -> Marked | None:
        """A shape that is `key` with its channels on the other side, as the exercise wants it; None if it is no such shape."""
        item, read, wanted = first.item, first.understood, self.exercise.marking.other_layout
        turned = self._layouts.turned(item, read.value)
        if turned is None or turned != key or (wanted == "wrong" and not first.maps_named):
            return None
        if first.maps_named or (wanted == "right" and self._layouts.sure(item, key)):
            return first._replace(understood=read._replace(note=TURNED), verdict=verdict, score=score)
        return first._replace(understood=self._layouts.asked(item, read), verdict="ambiguous", score=None)

    def meant(self, first: Marked) -> Any:
        """The value to go on with."""
        value, key = first.understood.value, self.keys[first.item.id].value
        if value == key or first.item.answer != "shape" or self.exercise.marking.other_layout == "wrong":
            return value
        return self._layouts.meant(first.item, value, key)

    def understood(self, item: Item, text: str) -> Understood:
        """What a text says as an answer to the item."""
        return self._readers[item.id](text)

    def _reader(self, item: Item) -> Reader:
        key, question = self.keys[item.id], item.question
        if item.answer == "choice":
            return lambda text: read_option(text, key.options)
        if isinstance(question, Design):
            return lambda text: read_network(text, self.exercise.load, conditions_of(question.must))
        if isinstance(question, Predictions):
            return lambda text: read_predictions(text, self.exercise.labels[question.labels])
        rank = len(key.value) if item.answer == "shape" else None
        names = [*key.letters, *key.primes] if item.answer == "formula" else []
        read = reader(item.reading, rank=rank, names=names)
        return _with_words(words(question), read) if isinstance(question, Solve) else read

    def own(self, item: Item, carried: Carried | None) -> Own:
        """What the item's key would be if the student's earlier answers were right."""
        value = carried.value(item) if carried else None
        row = carried.carrier.rows.get(item.layer or "") if carried else None
        return Own(value, carried.inputs(row) if carried and row and value is not None else None)

    def beside(self, first: Marked, own: Own) -> Marked:
        """A wrong answer beside the student's own earlier ones."""
        item, value = first.item, first.understood.value
        if own.value is not None and self.exercise.marking.carry_forward:
            points = self._carried_points[item.id]
            if own.value == value:
                return Marked(item, first.understood, "carried", points, own.inputs)
            if turned := self._turned(first, own.value, "carried", points):
                return turned._replace(inputs=own.inputs)
        part = self._part(item, value, own.value)
        return Marked(item, first.understood, "partial" if part else "wrong", part, own.inputs)

    def _is_right(self, item: Item, value: Any) -> bool:
        """Whether the key says so; formulas and settings, which take work, are judged once."""
        key = self.keys[item.id]
        if item.id not in self._slow:
            return right(key, value)
        known = (item.id, canonical(value) if isinstance(value, Expr) else value)
        if known not in self._right:
            self._right[known] = right(key, value, self.exercise.architecture)
        return self._right[known]

    def _part(self, item: Item, value: Any, own: Any) -> Fraction:
        """The points of single right axes, where the exercise gives them; those of the carried key by its share."""
        if not self.exercise.marking.per_axis or item.answer not in {"shape", "matrix", "architecture"}:
            return NOTHING
        if isinstance(item.question, Design):
            return met(conditions_of(item.question.must), value) * item.points
        if isinstance(item.question, FeatureMap):
            return _cells(value, self.keys[item.id].value, item.question.tolerance) * item.points
        found = _axes(value, self.keys[item.id].value)
        if own is not None:
            found = max(found, _axes(value, own) * self.exercise.marking.carry_forward)
        return found * item.points


NOTHING = Fraction(0)


def _with_words(known: Collection[str], read: Reader) -> Reader:
    """Words that are values themselves, such as `same`, before all others."""

    def understood(text: str) -> Understood:
        word = text.strip().strip("\"'").lower()
        return Understood("read", word, word) if word in known else read(text)

    return understood


def _axes(value: Any, key: Any) -> Fraction:
    """The share of axes that are right; none in a shape of another rank."""
    if not isinstance(value, tuple) or len(value) != len(key):
        return Fraction(0)
    return Fraction(sum(one == other for one, other in zip(value, key, strict=True)), len(key))


def _cells(value: Any, key: Any, tolerance: Any) -> Fraction:
    """The share of a map's numbers that are right; none in a map of another size."""
    if sides(value) != sides(key):
        return Fraction(0)
    pairs = [pair for rows in zip(value, key, strict=True) for pair in zip(*rows, strict=True)]
    return Fraction(sum(near(*pair, tolerance) for pair in pairs), len(pairs))


def carried_name(item: Item) -> str | None:
    """`<layer>.<quantity>`, whatever the id; None for what is neither a number nor a shape to go on with."""
    if item.answer not in {"shape", "integer"} or isinstance(item.question, Solve | Claim):
        return None
    return f"{item.layer}.{item.quantity}" if item.layer else item.quantity
