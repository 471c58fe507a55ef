"""Marking, on students worked out by hand."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from cnncalc.architecture.files import parse_text
from cnncalc.teach.carrying import trivial
from cnncalc.teach.diagnosing import Doctor
from cnncalc.teach.key import keys_of
from cnncalc.teach.marking import Marked, Marker
from cnncalc.teach.outcomes import added
from cnncalc.teach.reading import load_exercise, read_exercise

EXAMPLES = Path(__file__).parents[1] / "examples" / "exercises"

MNIST = """
exercise: 1
architecture:
  input: [28, 28, 1]
  layers:
    - Conv2D: {filters: 32, kernel_size: 3}
    - Conv2D: {filters: 64, kernel_size: 3}
    - MaxPooling2D: 2
    - Dropout: 0.25
    - Flatten
    - Dense: 128
    - Dense: 10
"""
ALL = """
questions:
  - {ask: shape, layers: all}
  - {ask: params, layers: [conv2d, conv2d_1, dense, dense_1], points: 2}
  - {ask: total_params, points: 3}
"""
KEY = {
    "conv2d.shape": "26x26x32", "conv2d_1.shape": "24x24x64", "max_pooling2d.shape": "12x12x64", "dropout.shape": "12x12x64",
    "flatten.shape": "9216", "dense.shape": "128", "dense_1.shape": "10", "conv2d.params": "320", "conv2d_1.params": "18,496",
    "dense.params": "1,179,776", "dense_1.params": "1290", "total_params": "1199882",
}  # fmt: skip


def marked(answers: dict[str, str], questions: str = ALL, network: str = MNIST) -> dict[str, Marked]:
    marker = Marker(read_exercise(parse_text(network + questions, "ex.yaml")))
    known = {item.id for item in marker.items}
    assert answers.keys() <= known
    return {each.item.id: each for each in marker.mark([answers.get(item.id, "") for item in marker.items])}


def verdicts(answers: dict[str, str], questions: str = ALL, network: str = MNIST) -> dict[str, str]:
    return {name: each.verdict for name, each in marked(answers, questions, network).items()}


def test_what_was_published_is_right() -> None:
    found = marked(KEY)
    assert {each.verdict for each in found.values()} == {"right"}
    assert added(each.score or Fraction(0) for each in found.values()) == 7 * 1 + 4 * 2 + 3


def test_one_wrong_layer_and_consistent_ones_after_it() -> None:
    """A first convolution of 27x27 (28 - 3 + 2): then 27 - 2 = 25, 25 // 2 = 12 is right again."""
    answers = KEY | {"conv2d.shape": "27x27x32", "conv2d_1.shape": "25x25x64"}
    found = verdicts(answers)
    assert (found.pop("conv2d.shape"), found.pop("conv2d_1.shape")) == ("wrong", "carried")
    assert set(found.values()) == {"right"}


def test_a_chain_of_carried_answers_down_to_the_total() -> None:
    """Same padding throughout: 28, 28, 14, 14·14·64 = 12544, (12544 + 1)·128 = 1605760, with 320 + 18496 + 1290 in all 1625866."""
    answers = KEY | {
        "conv2d.shape": "28x28x32", "conv2d_1.shape": "28x28x64", "max_pooling2d.shape": "14x14x64", "dropout.shape": "14x14x64",
        "flatten.shape": "12544", "dense.params": "1605760", "total_params": "1625866",
    }  # fmt: skip
    found = marked(answers, "marking: {carry_forward: 1/2}" + ALL)
    wrong = {name for name, each in found.items() if each.verdict == "wrong"}
    carried = {name: each.score for name, each in found.items() if each.verdict == "carried"}
    assert wrong == {"conv2d.shape", "conv2d_1.shape"}  # 26 follows from 28, not 28
    assert carried == {
        "max_pooling2d.shape": Fraction(1, 2), "dropout.shape": Fraction(1, 2), "flatten.shape": Fraction(1, 2),
        "dense.params": 1, "total_params": Fraction(3, 2),
    }  # fmt: skip


