"""Intervals hold every value, and are exact where one operation is applied to independent numbers."""

from __future__ import annotations

import operator
from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cnncalc.search import bounds
from cnncalc.search.bounds import Interval

SMALL = st.tuples(st.integers(-6, 6), st.integers(-6, 6)).map(lambda ends: Interval(*sorted(ends)))

PYTHON: dict[str, tuple[Callable[[Interval, Interval], Interval], Callable[[int, int], int]]] = {
    "add": (bounds.add, operator.add),
    "subtract": (bounds.subtract, operator.sub),
    "multiply": (bounds.multiply, operator.mul),
    "floor": (bounds.floor, operator.floordiv),
    "ceil": (bounds.ceil, lambda a, b: -(-a // b)),
    "modulo": (bounds.modulo, operator.mod),
    "largest": (bounds.largest, max),
    "smallest": (bounds.smallest, min),
}
DIVIDES = {"floor", "ceil", "modulo"}


@pytest.mark.parametrize("name", PYTHON)
@given(a=SMALL, b=SMALL)
def test_every_value_lies_within(name: str, a: Interval, b: Interval) -> None:
    bound, compute = PYTHON[name]
    below = [y for y in range(b.low, b.high + 1) if y or name not in DIVIDES]
    assume(below)
    values = [compute(x, y) for x in range(a.low, a.high + 1) for y in below]
    found = bound(a, b)
    assert found.low <= min(values)
    assert max(values) <= found.high
    if name != "modulo":
        assert found == (min(values), max(values))


@given(SMALL)
def test_zero_becomes_one(b: Interval) -> None:
    values = [y or 1 for y in range(b.low, b.high + 1)]
    found = bounds.nonzero(b)
    assert set(values) <= set(range(found.low, found.high + 1))
    if b.high:  # the hull of -5..-1 and 1 holds a 0 that no row has
        assert found == (min(values), max(values))


def test_sizes_beyond_machine_words_stay_exact() -> None:
    big = Interval(-(2**70), 2**65)
    assert bounds.multiply(big, big) == (-(2**135), 2**140)
    assert big.size == 2**70
    assert 2**65 in big
    assert 2**65 + 1 not in big
