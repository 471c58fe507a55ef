"""The variants of one network: which are valid, which match, and what is shown of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from ..arithmetic import Dim
from ..errors import ArchitectureError
from ..language import Text
from .blocks import EVERY, Block, Rows, Source
from .case import DIVIDES, Case, flat, number, quantity, told
from .columns import Column, Layout, Machine
from .keep import Cloud, Keeper
from .knobs import Opened
from .plan import Claim, Plan, Planner
from .ranges import Value
from .table import Table, column_of, joined, whole
from .where import BY_ZERO, Quantity, Where

ALL = Claim("and", ())
NONE = Claim("or", ())

MOST_REPEATED = 5_000
"""The most variants of a sweep that are derived on their own because an axis of 1 may be repeated."""
REPEATS = Text(
    "an axis of 1 would be repeated, and only the first {n} such variants are looked at", n=f"{MOST_REPEATED:,}"
)


class Goal(NamedTuple):
    """What is to be as small, or as large, as can be."""

    name: str
    largest: bool = False

    def of(self, value: Quantity) -> Dim:
        """The number that is to be small."""
        found = number(self.name, value)
        return -1 * found if self.largest else found


class Asked(NamedTuple):
    """What is asked of every variant."""

    where: Where | None
    goals: tuple[Goal, ...]
    columns: tuple[str, ...]
    """The quantities to show."""

    @property
    def needed(self) -> tuple[str, ...]:
        """What a variant cannot do without."""
        return tuple(dict.fromkeys((*(self.where.names() if self.where else ()), *(goal.name for goal in self.goals))))

    def claim(self, value_of: Any) -> Claim:
        return self.where.claim(value_of) if self.where else ALL


class Counts:
    """How many variants were tried, and what became of them."""

    def __init__(self) -> None:
        self.tried = self.valid = self.matching = 0
        self.repeated = 0
        """How many of them may repeat an axis of 1."""
        self.refused: dict[Text, int] = {}
        """By the first rule that a variant breaks."""

    def refuse(self, reason: Text, count: int) -> None:
        if count:
            self.refused[reason] = self.refused.get(reason, 0) + count


class Found(NamedTuple):
    """Variants that match and may be kept."""

    table: Table
    goals: list[Column]

    def and_(self, other: Found) -> Found:
        """These and more."""
        goals = [np.concatenate(pair) for pair in zip(self.goals, other.goals, strict=True)]
        return Found(joined([self.table, other.table]), goals)


class Screen:
    """A case on columns: one plan says for every variant whether it is valid and whether it matches."""

    def __init__(self, case: Case, asked: Asked, source: Source) -> None:
        self.case, self.asked, self.often = case, asked, source.often
        planner = case.planner()
        self.rules: list[tuple[int, Text]] = []
        """Places among the results, of what holds so far, and which rule was the last."""
        held: list[int] = []
        so_far, repeating = ALL, NONE
        for rule in case.rules():
            broken = Claim("not", (rule.claim,))
            repeating = Claim("or", (repeating, Claim("and", (so_far, broken, rule.repeats))))
            so_far = Claim("and", (so_far, rule.claim))
            self._hold(planner.add(Claim("or", (so_far, repeating))), rule.reason, held)
        match = Claim("and", (so_far, asked.claim(self._known)))
        goals = [planner.add(goal.of(self._known(goal.name))) for goal in asked.goals]
        matching = planner.add(match)
        guarded = planner.both(planner.add(so_far), *planner.guards)
        undecided = planner.add(repeating)
        self._hold(planner.either(guarded, undecided), DIVIDES, held)
        self.plan = planner.plan((*held, undecided, planner.both(guarded, matching), *goals))
        self._machines: dict[tuple[int, ...], Machine] = {}
        self._report = Report(case, asked.columns)

    def _hold(self, step: int, reason: Text, held: list[int]) -> None:
        if not held or held[-1] != step:
            held.append(step)
            self.rules.append((len(held) - 1, reason))

    def _known(self, name: str) -> Quantity:
        return told(name, self.case.quantity(name))

    def found(self, block: Block, counts: Counts, keeper: Keeper, cloud: Cloud | None = None) -> Found | None:
        """What to keep of a block; everything in it is counted, and some of what matches put into the cloud."""
        machine = self._machines.get(block.layout.shape)
        if machine is None:
            machine = self._machines[block.layout.shape] = Machine(self.plan, block.layout, self.often)
        results = machine.run(block.given)
        held, (undecided, mask, *goals) = results[: len(self.rules)], results[len(self.rules) :]
        left = block.size
        for (_, reason), holds in zip(self.rules, held, strict=True):
            still = block.count(holds)
            counts.refuse(reason, left - still)
            left = still
        matching, repeated = block.count(mask), block.count(undecided)
        counts.tried += block.size - repeated
        counts.valid += left - repeated
        counts.matching += matching
        more = self._repeated(block, undecided, repeated, counts, keeper, cloud) if repeated else None
        if not matching or keeper.full:
            return more
        if cloud is not None:
            places = np.flatnonzero(block.spread(mask))
            cloud.add([whole(block.spread(goal)[places], len(places)) for goal in goals])
        kept = self._kept(block, keeper.pruned(mask, goals, block), goals, keeper)
        return kept.and_(more) if kept and more else kept or more

    def _repeated(
        self, block: Block, undecided: Any, count: int, counts: Counts, keeper: Keeper, cloud: Cloud | None
    ) -> Found | None:
        """The variants in which a merge may repeat an axis of 1, each derived on its own while they are few."""
        counts.repeated += count
        if counts.repeated > MOST_REPEATED:
            counts.tried += count
            counts.refuse(REPEATS, count)
            return None
        symbols = block.chosen(np.flatnonzero(block.spread(undecided)))
        rows = Block(Layout((count,), dict.fromkeys(symbols, 0)), symbols)
        return Plain(self.case.opened, self.case.fixed, self.asked).found(rows, counts, keeper, cloud)

    def _kept(self, block: Block, mask: Any, goals: Sequence[Any], keeper: Keeper) -> Found | None:
        if not block.count(mask):
            return None
        places = np.flatnonzero(block.spread(mask))
        columns = [whole(block.spread(goal)[places], len(places)) for goal in goals]
        picked = keeper.picked(columns, len(places))
        table = self._report.table(block.chosen(places[picked]), len(picked))
        return Found(table, [column[picked] for column in columns])


class Report:
    """What is shown of chosen variants of a case."""

    def __init__(self, case: Case, names: Sequence[str]) -> None:
        self.case = case
        self.columns = {part: each for name in names for part, each in flat(name, case.quantity(name)).items()}
        planner = case.planner()
        self.shown = {name: each for name, each in self.columns.items() if not isinstance(each, str | None)}
        self.plan: Plan = planner.plan(tuple(planner.add(each) for each in self.shown.values()))

    def table(self, symbols: Mapping[str, Column], count: int) -> Table:
        """The columns for these values of the symbols."""
        results = iter(self._results(symbols, count))
        return Table(
            {name: next(results) if name in self.shown else whole(each, count) for name, each in self.columns.items()}
        )

    def _results(self, symbols: Mapping[str, Column], count: int) -> list[Column]:
        if not symbols:
            return [whole(each, count) for each in Machine(self.plan, Layout((), {}), EVERY).run({})]
        machines: dict[tuple[int, ...], Machine] = {}
        parts = []
        for block in Rows(symbols):
            machine = machines.setdefault(block.layout.shape, Machine(self.plan, block.layout, EVERY))
            parts.append([whole(block.spread(each).copy(), block.size) for each in machine.run(block.given)])
        return [np.concatenate(pieces) for pieces in zip(*parts, strict=True)]


class Plain:
    """A case whose quantities no expression can say: every variant is derived on its own."""

    often = EVERY

    def __init__(self, opened: Opened, fixed: Mapping[str, Value], asked: Asked) -> None:
        self.opened, self.fixed, self.asked = opened, fixed, asked

    def found(self, block: Block, counts: Counts, keeper: Keeper, cloud: Cloud | None = None) -> Found | None:
        """What to keep of a block; everything in it is counted, and some of what matches put into the cloud."""
        columns = block.chosen(np.arange(block.size))
        names = list(columns)
        rows = zip(*(column.tolist() for column in columns.values()), strict=True) if names else [()]
        kept = [row for values in rows if (row := self._row(dict(zip(names, values, strict=True)), counts))]
        if not kept or keeper.full:
            return None
        goals = [column_of([goals[i] for goals, _ in kept]) for i in range(len(self.asked.goals))]
        if cloud is not None:
            cloud.add(goals)
        picked = keeper.picked(goals, len(kept))
        shown = dict.fromkeys(name for _, row in kept for name in row)
        table = Table({name: column_of([kept[i][1].get(name) for i in picked]) for name in shown})
        return Found(table, [goal[picked] for goal in goals])

    def _row(self, values: Mapping[str, int], counts: Counts) -> tuple[list[int], dict[str, Any]] | None:
        """The goals and what is shown of a variant, if it is valid and matches."""
        counts.tried += 1
        known = {**self.fixed, **values}
        try:
            summary = self.opened.numbers(known)
        except ArchitectureError as error:
            counts.refuse(_kind_of(error), 1)
            return None

        def value_of(name: str) -> Quantity:
            return told(name, quantity(summary, known, name))

        planner = Planner({})
        try:
            claim = self.asked.claim(value_of)
        except ArchitectureError as error:
            if error.first.message != BY_ZERO:
                raise
            counts.refuse(DIVIDES, 1)
            return None
        counts.valid += 1
        if not planner.steps[planner.add(claim)].value:
            return None
        counts.matching += 1
        goals = [goal.of(value_of(goal.name)) for goal in self.asked.goals]
        shown = [flat(name, quantity(summary, known, name)) for name in self.asked.columns]
        return goals, {name: each for columns in shown for name, each in columns.items()}


def _kind_of(error: ArchitectureError) -> Text:
    """What a variant was refused for, less its numbers, so that it can be counted."""
    return Text("{layer}: {code}", layer=error.layer or "–", code=error.code)
