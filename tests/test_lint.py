"""Exercises that can tell: survivors and coincidences by hand, suggestions carried out, every kind of layer linted."""

from __future__ import annotations

import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from strategies import PER_KIND, cases, networks

from cnncalc.architecture import Architecture, Node, build, load
from cnncalc.architecture.source import Source
from cnncalc.derive import derive
from cnncalc.errors import ArchitectureError
from cnncalc.layers import HOME
from cnncalc.layers import kind as kind_of
from cnncalc.teach.confirm import confirm
from cnncalc.teach.exercise import Exercise
from cnncalc.teach.key import keys_of
from cnncalc.teach.linting import Lint, lint, suggest
from cnncalc.teach.linting.numbers import changed
from cnncalc.teach.linting.suggesting import WORK, numbers_of
from cnncalc.teach.questions import Claim
from cnncalc.teach.reading import load_exercise, read_exercise
from cnncalc.teach.variants import variant
from cnncalc.view.lint import percent
from cnncalc.view.width import cells

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples" / "exercises"
SHAPES = [{"ask": "shape", "layers": "all"}]
COUNTS = [*SHAPES, {"ask": "params", "layers": "all"}]
EVERYTHING = [*COUNTS, {"ask": "macs", "layers": "all"}, {"ask": "trainable_params", "layers": "all"},
              {"ask": "total_params"}, {"ask": "trainable_params"}, {"ask": "total_macs"}, {"ask": "memory"},
              {"ask": "memory", "part": "training_sum", "id": "training"}]  # fmt: skip


def exercise(image: list[Any], layers: list[Any], questions: list[Any], **more: Any) -> Exercise:
    network = {
        "input": image,
        "layers": layers,
        **({"variables": more.pop("variables")} if "variables" in more else {}),
    }
    return read_exercise(Source({"exercise": 1, "architecture": network, "questions": questions, **more}))


def linted(image: list[Any], layers: list[Any], questions: list[Any]) -> Lint:
    return lint(exercise(image, layers, questions))


def conv(filters: int, size: int, **more: Any) -> dict[str, Any]:
    return {"Conv2D": {"filters": filters, "kernel_size": size, **more}}


def groups(found: Lint) -> list[tuple[str, ...]]:
    return [group.codes for group in found.groups]


def same(found: Lint) -> list[tuple[str, ...]]:
    return [group.codes for group in found.same]


def test_one_channel_hides_what_is_said_of_channels() -> None:
    """6x6x1 under 4 filters of 3x3: 4x4x4 and 3·3·1·4 + 4 = 40 parameters.

    With C = 1, C·F is F (H01), ⌊F/C⌋·C is F (H03), the channels forgotten are (3·3 + 1)·4 = 40 (P02), and a bias
    per slice (3·3 + 1)·1·4 = 40 (P06): all right. Kept channels (H02) and merged filters (H06) are both 1; without
    bias 36, with the channels forgotten too 36 (P01, P03); one bias for all 36 + 1, one per channel 36 + C (P04, P05),
    and exchanged (9·4 + 1)·1 (P14), which is one rule with P05 for all numbers: K²·F·C + C.
    """
    found = linted([6, 6, 1], [conv(4, 3)], COUNTS)
    assert found.survivors == ("H01", "H03", "P02", "P06")
    assert groups(found) == [("H02", "H06"), ("P01", "P03"), ("P04", "P05", "P14")]
    assert same(found) == [("P05", "P14")]
    assert found.items == ("conv2d.shape", "conv2d.params")
    assert len(found.failing) == 4 + 2 + 2 + 3
    assert found.score == 1 - Fraction(11, len(found.codes))


def test_three_channels_show_it() -> None:
    """28x28x3 under 8 filters of 5x5: 8 is no multiple of 3, so that nothing said of channels is 8, or 608."""
    found = linted([28, 28, 3], [conv(8, 5)], COUNTS)
    assert found.full
    assert found.score == 1
    assert {"H01", "H03", "P02", "P06"} <= set(found.codes)


