"""Domains: what the symbols of a result must be, against trying every small number."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import networks

from cnncalc.algebra.domain import Domain, domain
from cnncalc.algebra.residues import room
from cnncalc.architecture import Architecture, build
from cnncalc.arithmetic import Demand, Dim, Symbolic, maximum, minimum
from cnncalc.derive import derive
from cnncalc.derive.walk import walk
from cnncalc.expression import symbol
from cnncalc.language import Text, use
from cnncalc.layers.merge import Concatenate, ElementwiseMerge
from cnncalc.view.domain import domain_text

H, W = symbol("H"), symbol("W")
RULE = Text("a rule")


def of(*conditions: tuple[Dim, str, Dim]) -> Domain:
    return domain(Demand(left, relation, right, RULE) for left, relation, right in conditions)


def text(*conditions: tuple[Dim, str, Dim]) -> str:
    use("en")
    return domain_text(of(*conditions))


@pytest.mark.parametrize(
    ("conditions", "told"),
    [
        ([(3, "<=", H)], "H ≥ 3"),
        ([(3, "<=", H), (3, "<=", H - 2), (2, "<=", (H - 4) // 2)], "H ≥ 8"),  # ⌊(H-4)/2⌋ ≥ 2
        ([(7, "<=", 3 * ((H - 1) // 4) + 1)], "H ≥ 9"),  # ⌊(H-1)/4⌋ ≥ 2
        ([(H // 2, "==", 14)], "28 ≤ H ≤ 29"),
        ([(2 * (H // 2), "==", H), (1, "<=", H)], "H ≥ 2, a multiple of 2"),
        ([(1, "<=", H), (2 * (H // 2), "==", H), (2 * (H // 16), "==", H // 8), (2 * (H // 8), "==", H // 4), (2 * (H // 4), "==", H // 2), (1, "<=", H // 16)],
         "H ≥ 16, a multiple of 16"),
        ([(H % 4, "==", 1), (5, "<=", H)], "H ≥ 5, H mod 4 is 1"),
        ([(1, "<=", H), ((H + 3) // 4 - (H + 1) // 4, "==", 1)], "H ≥ 1, H mod 4 is 1 or 2"),
        ([(-(-H // 2), "==", 5)], "9 ≤ H ≤ 10"),
        ([(H, "<=", 9), (8, "<=", H), (H % 2, "==", 1)], "H = 9"),
        ([(H * H, "<=", 50), (1, "<=", H)], "1 ≤ H ≤ 7"),
        ([(1, "<=", H), (24, "<=", H * (H - 10))], "H ≥ 12"),  # 12·2 = 24
        ([(1, "<=", H), (0, "<=", (H - 3) * (H - 8))], "H = 1 to 3, or H ≥ 8"),
        ([(1, "<=", H), (0, "<=", (H % 2) * (5 - H))], "H = 1 to 5, or H ≥ 6, a multiple of 2"),  # even, or odd and at most 5
        ([(5, "<=", maximum(H // 2, 12 - H)), (1, "<=", H)], "H = 1 to 7, or H ≥ 10"),
        ([(5, "<=", minimum(H // 2, H - 7))], "H ≥ 12"),
        ([(H * W, "==", 3136), (1, "<=", H), (1, "<=", W)], "H ≥ 1, W ≥ 1, H·W = 3136"),
        ([(1, "<=", H), (1, "<=", W), (1, "<=", H * W)], "H ≥ 1, W ≥ 1"),
        ([(H, "==", W), (W, "==", H)], "H = W"),
        ([(3, "<=", H // W), (1, "<=", W)], "W ≥ 1, 3 ≤ ⌊H/W⌋"),
        ([(1, "<=", H + 2 * W), (3, "<=", H + 2 * W), (2, "<=", H + 2 * W)], "3 ≤ H+2·W"),
        ([(H % 2, "==", 1), (2 * (H // 2), "==", H)], "no numbers: 2·⌊H/2⌋ = H cannot hold with the rest"),
        ([(5, "<=", H), (H, "<=", 4)], "no numbers: H ≤ 4 cannot hold with the rest"),
        ([(1, "<=", 28 // symbol("S"))], "1 ≤ ⌊28/S⌋"),
    ],
)  # fmt: skip
def test_by_hand(conditions: list[tuple[Dim, str, Dim]], told: str) -> None:
    assert text(*conditions) == told


def test_a_condition_of_mathematics_is_in_no_language() -> None:
    assert of((H % 4, "==", 1), (5, "<=", H)).conditions() == ["H ≥ 5", "H mod 4 = 1"]
    assert of((0, "<=", (H - 3) * (H - 5)), (1, "<=", H), (H % 2, "==", 1)).conditions() == ["H ≥ 1", "H mod 2 = 1"]


def test_for_programs() -> None:
    found = of((2 * (H // 2), "==", H), (9, "<=", H))
    assert found.to_dict() == {"H": {"least": 10, "most": None, "modulus": 2, "remainders": [0]}}
    assert found.smallest("H") == 10


@st.composite
def numbers_in(draw: st.DrawFn, depth: int = 2, names: tuple[Dim, ...] = (H,)) -> Any:
    """Sums, floors, remainders, products and extremes of symbols."""
    if depth == 0:
        return draw(st.sampled_from(names)) if draw(st.booleans()) else draw(st.integers(-9, 9))
    a, b = draw(numbers_in(depth - 1, names)), draw(numbers_in(depth - 1, names))
    small, near = draw(st.integers(1, 5)), draw(st.integers(-6, 6))
    return draw(st.sampled_from([
        lambda: a * small + near, lambda: a + b, lambda: a - b, lambda: (a + near) // small, lambda: a % small,
        lambda: -(-a // small), lambda: maximum(a, b), lambda: minimum(a, b), lambda: a * b,
    ]))()  # fmt: skip


@st.composite
def demands(draw: st.DrawFn, names: tuple[Dim, ...] = (H,)) -> Demand:
    left, right = draw(numbers_in(2, names)), draw(numbers_in(1, names))
    return Demand(left, draw(st.sampled_from(["<=", "=="])), right, RULE)


def true(value: Dim, numbers: dict[str, int]) -> int:
    """The value of an expression, worked out by Python on its text."""
    if isinstance(value, int):
        return value
    parts = [true(each, numbers) if not isinstance(each, str) else each for each in value.args]
    match value.op:
        case "symbol":
            return numbers[value.args[0]]
        case "sum":
            return sum(parts)
        case "product":
            product = 1
            for part in parts:
                product *= part
            return product
        case "max" | "min" as op:
            return max(parts) if op == "max" else min(parts)
    a, b = parts
    return {"floor": a // b, "ceil": -(-a // b), "mod": a % b}[value.op]


@given(st.lists(demands(), min_size=1, max_size=3))
def test_one_symbol(listed: list[Demand]) -> None:
    """The domain holds a number exactly where every demand does; every one of these demands is solved."""
    found = domain([Demand(-30, "<=", H, RULE), Demand(H, "<=", 400, RULE), *listed])
    assert all(room(each).number is not None for each in found.rest)  # 1 = 0 is in nobody's range
    for n in (*range(-40, 130), 399, 400, 401):
        at = {"H": n}
        wanted = -30 <= n <= 400 and all(
            true(each.left, at) <= true(each.right, at) if each.relation == "<=" else true(each.left, at) == true(each.right, at)
            for each in listed
        )  # fmt: skip
        assert found.contains(at) == wanted, n
    smallest = found.smallest("H")
    if smallest is not None:
        assert found.contains({"H": smallest}) or found.impossible


@given(st.lists(demands(), min_size=1, max_size=3), st.integers(0, 2**31 - 1))
def test_one_symbol_without_ends(listed: list[Demand], n: int) -> None:
    """The same far away, where the range is told by its remainders alone."""
    found = domain([Demand(0, "<=", H, RULE), *listed])
    for at in ({"H": n}, {"H": n % 1000}):
        met = (true(each.left, at) - true(each.right, at) for each in listed)
        wanted = all(gap <= 0 if each.relation == "<=" else gap == 0 for gap, each in zip(met, listed, strict=True))
        assert found.contains(at) == wanted


@given(st.lists(demands((H, W)), min_size=1, max_size=3))
def test_two_symbols(listed: list[Demand]) -> None:
    found = domain([Demand(1, "<=", H, RULE), Demand(1, "<=", W, RULE), *listed])
    for h in range(-2, 14):
        for w in range(-2, 14):
            at = {"H": h, "W": w}
            met = (true(each.left, at) - true(each.right, at) for each in listed)
            wanted = h >= 1 <= w and all(
                gap <= 0 if each.relation == "<=" else gap == 0 for gap, each in zip(met, listed, strict=True)
            )
            assert found.contains(at) == wanted, at


def repeats_an_axis(symbolic: Architecture, numbers: Architecture) -> bool:
    """Whether a merge of the network of numbers repeats an axis that is 1 only at this size.

    A merge of symbols takes sizes to be equal; where one of them happens to be 1, numbers may go on.
    """
    rows = {row.name: row for row in walk(symbolic).rows}
    for row in walk(numbers).rows:
        if isinstance(row.layer, ElementwiseMerge) and not isinstance(row.layer, Concatenate):
            axes = zip(zip(*row.input_shapes, strict=True), zip(*rows[row.name].input_shapes, strict=True), strict=True)
            for sizes, formulas in axes:
                ones = [
                    isinstance(formula, Symbolic) for size, formula in zip(sizes, formulas, strict=True) if size == 1
                ]
                if any(ones) and set(sizes) != {1}:
                    return True
    return False


@given(networks())
def test_valid_exactly_where_the_numbers_are(data: dict[str, Any]) -> None:
    c = data["input"][2]
    symbolic = build(data, input=("H", "W", c))
    assume(not walk(symbolic).failures)
    found = derive(symbolic).domain
    assert not found.rest or found.impossible
    for n in (*range(1, 14), data["input"][0]):
        numbers = build(data, input=(n, 40, c))
        valid = not walk(numbers).failures
        if not repeats_an_axis(symbolic, numbers):
            assert (found.contains({"H": n, "W": 40})) == valid, n


def layers(*entries: Any, shape: tuple[Any, ...] = ("H", "W", 3)) -> Domain:
    return derive(build({"input": [1, 1, 1], "layers": list(entries)}, input=shape)).domain


def test_the_course_network() -> None:
    """Two convolutions take 2 each, and a pool needs 2 of what is left: H - 4 ≥ 2."""
    found = layers({"Conv2D": {"filters": 32, "kernel_size": 3}}, {"Conv2D": {"filters": 64, "kernel_size": 3}}, {"MaxPooling2D": 2}, "Flatten", {"Dense": 10})  # fmt: skip
    assert found.conditions() == ["H ≥ 6", "W ≥ 6"]


def test_padding_after_a_window_that_did_not_fit() -> None:
    """5 + 2·3 would do for the second window; the first needs 7."""
    wide = {"Conv2D": {"filters": 1, "kernel_size": 7}}
    assert layers(wide, {"ZeroPadding2D": 3}, wide).smallest("H") == 7


def test_a_file_of_unknown_axes() -> None:
    found = layers({"Conv2D": {"filters": 1, "kernel_size": 3}}, shape=(None, None, 3))
    assert found.conditions() == ["?H ≥ 3", "?W ≥ 3"]
