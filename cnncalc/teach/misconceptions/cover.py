"""The fewest misconceptions that explain what one student got wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations

EXACT = 12
"""Up to so many different codes, all sets are tried, the small ones first; above, the best code is taken step by step."""


def smallest(explanations: Sequence[frozenset[str]]) -> tuple[str, ...]:
    """The smallest set of codes with one in each of the `explanations`, in order of code.

    An explanation is the codes that produce one wrong answer; an empty one cannot be explained and is left out.
    Among sets of one size, that whose codes occur most often wins, then the first by code. With more than
    `EXACT` codes the set is small, but perhaps not the smallest.
    """
    rows = [row for row in explanations if row]
    tally = Counter(code for row in rows for code in row)
    ranked = sorted(tally, key=lambda code: (-tally[code], code))
    return tuple(sorted(_exact(rows, ranked, tally) if len(ranked) <= EXACT else _greedy(rows)))


def _exact(rows: Sequence[frozenset[str]], ranked: Sequence[str], tally: Counter[str]) -> Iterable[str]:
    for size in range(len(ranked) + 1):
        fitting = [chosen for chosen in combinations(ranked, size) if all(row & set(chosen) for row in rows)]
        if fitting:
            return min(fitting, key=lambda chosen: (-sum(tally[code] for code in chosen), sorted(chosen)))
    return ()


def _greedy(rows: Sequence[frozenset[str]]) -> Iterable[str]:
    """Again and again the code that explains most of what is left; of equals the first."""
    left, chosen = list(rows), []
    while left:
        tally = Counter(code for row in left for code in row)
        best = min(tally, key=lambda code: (-tally[code], code))
        chosen.append(best)
        left = [row for row in left if best not in row]
    return chosen
