"""The front against its definition, on every kind of tie."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.search.front import best, front


def brute(points: list[tuple[int, ...]]) -> list[int]:
    """By definition; of equal points the first."""

    def beaten(p: tuple[int, ...]) -> bool:
        return any(all(a <= b for a, b in zip(q, p, strict=True)) and q != p for q in points)

    return [i for i, p in enumerate(points) if not beaten(p) and p not in points[:i]]


@pytest.mark.parametrize("goals", [1, 2, 3, 4])
@given(data=st.data())
def test_the_front_is_the_front(goals: int, data: st.DataObject) -> None:
    points = data.draw(st.lists(st.tuples(*[st.integers(-3, 3)] * goals), max_size=12))
    found = front([np.array([p[i] for p in points], np.int64) for i in range(goals)])
    assert sorted(found.tolist()) == brute(points)
    assert [points[i] for i in found] == sorted(points[i] for i in found)


def test_numbers_beyond_int64() -> None:
    x = np.array([2**70, 2**70 + 1, 2**70], object)
    y = np.array([5, 4, 5], object)
    assert front([x, y]).tolist() == [0, 1]


@given(st.lists(st.integers(-3, 3)), st.integers(1, 5))
def test_the_best_are_the_smallest(numbers: list[int], count: int) -> None:
    found = best(np.array(numbers, np.int64), count)
    assert found.tolist() == sorted(range(len(numbers)), key=lambda i: (numbers[i], i))[:count]