def test_channels_are_carried_into_parameters() -> None:
    """(3·3·30 + 1)·64 = 17344."""
    found = verdicts(KEY | {"conv2d.shape": "26x26x30", "conv2d_1.params": "17344"})
    assert (found["conv2d.shape"], found["conv2d_1.params"]) == ("wrong", "carried")


def test_what_was_not_asked_is_followed_through() -> None:
    """No question about dropout and flatten: 13x13x64 before them gives 10816 to dense, (10816 + 1)·128 = 1384576."""
    questions = "questions: [{ask: shape, layers: [max_pooling2d]}, {ask: params, layers: [dense]}]"
    found = verdicts({"max_pooling2d.shape": "13x13x64", "dense.params": "1384576"}, questions)
    assert found == {"max_pooling2d.shape": "wrong", "dense.params": "carried"}


def test_a_blank_before_carries_what_came_before_it() -> None:
    """The convolution between was left out: 29 - 2 = 27, and 27 // 2 = 13."""
    answers = {"conv2d.shape": "29x29x32", "max_pooling2d.shape": "13x13x64"}
    found = verdicts(answers)
    assert (found["conv2d_1.shape"], found["max_pooling2d.shape"]) == ("blank", "carried")


@pytest.mark.parametrize("answer", ["1x1x1", "0x0x0", "1x1x32", "26x26x1", "26x26", "26x26x32x1", "-3x3x1"])
def test_trivial_answers_are_not_carried(answer: str) -> None:
    """With 1x1x1, the flattened map of a network with same padding would be 1, and the dense layer's parameters 2·10."""
    network = MNIST.replace("kernel_size: 3}", "kernel_size: 3, padding: same}")
    questions = "questions: [{ask: shape, layers: all}, {ask: params, layers: all}]"
    easy = {
        "conv2d.shape": answer,
        "conv2d_1.shape": "1x1x64",
        "conv2d_1.params": str((9 * 1 + 1) * 64),
        "flatten.shape": "1",
    }
    found = verdicts(easy | {"dense.params": str(2 * 128)}, questions, network)
    assert not {"carried", "right"} & set(found.values())


def test_what_becomes_equal_to_its_input_or_nothing_is_trivial() -> None:
    assert trivial((9, 9, 4), (5, 5, 4), ((9, 9, 4),), ((11, 11, 4),))
    assert not trivial((9, 9, 4), (5, 5, 4), ((9, 9, 4),), ((5, 5, 4),))  # as dropout: equal in truth too
    assert trivial(0, 320, ((1, 1, 1),), ((28, 28, 1),))
    assert not trivial(0, 0, ((9, 9, 4),), ((8, 8, 4),))


def test_dropout_of_a_wrong_shape_is_carried() -> None:
    """It is equal to its input in truth too."""
    found = verdicts(KEY | {"max_pooling2d.shape": "13x13x64", "dropout.shape": "13x13x64"})
    assert (found["max_pooling2d.shape"], found["dropout.shape"]) == ("wrong", "carried")


def test_a_total_of_the_students_own_numbers() -> None:
    """Without the biases of the first layer: 288 + 18496 + 1179776 + 1290 = 1199850."""
    found = verdicts(KEY | {"conv2d.params": "288", "total_params": "1199850"})
    assert (found["conv2d.params"], found["total_params"]) == ("wrong", "carried")
    assert verdicts(KEY | {"conv2d.params": "0", "total_params": "1199562"})["total_params"] == "carried"
    nothing = dict.fromkeys(["conv2d.params", "conv2d_1.params", "dense.params", "dense_1.params", "total_params"], "0")
    assert verdicts(KEY | nothing)["total_params"] == "wrong"


def test_a_receptive_field_may_be_one_number() -> None:
    """3, then 3 + 2 = 5; a wrong 4 is carried on to 4 + 2 = 6."""
    questions = "questions: [{ask: receptive_field, layers: [conv2d, conv2d_1]}]"
    assert set(verdicts({"conv2d.receptive_field": "3", "conv2d_1.receptive_field": "5"}, questions).values()) == {
        "right"
    }
    found = verdicts({"conv2d.receptive_field": "4", "conv2d_1.receptive_field": "6"}, questions)
    assert found["conv2d_1.receptive_field"] == "carried"


