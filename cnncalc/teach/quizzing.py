"""A quiz: questions one after the other, each tried until it is right, shown or left. It neither reads nor prints.

All that happens is a list of moves. The same moves lead to the same state, so a quiz that was interrupted is its moves,
made again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, NamedTuple

from ..language import Text
from .diagnosing import Doctor, feedback, leading
from .exercise import Exercise
from .hinting import hints_of
from .items import FILES, Item
from .key import Key, keys_of
from .marking import Marked, Marker

Action = Literal["answer", "hint", "skip", "show"]
State = Literal["open", "right", "shown", "left"]
Kind = Literal["right", "carried", "partial", "wrong", "blank", "unreadable", "ambiguous", "hint", "no hint", "later", "left", "shown"]  # fmt: skip

ACTIONS: tuple[Action, ...] = ("answer", "hint", "skip", "show")


class Move(NamedTuple):
    """What the student did; only answers have a text."""

    action: Action
    text: str = ""


class Reply(NamedTuple):
    """What came of a move."""

    kind: Kind
    item: Item
    told: Text | None = None
    """The cause of a mistake, a hint, or why an answer was not understood."""
    marked: Marked | None = None
    """Of an answer."""
    suspects: tuple[str, ...] = ()
    """Of a carried answer, the earlier answers that it is wrong by."""


@dataclass(slots=True)
class Standing:
    """How far one question is."""

    state: State = "open"
    text: str = ""
    """The last answer that was understood; nothing once the right one was shown."""
    tries: int = 0
    hints: int = 0
    put_off: bool = False
    codes: list[str] = field(default_factory=list)
    """The causes of its wrong answers."""

    @property
    def at_once(self) -> bool:
        """Whether the first answer was right, without a hint."""
        return self.state == "right" and self.tries == 1 and not self.hints


class Quiz:
    """The state of one student's quiz."""

    def __init__(self, exercise: Exercise, chosen: Collection[str] | None = None) -> None:
        """Without `chosen`, names of items, all are asked that can be answered in a line."""
        self.exercise = exercise
        self.keys: dict[str, Key] = keys_of(exercise)
        self.marker = Marker(exercise, self.keys)
        self.doctor = Doctor(exercise, self.keys)
        able = [item for item in exercise.items if item.answer not in FILES]
        self.items = tuple(item for item in able if chosen is None or item.id in chosen)
        self.reset()

    def reset(self) -> None:
        """Go back to the beginning."""
        self.standings = {item.id: Standing() for item in self.items}
        self.moves: list[Move] = []
        self._queue = list(self.items)

    @property
    def current(self) -> Item | None:
        """The question that is open; None at the end."""
        return self._queue[0] if self._queue else None

    @property
    def done(self) -> int:
        """How many questions are closed."""
        return len(self.items) - len(self._queue)

    @property
    def points(self) -> Fraction:
        return sum((item.points for item in self.items), Fraction(0))

    @property
    def score(self) -> Fraction:
        """The marks of the answers as they stand."""
        return sum((each.score or Fraction(0) for each in self._marked().values()), Fraction(0))

    @property
    def met(self) -> Counter[str]:
        """The misconceptions that led to wrong answers, each with the number of questions, the commonest first."""
        every = Counter(code for each in self.standings.values() for code in dict.fromkeys(each.codes))
        return Counter(dict(every.most_common()))

    def make(self, move: Move) -> Reply:
        """Make a move at the current question, and keep it if it changes anything. ValueError at the end."""
        if (item := self.current) is None:
            raise ValueError("the quiz is over")
        standing = self.standings[item.id]
        match move.action:
            case "answer":
                reply = self._answer(item, standing, move.text)
            case "hint":
                reply = self._hint(item, standing)
            case "skip":
                reply = self._skip(item, standing)
            case _:
                reply = self._show(item, standing)
        if reply.kind not in {"blank", "unreadable", "ambiguous", "no hint"}:
            self.moves.append(move)
        return reply

    def replay(self, moves: Iterable[Move]) -> None:
        """Make the moves of an earlier run."""
        for move in moves:
            self.make(move)

    def _answer(self, item: Item, standing: Standing, text: str) -> Reply:
        marked = self._marked({item.id: text})[item.id]
        if marked.understood.verdict != "read":
            return Reply(marked.understood.verdict, item, marked.understood.note, marked)
        standing.tries += 1
        standing.text = text
        if marked.verdict == "right":
            self._close(standing, "right")
            return Reply("right", item, None, marked)
        cause = self.doctor.cause(marked) if marked.verdict != "carried" else None
        code = leading(cause, list(self.met)) if cause else None
        if code:
            standing.codes.append(code)
        told = feedback(marked, cause, code) if cause else None
        return Reply(marked.verdict, item, told, marked, self._suspects(marked))

    def _hint(self, item: Item, standing: Standing) -> Reply:
        """The next hint; the last one again if there are no more."""
        hints = hints_of(self.exercise, self.keys[item.id])
        if standing.hints >= len(hints):
            return Reply("no hint", item, hints[-1])
        standing.hints += 1
        return Reply("hint", item, hints[standing.hints - 1])

    def _skip(self, item: Item, standing: Standing) -> Reply:
        """Put the question off to the end; there it can be left."""
        if standing.put_off or len(self._queue) == 1:
            self._close(standing, "left")
            return Reply("left", item)
        standing.put_off = True
        self._queue.append(self._queue.pop(0))
        return Reply("later", item)

    def _show(self, item: Item, standing: Standing) -> Reply:
        standing.text = ""
        self._close(standing, "shown")
        return Reply("shown", item)

    def _close(self, standing: Standing, state: State) -> None:
        standing.state = state
        self._queue.pop(0)

    def _marked(self, instead: dict[str, str] | None = None) -> dict[str, Marked]:
        """The answers as they stand, marked; some can be put in the place of others."""
        texts = {name: each.text for name, each in self.standings.items()} | (instead or {})
        return {each.item.id: each for each in self.marker.mark([texts.get(item.id, "") for item in self.marker.items])}

    def _suspects(self, marked: Marked) -> tuple[str, ...]:
        """The earlier wrong answers without which this one is not carried."""
        if marked.verdict != "carried":
            return ()
        name = marked.item.id
        wrong = [each.item.id for each in self._marked().values() if each.verdict in {"wrong", "partial", "carried"}]
        return tuple(each for each in wrong if each != name and self._marked({each: ""})[name].verdict != "carried")
