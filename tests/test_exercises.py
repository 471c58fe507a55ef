"""Exercises: what a file may say, the key by hand, and what was published, right and wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from cnncalc.architecture.files import parse_text
from cnncalc.errors import ArchitectureError
from cnncalc.teach.confirm import confirm, need_agreement
from cnncalc.teach.exercise import Exercise
from cnncalc.teach.judging import right
from cnncalc.teach.key import Key, keys_of
from cnncalc.teach.published import differences
from cnncalc.teach.reading import load_exercise, read_exercise

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples" / "exercises"

NETWORK = """
architecture:
  input: [28, 28, 1]
  layers:
    - Conv2D: {filters: 32, kernel_size: 3}
    - MaxPooling2D: 2
    - Dropout: 0.25
    - Flatten
    - Dense: 10
"""


def exercise(questions: str, head: str = NETWORK) -> Exercise:
    return read_exercise(parse_text(f"exercise: 1\n{head}\nquestions:\n{questions}", "ex.yaml"))


def keys(questions: str, head: str = NETWORK) -> dict[str, Key]:
    return keys_of(exercise(questions, head))


def values(questions: str, head: str = NETWORK) -> dict[str, Any]:
    return {name: key.value for name, key in keys(questions, head).items()}


def test_the_key_of_layers_by_hand() -> None:
    """26 = 28 - 3 + 1; (3·3·1 + 1)·32 = 320; 26² · 9 · 32 = 194688; 13·13·32 = 5408; (5408 + 1)·10 = 54090."""
    found = values("  - {ask: shape, layers: all}\n  - {ask: params, layers: [conv2d, dense]}\n  - {ask: macs, layer: conv2d}")  # fmt: skip
    assert found == {
        "conv2d.shape": (26, 26, 32),
        "max_pooling2d.shape": (13, 13, 32),
        "dropout.shape": (13, 13, 32),
        "flatten.shape": (5408,),
        "dense.shape": (10,),
        "conv2d.params": 320,
        "dense.params": 54090,
        "conv2d.macs": 194688,
    }


def test_the_key_of_totals_by_hand() -> None:
    """320 + 54090; 194688 + 54080; four bytes a number; field of conv 3, of the pool after it 3 + 1."""
    found = values(
        "  - {ask: total_params}\n  - {ask: trainable_params}\n  - {ask: non_trainable_params}\n  - {ask: total_macs}\n"
        "  - {ask: memory}\n  - {ask: memory, part: weights, dtype: float64, id: doubles}\n"
        "  - {ask: receptive_field, layer: max_pooling2d}\n  - {ask: receptive_field}"
    )
    assert found == {
        "total_params": 54410,
        "trainable_params": 54410,
        "non_trainable_params": 0,
        "total_macs": 248768,
        "memory.weights": 217640,
        "doubles": 435280,
        "max_pooling2d.receptive_field": (4, 4),
        "receptive_field": (4, 4),
    }


@pytest.mark.parametrize("written", ["K*K*C*F + F", "F*(K^2*C+1)", "(C·K² + 1)F"])
def test_every_equal_formula_is_right(written: str) -> None:
    key = keys("  - {ask: formula, of: conv2d.params}")["conv2d.params.formula"]
    assert right(key, written)
    assert not right(key, "K*K*C*F")


def test_formulas_of_axes_and_products() -> None:
    found = keys("  - {ask: formula, of: 'conv2d.shape[0]'}\n  - {ask: formula, of: conv2d.macs}")
    size, macs = found.values()
    assert right(size, "H - K + 1") or right(size, "(H-K)//S + 1")
    assert not right(size, "H - K")
    assert right(macs, "H′*W′*K*K*C*F")
    assert not right(macs, "H*W*K*K*C*F")


def test_every_setting_that_gives_it_is_right() -> None:
    """28 - 5 + 2P + 1 = 28 for P = 2, and "same" keeps 28 too."""
    network = "architecture: {input: [28, 28, 3], layers: [{Conv2D: {filters: 32, kernel_size: 5}}]}"
    asked = exercise("  - {ask: solve, layer: conv2d, field: padding, for: {shape: [28, 28, 32]}}", network)
    key = keys_of(asked)["conv2d.padding"]
    assert {key.value, *key.others} == {"same", 2}
    told = {answer: right(key, answer, asked.architecture) for answer in (0, 1, 2, 3, "same", "valid", -1)}
    assert told == {0: False, 1: False, 2: True, 3: False, "same": True, "valid": False, -1: False}


def test_a_feature_map_by_hand() -> None:
    """1·1 + 2·0 + 4·0 + 5·1 = 6 and so on; the filter is not turned."""
    found = values(
        "  - {ask: feature_map, image: [[1, 2, 3], [4, 5, 6]], filter: [[1, 0], [0, 2]], bias: 0.5}\n"
        "  - {ask: value, image: [[1, 2, 3], [4, 5, 6]], filter: [[1, 0], [0, 2]], at: [0, 1]}",
        "",
    )
    assert found == {"feature_map": ((Fraction(23, 2), Fraction(29, 2)),), "value": 14}


def test_tolerance_is_opt_in() -> None:
    asked = "  - {{ask: value, image: [[0.1]], filter: [[0.3]]{}}}"
    key, near = (keys(asked.format(more), "")["value"] for more in ("", ", tolerance: 1e-3"))
    assert key.value == Fraction(3, 100)  # 0.1 and 0.3 are what was written, not the floats beside them
    assert right(key, Fraction("0.03"))
    assert not right(key, Fraction("0.0301"))
    assert right(near, Fraction("0.031"))
    assert not right(near, Fraction("0.0311"))


def test_claims_and_choices() -> None:
    found = keys(
        "  - {ask: claim, of: dropout.rate, value: 0.25}\n  - {ask: claim, of: dropout.rate, value: 0.3}\n"
        "  - {ask: claim, of: conv2d.shape, value: 26×26×32}\n  - {ask: choice, of: conv2d.params, options: [288, 320, 328]}"
    )
    assert {name: key.value for name, key in found.items()} == {"claim": True, "claim_1": False, "claim_2": True, "choice": "B"}  # fmt: skip
    assert found["claim_1"].correction == Fraction(1, 4)


@pytest.mark.parametrize(
    ("name", "agree"), [("mnist_cnn", 15), ("two_filters_7x7", 6), ("two_filters_6x6", 2), ("fully_connected", 2)]
)
def test_published_numbers_agree(name: str, agree: int) -> None:
    found = load_exercise(str(EXAMPLES / f"{name}.yaml"))
    derived = keys_of(found)
    assert len(found.expect) == agree
    assert differences(found, derived) == ()
    assert confirm(found, derived).ok
    assert confirm(found, derived).whole


def test_published_mistakes_are_found() -> None:
    """Of the slides: what they say, and what the listing on the same slides gives."""
    found = {}
    for name in ("mnist_slides", "depthwise", "feature_matrix"):
        asked = load_exercise(str(EXAMPLES / f"{name}.yaml"))
        derived = keys_of(asked)
        assert confirm(asked, derived).ok
        found |= {each.item: (each.published, each.derived) for each in differences(asked, derived)}
    published, derived_map = found.pop("feature_map")
    assert found == {
        "pooling": ((14, 14, 64), (12, 12, 64)),
        "pooling_reads": ((28, 28, 64), (24, 24, 64)),
        "first_dropout": (Fraction(3, 10), Fraction(1, 4)),
        "second_dropout": (Fraction(3, 10), Fraction(1, 2)),
        "claim": ((32, 32, 128), (32, 32, 3)),
    }
    assert (len(published), len(published[0])) == (5, 5)
    assert (len(derived_map), len(derived_map[0])) == (21 - 3 + 1, 6 - 3 + 1)
    assert published[0][0] == derived_map[0][0] == 1 + 1 + 0  # the three ones of the filter, over the first places


def test_a_wrong_published_number_is_reported() -> None:
    asked = exercise("  - {ask: params, layers: [conv2d, dense], expect: {conv2d: 288}}\n  - {ask: total_params, expect: 54411}")  # fmt: skip
    found = [(each.item, each.published, each.derived) for each in differences(asked, keys_of(asked))]
    assert found == [("conv2d.params", 288, 320), ("total_params", 54411, 54410)]


def test_points_and_shares_are_exact() -> None:
    asked = exercise("  - {ask: total_params, points: 0.1}\n  - {ask: total_macs, points: 1/3}", NETWORK + "marking: {carry_forward: 0.7}")  # fmt: skip
    assert asked.points == Fraction(13, 30)
    assert asked.marking.carry_forward == Fraction(7, 10)


WRONG = [
    ("{§ask: shap, layers: all}", "there is no question 'shap'; did you mean shape?"),
    ("{ask: shape, §layer: conv2}", "there is no layer 'conv2'; did you mean conv2d?"),
    ("{ask: shape, §layr: conv2d}", "there is no 'layr' here; did you mean layer?"),
    ("§{ask: shape}", "shape needs `layers`: names of layers, or all"),
    ("{ask: params, layers: all, §points: many}", "points takes a number such as 2, 0.5 or 1/3, not 'many'"),
    ("{ask: claim, §of: dropout.rat, value: 1}", "there is nothing called 'dropout.rat'; did you mean dropout.rate?"),
    ("{ask: total_params, §expect: {conv2d: 3}}", "expect takes a number, a shape, a matrix or a word, not {'conv2d': 3}"),
    ("{ask: params, layer: dense, expect: {§dens: 3}}", "nothing called 'dens' is asked; did you mean dense?"),
    ("§{ask: solve, layer: conv2d, for: {shape: 26x26x32}}", "`field` is missing"),
    ("{ask: solve, layer: conv2d, field: padding, §for: {shape: 9x9x9}}", "no setting of padding from 0 to 512 gives this"),
    ("{ask: formula, §of: total_params}", "a formula is asked of one number of a layer: shape[0], params or macs, not total_params"),
    ("{ask: choice, of: conv2d.params, §options: [1, 2]}", "0 of the options are right, and one must be"),
    ("{ask: shape, layers: all, §id: mine}", "an id names one item, and this question has 5"),
    ("§{ask: feature_map, image: [[1]], filter: [[1, 1]]}", "the window must fit into its input: 2 ≤ 1 does not hold"),
    ("{ask: feature_map, §image: [[1], [1, 2]], filter: [[1]]}", "image takes a matrix: rows of numbers, equally long"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "message"), WRONG, ids=[question for question, _ in WRONG])
def test_faults_say_where_and_what(question: str, message: str) -> None:
    """The sign § stands before the place that must be told."""
    line = f"  - {question}"
    with pytest.raises(ArchitectureError) as caught:
        keys(line.replace("§", ""))
    assert str(caught.value).partition(": ")[2] == message
    assert (caught.value.line, caught.value.column) == (13, line.index("§") + 1)


def test_all_faults_are_told_together() -> None:
    with pytest.raises(ArchitectureError) as caught:
        exercise("  - {ask: shap}\n  - 7\n  - {ask: shape, points: -1}", NETWORK + "marking: {carry: 1}\nquestion: 3")
    assert {fault.code for fault in caught.value.faults} == {"unknown-key", "unknown-question", "question", "bad-value"}
    assert len(caught.value.faults) == 5


def test_faults_of_an_inline_network_stand_in_the_exercise() -> None:
    head = "architecture:\n  input: [28, 28, 1]\n  layers:\n    - Conv2D: {filter: 32, kernel_size: 3}"
    with pytest.raises(ArchitectureError) as caught:
        exercise("  - {ask: total_params}", head)
    assert (caught.value.line, caught.value.column) == (5, 16)


def run(*words: str) -> tuple[int, str]:
    found = subprocess.run(
        [sys.executable, "-m", "cnncalc", "exercise", *words], capture_output=True, text=True, cwd=ROOT, check=False
    )
    return found.returncode, found.stdout


def test_the_command_says_no_where_a_publication_is_wrong() -> None:
    code, told = run("check", "examples/exercises/mnist_slides.yaml", "--format", "json")
    found = json.loads(told)
    assert (code, found["ok"], found["confirmed"]) == (1, False, True)
    assert {each["item"]: each["derived"] for each in found["differences"]}["pooling"] == [12, 12, 64]
    assert run("check", "examples/exercises/mnist_cnn.yaml")[0] == 0
    assert run("check", "examples/mnist_cnn.yaml")[0] == 2


def test_a_new_exercise_can_be_used(tmp_path: Path) -> None:
    target = tmp_path / "ex.yaml"
    assert run("new", "examples/mnist_cnn.yaml", "-o", str(target))[0] == 0
    found = keys_of(load_exercise(str(target)))
    assert found["total_params"].value == 1_199_882
    assert found["max_pooling2d.receptive_field"].value == (6, 6)


def test_a_new_exercise_holds_a_network_whose_file_alone_will_not_do(tmp_path: Path) -> None:
    network, target = tmp_path / "net.py", tmp_path / "ex.yaml"
    network.write_text(
        "import torch.nn as nn\nmodel = nn.Sequential(nn.Conv2d(3, 16, 5, padding=2), nn.MaxPool2d(2))\n"
    )
    assert run("new", str(network), "-o", str(target))[0] == 2
    assert run("new", str(network), "--input", "3,32,32", "-o", str(target))[0] == 0
    network.unlink()
    found = keys_of(load_exercise(str(target)))
    assert found["conv2d.params"].value == 5 * 5 * 3 * 16 + 16
    assert found["max_pooling2d.shape"].value == (16, 16, 16)


def test_a_key_that_the_witness_does_not_see_is_not_used() -> None:
    """One row of the summary has 310 parameters, as of 31 filters, where the network has 32 and 320."""
    found = exercise("  - {ask: shape, layers: all}")
    need_agreement(found, keys_of(found))
    assert found.summary is not None
    conv = found.summary.row("conv2d")
    wrong = conv._replace(step=conv.step._replace(trainable=310))
    rows = tuple(wrong if row is conv else row for row in found.summary.rows)
    broken = replace(found, summary=replace(found.summary, rows=rows))
    with pytest.raises(ArchitectureError) as caught:
        need_agreement(broken, keys_of(broken))
    assert caught.value.first.code == "not-confirmed"
    assert "conv2d" in str(caught.value.first.message)


def test_names_that_yaml_takes_for_something_else_stay_names(tmp_path: Path) -> None:
    network, target = tmp_path / "net.yaml", tmp_path / "ex.yaml"
    network.write_text('name: "Yes"\ninput: [8, 8, 1]\nlayers: [{Conv2D: {name: "on", filters: 2, kernel_size: 3}}]\n')
    assert run("new", str(network), "-o", str(target))[0] == 0
    found = load_exercise(str(target))
    assert (found.title["en"], [item.layer for item in found.items]) == ("Yes", ["on", "on", None, "on"])


def test_a_worksheet_has_every_item_and_no_answer() -> None:
    code, told = run("worksheet", "examples/exercises/two_filters_7x7.yaml")
    assert code == 0
    asked = load_exercise(str(EXAMPLES / "two_filters_7x7.yaml"))
    assert all(f"| `{item.id}` |" in told for item in asked.items)
    assert "padding ?" in told
    assert "strides 1" in told  # of the pools, whose default is another
    assert not {"7×7×2 |", "56", "18"} & set(told.split(" "))


def test_a_worksheet_says_what_its_questions_are_about(tmp_path: Path) -> None:
    """Bytes of which numbers; what letters are; and a setting that answers nothing is not taken away."""
    asked = tmp_path / "ex.yaml"
    asked.write_text(
        "exercise: 1\n"
        "architecture: {input: [28, 28, 1], layers: [{Conv2D: {filters: 32, kernel_size: 3}}]}\n"
        "questions:\n"
        "  - {ask: memory, part: inference_peak, dtype: float16, batch: 8}\n"
        "  - {ask: formula, of: conv2d.params}\n"
        "  - {ask: solve, layer: conv2d, field: filters, for: {params: 640}}\n"
        "  - {ask: solve, layer: conv2d, field: kernel_size, for: {shape: [26, 26, 32]}}\n"
    )
    told = run("worksheet", str(asked))[1]
    assert "(float16, batch 8)" in told
    assert "C of the layer's input, F = conv2d.filters" in told
    assert "filters 32, kernel\\_size ?" in told


@pytest.mark.parametrize("page", ["exercises.md", "exercises.zh-TW.md"])
def test_the_exercise_of_the_documents(page: str) -> None:
    """Read as if it stood beside examples/mnist_cnn.yaml: 8 shapes, 2 layers' parameters, 4 more."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    block = text.split("```yaml\n")[1].split("```")[0]
    asked = read_exercise(parse_text(block, str(ROOT / "examples" / "exercise.yaml")))
    derived = keys_of(asked)
    assert len(asked.items) == 8 + 2 + 4
    assert [each.item for each in differences(asked, derived)] == ["claim"]
    assert {derived["conv2d.padding"].value, *derived["conv2d.padding"].others} == {"same", 1}


@pytest.mark.parametrize("more", ["padding: 1180591620717411303424", "padding: 100, filter: " + str([[1] * 200] * 200)])
def test_a_feature_map_is_never_large(more: str) -> None:
    filter_ = "" if "filter" in more else ", filter: [[1]]"
    with pytest.raises(ArchitectureError) as caught:
        exercise(f"  - {{ask: feature_map, image: [[1]]{filter_}, {more}}}", "")
    assert {fault.code for fault in caught.value.faults} == {"bad-value"}


def test_an_empty_file_is_told_how_an_exercise_begins(tmp_path: Path) -> None:
    path = tmp_path / "empty.yaml"
    path.write_text("")
    with pytest.raises(ArchitectureError) as caught:
        load_exercise(str(path))
    assert [str(remedy) for remedy in caught.value.first.remedies] == ["an exercise begins with `exercise: 1`"]