def test_receptive_fields_are_carried() -> None:
    """3, 5, 6 in truth; 4 for the first gives 6 for the second; the pool sees one pixel more."""
    questions = "questions: [{ask: receptive_field, layers: [conv2d, conv2d_1, max_pooling2d]}]"
    found = verdicts({"conv2d.receptive_field": "4x4", "conv2d_1.receptive_field": "6x6", "max_pooling2d.receptive_field": "7x7"}, questions)  # fmt: skip
    assert list(found.values()) == ["wrong", "carried", "carried"]


def test_single_axes() -> None:
    questions = "marking: {per_axis: true, carry_forward: 0}" + ALL
    found = marked(KEY | {"conv2d.shape": "26x26x1", "conv2d_1.shape": "25x25x64", "dense.shape": "1x128"}, questions)
    told = {name: (each.verdict, each.score) for name, each in found.items() if each.verdict != "right"}
    assert told == {"conv2d.shape": ("partial", Fraction(2, 3)), "conv2d_1.shape": ("partial", Fraction(1, 3))}
    assert verdicts(KEY | {"conv2d.shape": "26x26"}, questions)["conv2d.shape"] == "wrong"


def test_without_a_share_nothing_is_carried() -> None:
    found = verdicts(
        KEY | {"conv2d.shape": "27x27x32", "conv2d_1.shape": "25x25x64"}, "marking: {carry_forward: 0}" + ALL
    )
    assert found["conv2d_1.shape"] == "wrong"


def test_what_is_not_read() -> None:
    found = marked({"conv2d.shape": "", "conv2d_1.shape": "many", "conv2d.params": "1.234"})
    told = {name: (found[name].verdict, found[name].score) for name in ("conv2d.shape", "conv2d_1.shape", "conv2d.params")}  # fmt: skip
    assert told == {
        "conv2d.shape": ("blank", 0),
        "conv2d_1.shape": ("unreadable", 0),
        "conv2d.params": ("ambiguous", None),
    }


def test_channels_on_the_other_side_are_for_a_person() -> None:
    """Dropout has no `data_format`: it has the layout of the map that it reads. Flatten ends it."""
    other = {"conv2d.shape": "32x26x26", "conv2d_1.shape": "64x24x24", "dropout.shape": "(64, 12, 12)"}
    found = marked(KEY | other)
    open_ = {name: each.score for name, each in found.items() if each.verdict == "ambiguous"}
    assert open_ == dict.fromkeys(other)
    assert "32×26×26 (channels first?" in found["conv2d.shape"].understood.echo
    assert {each.verdict for name, each in found.items() if name not in other} == {"right"}


@pytest.mark.parametrize(("decided", "verdict", "score"), [("ask", "ambiguous", None), ("right", "right", 1), ("wrong", "wrong", 0)])  # fmt: skip
def test_a_teacher_decides_for_all(decided: str, verdict: str, score: int | None) -> None:
    found = marked(KEY | {"conv2d.shape": "32x26x26"}, f"marking: {{other_layout: {decided}}}" + ALL)["conv2d.shape"]
    assert (found.verdict, found.score) == (verdict, score)


def test_a_consistent_student_who_writes_channels_first() -> None:
    """28 - 3 = 25 without + 1; then 25 - 3 + 1 = 23 maps of 64 follow, 11 after pooling, 11·11·64 = 7744 in a row."""
    answers = KEY | {"conv2d.shape": "32x25x25", "conv2d_1.shape": "64x23x23", "max_pooling2d.shape": "64x11x11", "dropout.shape": "64x11x11", "flatten.shape": "7744"}  # fmt: skip
    told = dict(marked(answers, "marking: {other_layout: right}" + ALL))
    assert {name: told[name].verdict for name in list(told)[:5]} == {
        "conv2d.shape": "wrong", "conv2d_1.shape": "carried", "max_pooling2d.shape": "carried", "dropout.shape": "carried", "flatten.shape": "carried",
    }  # fmt: skip
    assert verdicts(answers)["conv2d_1.shape"] == "ambiguous"
    exercise = read_exercise(parse_text(MNIST + ALL, "ex.yaml"))
    assert Doctor(exercise, keys_of(exercise)).cause(told["conv2d.shape"]).codes == ("S01",)


