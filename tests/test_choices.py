"""Choices: wrong options that misconceptions give, worked out by hand, and every way to write an answer."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from cnncalc.architecture.files import parse_text
from cnncalc.errors import ArchitectureError
from cnncalc.teach.answers.options import read_option
from cnncalc.teach.answers.sheets import Row
from cnncalc.teach.distractors import different, is_whole, known, plausible
from cnncalc.teach.grading import Grader
from cnncalc.teach.misconceptions import CATALOGUE, JUDGMENT
from cnncalc.teach.reading import read_exercise
from cnncalc.teach.results import ItemResult

NETWORK = """
exercise: 1
architecture:
  input: [28, 28, 1]
  layers:
    - Conv2D: {filters: 32, kernel_size: 3}
    - Conv2D: {filters: 64, kernel_size: 3}
    - MaxPooling2D: 2
    - Flatten
    - Dense: 128
    - Dropout: 0.25
"""


def grader(question: str) -> Grader:
    return Grader(read_exercise(parse_text(f"{NETWORK}questions: [{question}]", "ex.yaml")))


def answered(of: Grader, text: str) -> ItemResult:
    return of.result(Row("ann", (text,), (), {}, 1, "answers.csv"), {}).items[0]


@pytest.mark.parametrize(
    ("question", "options", "letter"),
    [
        # 3·3·64 without depth and biases; (3·3 + 1)·64 without depth; 3·3·32·64 without biases; the truth
        ("{ask: choice, of: conv2d_1.params}", (576, 640, 18432, 18496), "D"),
        # without the + 1; the truth; 32 channels times 64; as with "same"
        ("{ask: choice, of: conv2d_1.shape}", ((23, 23, 64), (24, 24, 64), (24, 24, 2048), (26, 26, 64)), "B"),
        ('{ask: choice, of: "conv2d_1.shape[0]", distractors: 2}', (23, 24, 26), "B"),
        # height · width; one axis left out; the truth; the map before the pool, 24·24·64
        ("{ask: choice, of: flatten.shape}", ((144,), (768,), (9216,), (36864,)), "C"),
        # 9216·128; (9216 + 1)·128; 9216·(128 + 1)
        ("{ask: choice, of: dense.params, distractors: 2}", (1179648, 1179776, 1188864), "B"),
    ],
)
def test_wrong_options_are_made(question: str, options: tuple[object, ...], letter: str) -> None:
    key = grader(question).assessor.keys["choice"]
    assert (key.options, key.value) == (options, letter)


@pytest.mark.parametrize(("text", "codes"), [("A", ("P03",)), ("(b)", ("P02", "P13")), ("18,432", ("P01",))])
def test_a_made_option_tells_its_cause(text: str, codes: tuple[str, ...]) -> None:
    found = answered(grader("{ask: choice, of: conv2d_1.params}"), text)
    assert (found.verdict, found.codes) == ("wrong", codes)


def test_one_axis_of_a_shape_tells_its_cause() -> None:
    found = answered(grader('{ask: choice, of: "conv2d_1.shape[0]"}'), "23")
    assert (found.understood, found.codes) == ("A", ("S01",))
    assert str(found.feedback).startswith("23: the first position of the window was not counted")


def test_too_few_misconceptions() -> None:
    with pytest.raises(ArchitectureError) as caught:
        grader("{ask: choice, of: dropout.rate}")
    assert str(caught.value) == "ex.yaml:12:13: known misconceptions give 0 wrong answers here, and 3 are wanted; write the `options` yourself"  # fmt: skip
    with pytest.raises(
        ArchitectureError, match=r"give \d wrong answers here, and 25 are wanted; write `distractors: \d`"
    ):
        grader("{ask: choice, of: dense.params, distractors: 25}")


def test_a_made_choice_always_has_one_right_option_and_whole_ones() -> None:
    for of in ("conv2d.shape", "conv2d.macs", "max_pooling2d.receptive_field", "total_params", "dense.shape"):
        key = grader(f"{{ask: choice, of: {of}, distractors: 1}}").assessor.keys["choice"]
        assert len(set(key.options)) == 2
        assert list(key.options) == sorted(key.options)


NUMBERS = (288, 320, 3)
SHAPES = ((13, 13, 64), (12, 12, 64))


@pytest.mark.parametrize(
    ("text", "options", "letter"),
    [
        ("B", NUMBERS, "B"),
        ("(b)", NUMBERS, "B"),
        ("選 B", NUMBERS, "B"),
        ("320", NUMBERS, "B"),
        ("３２０ 個參數", NUMBERS, "B"),
        ("B: 320", NUMBERS, "B"),
        ("3", NUMBERS, "C"),
        ("12×12×64", SHAPES, "B"),
        ("(None, 12, 12, 64)", SHAPES, "B"),
        ("same", ("valid", "same"), "B"),
        ("對", (False, True), "B"),
        ("0.25", (Fraction(1, 2), Fraction(1, 4)), "B"),
    ],
)
def test_options_by_letter_and_by_value(text: str, options: tuple[object, ...], letter: str) -> None:
    assert read_option(text, options)[:2] == ("read", letter)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [("", "blank"), ("A, B", "ambiguous"), ("A: 320", "ambiguous"), ("D", "unreadable"), ("321", "unreadable"), ("?!", "unreadable")],
)  # fmt: skip
def test_what_is_no_option(text: str, verdict: str) -> None:
    assert read_option(text, NUMBERS).verdict == verdict


def test_no_text_breaks_the_reader() -> None:
    dice = random.Random(6)
    pieces = [
        "A",
        "b",
        "(",
        ")",
        "：",
        "320",
        "3",
        ",",
        "×",
        "26",
        " ",
        "\n",
        "選",
        "or",
        "=",
        ".",
        "true",
        "[",
        "0.25",
        "１",
    ]
    options = (NUMBERS, SHAPES, ("valid", "same"), (False, True), (Fraction(1, 2), 1), ((1, 2), ((1, 2), (3, 4))))
    for _ in range(3000):
        text = "".join(dice.choices(pieces, k=dice.randrange(10)))
        for each in options:
            assert read_option(text, each).verdict in {"read", "blank", "ambiguous", "unreadable"}


@pytest.mark.parametrize(
    ("value", "whole"), [(3, True), ((5, 5, 2), True), (0, False), ((5, 0, 2), False), (True, False), (Fraction(3, 2), False)]
)  # fmt: skip
def test_options_are_counts_and_sizes(value: object, whole: object) -> None:
    assert is_whole(value) is whole


@pytest.mark.parametrize(
    ("value", "right", "looks"),
    [(100, 1, True), (101, 1, False), (1, 100, True), (1, 101, False), ((5, 5), (5, 5, 2), False), ((5, 101), (5, 1), False)],
)  # fmt: skip
def test_plausible_is_of_the_same_order(value: object, right: object, looks: object) -> None:
    assert plausible(value, right) is looks


def test_one_option_per_misconception_as_long_as_there_are_enough() -> None:
    codes = {10: ("P01",), 20: ("P01",), 30: ("P02",)}
    assert list(different([10, 20, 30], codes)) == [10, 30, 20]


def test_what_was_found_in_writing_comes_before_what_is_judged() -> None:
    judged = {code for code, entry in CATALOGUE.items() if entry.source == JUDGMENT}
    assert judged
    assert max(known((code,)) for code in CATALOGUE if code not in judged) < min(known((code,)) for code in judged)
