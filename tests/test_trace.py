"""One value multiplied out: published numbers, values by hand, and every kind against the run of the whole layer."""

from __future__ import annotations

import json
import pty
import re
import subprocess
import sys
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from strategies import cases
from test_cli import run
from test_witness import numbers, valid

from cnncalc.architecture import Node, build
from cnncalc.errors import ArchitectureError
from cnncalc.layers import HOME
from cnncalc.view.trace_html import page
from cnncalc.view.trace_markup import latex, markdown
from cnncalc.view.trace_text import text
from cnncalc.view.tracing import blocks
from cnncalc.view.width import cells
from cnncalc.witness import Store
from cnncalc.witness.call import Call, Tally
from cnncalc.witness.dispatch import run_layer
from cnncalc.witness.execution import Ran
from cnncalc.witness.feeding.feed import feed
from cnncalc.witness.tracing.trace import Line, Products, Reduced, Shares, Source, Terms, Trace
from cnncalc.witness.tracing.tracer import FAMILIES, _traced, steps, trace

ROOT = Path(__file__).parents[1]
COURSE = ROOT / "examples" / "course"


def course(name: str, layer: str, *at: int, image: str | None = None) -> Trace:
    """A value of one of the course's networks."""
    from cnncalc.interop import load

    architecture = load(COURSE / f"{name}.yaml")
    weights = COURSE / f"{name}_weights.yaml"
    fed = feed(architecture, [str(COURSE / (image or f"{name}.csv"))], str(weights) if weights.exists() else None)
    return trace(architecture, fed.inputs, fed.store, layer, at)


def traced(layers: list[Any], x: Any, layer: str, at: tuple[int, ...], weights: Any = None) -> Trace:
    """A value of a network that is written here, in float64."""
    x = np.asarray(x, np.float64)
    architecture = build({"input": list(x.shape), "layers": layers})
    return trace(architecture, {"input": x[None]}, Store(weights, dtype=np.float64), layer, at)


SIX = {
    0: [[3, -1, -3, -1], [-3, 1, 0, -3], [-3, -3, 0, 1], [3, -2, -2, -1]],
    1: [[-1, -1, -1, -1], [-1, -1, -2, 1], [-1, -1, -2, 1], [-1, 0, -4, 3]],
}
"""The two feature maps on the slides of the 6x6 picture (Hung-yi Lee, Convolutional Neural Network, 2016)."""


@pytest.mark.parametrize("filter_", SIX)
def test_the_feature_maps_of_the_course(filter_: int) -> None:
    found = [[course("six", "conv2d", row, column, filter_) for column in range(4)] for row in range(4)]
    assert [[each.value for each in row] for row in found] == SIX[filter_]
    assert all(each.agrees and isinstance(each.value, int) for row in found for each in row)


def test_the_largest_of_each_window() -> None:
    """On the same slides: 3 0 / 3 1 and -1 1 / 0 3."""
    pooled = [[[course("six", "max_pooling2d", row, column, k).value for column in (0, 1)] for row in (0, 1)] for k in (0, 1)]  # fmt: skip
    assert pooled == [[[3, 0], [3, 1]], [[-1, 1], [0, 3]]]
    assert [course("six", "flatten", i).value for i in range(8)] == [3, -1, 0, 1, 3, 0, 1, 3]


def test_the_first_value_of_two_filters() -> None:
    """By hand: 0.1 - 1 + 3 + 0.9 - 4 + 4.2 + 1 + 1 - 1.6 and 1 + 7.5 + 4 + 3.9 - 2.2 + 4 + 2 - 2.5 + 9.6."""
    first, second = (course("five", "conv2d", 0, 0, k) for k in (0, 1))
    assert (round(first.value, 12), round(second.value, 12)) == (3.6, 27.3)
    assert first.agrees
    assert second.agrees


def test_softmax_of_the_course() -> None:
    """3, 1 and -3 become 0.88, 0.12 and nearly 0 (Hung-yi Lee, Classification, 2016)."""
    assert [round(course("softmax", "softmax", i).value, 2) for i in range(3)] == [0.88, 0.12, 0]


def test_two_shares_by_hand() -> None:
    """Features 3 0 0 1 3 0 1 3: 3 + 0 + 3 + 1 - 6 = 1 and 0 + 1 + 0 + 3 - 2 = 2; 1 / (1 + e) and e / (1 + e)."""
    found = [course("digit", "dense", unit, image="six.csv") for unit in (0, 1)]
    assert [step.value for step in found[0].steps[:2]] == [7, 1]
    assert [step.value for step in found[1].steps[:2]] == [4, 2]
    assert [round(each.value, 6) for each in found] == [0.268941, 0.731059]


