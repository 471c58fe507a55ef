"""Canonical forms, forms to read, equality and formulas: what they say is what the numbers say."""

from __future__ import annotations

import operator
from typing import Any

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from test_expression import built, trees

import cnncalc
from cnncalc.algebra import canonical, factored, largest, same, simplified
from cnncalc.algebra.equality import Proof, equal
from cnncalc.algebra.reading import FormulaError, formula
from cnncalc.algebra.to_sympy import to_sympy
from cnncalc.architecture import build
from cnncalc.arithmetic import ceildiv, maximum, minimum
from cnncalc.derive import derive
from cnncalc.expression import COMPACT, LATEX, SPACED, Expr, evaluate, render, symbol
from cnncalc.view.sympy_source import sympy_source

H, W, C, F, S, K = map(symbol, "HWCFSK")

points = st.fixed_dictionaries({n: st.integers(1, 40) for n in "HKSP"})


@settings(max_examples=1500)
@given(trees, points)
def test_simplifying_changes_no_value(tree: Any, numbers: dict[str, int]) -> None:
    expression = built(tree, symbol)
    wanted = built(tree, numbers.__getitem__)
    assert evaluate(simplified(expression), numbers) == wanted
    assert evaluate(factored(expression), numbers) == wanted
    assert evaluate(canonical(expression).expression(), numbers) == wanted


@settings(max_examples=500)
@given(trees)
def test_simplifying_ends(tree: Any) -> None:
    once = simplified(built(tree, symbol))
    assert canonical(simplified(once)) == canonical(once) == canonical(built(tree, symbol))


@settings(max_examples=1000)
@given(trees, points)
def test_what_is_written_means_the_same_when_read(tree: Any, numbers: dict[str, int]) -> None:
    expression = factored(built(tree, symbol))
    wanted = built(tree, numbers.__getitem__)
    for style in (COMPACT, SPACED, LATEX):
        assert evaluate(formula(render(expression, style)), numbers) == wanted, render(expression, style)


@settings(max_examples=300, deadline=None)
@given(trees, points)
def test_sympy_says_the_same(tree: Any, numbers: dict[str, int]) -> None:
    expression = to_sympy(simplified(built(tree, symbol)))
    values = {sympy.Symbol(name, integer=True, positive=True): number for name, number in numbers.items()}
    assert expression.subs(values) == built(tree, numbers.__getitem__)


@settings(max_examples=300)
@given(trees, trees)
def test_what_is_called_different_differs_there(one: Any, two: Any) -> None:
    a, b = built(one, symbol), built(two, symbol)
    verdict = equal(a, b)
    if not verdict.equal:
        assert verdict.example is not None
        numbers = {**dict.fromkeys("HKSP", 1), **verdict.example}
        assert built(one, numbers.__getitem__) != built(two, numbers.__getitem__)


