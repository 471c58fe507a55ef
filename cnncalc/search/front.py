"""Which of many variants are best: those that no other beats in every goal at once."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

import numpy as np

from .columns import Column


def front(goals: Sequence[Column]) -> Column:
    """The places of the Pareto front when every goal is to be small, sorted by the first goal, then the next.

    A point is on the front unless another is no larger in any goal and smaller in one; of equal points the first stays.
    """
    order = np.lexsort(list(goals)[::-1])
    if len(goals) <= 2:
        return order[_falls(goals[-1][order])] if len(goals) == 2 else order[:1]
    points = [goal[order] for goal in goals]
    if len(goals) == 3:
        return order[_stairs(points[1].tolist(), points[2].tolist())]
    found = []
    left = np.arange(len(order))
    while len(left):  # the first one left is beaten by none
        best = left[0]
        found.append(best)
        beaten = np.logical_and.reduce([goal[left] >= goal[best] for goal in points])
        left = left[~beaten]
    return order[np.array(found, np.intp)]


def _falls(column: Column) -> Column:
    """Where a number is smaller than all before it."""
    lowest = np.minimum.accumulate(column)
    return np.concatenate([np.ones(min(1, len(column)), bool), column[1:] < lowest[:-1]])


def _stairs(xs: Sequence[int], ys: Sequence[int]) -> list[int]:
    """The points that none before them equals or beats: those so far are kept as stairs, which rise in x and fall in y."""
    found: list[int] = []
    left: list[int] = []
    down: list[int] = []
    for place, (x, y) in enumerate(zip(xs, ys, strict=True)):
        after = bisect_right(left, x)
        if after and down[after - 1] <= y:
            continue
        found.append(place)
        first = last = bisect_left(left, x)
        while last < len(left) and down[last] >= y:
            last += 1
        left[first:last], down[first:last] = [x], [y]
    return found


def best(goal: Column, count: int) -> Column:
    """The places of the `count` smallest, in order; of equal ones the first stay."""
    return np.argsort(goal, kind="stable")[:count]