def test_padding_is_marked() -> None:
    found = traced([{"Conv2D": {"filters": 1, "kernel_size": 3, "padding": "same", "use_bias": False}}],
                   np.arange(1, 10).reshape(3, 3, 1), "conv2d", (0, 0, 0), {"conv2d": {"kernel": np.ones((3, 3, 1, 1))}})  # fmt: skip
    (step,) = found.steps
    assert isinstance(step, Products)
    assert step.parts[0].padded.tolist() == [[True] * 3, [True, False, False], [True, False, False]]
    assert found.value == 1 + 2 + 4 + 5
    assert "  (0)  (0)  (0)     1  1  1     0  0  0" in text(found)


def test_a_copied_border_is_no_zero() -> None:
    """A reflection of 1 2 3 is 2 | 1 2 3 | 2: its first window of ones holds 2, 1 and 2."""
    layer = {"Conv1D": {"filters": 1, "kernel_size": 3, "padding": 1, "padding_mode": "reflect", "use_bias": False}}
    found = traced([layer], [[1], [2], [3]], "conv1d", (0, 0), {"conv1d": {"kernel": np.ones((3, 1, 1))}})
    assert (found.value, found.agrees) == (5, True)


def test_a_transposed_convolution_adds_up_pixels() -> None:
    """Pixels 1 and 2, taps 1 10 100, stride 1: 1, 10 + 2, 100 + 20, 200; at 1 the pixels 0 and 1 meet the taps 1 and 0."""
    layer = {"Conv1DTranspose": {"filters": 1, "kernel_size": 3, "use_bias": False}}
    weights = {"conv1d_transpose": {"kernel": np.array([1.0, 10, 100]).reshape(3, 1, 1)}}
    found = [traced([layer], [[1], [2]], "conv1d_transpose", (i, 0), weights) for i in range(4)]
    assert [each.value for each in found] == [1, 12, 120, 200]
    (step,) = found[1].steps
    assert isinstance(step, Products)
    assert (step.parts[0].window.tolist(), step.parts[0].kernel.tolist()) == ([[1, 2]], [[10, 1]])


def test_a_separable_convolution_in_two_steps() -> None:
    """Two channels: (1 + 2)·1 = 3 and (10 + 20)·2 = 60; then 3·5 + 60·7 = 435."""
    layer = {"SeparableConv1D": {"filters": 1, "kernel_size": 2, "use_bias": False}}
    depthwise = np.array([[1.0, 2], [1, 2]]).reshape(2, 2, 1)
    weights = {"separable_conv1d": {"depthwise_kernel": depthwise, "pointwise_kernel": np.array([5.0, 7]).reshape(1, 2, 1)}}  # fmt: skip
    found = traced([layer], [[1, 10], [2, 20]], "separable_conv1d", (0, 0), weights)
    assert [step.value for step in found.steps] == [3, 60, 435]
    assert [type(step) for step in found.steps] == [Products, Products, Terms]


def test_a_mean_leaves_padding_out() -> None:
    """Same padding counts the pixels of the map only, numbers count the padding too (PyTorch): 4 / 1 and 4 / 4."""
    for padding, value in (("same", 4), (1, 1)):
        layer = {"AveragePooling2D": {"pool_size": 2, "strides": 2, "padding": padding}}
        at = (1, 1, 0) if padding == "same" else (0, 0, 0)
        x = np.zeros((3, 3, 1)) + (np.arange(9).reshape(3, 3, 1) == (8 if padding == "same" else 0)) * 4
        assert traced([layer], x, "average_pooling2d", at).value == value


def test_batch_normalisation_by_hand() -> None:
    """(7 - 1) / √(3.999 + 0.001) = 3; times 2 is 6; plus 0.5 is 6.5."""
    layer = {"BatchNormalization": {"epsilon": 0.001}}
    given_ = {"gamma": 2.0, "beta": 0.5, "moving_mean": 1.0, "moving_variance": 3.999}
    weights = {"batch_normalization": {name: np.array([value]) for name, value in given_.items()}}
    found = traced([layer], [7], "batch_normalization", (0,), weights)
    assert [round(step.value, 9) for step in found.steps] == [3, 6, 6.5]
    assert found.agrees


