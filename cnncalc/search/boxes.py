"""Branch and prune: boxes of settings are halved until every part is refused whole, kept whole, or one setting.

Intervals are sound: a box is refused only if no setting in it can be right, and kept only if all are.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count
from math import lcm, prod
from typing import NamedTuple

from ..arithmetic import Dim
from ..language import Text
from .bounds import Interval
from .intervals import Impossible, Program
from .wants import Goal

Box = tuple[tuple[int, int], ...]
"""For each unknown the first and one past the last of its candidates, by their places."""

MAX_BOXES = 2_000_000


class Rule(NamedTuple):
    """What must hold of the unknowns: `value` is 0 (`=`) or at least 0 (`>=`)."""

    value: Dim
    relation: str
    text: Text
    repeatable: tuple[Dim, Dim] | None = None
    """Two axes that must be equal, or one of them 1: then it is repeated, and only numbers tell what follows."""


class Exhausted(Exception):
    """More boxes than a search may look at."""


class Search:
    """Rules over unknowns with listed candidates; `ask` tells of one setting what intervals cannot."""

    def __init__(
        self,
        candidates: Mapping[str, Sequence[int]],
        rules: Sequence[Rule],
        ask: Callable[[Sequence[int]], bool],
        *,
        always_ask: bool = False,
    ) -> None:
        self.candidates = candidates
        self.rules = rules
        self.refused: Counter[Text] = Counter()
        """How many settings each rule was seen to refuse."""
        self.looked_at = 0
        self.gave_up = False
        """Whether `nearest` has looked at all that it may, and something may be nearer."""
        self._ask = ask
        self._always_ask = always_ask
        sides = [side for rule in rules for side in rule.repeatable or ()]
        self._program = Program([*(rule.value for rule in rules), *sides], tuple(candidates))
        self._sides = {}
        place = len(rules)
        for index, rule in enumerate(rules):
            if rule.repeatable:
                self._sides[index] = (place, place + 1)
                place += 2

    @property
    def everything(self) -> Box:
        return tuple((0, len(values)) for values in self.candidates.values())

    def answers(self, tell: Callable[[int, int], None] = lambda done, total: None) -> Iterator[Box]:
        """Boxes of which every setting obeys all rules; together they hold all such settings, each once."""
        total, done = volume(self.everything), 0
        waiting = [(self.everything, tuple(range(len(self.rules))))] if total else []
        while waiting:
            box, open_rules = waiting.pop()
            undecided = self.judge(box, open_rules)
            settled = undecided is None or not (undecided or self._always_ask) or volume(box) == 1
            if not settled:
                waiting += [(half, undecided or ()) for half in reversed(halves(box))]
                continue
            done += volume(box)
            tell(done, total)
            if undecided is None:
                continue
            if not (undecided or self._always_ask) or self._ask(self.setting(box)):
                yield box

    def nearest(self, goals: Sequence[Goal], most: int) -> Iterator[Box]:
        """Single settings that obey all rules, those that miss the goals least first.

        Where `most` boxes were looked at the search gives up, and has only those to offer that it came across.
        """
        program, aims = Program([goal.value for goal in goals], tuple(self.candidates)), _aims(goals)
        order = count()
        waiting = [(0, 0, next(order), self.everything, tuple(range(len(self.rules))))]
        while waiting and most:
            most -= 1
            _, _, _, box, open_rules = heapq.heappop(waiting)
            undecided = self.judge(box, open_rules)
            if undecided is None:
                continue
            if volume(box) == 1:
                if not undecided or self._ask(self.setting(box)):
                    yield box
                continue
            for half in halves(box):
                missed = self._missed(program, aims, half)
                heapq.heappush(waiting, (missed, volume(half), next(order), half, undecided))
        self.gave_up = bool(waiting)
        for *_, box, open_rules in sorted(each for each in waiting if each[1] == 1):
            if (undecided := self.judge(box, open_rules)) is not None and (
                not undecided or self._ask(self.setting(box))
            ):
                yield box

    def judge(self, box: Box, open_rules: Sequence[int]) -> tuple[int, ...] | None:
        """The rules that are not decided for all of a box; None if one of them refuses it whole."""
        self.looked_at += 1
        if self.looked_at > MAX_BOXES:
            raise Exhausted
        try:
            found = self._program.intervals(self.intervals(box))
        except Impossible:
            return None
        undecided: list[int] = []
        for place, index in enumerate(open_rules):
            rule, value = self.rules[index], found[index]
            if (rule.relation == "=" and value.low == value.high == 0) or (rule.relation == ">=" and value.low >= 0):
                continue
            if index in self._sides and any(1 in found[side] for side in self._sides[index]):
                return (*undecided, *open_rules[place:])  # what follows may be other than the symbols say
            if value.high < 0 or (rule.relation == "=" and value.low > 0):
                self.refused[rule.text] += volume(box)
                return None
            undecided.append(index)
        return tuple(open_rules) if self._program.may_fail else tuple(undecided)

    def intervals(self, box: Box) -> list[Interval]:
        pairs = zip(self.candidates.values(), box, strict=True)
        return [Interval(values[low], values[high - 1]) for values, (low, high) in pairs]

    def setting(self, box: Box) -> tuple[int, ...]:
        """The one setting of a box of one."""
        return tuple(values[low] for values, (low, _) in zip(self.candidates.values(), box, strict=True))

    def _missed(self, program: Program, aims: Sequence[_Aim], box: Box) -> int:
        """A bound: no setting of the box misses the goals by less."""
        try:
            found = program.intervals(self.intervals(box))
        except Impossible:
            return 0  # it will be refused
        return sum(aim.missed(value) for aim, value in zip(aims, found, strict=True))


class _Aim(NamedTuple):
    """A goal in whole numbers: `Goal.misses`, times a number that all goals of a search share."""

    target: int
    weight: int
    relation: str

    def missed(self, value: Interval) -> int:
        """By how much the best number of an interval misses the goal."""
        over = value.low - self.target if self.relation != ">=" else 0
        under = self.target - value.high if self.relation != "<=" else 0
        return max(0, over, under) * self.weight


def _aims(goals: Sequence[Goal]) -> list[_Aim]:
    """The goals, with shares of their targets over a common denominator."""
    targets = [max(1, abs(goal.target)) for goal in goals]
    return [_Aim(goal.target, lcm(*targets) // each, goal.relation) for goal, each in zip(goals, targets, strict=True)]


def volume(box: Box) -> int:
    """How many settings a box holds."""
    return prod(high - low for low, high in box)


def halves(box: Box) -> tuple[Box, Box]:
    """The two halves of a box, cut where it is longest."""
    axis = max(range(len(box)), key=lambda each: box[each][1] - box[each][0])
    low, high = box[axis]
    middle = (low + high) // 2
    return (*box[:axis], (low, middle), *box[axis + 1 :]), (*box[:axis], (middle, high), *box[axis + 1 :])
