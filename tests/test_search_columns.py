"""A plan on columns gives what Python's integers give, whatever the sizes."""

from __future__ import annotations

import operator
import warnings
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.arithmetic import ceildiv, maximum, minimum
from cnncalc.expression import Expr, evaluate, symbol
from cnncalc.search.bounds import Interval
from cnncalc.search.columns import Layout, Machine
from cnncalc.search.plan import Claim, Kind, Planner

NAMES = ("a", "b", "c")
A, B, C = map(symbol, NAMES)


BINARY = (operator.add, operator.sub, operator.mul, operator.floordiv, operator.mod, ceildiv, maximum, minimum)


def _applied(op: Any, a: Any, b: Any) -> Any:
    return a if isinstance(b, int) and b == 0 else op(a, b)  # nothing is divided by a plain 0


def _extended(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.builds(_applied, st.sampled_from(BINARY), inner, inner)


EXPRESSIONS = st.recursive(st.sampled_from([A, B, C, A, B, C]) | st.integers(-9, 9), _extended, max_leaves=10)
VALUES = st.lists(st.integers(-12, 40) | st.integers(-(2**31), 2**31), min_size=1, max_size=4, unique=True)


def grid(target: Any, values: dict[str, list[int]], inner: int) -> list[list[Any]]:
    """Results over the product, the last `inner` symbols as axes of a block, the others one by one."""
    planner = Planner({name: Interval(min(v), max(v)) for name, v in values.items()})
    step = planner.add(target)
    guards = tuple(planner.guards)
    plan = planner.plan((step, *guards))
    names = list(values)
    outer, within = names[: len(names) - inner], names[len(names) - inner :]
    layout = Layout(tuple(len(values[n]) for n in reversed(within)), {n: i for i, n in enumerate(reversed(within))})
    changing = [n for n in outer[-1:] if len(values[n]) > 1]  # what differs in every block
    machine = Machine(plan, layout, planner.bits[changing[0]] if changing else 0)
    found: list[list[Any]] = []
    for chosen in product(*(values[n] for n in outer)):
        results = machine.run(dict(zip(outer, chosen, strict=True)) | {n: values[n] for n in within})
        spread = [np.broadcast_to(np.asarray(r, object), layout.shape).T.ravel().tolist() for r in results]
        found += [[row[0], all(row[1:])] for row in zip(*spread, strict=True)]
    return found


@given(EXPRESSIONS, VALUES, VALUES, VALUES, st.integers(1, 3))
def test_columns_are_integers(target: Any, a: list[int], b: list[int], c: list[int], inner: int) -> None:
    values = dict(zip(NAMES, (a, b, c), strict=True))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = grid(target, values, inner)
    for chosen, (value, guarded) in zip(product(a, b, c), found, strict=True):
        try:
            wanted = evaluate(target, dict(zip(NAMES, chosen, strict=True)))
        except ZeroDivisionError:
            assert not guarded
            continue
        assert guarded
        assert value == wanted


@given(EXPRESSIONS, VALUES, VALUES, VALUES)
def test_every_number_lies_within_its_bounds(target: Any, a: list[int], b: list[int], c: list[int]) -> None:
    values = dict(zip(NAMES, (a, b, c), strict=True))
    planner = Planner({name: Interval(min(v), max(v)) for name, v in values.items()})
    bound = planner.steps[planner.add(target)].bounds
    for chosen in product(a, b, c):
        try:
            assert evaluate(target, dict(zip(NAMES, chosen, strict=True))) in bound
        except ZeroDivisionError:
            continue


@pytest.mark.parametrize("power", range(20, 66))
@pytest.mark.parametrize("off", [-1, 0, 1])
def test_where_types_end(power: int, off: int) -> None:
    """Products, quotients and remainders at each power of two and beside it."""
    edge = 2**power + off
    side = 2 ** (power // 2)
    values = {"a": [edge // side, side + 1, 3], "b": [side, -side, 2 * side], "c": [edge % side, 1, 7]}
    for target in (A * B + C, (A * B + C) // 3, (A * B + C - 1) // C, A * B % C, ceildiv(A * B, C), maximum(A * B, C)):
        for chosen, (value, guarded) in zip(product(*values.values()), grid(target, values, 2), strict=True):
            if guarded:
                assert value == evaluate(target, dict(zip(NAMES, chosen, strict=True))), (target, chosen)


def test_a_quotient_just_below_an_integer_is_not_rounded_up() -> None:
    """The largest numbers of each float, divided by what leaves the largest fraction."""
    for top in (2**22, 2**22 - 1, 2**51, 2**51 - 1):
        divisors = [1, 2, 3, 5, 7, 1023, top // 2, top - 1, top]
        values = {"a": [top, top - 1, -top, 1 - top], "b": divisors, "c": [1]}
        for chosen, (value, _) in zip(product(*values.values()), grid(A // B, values, 2), strict=True):
            assert value == chosen[0] // chosen[1]


def test_what_fits_into_no_machine_word_is_a_python_integer() -> None:
    planner = Planner({"a": Interval(0, 2**31), "b": Interval(0, 2**31)})
    kinds = [planner.steps[planner.add(x)].kind for x in (A, A * 1024, A * B, A * B * 2, A * B * A * B)]
    assert kinds == [Kind.double, Kind.double, Kind.long, Kind.object, Kind.object]
    assert planner.steps[planner.add(A * B)].bounds == (0, 2**62)


def test_common_parts_are_computed_once() -> None:
    planner = Planner({name: Interval(1, 9) for name in NAMES})
    shape = (A - B) // C + 1
    results = [planner.add(x) for x in (shape * shape, shape * shape + 1, (A - B) // C + 1)]
    steps = planner.plan(tuple(results)).steps
    assert sum(step.op == "floor" for step in steps) == 1
    assert sum(step.op == "mul" for step in steps) == 1


def test_prefixes_of_sums_are_shared() -> None:
    """Fifty windows of stride 1 make sums of up to fifty terms, but one new addition each."""
    names = [f"k{i}" for i in range(50)]
    planner = Planner({"H": Interval(1, 9), **{name: Interval(1, 9) for name in names}})
    size: Any = symbol("H")
    results = []
    for name in names:
        size = size - symbol(name) + 1
        results.append(planner.add(size))
    assert len(planner.plan(tuple(results)).steps) < 51 + 3 * 51 + 51


def test_depth_is_no_danger() -> None:
    deep: Any = A
    for _ in range(20_000):
        deep = Expr("floor", (Expr("sum", (deep, 4)), 2))
    planner = Planner({"a": Interval(1, 9)})
    assert planner.add(deep) >= 0


def test_tests_that_the_bounds_decide_cost_nothing() -> None:
    planner = Planner({"a": Interval(1, 9), "b": Interval(10, 12), "c": Interval(5, 20)})
    always = planner.add(Claim("and", (Claim("<", (A, B)), Claim("!=", (A, B)))))
    assert planner.steps[always].value is True
    never = planner.add(Claim("or", (Claim("==", (A, B)), Claim("not", (Claim("<=", (A, B)),)))))
    assert planner.steps[never].value is False
    open_ = planner.add(Claim("and", (Claim("<", (A, B)), Claim("<", (B, C)))))
    assert planner.steps[open_].op == "<"


@given(st.data())
def test_tests_are_pythons(data: st.DataObject) -> None:
    a, b, c = (data.draw(VALUES) for _ in range(3))
    op = data.draw(st.sampled_from(["<=", "<", "==", "!="]))
    python = {"<=": int.__le__, "<": int.__lt__, "==": int.__eq__, "!=": int.__ne__}[op]
    test = Claim("or", (Claim("not", (Claim(op, (A + B, C)),)), Claim("and", (Claim(op, (A, B)), Claim(op, (B, C))))))
    values = dict(zip(NAMES, (a, b, c), strict=True))
    for (x, y, z), (value, _) in zip(product(a, b, c), grid(test, values, 2), strict=True):
        assert bool(value) == (not python(x + y, z) or (python(x, y) and python(y, z)))


def test_memory_is_lent_only_by_what_changes_in_every_block() -> None:
    """a + c is kept while b changes, though nothing reads it after the product."""
    values = {"a": [0, 1], "b": [0, 1], "c": [0, 1]}
    found = [value for value, _ in grid(A + B * (A + C), values, 1)]
    assert found == [a + b * (a + c) for a, b, c in product([0, 1], repeat=3)]


def test_only_what_changes_is_computed_again() -> None:
    planner = Planner({"a": Interval(0, 9), "b": Interval(0, 9)})
    plan = planner.plan((planner.add(A * A * 3), planner.add(A + B)))
    machine = Machine(plan, Layout((4,), {"a": 0}), planner.bits["b"])
    column = [1, 2, 3, 4]
    first = machine.run({"a": column, "b": 0})[0]
    first[:] = -1  # if it is computed again, this is gone
    again = machine.run({"a": column, "b": 5})
    assert again[0].tolist() == [-1] * 4
    assert again[1].tolist() == [6, 7, 8, 9]
    assert machine.run({"a": [0, 0, 0, 1], "b": 5})[0].tolist() == [0, 0, 0, 3]
