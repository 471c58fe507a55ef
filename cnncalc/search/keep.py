"""What of all variants is kept: all of them, the first few, the best few, or the Pareto front.

Goals are columns that are to be small. What is kept is merged block by block, so that memory stays bounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

import numpy as np

from .blocks import Block
from .columns import Column
from .front import best, front
from .table import Table, joined

SCOUTS = 6
"""How many points of the front are held against a whole block: a few of them beat nearly all."""


class First:
    """The first so many in the order in which they are tried; all with None."""

    ordered = False
    """Whether the rows are known only at the end."""

    def __init__(self, count: int | None) -> None:
        self.left = count

    def pruned(self, mask: Any, goals: Sequence[Any], block: Block) -> Any:
        """The variants of `mask` that are worth a closer look."""
        return mask

    def picked(self, goals: Sequence[Column], count: int) -> Column:
        """The places, among `count` candidates, of those that may be kept."""
        most = count if self.left is None else min(count, self.left)
        self.left = None if self.left is None else self.left - most
        return np.arange(most)

    @property
    def full(self) -> bool:
        return self.left == 0


class _Ordered:
    """What depends on goals, and is known at the end."""

    ordered = True
    full = False

    def __init__(self) -> None:
        self.table: Table | None = None
        self.goals: list[Column] = []

    def add(self, table: Table, goals: Sequence[Column]) -> None:
        """Merge more candidates with what is kept."""
        if self.table is None:
            self.table, self.goals = table, list(goals)
        else:
            self.table = joined([self.table, table])
            self.goals = [np.concatenate(pair) for pair in zip(self.goals, goals, strict=True)]
        places = self.picked(self.goals, len(self.table))
        self.table, self.goals = self.table.take(places), [goal[places] for goal in self.goals]

    def picked(self, goals: Sequence[Column], count: int) -> Column:
        raise NotImplementedError


class Best(_Ordered):
    """The `count` smallest by the one goal; of equal ones those that were tried first."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count

    def pruned(self, mask: Any, goals: Sequence[Any], block: Block) -> Any:
        if self.table is None or len(self.table) < self.count:
            return mask
        return np.logical_and(mask, goals[0] < self.goals[0][-1])

    def picked(self, goals: Sequence[Column], count: int) -> Column:
        return best(goals[0], self.count)


class Front(_Ordered):
    """Those that no other beats; of equal ones the one that was tried first."""

    def pruned(self, mask: Any, goals: Sequence[Any], block: Block) -> Any:
        count = len(self.goals[0]) if self.goals else 0
        for place in range(0, count, -(-count // SCOUTS) or 1):
            no_better = (goal >= kept[place] for goal, kept in zip(goals, self.goals, strict=True))
            mask = np.logical_and(mask, np.logical_not(reduce(np.logical_and, no_better)))
        return mask

    def picked(self, goals: Sequence[Column], count: int) -> Column:
        return front(goals)


Keeper = First | Best | Front


class Cloud:
    """A few of all variants that match, drawn at random, for a picture."""

    most = 3000

    def __init__(self) -> None:
        self.seen = 0
        self.goals: list[Column] = []
        self._random = np.random.default_rng(0)

    def add(self, goals: Sequence[Column]) -> None:
        """Let every variant seen so far be in the cloud with the same chance."""
        count = len(goals[0])
        chance = min(1.0, self.most / (self.seen + count))
        mine = np.flatnonzero(self._random.random(count) < chance)
        kept = [goal[mine] for goal in goals]
        if self.goals:
            old = self._random.random(len(self.goals[0])) < chance / min(1.0, self.most / max(1, self.seen))
            kept = [np.concatenate((goal[old], each)) for goal, each in zip(self.goals, kept, strict=True)]
        self.goals = kept
        self.seen += count