def test_what_follows_from_a_turned_shape_is_what_follows_from_the_right_one() -> None:
    """From 32 rows and 26 channels it would be 30×24×64, and 15×12×64 after pooling."""
    answers = {"conv2d.shape": "32x26x26", "max_pooling2d.shape": "15x12x64", "conv2d_1.params": "18496"}
    found = verdicts(answers, "marking: {other_layout: right}" + ALL)
    assert (found["max_pooling2d.shape"], found["conv2d_1.params"]) == ("wrong", "right")
    assert verdicts(answers, "marking: {other_layout: wrong}" + ALL)["max_pooling2d.shape"] == "carried"


def test_where_the_layout_is_not_in_doubt() -> None:
    """A cube is the same both ways; 32@26×26 says which number is the maps; a turned height and width is more than a layout."""
    cube = "exercise: 1\narchitecture: {input: [8, 8, 3], layers: [{Conv2D: {filters: 6, kernel_size: 3}}]}\n"
    asked = "questions: [{ask: shape, layer: conv2d}]"
    assert verdicts({"conv2d.shape": "6x6x6"}, asked, cube) == {"conv2d.shape": "right"}
    first = cube.replace("[8, 8, 3]", "[3, 9, 8]").replace(
        "kernel_size: 3", "kernel_size: 3, data_format: channels_first"
    )
    assert verdicts({"conv2d.shape": "6x7x6"}, asked, first) == {"conv2d.shape": "right"}
    assert verdicts({"conv2d.shape": "7x6x6"}, asked, first) == {"conv2d.shape": "ambiguous"}
    assert verdicts({"conv2d.shape": "6@7x6"}, asked, first) == {"conv2d.shape": "right"}
    generous = "marking: {other_layout: right}\n" + asked
    assert verdicts({"conv2d.shape": "7x6x6"}, generous, first) == {"conv2d.shape": "ambiguous"}  # H and C are both 6
    assert verdicts({"conv2d.shape": "6x6x7"}, generous, first) == {"conv2d.shape": "wrong"}
    flat = "exercise: 1\narchitecture: {input: [8], layers: [{Reshape: [2, 4]}]}\nquestions: [{ask: shape, layer: reshape}]"
    assert verdicts({"reshape.shape": "4x2"}, "", flat) == {"reshape.shape": "wrong"}


def test_integers_are_exact() -> None:
    """A missing bias of 256 filters on 128 channels is 0.087 %: 295168 and 294912."""
    network = "exercise: 1\narchitecture: {input: [8, 8, 128], layers: [{Conv2D: {filters: 256, kernel_size: 3}}]}\n"
    questions = "questions: [{ask: params, layer: conv2d}]"
    assert verdicts({"conv2d.params": "295168"}, questions, network) == {"conv2d.params": "right"}
    assert verdicts({"conv2d.params": "294912"}, questions, network) == {"conv2d.params": "wrong"}
    assert verdicts({"conv2d.params": "295168.5"}, questions, network) == {"conv2d.params": "wrong"}


def test_other_kinds_of_answer() -> None:
    questions = """
questions:
  - {ask: formula, of: conv2d.params}
  - {ask: claim, of: dropout.rate, value: 0.3}
  - {ask: solve, layer: conv2d, field: padding, for: {shape: 28x28x32}}
  - {ask: choice, of: conv2d.params, options: [288, 320]}
"""
    good = {"conv2d.params.formula": "F(K²C + 1)", "claim": "錯", "conv2d.padding": "same", "choice": "b"}
    bad = {"conv2d.params.formula": "F·K²·C", "claim": "true", "conv2d.padding": "2", "choice": "A"}
    assert set(verdicts(good, questions).values()) == {"right"}
    assert set(verdicts(bad, questions).values()) == {"wrong"}
    assert verdicts(good | {"conv2d.padding": "1"}, questions)["conv2d.padding"] == "right"


