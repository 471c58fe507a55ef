"""Which settings of a network give what is wanted: all of them within stated bounds, or the nearest.

One derivation on symbols gives every condition and every wanted number as an expression; boxes of settings are then
refused and kept by intervals (`boxes.py`). Every answer that is handed out has been derived again in numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from heapq import merge
from itertools import islice, product
from math import prod
from typing import Any, NamedTuple

from ..arithmetic import Demand, Symbolic
from ..derive import Summary
from ..errors import ArchitectureError, Fault
from ..language import Text
from .boxes import MAX_BOXES, Box, Exhausted, Rule, Search, volume
from .knobs import Opened
from .measures import Measured, measure
from .ranges import Value, Values
from .wants import Goal, Want, goals, goals_of

MAX_LINES = 2**20
"""The most settings of all unknowns but the one with the most candidates, which halving finds at once."""
MAX_NETWORKS = 4096
"""The most networks that are derived in numbers, one after the other."""
NEAR_BOXES = 50_000
NEAREST = 3

WANTED = Text("what is wanted")

Tell = Callable[[int, int], None]


class Answer(NamedTuple):
    """A setting, and what is wanted of it, as derived in numbers."""

    values: dict[str, Value]
    measured: dict[str, Measured]


class Solution(NamedTuple):
    """All answers, or why there are none."""

    ranges: Mapping[str, Values]
    """Where each unknown was searched."""
    wants: tuple[Want, ...]
    total: int
    answers: Iterator[Answer]
    """The smallest first; each is derived as it is asked for."""
    nearest: tuple[Answer, ...] = ()
    near_only: bool = False
    """Whether the search for the nearest was given up, so that others may be nearer."""
    goals: tuple[Goal, ...] = ()
    """What was wanted as expressions of the unknowns; empty where every setting is a network of its own."""
    refused: Mapping[Text, int] = {}
    """Where no setting is valid: the rules that say so, and how many settings each was seen to refuse."""


class _Part(NamedTuple):
    """The search for one choice of the structural unknowns."""

    fixed: dict[str, Value]
    conditions: Sequence[Rule]
    search: Search
    goals: list[Goal]


def solve(
    knobs: Opened, wants: Sequence[Want], ranges: Mapping[str, Values], tell: Tell = lambda done, total: None
) -> Solution:
    """All settings of the unknowns within `ranges` that give what is wanted.

    Raises ArchitectureError for a search that is too large, a quantity that is not there, or an impossible wish.
    """
    candidates = {name: ordered(name, ranges[name]) for name in knobs.names}
    _refuse_too_many(knobs, candidates)
    return _Solver(knobs, wants, candidates).solution(ranges, tell)


def ordered(name: str, values: Values) -> Sequence[Value]:
    """The numbers in order, then the words."""
    if len(values.parts) == 1 and isinstance(values.parts[0], range):
        (only,) = values.parts
        return only if only.step > 0 else only[::-1]  # type: ignore[union-attr]  # a range, as just asked
    if len(values) > MAX_LINES:
        raise _too_large({name: values}, len(values), MAX_LINES)
    numbers = sorted(value for value in values if isinstance(value, int))
    return (*numbers, *values.words)


class _Solver:
    def __init__(self, knobs: Opened, wants: Sequence[Want], candidates: Mapping[str, Sequence[Value]]) -> None:
        self.knobs, self.wants, self.candidates = knobs, tuple(wants), candidates
        self.refused: Counter[Text] = Counter()
        self.absent: ArchitectureError | None = None
        """Why what is wanted is not there, where it is not."""
        self.gave_up = False
        self.free: dict[str, Any] = {name: candidates[name] for name in knobs.symbols}

    def solution(self, ranges: Mapping[str, Values], tell: Tell) -> Solution:
        parts = list(self._parts())
        if self.absent and not parts:
            raise self.absent
        total, found = max(1, len(parts)), []
        for place, part in enumerate(parts):
            boxes = _bounded(part.search.answers(lambda done, all_: tell(place * all_ + done, total * all_)))  # noqa: B023 - called within the round
            found += [(part, box) for box in boxes]
        count = sum(volume(box) for _, box in found)
        known = tuple(parts[0].goals) if len(parts) == 1 else ()
        if count:
            return Solution(ranges, self.wants, count, self._answers(found), goals=known)
        near = self._nearest(parts)
        refused = {} if near else self._why_none(parts)
        return Solution(ranges, self.wants, 0, iter(()), tuple(near), self.gave_up, known, refused)

    def _parts(self) -> Iterator[_Part]:
        """A search for every choice of the structural unknowns whose network is not wrong in any case."""
        for choice in product(*(self.candidates[name] for name in self.knobs.structural)):
            fixed = dict(zip(self.knobs.structural, choice, strict=True))
            try:
                summary = self.knobs.summary(fixed)
                conditions = self.knobs.conditions(fixed)
            except ArchitectureError as error:
                self.refused[error.first.message] += prod(map(len, self.free.values()))
                continue
            try:
                part = self._part(fixed, summary, conditions)
            except ArchitectureError as error:  # with other layers or axes, what is wanted may be there
                if not self.knobs.structural or error.code == "too-large":
                    raise
                self.absent = self.absent or error
                continue
            yield part

    def _part(self, fixed: dict[str, Value], summary: Summary, conditions: Sequence[Demand]) -> _Part:
        wanted = [goals(want, summary) for want in self.wants]
        known = [goal for each in wanted for goal in each or ()]
        opaque = any(each is None for each in wanted)
        settings = prod(map(len, self.candidates.values()))
        if opaque and settings > MAX_NETWORKS:
            raise _too_large(self.candidates, settings, MAX_NETWORKS)
        rules = list(map(_rule, conditions))
        search = Search(
            self.free, [*rules, *map(_wish, known)], lambda setting: self._right(fixed, setting), always_ask=opaque
        )
        return _Part(fixed, rules, search, known)

    def _right(self, fixed: Mapping[str, Value], setting: Sequence[Value]) -> bool:
        """Whether numbers give what is wanted."""
        return self._answer({**fixed, **dict(zip(self.free, setting, strict=True))}, must=True) is not None

    def _answer(self, values: Mapping[str, Value], *, must: bool) -> Answer | None:
        """A setting in numbers; None if it is not valid or, where it `must`, does not give what is wanted."""
        try:
            summary = self.knobs.numbers(values)
            wanted = [goals(want, summary) for want in self.wants]
        except ArchitectureError:
            return None
        if must and not all(each is not None and all(goal.holds(goal.value) for goal in each) for each in wanted):
            return None
        in_order = {name: values[name] for name in self.knobs.names}
        return Answer(in_order, {want.name: measure(summary, want.name) for want in self.wants})

    def _answers(self, found: list[tuple[_Part, Box]]) -> Iterator[Answer]:
        """The settings of all boxes, smallest first."""
        for _, values in merge(*(self._settings(part, box) for part, box in found)):
            answer = self._answer(values, must=True)
            if answer is not None:
                yield answer

    def _settings(self, part: _Part, box: Box) -> Iterator[tuple[tuple[int, ...], dict[str, Value]]]:
        """The settings of a box in order, each with its place among all."""
        ranges = dict(zip(self.free, box, strict=True))
        places = [
            range(*ranges[name]) if name in ranges else (self.candidates[name].index(part.fixed[name]),)
            for name in self.knobs.names
        ]
        for place in product(*places):
            yield place, {name: self.candidates[name][at] for name, at in zip(self.knobs.names, place, strict=True)}

    def _nearest(self, parts: Sequence[_Part]) -> list[Answer]:
        """The valid settings that miss what is wanted least; of a single number, from below and above."""
        found: dict[tuple[Value, ...], Answer] = {}
        for part in parts:
            aims = list({(goal.value, goal.target): goal for goal in part.goals if isinstance(goal.value, Symbolic)}.values())  # fmt: skip
            for extra in _sides(aims) if aims or self.knobs.structural else ():
                for values in self._near(part, aims, extra):
                    answer = self._answer(values, must=False)
                    if answer is not None:
                        found.setdefault(tuple(values.values()), answer)
        return self._closest(list(found.values()))

    def _near(self, part: _Part, aims: Sequence[Goal], extra: Sequence[Rule]) -> Iterator[dict[str, Value]]:
        search = Search(self.free, [*part.conditions, *extra], lambda setting: self._valid(part, setting))
        for box in islice(search.nearest(aims, NEAR_BOXES), NEAREST):
            yield {**part.fixed, **dict(zip(self.free, search.setting(box), strict=True))}
        self.gave_up |= search.gave_up

    def _closest(self, found: list[Answer]) -> list[Answer]:
        """At most three, the closest on either side among them, in the order of what was wanted of them."""
        ranked = sorted(found, key=self._distance)
        first = next((each for each in ranked if self._excess(each) < 0), None)
        other = next((each for each in ranked if self._excess(each) > 0), None)
        chosen = [each for each in (first, other) if each is not None]
        chosen += [each for each in ranked if each not in chosen][: NEAREST - len(chosen)]
        return sorted(chosen, key=self._excess)

    def _distance(self, answer: Answer) -> Fraction:
        return sum((goal.misses(goal.value) for goal in self._goals_of(answer)), Fraction(0))

    def _excess(self, answer: Answer) -> Fraction:
        """How far above what is wanted, all in all."""
        return sum((Fraction(goal.value) - goal.target for goal in self._goals_of(answer)), Fraction(0))

    def _goals_of(self, answer: Answer) -> list[Goal]:
        measured = [(want, answer.measured[want.name]) for want in self.wants]
        return [goal for want, value in measured if value is not None for goal in goals_of(want, value)]

    def _why_none(self, parts: Sequence[_Part]) -> Mapping[Text, int]:
        """The rules that refuse every setting; none if some setting is valid."""
        refused = self.refused.copy()
        for part in parts:
            search = Search(self.free, part.conditions, lambda setting, part=part: self._valid(part, setting))  # type: ignore[misc]  # bound for this round
            try:
                if next(search.answers(), None) is not None:
                    return {}
            except Exhausted:  # too many settings to say of all
                return {}
            refused += search.refused
        return dict(refused.most_common())

    def _valid(self, part: _Part, setting: Sequence[Value]) -> bool:
        return self._answer({**part.fixed, **dict(zip(self.free, setting, strict=True))}, must=False) is not None


def _rule(demand: Demand) -> Rule:
    """A condition of the derivation as a rule."""
    sides = (demand.left, demand.right) if demand.code == "merge" else None
    return Rule(demand.right - demand.left, "=" if demand.relation == "==" else ">=", demand.rule, sides)


def _wish(goal: Goal) -> Rule:
    match goal.relation:
        case "<=":
            return Rule(goal.target - goal.value, ">=", WANTED)
        case ">=":
            return Rule(goal.value - goal.target, ">=", WANTED)
    return Rule(goal.value - goal.target, "=", WANTED)


def _sides(aims: Sequence[Goal]) -> list[list[Rule]]:
    """Where to look for near misses: below and above a single number, else anywhere."""
    if len(aims) != 1 or aims[0].relation != "=":
        return [[]]
    return [[_wish(aims[0]._replace(relation=relation))] for relation in ("<=", ">=")]


def _bounded(boxes: Iterator[Box]) -> Iterator[Box]:
    """The boxes; a search that looks at too many is refused."""
    try:
        yield from boxes
    except Exhausted:
        message = Text("the search was given up after {n} steps", n=f"{MAX_BOXES:,}")
        raise ArchitectureError([Fault("too-large", message, remedies=(NARROW,))]) from None


def _refuse_too_many(knobs: Opened, candidates: Mapping[str, Sequence[Value]]) -> None:
    """Refuse, before it starts, a search that would not end soon."""
    networks = prod(len(candidates[name]) for name in knobs.structural)
    free = [len(candidates[name]) for name in knobs.symbols]
    lines = networks * prod(free) // max(free, default=1)
    if networks > MAX_NETWORKS:
        raise _too_large({name: candidates[name] for name in knobs.structural}, networks, MAX_NETWORKS)
    if lines > MAX_LINES:
        raise _too_large(candidates, networks * prod(free), MAX_LINES * max(free, default=1))


def _too_large(candidates: Mapping[str, Sequence[Value]], settings: int, limit: int) -> ArchitectureError:
    told = " × ".join(f"{len(values):,} ({name})" for name, values in candidates.items())
    message = Text("there are {told} = {settings} settings to search, more than {limit}", told=told, settings=f"{settings:,}", limit=f"{limit:,}")  # fmt: skip
    return ArchitectureError([Fault("too-large", message, remedies=(NARROW,))])


NARROW = Text("narrow an unknown, as in --unknown NAME=1:64, or leave one out")
