"""Why formulas, claims and settings are wrong: what is told, on answers worked out by hand."""

from __future__ import annotations

import pytest

from cnncalc.architecture.files import parse_text
from cnncalc.teach.answers.sheets import Row
from cnncalc.teach.grading import Grader
from cnncalc.teach.reading import read_exercise
from cnncalc.teach.results import ItemResult

NETWORK = """
exercise: 1
architecture:
  input: [28, 28, 1]
  layers:
    - Conv2D: {filters: 32, kernel_size: 3, padding: 1}
    - Conv2D: {filters: 64, kernel_size: 3, strides: 2}
    - Dropout: 0.25
    - Flatten
    - Dense: 10
"""


def answered(question: str, text: str) -> ItemResult:
    grader = Grader(read_exercise(parse_text(f"{NETWORK}questions: [{question}]", "ex.yaml")))
    return grader.result(Row("ann", (text,), (), {}, 1, "answers.csv"), {}).items[0]


@pytest.mark.parametrize(
    ("of", "text", "code"),
    [
        ("conv2d_1.params", "F·K·K·C", "P01"),  # no biases
        ("conv2d_1.params", "F(K² + 1)", "P02"),  # the depth of the input
        ("conv2d_1.params", "K^2 F", "P03"),
        ("conv2d_1.macs", "2 H′ W′ K K C F", "C01"),  # two operations for one
        ("conv2d_1.macs", "K*K*C*F*H*W", "C02"),  # places of the input
        ('"conv2d_1.shape[0]"', "⌊(H − K)/S⌋", "S01"),  # the + 1
        ("dense.params", "N·U", "D02"),
    ],
)
def test_a_formula_tells_the_misconception_that_writes_it(of: str, text: str, code: str) -> None:
    found = answered(f"{{ask: formula, of: {of}}}", text)
    assert (found.verdict, found.codes[:1]) == ("wrong", (code,))


def test_a_formula_is_told_as_it_was_written() -> None:
    found = answered("{ask: formula, of: conv2d_1.params}", "K*K*C*F")
    assert str(found.feedback) == "K·K·C·F: the biases are missing. What does every filter add at the end, besides its products?"  # fmt: skip
    unknown = answered("{ask: formula, of: conv2d_1.params}", "K + F")
    assert (unknown.verdict, unknown.codes) == ("wrong", ())


def test_a_believed_claim_tells_who_makes_it() -> None:
    """(28 - 3) // 2 = 12 without the + 1; the truth is 13."""
    found = answered("{ask: claim, of: conv2d_1.shape, value: 12x12x64}", "true")
    assert (found.verdict, found.codes[0]) == ("wrong", "S01")
    found = answered('{ask: claim, of: "conv2d_1.shape[1]", value: 12}', "true")
    assert (found.verdict, found.codes[0]) == ("wrong", "S01")


@pytest.mark.parametrize(
    ("of", "value", "text"),
    [("conv2d_1.shape", "13x13x64", "false"), ("conv2d_1.shape", "99x99x1", "true"), ("dropout.rate", "0.5", "true")],
)
def test_any_other_wrong_yes_or_no_is_asked_back_and_not_corrected(of: str, value: str, text: str) -> None:
    found = answered(f"{{ask: claim, of: {of}, value: {value}}}", text)
    assert (found.verdict, found.codes) == ("wrong", ())
    assert str(found.feedback) == f"Work out {of} yourself, and compare it with what is said."


@pytest.mark.parametrize(
    ("field", "wanted", "text", "told"),
    [
        ("padding", "shape: [28, 28, 32]", "0", "With padding 0, shape is 26×26×32, and 28×28×32 is asked."),
        ("filters", "params: 80, shape: [28, 28, 8]", "9", "With filters 9, params is 90, and 80 is asked; shape is 28×28×9, and 28×28×8 is asked."),
        ("kernel_size", "shape: [28, 28, 32]", "99", "With kernel_size 99 the network does not work: conv2d (Conv2D): the window must fit into the padded input: K ≤ H + 2·P, 99 ≤ 28 + 2·1, 99 ≤ 30 is false (height)."),
        ("filters", "params: 80", "0", "filters cannot be 0."),
    ],
)  # fmt: skip
def test_a_wrong_setting_tells_what_it_gives(field: str, wanted: str, text: str, told: str) -> None:
    found = answered(f"{{ask: solve, layer: conv2d, field: {field}, for: {{{wanted}}}}}", text)
    assert (found.verdict, str(found.feedback)) == ("wrong", told)
