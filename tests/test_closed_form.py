"""Closed forms: by hand, against the derivation step by step, and against networks that are run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import networks
from test_domain import repeats_an_axis
from test_receptive import depends, lengths_of, one_layer

from cnncalc.algebra import canonical
from cnncalc.algebra.range import Range
from cnncalc.architecture import build
from cnncalc.derive import Row, derive
from cnncalc.derive.closed_form import closed_form
from cnncalc.derive.forms import AxisForm, ClosedForm
from cnncalc.derive.links import ancestors, links
from cnncalc.errors import ArchitectureError
from cnncalc.expression import evaluate, symbol
from cnncalc.interop import load
from cnncalc.view.closed_form import link_text, positions_text, text
from cnncalc.window import Spread, Window
from cnncalc.witness.execution import execute
from cnncalc.witness.opinion import random_inputs
from cnncalc.witness.store import Store

ROOT = Path(__file__).parents[1]
H = symbol("H")


def form(data: dict[str, Any], layer: str | None = None) -> ClosedForm:
    (found,) = closed_form(derive(build(data)), layer)
    return found


def example(name: str) -> tuple[ClosedForm, AxisForm]:
    """The closed form of an example; its axes behave alike."""
    (found,) = closed_form(derive(load(ROOT / "examples" / f"{name}.yaml")))
    (axis,) = found.axes
    return found, axis


@pytest.mark.parametrize(
    ("name", "size", "stride", "padding", "output", "smallest", "alike"),
    [
        # 3×3, 3×3, pool 2: 3, 5, 6 pixels; ⌊(H-6)/2⌋+1
        ("mnist_cnn", 6, 2, 0, H // 2 - 2, 6, Range(28, 29)),
        # 5, +1 = 6 at a jump of 2, +4·2 = 14, +2 = 16 at 4, +4·4 = 32
        ("lenet5", 32, 4, 0, H // 4 - 7, 32, Range(32, 35)),
        # 13 convolutions of 3 with padding 1 and 5 pools: 212 and 90 as in Araujo et al. 2019 (vgg_16/pool5)
        ("zoo/vgg16", 212, 32, 90, H // 32, 32, Range(224, 255)),
        # 427 and 213 as torchvision's has it; seven pixels of 32 at 224, one more at 225
        ("zoo/resnet50", 427, 32, 213, -(-H // 32), 1, Range(193, 224)),
    ],
)
def test_one_window(name: str, size: int, stride: int, padding: int, output: Any, smallest: int, alike: Range) -> None:
    _, axis = example(name)
    ((link, count),) = axis.links
    assert link.window == Window(size, stride, 1, (padding, padding))
    assert canonical(axis.output.formula) == canonical(output)
    assert count.result == axis.output.result
    assert axis.valid == Range(smallest)
    assert axis.same_output == alike
    assert axis.letters == ("H", "W")


def test_the_original_unet() -> None:
    """Its paper: 572 becomes 388. Each pool needs an even map: 572-4 = 568, 284-4 = 280, 140-4 = 136, 68-4 = 64.

    So (((H-4)/2-4)/2-4)/2-4 must be even: H-4-8-16-32 = H-60 a multiple of 16, that is H = 12 mod 16. The map at the
    bottom is (H-60)/16 - 4 = n, and going up 2n-4, 2(2n-4)-4, ...: 16n - 60 at the end. At the bottom 3×3 twice
    leaves at least 1 of (H-60)/16 ≥ 5, H ≥ 140; going up, n = 4 gives 4, n = 3 gives 2, 0: so n ≥ 4, H ≥ 188.
    """
    _, axis = example("zoo/unet")
    assert canonical(axis.output.formula) == canonical(H - 184)
    assert axis.output.result == 388
    assert axis.valid == Range(188, None, 16, (12,))
    assert axis.aligned is not None
    assert (axis.aligned.range.modulus, axis.aligned.range.remainders) == (16, (12,))
    assert len(axis.aligned.layers) == 4
    assert axis.same_output == Range(572, 572)


def test_a_unet_that_keeps_its_size() -> None:
    """Four pools by 2, all padding "same"."""
    _, axis = example("zoo/unet_keras_256")
    assert axis.valid == Range(16, None, 16)
    assert axis.aligned is not None
    assert axis.aligned.range == Range(16, None, 16)
    assert axis.exact == Range(16, None, 16)


def test_a_resnet_needs_nothing() -> None:
    found, axis = example("zoo/resnet50")
    assert axis.aligned is None
    assert found.domain.conditions() == ["H ≥ 1", "W ≥ 1"]


def conv(size: int, **fields: Any) -> dict[str, Any]:
    return {"Conv2D": {"filters": 2, "kernel_size": size, **fields}}


def test_links_by_hand() -> None:
    """3, 3 and a pool of 2 are one window of 6; the upsampling spreads; a last 3×3."""
    data = {"input": [28, 28, 1], "layers": [conv(3), conv(3), {"MaxPooling2D": 2}, {"UpSampling2D": 2}, conv(3)]}
    (axis,) = form(data).axes
    assert [(each.link.start, each.link.end, each.link.way) for each in axis.links] == [
        ("input", "max_pooling2d", Window(6, 2)),
        ("max_pooling2d", "up_sampling2d", Spread(2, 2, 1, None)),
        ("up_sampling2d", "conv2d_2", Window(3)),
    ]
    assert [each.size.result for each in axis.links] == [12, 24, 22]
    assert canonical(axis.output.formula) == canonical(2 * (H // 2) - 6)


def test_same_with_a_stride_is_a_link_of_its_own() -> None:
    data = {"input": [9, 9, 1], "layers": [conv(3, padding="same"), conv(3, strides=2, padding="same"), conv(3)]}
    (axis,) = form(data).axes
    assert [each.kind for each in axis.links] == ["window", "same", "window"]
    assert axis.links[0].link.window == Window(3, 1, 1, (1, 1))


def test_paths_of_equal_steps_are_one_window() -> None:
    """5 wide beside 3 wide, padded to equal maps: the union is the wide one."""
    branches = {"Branches": {"branches": [[conv(5, padding=2)], [conv(3, padding=1)]], "merge": "Concatenate"}}
    (axis,) = form({"input": [9, 9, 1], "layers": [conv(3), branches]}).axes
    ((link, _),) = axis.links
    assert link.window == Window(7, 1, 1, (2, 2))


def test_paths_that_agree_for_odd_sizes_only() -> None:
    """⌊H/2⌋ and ⌊(H-1)/2⌋ places."""
    branches = {"Branches": {"branches": [[conv(2, strides=2)], [conv(3, strides=2)]], "merge": "Concatenate"}}
    (axis,) = form({"input": [9, 9, 1], "layers": [branches]}).axes
    assert [each.kind for each in axis.links] == ["paths"]
    assert axis.aligned is not None
    assert axis.aligned.range == Range(1, None, 2, (1,))


def test_rows_and_columns_that_differ() -> None:
    data = {"input": [28, 30, 1], "layers": [conv(3, strides=[2, 1])]}
    rows, columns = form(data).axes
    assert (rows.letters, columns.letters) == (("H",), ("W",))
    assert (rows.unseen, rows.left_over and rows.left_over.result) == ((27,), 1)  # 28 - 3 = 2·12 + 1
    assert (columns.unseen, columns.left_over) == ((), None)


@pytest.mark.parametrize(
    ("entries", "unseen"),
    [
        ([{"MaxPooling2D": 2}], (8,)),
        ([conv(1, strides=3)], (1, 2, 4, 5, 7, 8)),
        ([conv(2, strides=4, dilation_rate=2)], (1, 3, 5, 7, 8)),  # 0, 2, 4, 6
        ([conv(3, strides=4)], (3, 7, 8)),  # 0-2, 4-6
        ([{"Cropping2D": 2}], (0, 1, 7, 8)),
        ([{"Branches": {"branches": [[{"MaxPooling2D": 2}], [{"Cropping2D": [[1, 0], [1, 0]]}, {"MaxPooling2D": 2}]]}}], ()),
        ([conv(1, strides=4), {"GlobalAveragePooling2D": {"keepdims": True}}], (1, 2, 3, 5, 6, 7)),
        ([{"Permute": [2, 1, 3]}, conv(2, strides=2)], None),
        ([{"ReflectionPadding2D": 2}, conv(1, strides=3)], (0, 3, 5, 8)),  # places -2, 1, 4, 7, 10; -2 is pixel 2, 10 is 6
        ([{"ReflectionPadding2D": 3}, conv(1, strides=6)], (0, 1, 2, 4, 5, 6, 8)),  # places -3 and 3 are pixel 3, 9 is 7
    ],
)  # fmt: skip
def test_never_seen_by_hand(entries: list[Any], unseen: tuple[int, ...] | None) -> None:
    data = {"input": [9, 9, 2], "layers": entries}
    layer = "conv2d" if "GlobalAveragePooling2D" in str(entries) else None
    assert form(data, layer).axes[0].unseen == unseen


@given(st.lists(one_layer, min_size=1, max_size=3), st.integers(5, 40))
def test_never_seen_against_loops(layers: list[Any], n: int) -> None:
    """Every output asked for its inputs, layer by layer."""
    try:
        found = form({"input": [n, 1], "layers": layers})
    except ArchitectureError:
        assume(False)
    lengths = lengths_of(layers, n)
    wanted = set(range(derive(build({"input": [n, 1], "layers": layers})).rows[-1].output_shape[0]))
    for layer, length in zip(reversed(layers), reversed(lengths), strict=True):
        wanted = {i for output in wanted for i in depends(layer, length, output) if 0 <= i < length}
    assert found.axes[0].unseen == tuple(i for i in range(n) if i not in wanted)


@given(networks())
def test_never_seen_against_the_witness(data: dict[str, Any]) -> None:
    """NaN in a whole row of pixels reaches the output exactly where the row is seen."""
    data["input"][:2] = [min(n, 14) for n in data["input"][:2]]
    assume("bi" not in str(data) and "lanczos" not in str(data))  # a tap may have the weight 0
    try:
        architecture = build(data)
        (found,) = closed_form(derive(architecture))
    except ArchitectureError:
        assume(False)
    store, inputs = Store(), random_inputs(architecture)
    for axis in found.axes:
        if axis.unseen is None or axis.symbol is None:
            continue
        place = 1 + ("H", "W").index(axis.letters[0])
        silent = []
        for pixel in range(inputs["input"].shape[place]):
            x = inputs["input"].copy()
            np.moveaxis(x, place, 0)[pixel] = np.nan
            with np.errstate(invalid="ignore"):
                ran = {each.node.name: each.outputs[0] for each in execute(architecture, {"input": x}, store)}
            if not np.isnan(ran[found.row.name]).any():
                silent.append(pixel)
        assert axis.unseen == tuple(silent)


def last_spatial(data: dict[str, Any], n: int, layer: str) -> Row | None:
    """The layer, derived on ints alone; None where that is refused or an axis is repeated."""
    numbers = build(data, input=(n, *data["input"][1:]))
    try:
        found = derive(numbers)
    except ArchitectureError:
        return None
    return found.row(layer)


@given(networks())
def test_every_formula_is_the_derivation(data: dict[str, Any]) -> None:
    """Links one after the other, and the formula at once, give what ints give; so does the window, as one floor."""
    try:
        found = form(data)
    except ArchitectureError:
        assume(False)
    rows = {row.name: row for row in derive(build(data)).rows}
    for axis in found.axes:
        place = ("H", "W").index(axis.letters[0])
        assert axis.output.result == rows[found.row.name].output_shape[place]
        for each in axis.links:
            assert evaluate(each.size.formula, each.size.numbers) == each.size.result
            assert each.size.result == rows[each.link.end].output_shape[place]
        if len(axis.links) == 1 and axis.links[0].link.window and axis.symbol:
            window = axis.links[0].link.window
            if isinstance(window.extent, int):
                form_of_window = canonical(window.count(symbol(axis.symbol)))
                assert canonical(axis.output.formula) == form_of_window
                assert str(axis.output.formula).count("⌊") + str(axis.output.formula).count("⌈") <= 1


@given(networks())
def test_inputs_with_the_same_output(data: dict[str, Any]) -> None:
    try:
        found = form(data)
    except ArchitectureError:
        assume(False)
    axis = found.axes[0]
    assume(axis.same_output is not None)
    assert axis.same_output is not None
    symbolic = build(data, input=("H", "W", data["input"][2]))
    at_hand = data["input"][0]
    for n in range(max(1, at_hand - 10), at_hand + 10):
        row = last_spatial(data, n, found.row.name)
        if not repeats_an_axis(symbolic, build(data, input=(n, *data["input"][1:]))):
            assert (n in axis.same_output) == (row is not None and row.output_shape[0] == axis.output.result), n


def remainders(row: Row) -> list[int]:
    """What the windows of a layer leave at the end of the first axis: places tried one by one."""
    if not isinstance(row.facts.reading, tuple):
        return []
    window, n = row.facts.reading[0], row.input_shapes[0][0]
    if not isinstance(window, Window) or window.ceil_mode or (window.padding is None and window.size != 1):
        return []
    before, after = window.padding or (0, 0)  # "same" adds nothing to a window of 1
    starts = range(-before, n + after - window.extent + 1, window.stride)
    return [n + after - (starts[-1] + window.extent)]


@given(networks())
def test_no_window_leaves_a_remainder(data: dict[str, Any]) -> None:
    try:
        found = form(data)
    except ArchitectureError:
        assume(False)
    exact = found.axes[0].exact
    symbolic = build(data, input=("H", "W", data["input"][2]))
    rows = derive(symbolic).rows
    open_rows = {row.name for row in rows if "H" in str(row.input_shapes[:1])}
    for n in range(1, 20):
        numbers = build(data, input=(n, *data["input"][1:]))
        if last_spatial(data, n, found.row.name) is None or repeats_an_axis(symbolic, numbers):
            continue
        before = [row for row in ancestors(derive(numbers).rows, found.row.name) if row.name in open_rows]
        left = [each for row in before for each in remainders(row)]
        assert not any(left) if exact is None else (n in exact) == (not any(left)), n


def test_a_fixed_size_by_hand() -> None:
    """Five parts of 14, of which the pool drops the fifth."""
    data = {"input": [30, 30, 3], "layers": [conv(3, strides=2), {"AdaptiveAveragePooling2D": 5}, {"MaxPooling2D": 2}]}
    (axis,) = form(data).axes
    assert [each.kind for each in axis.links] == ["window", "bins", "window"]
    assert axis.output.formula == 2
    assert axis.same_output == Range(3)
    assert axis.unseen == (25, 26, 27, 28, 29)  # part 4 ends before ⌈4·14/5⌉ = 12: position 11, pixels 22 to 24


def test_no_chain_is_an_identity() -> None:
    assert links("input", ())[0].window == Window()


@pytest.mark.parametrize(
    ("positions", "told"),
    [((27,), "27"), ((0, 1), "0, 1"), ((0, 1, 2, 3, 60, 61), "0–3, 60, 61"), ((1, 3, 5, 55), "1, 3, …, 5, 55"), ((0, 2, 4, 5, 6), "0, 2, …, 4, 5, 6")],
)  # fmt: skip
def test_positions_are_told_in_few_words(positions: tuple[int, ...], told: str) -> None:
    assert positions_text(positions) == told


# The command.


def run(*arguments: str, text: str | None = None, language: str = "en") -> subprocess.CompletedProcess[str]:
    env = os.environ | {"CNNCALC_LANG": language}
    command = [sys.executable, "-m", "cnncalc", "explain", *arguments, "--closed-form"]
    return subprocess.run(
        command, input=text, capture_output=True, text=True, encoding="utf-8", cwd=ROOT, env=env, check=False
    )


MNIST = "examples/mnist_cnn.yaml"


def test_text() -> None:
    told = run(MNIST).stdout
    assert "H′ = ⌊H/2⌋ − 2 = ⌊28/2⌋ − 2 = 12" in told
    assert "input → max_pooling2d: one window, size r = 6, stride j = 2" in told
    assert told.endswith("  Valid for: H ≥ 6, W ≥ 6\n")


def test_symbols_in_fields() -> None:
    """What hangs on a symbol is not put in numbers, and no letter stands for two things."""
    same = {"Conv2D": {"filters": 4, "kernel_size": "P", "padding": "same"}}
    data = {"variables": {"P": None}, "input": [8, 8, 3], "layers": [same, {"MaxPooling2D": 2}]}
    (axis,) = form(data).axes
    assert (str(axis.output.formula), axis.output.result, axis.unseen) == ("⌊H/2⌋", 4, None)
    padded = {
        "variables": {"P": None},
        "input": [8, 8, 3],
        "layers": [{"ZeroPadding2D": "2*P"}, {"Conv2D": {"filters": 4, "kernel_size": 3}}],
    }
    told = text(closed_form(derive(build(padded))))
    assert "padding P" not in told.replace("padding P = 2·P", "")
    assert "  H′ = H + 4·P − 2 = 8 + 4·P − 2 = 4·P + 6" in told


def test_a_letter_is_not_taken_from_any_field() -> None:
    """The border, and the shape, take any number: so nothing is asked of their symbols."""
    for layer in ({"ConstantPadding2D": {"padding": "H"}}, {"Reshape": [4, "H", 48]}):
        (axis, *_) = form({"variables": {"H": None}, "input": [8, 8, 3], "layers": [layer, {"MaxPooling2D": 2}]}).axes
        assert axis.symbol != "H" or axis.at_hand is None


def test_letters_instead_of_numbers() -> None:
    told = run(MNIST, "--input", "H,W,1").stdout
    assert "H′ = ⌊(H − r)/j⌋ + 1 = ⌊(H − 6)/2⌋ + 1 = ⌊H/2⌋ − 2\n" in told
    assert "same output" not in told
    assert "never seen" not in told


def test_the_form_of_a_network_is_for_inputs_that_all_of_it_takes() -> None:
    """What comes behind the last map asks for 16 numbers: ⌊H/2⌋·⌊W/2⌋ = 16."""
    layers = [{"MaxPooling2D": 2}, "Flatten", {"Reshape": {"target_shape": [4, 4, 1]}}]
    data = {"input": [8, 8, 1], "layers": layers}
    sizes = [(8, 8), (9, 8), (2, 32), (10, 8), (2, 2), (1, 32)]
    assert [form(data).domain.contains({"H": h, "W": w}) for h, w in sizes] == [True] * 3 + [False] * 3
    assert form(data, "max_pooling2d").domain.contains({"H": 2, "W": 2})


def test_same_with_a_window_of_one_pixel_has_remainders() -> None:
    """ "same" adds nothing to a window of 1: with stride 2, of an even number of pixels the last is skipped."""
    layers = [{"Conv2D": {"filters": 1, "kernel_size": 1, "strides": 2, "padding": "same"}}]
    (axis,) = form({"input": [9, 9, 1], "layers": layers}).axes
    assert axis.exact == Range(1, None, 2, (1,))
    _, axis = example("resnet50")  # five halvings with constant padding: H - 1 is a multiple of 2^5
    assert axis.exact == Range(1, None, 32, (1,))


def test_a_window_of_open_size_says_its_padding() -> None:
    data = {"input": ["H", "H", 1], "variables": {"H": None, "k": None, "p": None}}
    layer = {"Conv2D": {"filters": 1, "kernel_size": "k", "padding": "p"}}
    axis = form({**data, "layers": [layer]}).axes[0]
    assert link_text(axis.links[0]) == "input → conv2d: one window, size r = k, stride j = 1, padding P = p"
    layer["Conv2D"]["padding"] = [[1, 0], [1, 0]]
    axis = form({**data, "layers": [layer]}).axes[0]
    assert link_text(axis.links[0]) == "input → conv2d: one window, size r = k, stride j = 1, padding P_1 = 1"


def test_json() -> None:
    told = json.loads(run(MNIST, "max_pooling2d", "--format", "json").stdout)
    (found,) = told["closed_forms"]
    (axis,) = found["axes"]
    assert axis["output"] == "⌊H/2⌋-2"
    assert axis["same_output"] == {"least": 28, "most": 29, "modulus": 1, "remainders": [0]}
    assert axis["links"] == [{"from": "input", "to": "max_pooling2d", "kind": "window", "size": 6, "stride": 2, "padding": [0, 0], "output": "⌊(H-6)/2⌋+1", "at": 12}]  # fmt: skip


def test_latex() -> None:
    told = run(MNIST, "--format", "latex").stdout
    assert (
        r"H' &= \left\lfloor \frac{H}{2} \right\rfloor - 2 = \left\lfloor \frac{28}{2} \right\rfloor - 2 = 12" in told
    )
    assert not set(told) & set("⌊⌋⌈⌉×→≤≥−·")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((MNIST, "conv2dd"), "did you mean conv2d?"),
        ((MNIST, "dense"), "dense has no axis whose size follows from that of an input"),
        ((MNIST, "flatten"), "the last layer that has such axes is dropout"),
    ],
)
def test_wrong_layers(arguments: tuple[str, ...], says: str) -> None:
    told = run(*arguments)
    assert (told.returncode, told.stdout) == (2, "")
    assert says in told.stderr


def test_json_goes_with_a_closed_form() -> None:
    command = [sys.executable, "-m", "cnncalc", "explain", MNIST, "--format", "json"]
    told = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=ROOT, check=False)
    assert told.returncode == 2
    assert "--closed-form" in told.stderr


ALL = sorted((ROOT / "examples").glob("**/*.yaml"))


@pytest.mark.parametrize("path", [path for path in ALL if "wrong" not in path.parts], ids=lambda path: path.stem)
def test_every_example_has_one(path: Path) -> None:
    try:
        summary = derive(load(path))
    except ArchitectureError:
        pytest.skip("it needs variables")
    try:
        for found in closed_form(summary):
            assert found.to_dict()["axes"]
            assert not any(demand.rule is None for demand in found.domain.rest)
    except ArchitectureError as error:
        assert error.code == "no-spatial-axes"