linear = st.builds(
    lambda a, b, s, c: a * ((H + b) // s) + c,
    st.integers(-3, 3), st.integers(-5, 5), st.sampled_from([1, 2, 3, 4, 6]), st.integers(-3, 3),
)  # fmt: skip


@settings(max_examples=400)
@given(st.lists(linear, min_size=1, max_size=3), st.lists(linear, min_size=1, max_size=3))
def test_equality_of_floors_is_what_a_long_look_finds(one: list[Any], two: list[Any]) -> None:
    a, b = sum(one), sum(two)
    verdict = equal(a, b)
    assert verdict.exact
    assert verdict.equal == all(evaluate(a, {"H": n}) == evaluate(b, {"H": n}) for n in range(300))


@pytest.mark.parametrize(
    ("one", "two", "wanted", "proof"),
    [
        ("⌊H/2⌋+⌊(H+1)/2⌋", "H", True, Proof.REMAINDERS),  # Hermite's identity
        ("⌊H/3⌋+⌊(H+1)/3⌋+⌊(H+2)/3⌋", "H", True, Proof.REMAINDERS),
        ("⌊⌊H/2⌋/2⌋", "⌊H/4⌋", True, Proof.FORM),
        ("(9C+1)F", "9CF+F", True, Proof.FORM),
        ("⌊3⌊H/3⌋/2⌋", "⌊H/2⌋", False, Proof.EXAMPLE),
        ("max(H,W)-H", "max(W-H,0)", True, Proof.TRIED),
        ("max(H,max(W,C))", "max(max(C,W),H)", True, Proof.FORM),
        ("min(H,W,H+1)", "min(W,H)", True, Proof.FORM),
        ("⌊H/(W-1)⌋", "⌊2H/(2W-2)⌋", True, Proof.TRIED),  # there is no value at W = 1
        ("⌊H⌊W/2⌋/⌊W/2⌋⌋+⌊H/2⌋+⌊(H+1)/2⌋", "2H", True, Proof.TRIED),  # nor here
        ("H", "W", False, Proof.EXAMPLE),
    ],
)
def test_equal_and_how_it_is_known(one: str, two: str, wanted: bool, proof: Proof) -> None:  # noqa: FBT001 - a table
    verdict = equal(formula(one, "HWCF"), formula(two, "HWCF"))
    assert (verdict.equal, verdict.proof) == (wanted, proof)
    assert verdict.exact == (proof is not Proof.TRIED)


def test_a_late_difference_of_a_degree_is_found() -> None:
    """H² and its neighbours agree on few points only; a floor with a large divisor differs late."""
    assert not equal(H * H, 3 * H - 2).equal
    verdict = equal((H + 7) // 100, 0)
    assert verdict.example == {"H": 93}


# Written by hand, as a student would.
WRITTEN = [
    ((H - 3) + 1, "H-2"),
    ((H - 6) // 2 + 1, "⌊H/2⌋-2"),
    ((H - 1) // 2 + 1, "⌈H/2⌉"),
    (ceildiv(ceildiv(H, 2), 2), "⌈H/4⌉"),
    (((H - 2) // 2 + 1) // 2, "⌊H/4⌋"),
    ((((H - 4) // 2 - 2) - 2) // 2 + 1, "⌊H/4⌋-2"),
    ((H // 3 + 1) // F, "⌊(H+3)/(3·F)⌋"),
    ((H + F) // F, "⌊H/F⌋+1"),
    (64 * ((H - 6) // 2 + 1) * ((W - 6) // 2 + 1), "64·(⌊H/2⌋-2)·(⌊W/2⌋-2)"),
    (64 * ((H - 6) // 2 + 1) * ((W - 6) // 2 + 1) // 2, "32·(⌊H/2⌋-2)·(⌊W/2⌋-2)"),
    (H * W - W * H, "0"),
    ((H - 2) * W - H * W + 2 * W, "0"),
    (H % 1, "0"),
    ((2 * H) % 2, "0"),
    (maximum(H + 3, H), "H+3"),
    (minimum(ceildiv(H - 3, 2) + 1, ceildiv(H, 2)), "⌊H/2⌋"),
]


@pytest.mark.parametrize(("value", "wanted"), WRITTEN, ids=[wanted for _, wanted in WRITTEN])
def test_simplified(value: Any, wanted: str) -> None:
    assert str(simplified(value)) == wanted


def test_factored() -> None:
    assert str(factored(9 * C * F + F)) == "(9·C+1)·F"
    assert str(factored(8192 * (H // 2 - 2) * (W // 2 - 2) + 128)) == "128·(64·(⌊H/2⌋-2)·(⌊W/2⌋-2)+1)"
    assert str(factored(288 * C + 32)) == "32·(9·C+1)"
    assert str(factored(288 * C + 19946)) == "288·C+19946", "2·(144·C+9973) would help nobody"
    assert str(factored(H - 2)) == "H-2"
    assert factored(7) == 7


def test_nested_floors_are_one() -> None:
    """⌊(⌊(n+a)/s⌋+b)/t⌋ = ⌊(n+a+s·b)/(s·t)⌋ on a grid of numbers, and as one floor."""
    for a, s, b, t in [(0, 2, 0, 2), (-3, 2, 5, 3), (7, 3, -4, 2), (1, 5, 1, 7)]:
        nested = ((H + a) // s + b) // t
        merged = simplified(nested)
        assert str(merged).count("⌊") + str(merged).count("⌈") == 1
        assert all(evaluate(merged, {"H": n}) == ((n + a) // s + b) // t for n in range(-50, 200))


def test_a_floor_is_not_merged_under_a_negative_divisor() -> None:
    nested = (H // 2 + 1) // (-1 * S)
    at = {"H": 5, "S": 2}
    assert evaluate(simplified(nested), at) == (5 // 2 + 1) // -2 == evaluate(nested, at)


def test_the_largest_of_sizes() -> None:
    assert largest([H * W, 3 * H * W, H * W + 5, 7]) == maximum(maximum(3 * H * W, H * W + 5), 7)
    assert largest([H * W, 3 * H * W, 2 * H * W]) == 3 * H * W
    assert str(largest([3 * H, 2 * W, H])) == "max(3·H, 2·W)"


def test_same_and_not_the_same() -> None:
    assert same((H - 1) // 2 + 1, ceildiv(H, 2))
    assert not same(H // 2, ceildiv(H, 2))


READ = [
    ("⌊(H − 3)/2⌋ + 1", (H - 3) // 2 + 1),
    (r"\left\lfloor \frac{H - 3}{2} \right\rfloor + 1", (H - 3) // 2 + 1),
    ("floor((H-3)/2)+1", (H - 3) // 2 + 1),
    ("(H-3)//2+1", (H - 3) // 2 + 1),
    ("⌈H/2⌉", ceildiv(H, 2)),
    ("3*3*C*F + F", 9 * C * F + F),
    ("（９×Ｃ＋１）·Ｆ", (9 * C + 1) * F),
    ("(9C+1)F", (9 * C + 1) * F),
    ("3²C·F", 9 * C * F),
    ("H^2", H * H),
    ("1,199,882", 1199882),
    ("max(3,128)", 128),
    ("(2H)/2", H),
    ("H mod 2", H % 2),
    ("-(H-1)", 1 - H),
    ("K_{h}", symbol("K_h")),
]


@pytest.mark.parametrize(("text", "wanted"), READ, ids=[text for text, _ in READ])
def test_read(text: str, wanted: Any) -> None:
    assert canonical(formula(text)) == canonical(wanted)


@pytest.mark.parametrize(
    ("text", "position", "reason"),
    [
        ("", 0, "there is no formula"),
        ("H +", 3, "a number or a name is missing at the end"),
        ("⌊H/2", 4, "'⌋' is missing"),
        ("3 4", 2, "'4' is not expected here"),
        ("1.5", 1, "'.' is not expected here"),
        ("H/0", 3, "nothing can be divided by 0"),
        ("H % 0", 5, "nothing can be divided by 0"),
        ("H^99", 2, "a power is a number from 1 to 16"),
        ("__import__('os')", 0, "'__import__' is not expected here"),
        ("(H-3)/2+1", 9, "(H-1)/2 is not whole for all numbers: say how to round it, as in floor((H-1)/2)"),
        ("(" * 100, 60, "a formula may be nested 60 deep"),
        ("9" * 50, 0, "a number may have 40 digits"),
        ("H" * 3000, 2000, "a formula may have at most 2000 characters"),
    ],
)
def test_no_formula(text: str, position: int, reason: str) -> None:
    with pytest.raises(FormulaError) as caught:
        formula(text)
    assert (str(caught.value.text), caught.value.position) == (reason, position)


def test_known_symbols() -> None:
    assert formula("9CF", known="CF") == 9 * C * F
    with pytest.raises(FormulaError, match="'filter' is not known here; did you mean filters"):
        formula("filter", known=["filters", "C"])


@settings(max_examples=2000)
@given(st.text(alphabet="HWCF0123456789+-*/%^()[]{}⌊⌋⌈⌉·×,._ '\\²maxinflor", max_size=30))
def test_any_text_is_a_formula_or_says_why_not(text: str) -> None:
    try:
        formula(text)
    except FormulaError as error:
        assert 0 <= error.position <= len(text)
        assert str(error.text)


def test_public_names() -> None:
    assert cnncalc.equal(cnncalc.formula("2H"), cnncalc.formula("H+H")).equal
    assert cnncalc.to_sympy(cnncalc.formula("⌊H/2⌋")).subs({"H": 5}) is not None
    assert operator.attrgetter("op")(cnncalc.formula("⌊H/2⌋")) == "floor"
    assert isinstance(cnncalc.formula("H"), Expr)


def test_source_for_sympy_runs_whatever_symbols_are_called() -> None:
    """`lambda` is no name in Python, `floor` is SymPy's, and mod binds as tightly as a product there."""
    variables = {"lambda": None, "floor": None, "Max": None}
    layers = [{"Dense": "lambda"}, {"Dense": "9 % (2*Max) + floor"}]
    space: dict[str, Any] = {}
    exec(sympy_source(derive(build({"variables": variables, "input": [3], "layers": layers}))), space)
    numbers = {space["lambda_"]: 2, space["floor_"]: 7, space["Max_"]: 5}
    assert space["total_params"].subs(numbers) == 4 * 2 + 3 * 16  # 9 % 10 + 7 = 16