def test_nothing_to_round_hides_how_it_is_rounded() -> None:
    """8 pixels under a pool of 2: (8 - 2)/2 + 1 = 4, up, down, to the nearest and not rounded; "same" gives 8/2 = 4.

    The + 1 forgotten gives ⌊6/2⌋ = 3 and inside the division ⌊7/2⌋ = 3.
    """
    found = linted([8, 8, 3], [{"MaxPooling2D": 2}], SHAPES)
    assert found.survivors == ("S05", "S06", "S07", "S27")
    assert groups(found) == [("S01", "S08")]
    assert not found.same


def test_a_pool_of_two_rounds_halves_up() -> None:
    """7 pixels: (7 - 2)/2 = 2.5 is 3 up and 3 to the nearest, by accident of 2; ⌈7/2⌉ = ⌈(7 - 2)/2⌉ + 1 for every pool."""
    found = linted([7, 7, 3], [{"MaxPooling2D": 2}], SHAPES)
    assert found.survivors == ("S08",)  # ⌊(7 - 2 + 1)/2⌋ is 3 too
    assert groups(found) == [("S05", "S07", "S27")]
    assert same(found) == [("S05", "S27")]


def test_strides_of_their_own_make_two_rules_of_one() -> None:
    """9 pixels, a window of 3 moved by 2: ⌈9/2⌉ = 5 and ⌈(9 - 3)/2⌉ + 1 = 4 differ."""
    found = linted([9, 9, 3], [{"MaxPooling2D": {"pool_size": 3, "strides": 2}}], SHAPES)
    assert not found.same
    assert "S27" not in found.failing


def test_what_reads_the_image_cannot_mistake_its_channels() -> None:
    """A pool keeps 3 channels, so the image's channels are right behind it, whatever the numbers."""
    found = linted([11, 11, 3], [{"MaxPooling2D": 3}, conv(8, 2)], COUNTS)
    assert "P13" not in found.codes
    assert ("H02", "H05") in same(found)
    behind = linted([11, 11, 3], [conv(5, 2), conv(8, 2)], COUNTS)
    assert "P13" in behind.codes
    assert not any({"H02", "H05"} <= set(codes) for codes in same(behind))


def test_the_same_layer_frozen_is_one_rule_for_totals() -> None:
    """Without the frozen layer, 27·4 + 4 = 112 of 262 are left out, which is what the trainable ones are too."""
    found = linted([5, 5, 3], [conv(4, 3, trainable=False), "Flatten", {"Dense": 10}], [{"ask": "total_params"}])
    assert ("T01", "T05") in same(found)
    assert not found.groups


def test_what_no_misconception_is_about_is_not_judged() -> None:
    questions = [{"ask": "claim", "of": "conv2d.params", "value": 1}, {"ask": "formula", "of": "conv2d.params"}]
    found = linted([5, 5, 3], [conv(4, 3)], questions)
    assert not found.items
    assert found.score == 1


def test_a_change_is_not_better_because_it_asks_less() -> None:
    """A stride of 1 would end every confusion about strides, and all questions about them."""
    asked = exercise([8, 8, 3], [{"MaxPooling2D": {"pool_size": 2, "strides": 2}}], SHAPES)
    found = lint(asked)
    change = suggest(asked, found).change
    assert change is not None
    assert set(found.codes) <= set(change.lint.codes)
    assert all(value > 1 for number, value in change.numbers.items() if "strides" in number.name)


def test_the_nearest_number_is_suggested() -> None:
    """Behind 2 channels: 2 filters are as many; to 3 and 1 the multiples next to them are 2 and 4, or 0 and 2, the 2 that came in
    (H02, H03); 4 is a multiple. So 5."""
    asked = exercise([9, 9, 2], [conv(2, 3)], SHAPES)
    change = suggest(asked, lint(asked)).change
    assert change is not None
    assert {number.name: value for number, value in change.numbers.items()} == {"conv2d.filters": 5}


def test_an_exercise_with_variables_changes_these_and_what_they_do_not_set() -> None:
    asked = exercise(["n", "n", 3], [conv("F", 5)], COUNTS, variables={"F": 6, "n": 28})  # type: ignore[arg-type]
    assert [number.name for number in numbers_of(asked)] == ["F", "n", "input.shape[2]", "conv2d.kernel_size"]
    change = suggest(asked, lint(asked)).change
    assert change is not None
    assert {number.name: value for number, value in change.numbers.items()} == {"F": 7}
    assert change.lint.full


