"""Sweeps over the sizes of ten windows in a row, beside NumPy written by hand for just this.

    python benchmarks/sweep.py

Both check every window against its padded input and count the variants that fit; one thread each, in turn.
"""

from __future__ import annotations

import os

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import statistics
import time
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import numpy as np

from cnncalc.architecture import build
from cnncalc.search.blocks import GRID, Grid, Rows, at
from cnncalc.search.case import Case
from cnncalc.search.keep import First
from cnncalc.search.knobs import opened
from cnncalc.search.ranges import Values, parse
from cnncalc.search.screen import Asked, Counts, Goal, Screen

LAYERS = 10
SIDE = 512
OWN = {"k": parse("1:5"), "s": parse("1,2"), "p": parse("0:2"), "d": parse("1,2")}
SHARED = {"k": parse("3,5,7"), "s": parse("1,2"), "p": parse("1"), "d": parse("1")}
ROWS = 4_000_000
CHUNK = 16_384
ROUNDS = 5


def chain() -> dict[str, Any]:
    """Ten convolutions in a row, whose kernel, stride, padding and dilation are open."""
    fields = {"kernel_size": "k", "strides": "s", "padding": "p", "dilation_rate": "d"}
    layers = [{"Conv1D": {"filters": 1, **{f: f"{v}{i}" for f, v in fields.items()}}} for i in range(LAYERS)]
    return {"input": [SIDE, 1], "variables": {f"{v}{i}": None for i in range(LAYERS) for v in "kspd"}, "layers": layers}


def screened(settings: dict[str, Values], source: Any) -> Callable[[], tuple[int, int]]:
    """Ours: how many variants there are, and how many fit; the last size is computed too."""
    vary = {f"{name}{i}": values for i in range(LAYERS) for name, values in settings.items()}
    data = chain()
    case = Case(opened(lambda variables: build(data, variables=dict(variables)), list(vary)), {}, vary)
    blocks = source(case)
    screen = Screen(case, Asked(None, (Goal("output[0]"),), ()), blocks)

    def run() -> tuple[int, int]:
        counts = Counts()
        for block in blocks:
            screen.found(block, counts, First(0))
        return counts.tried, counts.valid

    return run


def own_by_hand(columns: dict[str, np.ndarray]) -> tuple[int, int]:
    """Every variant with its own settings, in chunks that stay in the cache, without new memory for any of them."""
    total = len(columns["k0"])
    n, room, extent = (np.empty(CHUNK, np.int64) for _ in range(3))
    fits, valid = np.empty(CHUNK, bool), np.empty(CHUNK, bool)
    count = 0
    for start in range(0, total - CHUNK + 1, CHUNK):
        n.fill(SIDE)
        valid.fill(True)
        for i in range(LAYERS):
            k, s, p, d = (columns[f"{name}{i}"][start : start + CHUNK] for name in "kspd")
            np.subtract(k, 1, out=extent)
            np.multiply(extent, d, out=extent)
            np.add(n, p, out=room)
            np.add(room, p, out=room)
            np.subtract(room, extent, out=room)
            np.greater_equal(room, 1, out=fits)
            np.logical_and(valid, fits, out=valid)
            np.subtract(room, 1, out=room)
            np.floor_divide(room, s, out=n)
            np.add(n, 1, out=n)
        count += np.count_nonzero(valid)
    return total, count


def shared_by_hand() -> tuple[int, int]:
    """All combinations: every layer multiplies the sizes so far by its settings; the first four hold for a whole block."""
    settings = list(product(*SHARED.values()))
    k, s, p, d = (np.array(column, np.int64)[:, None] for column in zip(*settings, strict=True))
    extent = d * (k - 1) + 1
    total = count = 0
    for first in product(range(len(settings)), repeat=4):
        n, valid = np.array([SIDE]), np.array([True])
        for i in range(LAYERS):
            chosen = slice(first[i], first[i] + 1) if i < 4 else slice(None)
            room = n + 2 * p[chosen] - extent[chosen]
            valid = (valid & (room >= 0)).ravel()
            n = (room // s[chosen] + 1).ravel()
        total += valid.size
        count += np.count_nonzero(valid)
    return total, count


def spent(run: Callable[[], tuple[int, int]]) -> tuple[float, tuple[int, int]]:
    start = time.process_time()  # others may be using the machine
    found = run()
    return time.process_time() - start, found


def compare(title: str, hand: Callable[[], tuple[int, int]], ours: Callable[[], tuple[int, int]]) -> None:
    pairs = list(_pairs(hand, ours))
    total, valid = pairs[0][1][1]
    assert all(each[1] == (total, valid) for pair in pairs for each in pair), "they do not agree"
    rates = [[total / seconds / 1e6 for (seconds, _) in side] for side in zip(*pairs, strict=True)]
    by_hand, by_us = (statistics.median(side) for side in rates)
    print(f"{title}: {total:,} variants, {valid:,} valid")
    print(f"  NumPy by hand   {by_hand:8.1f} million a second")
    print(f"  cnncalc         {by_us:8.1f} million a second: {by_us / by_hand:.1f} times")


def _pairs(hand: Callable[[], Any], ours: Callable[[], Any]) -> Iterator[tuple[Any, Any]]:
    for _ in range(ROUNDS):  # in turn, so that a machine that changes its speed changes it for both
        yield spent(hand), spent(ours)


def main() -> None:
    random = np.random.default_rng(0)
    count = ROWS // CHUNK * CHUNK
    columns = {f"{name}{i}": at(values, random.integers(len(values), size=count)) for i in range(LAYERS) for name, values in OWN.items()}  # fmt: skip
    print(f"The sizes of {LAYERS} windows in a row on an axis of {SIDE}, and whether each fits:")
    compare("own settings in every layer", lambda: own_by_hand(columns), screened(OWN, lambda case: Rows(columns)))
    compare("all combinations", shared_by_hand, screened(SHARED, lambda case: Grid(case.symbols, GRID)))


if __name__ == "__main__":
    main()
