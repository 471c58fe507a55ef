"""Conditions: what they mean is what Python means, and nothing in them is run."""

from __future__ import annotations

import time
import warnings
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cnncalc.errors import ArchitectureError, Fault
from cnncalc.expression import evaluate, symbol
from cnncalc.language import Text
from cnncalc.search.plan import Claim
from cnncalc.search.where import read

KNOWN = {"a": 3, "b": 7, "c.d": 0, "shape": (4, 6), "shape[0]": 4, "shape[-1]": 6, "padding": "same"}


def holds(claim: Claim, numbers: dict[str, int]) -> bool:
    """A claim on numbers, by Python."""
    if claim.op == "and":
        return all(holds(each, numbers) for each in claim.args)
    if claim.op == "or":
        return any(holds(each, numbers) for each in claim.args)
    if claim.op == "not":
        return not holds(claim.args[0], numbers)
    a, b = (evaluate(each, numbers) for each in claim.args)
    return {"<=": a <= b, "<": a < b, "==": a == b, "!=": a != b}[claim.op]


def known(name: str) -> Any:
    if name not in KNOWN:
        raise ArchitectureError([Fault("unknown", Text("there is no {name}", name=name))])
    return KNOWN[name]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a < b", True),
        ("a < b and b < a", False),
        ("a < b or b < a", True),
        ("not a == 3", False),
        ("1 < a < b <= 7", True),
        ("1 < a < b < 7", False),
        ("a*b - 1 == 2e1", True),
        ("b // 2 == 3 and b % 4 == 3", True),
        ("-a < +0", True),
        ("a != 3 or 1_000 == 1e3", True),
        ("c.d == 0", True),
        ("shape[0] == 4 and shape[-1] == 6", True),
        ("shape >= 4", True),  # on every axis
        ("shape > 4", False),
        ("shape + 1 == shape", False),
        ("shape // 2 <= 3", True),
        ("padding == 'same'", True),
        ("padding != 'same'", False),
        ("a == 'same'", False),
        ("  a\n <  b ", True),
        ("1e23 == 100000000000000000000000", True),  # a float would be off by 8 million
    ],
)
def test_what_it_means(text: str, *, wanted: bool) -> None:
    assert holds(read(text).claim(known), {}) is wanted


@pytest.mark.parametrize(
    ("text", "column", "told"),
    [
        ("__import__('os')", 1, "comparisons"),
        ("__import__('os').system('x') < 1", 1, "only"),
        ("a < (lambda: 1)()", 5, "only"),
        ("[x for x in a] < 1", 1, "only"),
        ("(a := 3) < 1", 2, "only"),
        ("2**10**9 < 3", 1, "only"),
        ("a < 1 if b else 2", 1, "only"),
        ("f'{a}' < 1", 1, "only"),
        ("a < b.__class__", 5, "there is no b.__class__"),
        ("a < nonsense", 5, "there is no nonsense"),
        ("a in b", 6, "only"),
        ("a is b", 6, "only"),
        ("a / b < 1", 1, "divide with //"),
        ("a < 1 & b < 1", 5, "write `and`"),
        ("a", 1, "not a condition"),
        ("a + 1", 1, "not a condition"),
        ("a < 1 and b", 11, "not a condition"),
        ("(a < 1) + 1 < 2", 2, "a number is needed"),
        ("(a < b) < 3", 2, "a number is needed"),
        ("True", 1, "only"),
        ("a < True", 5, "only"),
        ("a < 0.5", 5, "0.5 is no whole number"),
        ("a < 1e999999999", 5, "beyond 1e30"),
        ("a < 1" + "0" * 40, 5, "beyond 1e30"),
        ("a < 1j", 5, "only"),
        ("a // 0 < 1", 1, "divides by zero"),
        ("a % 0 < 1", 1, "divides by zero"),
        ("a = 3", 3, "not a condition"),
        ("a < ", None, "not a condition"),
        ("", None, "not a condition"),
        ("a; b", None, "not a condition"),
        ("import os", None, "not a condition"),
        ("a < 1\x00", None, "not a condition"),
        ("padding < 'valid'", 11, "only be compared with"),
        ("padding + 1 == 2", 1, "only be compared with"),
        ("'寬' == 'w' or 寬 == 3", 15, "there is no 寬"),
        ("not " * 60 + "a < 1", None, "nested"),
        ("-" * 200 + "1 < a", None, "nested"),
        ("(" * 300 + "a" + ")" * 300 + " < 1", None, "not a condition"),
        ("a < 1 and " * 200_000, None, "at most 1000"),
    ],
)
def test_what_has_no_meaning(text: str, column: int | None, told: str) -> None:
    begun = time.monotonic()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        with pytest.raises(ArchitectureError) as caught:
            read(text).claim(known)
    assert told in str(caught.value)
    if column is not None:
        assert caught.value.column == column
    assert time.monotonic() - begun < 1


def test_what_it_speaks_of() -> None:
    assert read("params < 1e6 and conv2d.output[0] + params > H").names() == ("params", "conv2d.output[0]", "H")


NUMBERS = st.sampled_from(["a", "b", "c"]) | st.integers(-9, 9).map(str)


def _more(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds("({} {} {})".format, inner, st.sampled_from(["+", "-", "*", "//", "%"]), inner)


ARITHMETIC = st.recursive(NUMBERS, _more, max_leaves=5)
RELATION = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])
COMPARISONS = st.builds("{} {} {}".format, ARITHMETIC, RELATION, ARITHMETIC) | st.builds(
    "{} {} {} {} {}".format, ARITHMETIC, RELATION, ARITHMETIC, RELATION, ARITHMETIC
)
CONDITIONS = st.recursive(
    COMPARISONS,
    lambda inner: (
        st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner)
        | st.builds("(not {})".format, inner)
    ),
    max_leaves=4,
)


@given(CONDITIONS, *[st.integers(-9, 9)] * 3)
def test_it_means_what_python_means(text: str, a: int, b: int, c: int) -> None:
    assume(len(text) < 1000)
    numbers = {"a": a, "b": b, "c": c}
    try:
        wanted = eval(text, {"__builtins__": {}}, numbers)
        found = holds(read(text).claim(symbol), numbers)
    except (ZeroDivisionError, ArchitectureError):
        assume(False)
    assert found == wanted
