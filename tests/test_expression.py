"""Symbols: arithmetic is kept, and what is written means what was computed."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnncalc.algebra.function import function
from cnncalc.arithmetic import ceildiv, maximum, minimum
from cnncalc.expression import COMPACT, LATEX, SPACED, Expr, evaluate, names, render, symbol

NAMES = "HKSP"
BINARY = [operator.add, operator.sub, operator.mul, maximum, minimum]
DIVIDING = [operator.floordiv, ceildiv, operator.mod]

leaves = st.sampled_from(NAMES) | st.integers(-3, 6)
divisors = st.sampled_from(
    ["K", "S", (operator.mul, 2, "K"), (operator.mul, "K", "S"), (operator.add, "K", 1)]
) | st.integers(1, 5)
trees = st.recursive(
    leaves,
    lambda t: (
        st.tuples(st.sampled_from(BINARY), t, t)
        | st.tuples(st.sampled_from(DIVIDING), t, divisors)
        | st.tuples(st.just(operator.neg), t)
    ),
    max_leaves=14,
)


def built(tree: Any, leaf: Callable[[str], Any]) -> Any:
    match tree:
        case str():
            return leaf(tree)
        case int():
            return tree
        case (op, a):
            return op(built(a, leaf))
        case (op, a, b):
            return op(built(a, leaf), built(b, leaf))


def read_back(text: str) -> Any:
    """The value of a rendered expression, by Python's own arithmetic on fractions."""
    for written, python in (
        ("·", "*"),
        ("−", "-"),
        ("⌊", "floor("),
        ("⌋", ")"),
        ("⌈", "ceil("),
        ("⌉", ")"),
        (" mod ", " % "),
    ):
        text = text.replace(written, python)
    return eval(
        re.sub(r"\d+", r"F(\g<0>)", text),
        {"F": Fraction, "floor": math.floor, "ceil": math.ceil, "max": max, "min": min},
    )


@settings(max_examples=1500)
@given(trees, st.fixed_dictionaries({n: st.integers(1, 40) for n in NAMES}))
def test_symbols_then_numbers_is_numbers(tree: Any, values: dict[str, int]) -> None:
    wanted = built(tree, values.__getitem__)
    expression = built(tree, symbol)
    assert evaluate(expression, values) == wanted
    assert function([expression], NAMES)(*map(values.get, NAMES)) == (wanted,)
    for style in (COMPACT, SPACED):
        assert read_back(render(expression, style, lambda name: str(values[name]))) == wanted


def test_the_reader_can_fail() -> None:
    assert read_back("1·2 − 3") != 0


def test_written_as_in_a_lecture() -> None:
    h, k, s, p, d = map(symbol, ("H", "K", "S", "P", "D_r"))
    assert render((h + p + p - (d * (k - 1) + 1)) // s + 1, SPACED) == "⌊(H + 2·P − D_r·(K − 1) − 1)/S⌋ + 1"
    assert str((h - 3) // 2 + 1) == "⌊(H-3)/2⌋+1"
    assert str(ceildiv(h, s)) == "⌈H/S⌉"
    assert str(3 * (h - 1)) == "3·H-3"
    assert str(h - h) == "0"
    assert str(-1 * (h // 2)) == "-⌊H/2⌋"
    assert str(k * (-2 * h)) == "-2·K·H"
    assert str(h % (2 * k)) == "H mod (2·K)"


def test_latex() -> None:
    h, k, s = map(symbol, ("H", "K", "S"))
    assert render((h - k) // s + 1, LATEX) == r"\left\lfloor \frac{H - K}{S} \right\rfloor + 1"
    assert render(k * (h - 1), LATEX) == r"K \cdot \left(H - 1\right)"


def test_an_expression_is_neither_true_nor_false() -> None:
    with pytest.raises(TypeError, match="neither true nor false"):
        bool(symbol("H"))


def test_names_in_order() -> None:
    assert names((symbol("H") - symbol("K")) // symbol("S") + symbol("H")) == ("H", "K", "S")
    assert names(3) == ()


def test_equal_expressions_are_equal() -> None:
    assert symbol("H") + 1 == Expr("sum", (symbol("H"), 1))
    assert hash(symbol("H") + 1) == hash(symbol("H") + 1)
