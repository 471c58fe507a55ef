"""Blocks of any size hold every combination once, in order, and what is shared between them stays right."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from test_search_columns import EXPRESSIONS, NAMES

from cnncalc.expression import evaluate
from cnncalc.search.blocks import Draws, Grid, Rows, at
from cnncalc.search.bounds import Interval
from cnncalc.search.columns import Machine
from cnncalc.search.plan import Planner
from cnncalc.search.ranges import Values, parse

AXES = st.lists(st.integers(-9, 40), min_size=1, max_size=5, unique=True).map(lambda v: parse(",".join(map(str, v))))


def computed(
    target: Any, axes: dict[str, Values], source: Grid | Rows | Draws
) -> list[tuple[dict[str, int], Any, bool]]:
    """Every variant with its result, and whether no divisor was 0."""
    planner = Planner({name: Interval(*values.bounds) for name, values in axes.items()})
    step = planner.add(target)
    plan = planner.plan((step, planner.both(*planner.guards)))
    machines: dict[tuple[int, ...], Machine] = {}
    found = []
    for block in source:
        if block.layout.shape not in machines:
            machines[block.layout.shape] = Machine(plan, block.layout, source.often)
        value, fine = (block.spread(each).tolist() for each in machines[block.layout.shape].run(block.given))
        chosen = block.chosen(np.arange(block.size))
        rows = zip(*(column.tolist() for column in chosen.values()), strict=True)
        found += [(dict(zip(chosen, row, strict=True)), *rest) for row, *rest in zip(rows, value, fine, strict=True)]
    return found


def check(target: Any, found: list[tuple[dict[str, int], Any, bool]]) -> None:
    for numbers, value, fine in found:
        try:
            wanted = evaluate(target, numbers)
        except ZeroDivisionError:
            assert not fine
            continue
        assert fine
        assert value == wanted


@given(EXPRESSIONS, AXES, AXES, AXES, st.integers(1, 30))
def test_a_grid_in_blocks(target: Any, a: Values, b: Values, c: Values, most: int) -> None:
    axes = dict(zip(NAMES, (a, b, c), strict=True))
    grid = Grid(axes, most)
    assert all(block.size <= most for block in grid)
    found = computed(target, axes, grid)
    assert [tuple(numbers[name] for name in NAMES) for numbers, _, _ in found] == list(product(a, b, c))
    check(target, found)


@given(EXPRESSIONS, AXES, AXES, AXES, st.integers(1, 30), st.integers(0, 9))
def test_rows_and_draws(target: Any, a: Values, b: Values, c: Values, most: int, seed: int) -> None:
    axes = dict(zip(NAMES, (a, b, c), strict=True))
    random = np.random.default_rng(seed)
    drawn = computed(target, axes, Draws(axes, 40, random, most))
    check(target, drawn)
    assert len(drawn) == 40
    assert all(numbers[name] in axes[name] for numbers, _, _ in drawn for name in NAMES)
    columns = {name: np.array([numbers[name] for numbers, _, _ in drawn]) for name in NAMES}
    assert [row[0] for row in computed(target, axes, Rows(columns, most))] == [row[0] for row in drawn]


@given(st.data())
def test_values_at_places(data: st.DataObject) -> None:
    values = data.draw(AXES)
    places = data.draw(st.lists(st.integers(0, len(values) - 1)))
    assert at(values, np.array(places, np.int64)).tolist() == [values[place] for place in places]