def test_where_values_come_from() -> None:
    found = course("six", "flatten", 5)
    assert found.steps == (Source("max_pooling2d", (1, 0, 1), found.steps[0].axes, 0),)
    network = {
        "inputs": {"a": [2], "b": [3]},
        "layers": [{"Concatenate": {"inputs": ["a", "b"]}}, {"Concatenate": {"inputs": ["a", "a"], "name": "twice"}}],
    }
    architecture = build(network)
    arrays = {"a": np.array([[1.0, 2]]), "b": np.array([[3.0, 4, 5]])}
    (step,) = trace(architecture, arrays, Store(), "concatenate", (3,)).steps
    assert isinstance(step, Source)
    assert (step.tensor, step.at, step.value) == ("b", (1,), 4)


def test_merges_by_hand() -> None:
    for kind, value in (("Add", 9), ("Subtract", 5), ("Multiply", 14), ("Average", 4.5), ("Maximum", 7), ("Minimum", 2)):  # fmt: skip
        network = build({"inputs": {"a": [1], "b": [1]}, "layers": [{kind: {"inputs": ["a", "b"], "name": "m"}}]})
        found = trace(network, {"a": np.array([[7.0]]), "b": np.array([[2.0]])}, Store(), "m")
        assert (found.value, found.agrees) == (value, True)


@pytest.mark.parametrize("kind", ["Maximum", "Minimum", "ReLU"])
@pytest.mark.parametrize("numbers", [(np.nan, 2.0), (2.0, np.nan)])
def test_nan_stays_nan(kind: str, numbers: tuple[float, float]) -> None:
    """Python's max and min return one of two numbers that compare as neither larger nor smaller: the first."""
    names = ["a", "b"] if kind != "ReLU" else ["a"] if np.isnan(numbers[0]) else ["b"]
    network = build({"inputs": {"a": [1], "b": [1]}, "layers": [{kind: {"inputs": names, "name": "m"}}]})
    found = trace(network, {name: np.array([[n]]) for name, n in zip("ab", numbers, strict=True)}, Store(), "m")
    assert np.isnan(found.value)
    assert found.agrees


TRACEABLE = ["BatchNormalization", "Identity", *sorted(
    kind
    for kind, family in HOME.items()
    if family in {"conv", "separable", "transposed", "dense", "pool", "global_pool", "activation", "dropout", "noise", "merge"}
    and kind not in {"GLU", "Dot", "LPPooling1D", "LPPooling2D", "LPPooling3D"}
    and not kind.startswith(("Adaptive", "Fractional"))
)]  # fmt: skip


@pytest.mark.parametrize("kind", TRACEABLE)
@settings(max_examples=60)
@given(data=st.data())
def test_every_kind_agrees_with_its_layer(kind: str, data: st.DataObject) -> None:
    """Any layer, any place: the value made out of single numbers is the one of the whole layer."""
    layer, shapes = data.draw(cases(kind))
    assume(valid(layer, shapes))
    facts = layer.facts(shapes)
    assume(sum(map(prod, facts.weights.values())) + facts.macs < 10**5)
    import importlib

    for family in FAMILIES:
        importlib.import_module(f"cnncalc.witness.tracing.steps.{family}")
    store = Store()
    xs = [x - np.float32(0.5) for x in numbers(shapes)]
    with np.errstate(all="ignore"):
        outputs = run_layer(layer, Call("x", store, Tally(), layer.trainable), *xs)
        node = Node("x", layer, tuple(f"in{i}" for i in range(len(xs))))
        at = tuple(data.draw(st.integers(0, n - 1)) for n in outputs[0].shape[1:])
        found = _traced(Ran(node, tuple(xs), outputs, 0, 0, 0, 0, 0), store, at, False)
    assert found.agrees, (found.value, found.executed)
    assert list(blocks(found))
    json.dumps(found.to_dict())
    for write in (text, markdown, latex):
        assert str(found.layer) in write(found)
    assert "<h1>" in page(found, "en")


def test_a_wrong_value_is_seen() -> None:
    found = course("six", "conv2d", 0, 0, 0)
    for wrong in (4, 2, 3.0001, float("nan")):
        assert not found._replace(executed=wrong).agrees
        assert "has the same value" not in text(found._replace(executed=wrong))
    close = course("five", "conv2d", 0, 0, 0)
    assert not close._replace(executed=close.executed + 1e-9, epsilon=float(np.finfo(np.float64).eps)).agrees


def test_what_cannot_be_traced() -> None:
    with pytest.raises(ArchitectureError, match="UnitNormalization cannot be traced; what can be: Conv1D"):
        traced(["UnitNormalization"], [1, 2], "unit_normalization", (0,))