def test_where_no_variable_helps_a_field_does() -> None:
    """A kernel of 3 on 3 channels: 3·3·3 is one number, whichever 3 is forgotten or put twice; n is in no count of weights."""
    asked = exercise(["n", "n", 3], [conv(7, 3)], COUNTS, variables={"n": 28})  # type: ignore[arg-type]
    change = suggest(asked, lint(asked)).change
    assert change is not None
    assert {number.name for number in change.numbers} <= {"input.shape[2]", "conv2d.kernel_size", "conv2d.filters"}
    assert change.lint.full


def test_what_is_asked_for_must_still_be_there() -> None:
    """No padding makes 7 of another size than 9, so the input must stay what it is."""
    solve = {"ask": "solve", "layer": "conv2d", "field": "padding", "for": {"shape": [9, 9, 2]}}
    asked = exercise([9, 9, 2], [conv(2, 3)], [*SHAPES, solve])
    change = suggest(asked, lint(asked)).change
    assert change is None or all("shape[0]" not in number.name for number in change.numbers)


@settings(max_examples=12)
@given(networks())
def test_a_suggestion_keeps_what_it_promises(data: dict[str, Any]) -> None:
    """The network with the suggested numbers, built from them alone, has the score that was said, and a better one."""
    asked = exercised(built(data), EVERYTHING)
    found = lint(asked)
    suggestion = suggest(asked, found)
    assert asked.summary is not None
    assert suggestion.tried <= 2 * max(WORK // len(asked.summary.rows), len(numbers_of(asked)))
    if suggestion.change is None:
        return
    network = changed(build(data), suggestion.change.numbers, {})
    again = lint(exercised(network, EVERYTHING))
    assert again.score == suggestion.change.lint.score > found.score
    assert again.failing == suggestion.change.lint.failing


@settings(max_examples=40)
@given(networks())
def test_failing_is_what_the_answers_say(data: dict[str, Any]) -> None:
    """The definition again, in its plain form: sets of answers held against each other."""
    found = lint(exercised(built(data), EVERYTHING))
    keys = {item: {subject.key} for item, subject in found.subjects.items()}
    followed = {code: {item: set(found.answers[code].get(item, keys[item])) for item in keys} for code in found.codes}
    caught = [code for code in found.codes if any(followed[code][item].isdisjoint(keys[item]) for item in keys)]
    assert found.survivors == tuple(code for code in found.codes if code not in caught)
    meeting = {
        frozenset({one, other})
        for one in caught
        for other in caught
        if one != other and not any(followed[one][item].isdisjoint(followed[other][item]) for item in keys)
    }
    grouped = [set(group.codes) for group in (*found.groups, *found.same)]
    assert all(any(pair <= group for group in grouped) for pair in meeting)
    assert {code for group in grouped for code in group} == {code for pair in meeting for code in pair}


def built(data: dict[str, Any]) -> Architecture:
    network = build(data)
    try:
        derive(network)
    except ArchitectureError:
        assume(False)
    return network


def exercised(network: Architecture, questions: list[Any]) -> Exercise:
    return read_exercise(Source({"exercise": 1, "architecture": "net", "questions": questions}), lambda _: network)


@pytest.mark.parametrize("kind", [kind for kind in HOME if kind != "Input"])
@PER_KIND
@given(data=st.data())
def test_every_kind_can_be_linted(kind: str, data: st.DataObject) -> None:
    layer, shapes = data.draw(cases(kind))
    images = [Node(f"in_{at}", kind_of("Input")(shape=shape)) for at, shape in enumerate(shapes)]
    node = Node("layer", layer, tuple(image.name for image in images))
    network = Architecture("one", (*images, node), ("layer",))
    try:
        asked = exercised(network, EVERYTHING)
    except ArchitectureError:
        return
    found = lint(asked)
    assert 0 <= found.score <= 1
    assert set(found.failing) <= set(found.codes)


def cnncalc(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cnncalc", *words], capture_output=True, text=True, cwd=ROOT, check=False
    )


@pytest.mark.parametrize("language", ["en", "zh-TW"])
@pytest.mark.parametrize("name", ["mnist_cnn", "two_filters_6x6", "depthwise", "mnist_slides"])
def test_it_fits_a_terminal_of_60_columns(name: str, language: str) -> None:
    run = cnncalc("exercise", "lint", str(EXAMPLES / f"{name}.yaml"), "--lang", language)
    assert run.stderr == ""
    assert run.returncode == (0 if name == "mnist_slides" else 1)
    assert max(map(cells, run.stdout.splitlines())) <= 60
    assert "\x1b" not in run.stdout


def test_exit_codes_and_json() -> None:
    run = cnncalc("exercise", "lint", "examples/exercises/two_filters_7x7.yaml", "--format", "json")
    found = json.loads(run.stdout)
    assert run.returncode == 1
    assert (found["schema"], found["ok"], found["score"], found["percent"]) == (1, False, "35/37", "94.5%")
    assert found["suggestion"]["best"]["numbers"] == [{"name": "conv2.filters", "from": 2, "to": 4}]
    assert found["suggestion"]["best"]["percent"] == "100%"
    missing = cnncalc("exercise", "lint", "no.yaml", "--format", "json")
    assert missing.returncode == 2
    assert json.loads(missing.stdout)["errors"][0]["code"] == "no-file"


def test_a_share_is_never_rounded_up_to_the_whole() -> None:
    assert [percent(Fraction(*share)) for share in [(1, 1), (1, 2), (2, 3), (9999, 10000), (0, 1)]] == ["100%", "50%", "66.6%", "99.9%", "0%"]  # fmt: skip


FULL = ["first_convolution", "padding_and_stride", "pooling", "flatten_and_dense", "whole_network", "transposed_convolution",
        "depthwise_separable", "receptive_fields", "branches", "memory_and_work", "your_own_numbers"]  # fmt: skip
"""Exercises made to tell: one per subject, from the first convolution to numbers of one's own."""


@pytest.mark.parametrize("name", FULL)
def test_exercises_of_ours_tell_everything_apart(name: str) -> None:
    """Full marks for nobody who follows a misconception; the witness agrees; every word in both languages."""
    asked = load_exercise(str(EXAMPLES / f"{name}.yaml"))
    found = lint(asked)
    assert found.failing == ()
    assert len(found.codes) >= 15
    confirmation = confirm(asked, keys_of(asked))
    assert confirmation.ok
    assert confirmation.whole
    worded = [asked.title, asked.text, *(item.question.text for item in asked.items if item.question.text)]
    worded += [item.question.says for item in asked.items if isinstance(item.question, Claim)]
    assert all(set(words) == {"en", "zh-TW"} for words in worded)


KEYS_BY_HAND = {
    # 12 - 4 + 1 = 9; 4·4·3·14 + 14 = 686
    "first_convolution": {"conv2d.shape": (9, 9, 14), "conv2d.params": 686},
    # ⌊(48 + 2 - 5)/3⌋ + 1 = 16, ⌊34/3⌋ + 1 = 12; ⌊12/3⌋ + 1 = 5, ⌊8/3⌋ + 1 = 3; ⌈5/2⌉, ⌈3/2⌉
    "padding_and_stride": {"same.shape": (48, 37, 8), "padded.shape": (16, 12, 13), "bare.shape": (5, 3, 21), "halved.shape": (3, 2, 30), "claim": False},
    # ⌊32/4⌋ + 1 = 9, ⌊25/4⌋ + 1 = 7; ⌊5/3⌋ + 1 = 2, ⌊3/3⌋ + 1 = 2
    "pooling": {"max_pooling2d.shape": (9, 7, 5), "average_pooling2d.shape": (2, 2, 5), "claim": True},
    # 4·3·6 = 72; 72·20 + 20 = 1460; 20·11 + 11 = 231
    "flatten_and_dense": {"flatten.shape": (72,), "dense.params": 1460, "dense_1.params": 231, "total_params": 1691},
    # 34x26, 11x8, 9x6, 4x3·18 = 216; 216·84 + 84 = 18228; fields 5, + 2·1, + 2·3, + 1·3
    "whole_network": {"S2.shape": (11, 8, 8), "S4.shape": (4, 3, 18), "flat.shape": (216,), "F5.params": 18228, "S4.receptive_field": (16, 16)},
    # (9 - 1)·3 + 6 - 2 = 28, (7 - 1)·3 + 4 = 22; times 2; 6·6·24·10 + 10
    "transposed_convolution": {"up.shape": (28, 22, 10), "up_again.shape": (56, 44, 4), "up.params": 8650, "up.strides": 4},
    # 5·5·6·2 + 12 = 312; 12·20 + 20 = 260; 3·3·20 + 20·32 + 32 = 852
    "depthwise_separable": {"depthwise.shape": (22, 22, 12), "depthwise.params": 312, "pointwise.params": 260, "separable.params": 852},
    # 5; 5 + 2·2 = 9; the jump is 2·3 = 6, and three taps with gaps of 3 reach 7: 9 + 6·6 = 45
    "receptive_fields": {"first.shape": (28, 22, 8), "pool.shape": (9, 7, 8), "pool.receptive_field": (9, 9), "dilated.receptive_field": (45, 45), "claim": True},
    # 20x17; 12 + 17 channels; 3·3·5·12 + 12 = 552, 91, 9·7·17 + 17 = 1088, 25·12·12 + 12 = 3612
    "branches": {"sum.shape": (20, 17, 12), "joined.shape": (20, 17, 29), "total_params": 552 + 91 + 1088 + 3612},
    # 28·28·48·10 = 376320; 9·9·10 = 810, ·20 = 16200; 490 + 16220 = 16710 numbers of 4 bytes
    "memory_and_work": {"conv.macs": 376320, "dense.macs": 16200, "total_params": 16710, "memory.weights": 66840},
    # 34 - 3 = 31, 29 - 3 = 26; 10x8; 8x6·19 = 912; 9120 + 10
    "your_own_numbers": {"pool.shape": (10, 8, 8), "flat.shape": (912,), "output.params": 9130},
}  # fmt: skip


@pytest.mark.parametrize("name", FULL)
def test_their_keys_by_hand(name: str) -> None:
    found = keys_of(load_exercise(str(EXAMPLES / f"{name}.yaml")))
    assert {item: found[item].value for item in KEYS_BY_HAND[name]} == KEYS_BY_HAND[name]


def test_the_variants_of_ours_are_drawn() -> None:
    asked = load_exercise(str(EXAMPLES / "your_own_numbers.yaml"))
    drawn = [variant(asked, "secret", f"b{n}") for n in range(5)]
    assert all(lint(each).full for each in drawn)
    assert len({tuple(each.numbers.values()) for each in drawn}) > 1


BLOCKS = {
    "input": [29, 29, 3],
    "blocks": {"conv": {"parameters": {"f": None}, "layers": [{"Conv2D": {"filters": "f", "kernel_size": 3}}]}},
    "layers": [
        {"conv": 5},
        {"conv": 13},
        {"Repeat": {"times": 2, "layers": [{"Conv2D": {"filters": 8, "kernel_size": 3}}]}},
    ],
}


def test_numbers_of_repeated_layers_go_together() -> None:
    """What a file says once is changed once; what it gives a block as parameters has no place of its own."""
    names = {number.name: number.places[0].nodes for number in numbers_of(exercised(build(BLOCKS), SHAPES))}
    assert names["conv2d_2.filters"] == ("conv2d_2", "conv2d_3")
    assert "conv2d.filters" not in names
    assert "conv2d_3.filters" not in names
    assert "conv2d.strides" not in names  # of 1: there is nothing to ask about
    assert names["input.shape[0] = input.shape[1]"] == ("input",)


def test_rules_differ_inside_blocks_too() -> None:
    """Rounded up and to the nearest differ for strides of 3, wherever the stride comes from."""
    block = {"parameters": {"s": None}, "layers": [{"Conv2D": {"filters": 4, "kernel_size": 3, "strides": "s"}}]}
    data = {"input": [30, 30, 3], "blocks": {"conv": block}, "layers": [{"conv": 2}, {"conv": 2}]}
    found = lint(exercised(build(data), SHAPES))
    assert not any({"S05", "S07"} <= set(codes) for codes in same(found))


@pytest.mark.parametrize("name", ["googlenet", "mobilenet_v2", "densenet121", "dcgan_generator"])
def test_published_networks_can_be_linted(name: str) -> None:
    found = lint(exercised(load(str(ROOT / "examples" / "zoo" / f"{name}.yaml")), COUNTS))
    assert len(found.items) > 5
    assert 0 < found.score <= 1
