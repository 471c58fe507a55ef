"""Every combination of settings of one network, block by block: what is valid, what matches, what is best."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from math import prod
from time import monotonic

import numpy as np

from ..errors import ArchitectureError, Fault
from ..language import Text
from .blocks import GRID, Block, Draws, Grid, Source
from .case import Case
from .columns import Column
from .keep import Best, Cloud, First, Front, Keeper
from .knobs import Load, opened
from .ranges import Value, Values, parse
from .screen import Asked, Counts, Goal, Plain, Screen
from .table import Table, joined
from .where import read

MOST = 10**11
"""The most variants of a sweep."""
MOST_NETWORKS = 10_000
"""The most networks that differ in more than numbers."""
MOST_PLAIN = 100_000
"""The most variants that are derived one by one."""
USUAL = ("output", "params", "macs", "receptive_field")
"""What is shown beside what is asked for."""

MOST_ROWS = 5_000_000
"""The most rows of one table in memory."""

BITE = 256
"""The variants of a block that are derived one by one."""
TICK = 0.1
"""Seconds between two reports of progress."""

Vary = Mapping[str, str | Sequence[Value]]
Tell = Callable[[int, int], None]
"""What to call with how many variants are done, and how many there are."""


def silent(done: int, total: int) -> None:
    """Tell nobody."""


class Sweep:
    """A sweep that is ready to run; `counts` fill while it does.

    Raises ArchitectureError for whatever can be known to be wrong beforehand.
    """

    def __init__(
        self,
        load: Load,
        vary: Vary,
        *,
        where: str | None = None,
        goals: Sequence[Goal] = (),
        columns: Sequence[str] | None = None,
        top: int | None = None,
        pareto: bool = False,
        sample: int | None = None,
        seed: int = 0,
    ) -> None:
        self.vary = {name: _values(name, given) for name, given in vary.items()}
        if not self.vary:
            raise _wrong(
                "nothing-varied", Text("nothing is varied"), Text("name settings to vary, as in --vary F=8:64:8")
            )
        self.opened = opened(
            load, list(self.vary), [name for name, values in self.vary.items() if values.words], simplify=False
        )
        self.asked = Asked(read(where) if where is not None else None, tuple(goals), ())
        self.top, self.pareto, self.sample, self.seed = top, pareto or len(goals) > 1, sample, seed
        self.all = prod(map(len, self.vary.values()))
        self.total = self.all if sample is None else min(sample, self.all)
        self.counts = Counts()
        self.cloud: Cloud | None = None
        """Where to put some of what matches, for a picture."""
        self.best: list[Column] = []
        """The goals of what was kept, each to be small."""
        self.stopped = False
        self.plain = False
        """Whether variants have to be derived one by one."""
        self._check_size()
        first = self._first()
        self._needed = (*self.asked.needed, *(columns or ()))
        self.asked.claim(lambda name: 0 if (value := first.quantity(name)) is None else value)  # all names are known
        self.asked = self.asked._replace(columns=self._columns(first, columns))
        if not self._is_plain(first):
            Screen(first, self.asked, Grid(first.symbols))

    @property
    def complete(self) -> bool:
        return self.counts.tried == self.total

    def stop(self) -> None:
        """Finish the block at hand, and keep what was found."""
        self.stopped = True

    def watch(self) -> None:
        """Gather what a picture of the goals needs while it runs."""
        self.cloud = Cloud()

    def pictured(self) -> tuple[list[list[int]], list[list[int]]]:
        """The goals of some variants that match, and of the front, as they are measured; no lists if none match."""
        signs = [-1 if goal.largest else 1 for goal in self.asked.goals]
        some, front = (
            [[sign * n for n in goal.tolist()] for sign, goal in zip(signs, goals, strict=False)]
            for goals in (self.cloud.goals if self.cloud else self.best, self.best)
        )
        return some, front

    def run(self, tell: Tell = silent) -> Table:
        """All that is found, as one table; an interruption leaves what was found before it."""
        return self.gathered(self.tables(tell))

    def gathered(self, tables: Iterator[Table]) -> Table:
        """All tables as one. Raises ArchitectureError if that would be too large to hold."""
        found: list[Table] = []
        rows = 0
        for table in tables:
            found.append(table)
            rows += len(table)
            if rows > MOST_ROWS:
                message = Text("more than {most} variants match, too many to hold at once", most=f"{MOST_ROWS:,}")
                raise _wrong(
                    "too-many", message, Text("write CSV or Parquet, which take any number, or keep some with --top")
                )
        return joined(found) if found else Table({})

    def tables(self, tell: Tell = silent) -> Iterator[Table]:
        """What is found, as it is found; with goals, at the end. `tell` is told how much is done of how much."""
        keeper = self._keeper()
        try:
            yield from self._screened(keeper, tell)
        except KeyboardInterrupt:
            self.stop()
        if not isinstance(keeper, First) and keeper.table is not None:
            self.best = keeper.goals
            yield keeper.table.take(slice(self.top))

    def _screened(self, keeper: Keeper, tell: Tell) -> Iterator[Table]:
        """Screen block after block; what no goal holds back is given out."""
        due = 0.0
        for screen, block in self._blocks():
            found = screen.found(block, self.counts, keeper, self.cloud)
            if found is not None and isinstance(keeper, First):
                yield found.table
            elif found is not None and not isinstance(keeper, First):
                keeper.add(found.table, found.goals)
            if monotonic() > due:
                tell(self.counts.tried, self.total)
                due = monotonic() + TICK
            if self.stopped:
                return

    def _keeper(self) -> Keeper:
        if self.pareto and self.asked.goals:
            return Front()
        if self.asked.goals:
            return Best(self.top or 1)
        return First(self.top)

    def _blocks(self) -> Iterator[tuple[Screen | Plain, Block]]:
        """Every block with what screens it, network by network."""
        for fixed, share, number in self._shares():
            try:
                case = Case(self.opened, fixed, self.vary)
            except ArchitectureError as error:
                if not fixed:
                    raise
                self.counts.tried += share
                self.counts.refuse(error.first.message, share)
                continue
            plain = self._is_plain(case)
            source: Source = Grid(case.symbols, BITE if plain else GRID)
            if self.is_drawn:
                source = Draws(case.symbols, share, np.random.default_rng([self.seed, number]), source.most)
            screen = Plain(self.opened, fixed, self.asked) if plain else Screen(case, self.asked, source)
            yield from ((screen, block) for block in source)
            self.opened.forget()

    def _shares(self) -> Iterator[tuple[dict[str, Value], int, int]]:
        """The structural settings of every network, how many variants of it are tried, and its number."""
        structural = self.opened.structural
        cases = product(*(self.vary[name] for name in structural))
        count = prod(len(self.vary[name]) for name in structural)
        drawn = np.random.default_rng(self.seed).multinomial(self.total, [1 / count] * count) if self.is_drawn else None
        for number, case in enumerate(cases):
            share = self.all // count if drawn is None else int(drawn[number])
            if share:
                yield dict(zip(structural, case, strict=True)), share, number

    @property
    def is_drawn(self) -> bool:
        return self.total < self.all

    def _is_plain(self, case: Case) -> bool:
        """Whether something that is asked has no expression; then every variant is derived on its own."""
        lacking = next((name for name in self._needed if case.quantity(name) is None), None)
        if lacking is None:
            return False
        if self.total > MOST_PLAIN:
            message = Text("{name} has no formula here, so each of {count} variants would be derived on its own; the most is {most}", name=lacking, count=f"{self.total:,}", most=f"{MOST_PLAIN:,}")  # fmt: skip
            raise _wrong("too-many", message, Text("vary less, or try some at random with --sample {n}", n=10_000))
        self.plain = True
        return True

    def _check_size(self) -> None:
        """Refuse, before anything is done, what would not come to an end."""
        networks = prod(len(self.vary[name]) for name in self.opened.structural)
        if networks > MOST_NETWORKS:
            names = ", ".join(self.opened.structural)
            message = Text("{names} make {count} different networks; the most is {most}", names=names, count=f"{networks:,}", most=f"{MOST_NETWORKS:,}")  # fmt: skip
            raise _wrong("too-many", message, Text("vary less"))
        if self.total > MOST:
            message = Text("this is {count} variants; the most is {most}", count=f"{self.total:,}", most=f"{MOST:,}")
            raise _wrong("too-many", message, Text("vary less, or try some at random with --sample {n}", n=1_000_000))

    def _first(self) -> Case:
        """The first network that is one; raises the error of the first that is none."""
        errors = []
        for fixed, _, _ in self._shares():
            try:
                return Case(self.opened, fixed, self.vary)
            except ArchitectureError as error:
                errors.append(error)
        raise errors[0]

    def _columns(self, case: Case, wanted: Sequence[str] | None) -> tuple[str, ...]:
        """What to show: what is varied, the goals and what was asked for, or else what the condition speaks of and what is usual."""
        if wanted is not None:
            return tuple(dict.fromkeys((*self.vary, *(goal.name for goal in self.asked.goals), *wanted)))
        usual = (name for name in USUAL if _is_there(case, name))
        return tuple(dict.fromkeys((*self.vary, *self.asked.needed, *usual)))


def _values(name: str, given: str | Sequence[Value]) -> Values:
    if isinstance(given, Values):
        return given
    return parse(given if isinstance(given, str) else ",".join(map(str, given)), name)


def _is_there(case: Case, name: str) -> bool:
    """Whether a usual column has something to show; a network with two outputs has no one `output`."""
    try:
        return case.quantity(name) is not None
    except ArchitectureError:
        return False


def _wrong(code: str, message: Text, *remedies: Text) -> ArchitectureError:
    return ArchitectureError([Fault(code, message, remedies=remedies)])