def test_branches_are_followed_by_the_graph() -> None:
    """Two branches of 4 and 6 channels joined: a student's 5 in one makes 11; the parameters after are (11 + 1)·2."""
    network = """
exercise: 1
architecture:
  input: [8, 8, 3]
  layers:
    - Branches: {branches: [[{Conv2D: {filters: 4, kernel_size: 1, name: a}}], [{Conv2D: {filters: 6, kernel_size: 1, name: b}}]], merge: Concatenate}
    - Conv2D: {filters: 2, kernel_size: 1, name: after}
questions: [{ask: shape, layers: all}, {ask: params, layer: after}]
"""
    found = verdicts({"a_1.shape": "8x8x5", "b_1.shape": "8x8x6", "concatenate.shape": "8x8x11", "after.params": "24"}, "", network)  # fmt: skip
    assert found == {"a_1.shape": "wrong", "b_1.shape": "right", "concatenate.shape": "carried", "after.shape": "blank", "after.params": "carried"}  # fmt: skip


@pytest.mark.parametrize("name", ["mnist_cnn", "two_filters_7x7", "two_filters_6x6", "fully_connected"])
def test_published_answers_are_marked_right(name: str) -> None:
    asked = load_exercise(str(EXAMPLES / f"{name}.yaml"))
    marker = Marker(asked)
    texts = [_as_a_student(asked.expect.get(item.id, "")) for item in marker.items]
    for each in marker.mark(texts):
        assert each.verdict == ("right" if each.item.id in asked.expect else "blank")


def _as_a_student(value: object) -> str:
    return "(None, " + ", ".join(map(str, value)) + ")" if isinstance(value, tuple) else str(value)


POOLED = """
exercise: 1
architecture: {input: [28, 28, 1], layers: [Conv2D: {filters: 32, kernel_size: 3}, MaxPooling2D: 2, Flatten, Dense: 10]}
"""


def test_memory_follows_from_the_students_own_shapes_and_parameters() -> None:
    """25·25·32 = 20000 numbers, pooled to 12·12·32 = 4608: at most both at once, 24608; all outputs 784 + 20000 + 2·4608 + 10.

    In training twice the parameters too, 320 + (4608 + 1)·10 = 46410. Four bytes each.
    """
    questions = """
questions:
  - {ask: shape, layers: all}
  - {ask: params, layers: [conv2d, dense]}
  - {ask: memory, part: inference_peak, id: peak}
  - {ask: memory, part: training_sum, id: training, batch: 2}
"""
    answers = {
        "conv2d.shape": "25x25x32", "max_pooling2d.shape": "12x12x32", "flatten.shape": "4608", "dense.params": "46090",
        "peak": str(4 * 24608), "training": str(4 * (2 * 46410 + 2 * 30010)),
    }  # fmt: skip
    found = verdicts(answers, questions, POOLED)
    assert (found["conv2d.shape"], found["peak"], found["training"]) == ("wrong", "carried", "carried")
    true = {
        "peak": str(4 * 27040),
        "training": str(4 * (2 * 54410 + 2 * 33242)),
    }  # 21632 + 5408; 784 + 27040 + 5408 + 10
    assert set(verdicts(true, questions, POOLED).values()) == {"right", "blank"}


def test_a_wrong_peak_beside_right_shapes_is_wrong() -> None:
    questions = "questions: [{ask: shape, layers: [conv2d]}, {ask: memory, part: inference_peak}]"
    assert verdicts({"conv2d.shape": "26x26x32", "memory.inference_peak": "98432"}, questions, POOLED)["memory.inference_peak"] == "wrong"  # fmt: skip