@pytest.mark.parametrize(
    ("at", "told"),
    [
        ((4, 0, 0), "no value at 4,0,0; there are row 0–3, column 0–3, channel 0–1"),
        ((0, 0), "no value at 0,0; there are row 0–3, column 0–3, channel 0–1"),
        ((0, 0, 2), "help"),
    ],
)
def test_an_index_outside(at: tuple[int, ...], told: str) -> None:
    with pytest.raises(ArchitectureError) as caught:
        course("six", "conv2d", *at)
    assert told in str(caught.value) or told == "help"
    assert caught.value.remedies == ("the last is --at 3,3,1",)


WIDE = {"Conv2D": {"filters": 1, "kernel_size": 9, "use_bias": False, "activation": "relu"}}


@pytest.mark.parametrize("width", [40, 60, 80])
def test_nothing_is_wider_than_the_terminal(width: int) -> None:
    random = np.random.default_rng(0)
    for layers, shape in (([WIDE], (12, 12, 7)), (["Flatten", {"Dense": 20}, "Softmax"], (4, 5, 2))):
        architecture = build({"input": list(shape), "layers": layers})
        for node in architecture.nodes[1:]:
            found = trace(architecture, {"input": random.standard_normal((1, *shape))}, Store(), node.name)
            for short in (True, False):
                assert max(map(cells, text(found, width=width, short=short).splitlines())) <= width


def test_short_is_said_and_complete() -> None:
    """Of seven channels three are written out; the sums of the others are there. A pipe gets everything."""
    architecture = build({"input": [12, 12, 7], "layers": [WIDE]})
    found = trace(architecture, {"input": np.ones((1, 12, 12, 7))}, Store(), "conv2d")
    step = found.steps[0]
    assert isinstance(step, Products)
    told = text(found, width=80, short=True)
    assert told.count("window") - 1 >= 3
    assert all(f"channel {i}" in told for i in range(7))
    assert len(re.findall(r"channel \d: sum", told)) == 4
    assert len(re.findall(r"^  window", text(found), re.MULTILINE)) == 7
    dense = traced([{"Dense": 1}], np.ones(100), "dense", (0,))
    assert "the other 88 products add up to" in text(dense, width=80, short=True)
    assert len(text(dense).splitlines()) > 100


ARGUMENTS = ["trace", "examples/course/six.yaml", "--image", "examples/course/six.csv", "--weights", "examples/course/six_weights.yaml"]  # fmt: skip


def test_the_command() -> None:
    found = run(*ARGUMENTS, "--layer", "conv2d", "--at", "0,2,0", "--format", "json")
    told = json.loads(found.stdout)
    assert (told["value"], told["executed"], told["agrees"], told["axes"]) == (-3, -3, True, ["row", "column", "channel"])  # fmt: skip
    assert told["steps"][0]["parts"][0]["window"] == [[0, 0, 0], [0, 0, 1], [1, 1, 0]]
    assert told["steps"][0]["parts"][0]["products"] == [[0, 0, 0], [0, 0, -1], [-1, -1, 0]]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--layer", "conv"], "there is no layer 'conv'\n  help: did you mean conv2d?"),
        (["--layer", "conv2d", "--at", "1;2"], "takes whole numbers from 0, such as 0,2,1, not '1;2'"),
        (["--layer", "conv2d", "--at", "-1,0,0"], "takes whole numbers from 0"),
        ([], "--layer is missing"),
        (["--layer", "conv2d", "--input", "H,6,1"], "only a network of numbers can be built, and this is open: H"),
    ],
)
def test_mistakes(arguments: list[str], told: str) -> None:
    found = run(*ARGUMENTS, *arguments)
    assert (found.returncode, found.stdout) == (2, "")
    assert told in found.stderr


def test_a_declared_layer_is_not_run() -> None:
    network = {"input": [4], "layers": [{"Custom": {"output": [2], "name": "mine"}}]}
    with pytest.raises(ArchitectureError, match="mine is only declared"):
        feed(build(network))


def test_a_terminal() -> None:
    parent, child = pty.openpty()
    command = [sys.executable, "-m", "cnncalc", *ARGUMENTS, "--layer", "max_pooling2d", "--lang", "en"]
    with subprocess.Popen(command, stdout=child, cwd=ROOT) as process:
        process.wait()
    written = b""
    import os

    os.close(child)
    try:
        while chunk := os.read(parent, 4096):
            written += chunk
    except OSError:
        pass
    os.close(parent)
    assert b"\x1b[" in written
    assert "[3]" in re.sub(r"\x1b\[[0-9;]*m", "", written.decode())


def test_steps_are_of_known_types() -> None:
    for step in (*course("digit", "dense", 0, image="six.csv").steps, *course("six", "max_pooling2d", 0, 0, 0).steps):
        assert isinstance(step, (Terms, Line, Shares, Reduced))
    assert callable(steps)
