"""Solving backwards: every answer and no other, against trying all settings one by one, and by hand."""

from __future__ import annotations

import copy
import io
import json
import os
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from strategies import PER_KIND, cases, networks
from test_numbers import network

from cnncalc.architecture import build
from cnncalc.architecture.entries import integer_fields
from cnncalc.cli.app import run
from cnncalc.derive import Summary, derive
from cnncalc.errors import ArchitectureError
from cnncalc.layers import HOME
from cnncalc.search.knobs import opened
from cnncalc.search.measures import measure
from cnncalc.search.ranges import parse as values
from cnncalc.search.solve import Solution, solve
from cnncalc.search.wants import parse as want

EXAMPLES = Path(__file__).parents[1] / "examples"
MNIST = str(EXAMPLES / "mnist_cnn.yaml")

SLOW = settings(max_examples=int(os.environ.get("SOLVE", "60")), deadline=None, suppress_health_check=list(HealthCheck))


def solved(data: Any, unknowns: dict[str, str], *wants: str) -> Solution:
    ranges = {name: values(text) for name, text in unknowns.items()}
    words = [name for name, each in ranges.items() if each.words]
    knobs = opened(lambda chosen: build(data, variables=dict(chosen)), list(ranges), words)
    return solve(knobs, [want(text) for text in wants], ranges)


def found(solution: Solution) -> list[tuple[Any, ...]]:
    answers = [tuple(answer.values.values()) for answer in solution.answers]
    assert len(answers) == solution.total
    return answers


# Against trying everything


def places(data: dict[str, Any]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """The unknowns that a network of `networks()` could have: name, and path in its data."""
    for axis in range(3):
        yield f"input[{axis}]", ("input", axis)
    nodes = {node.path: node.name for node in build(data).nodes}
    for index, entry in enumerate(data["layers"]):
        ((kind, fields),) = entry.items()
        if kind in HOME:
            for field in sorted(integer_fields(kind) & fields.keys()):
                if fields[field] is not None:
                    yield f"{nodes['layers', index, kind]}.{field}", ("layers", index, kind, field)


def changed(data: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    new = copy.deepcopy(data)
    inner: Any = new
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return new


def tried(data: dict[str, Any]) -> Summary | None:
    try:
        return derive(build(data))
    except ArchitectureError:
        return None


QUANTITIES = ("total_params", "macs", "output", "output[0]", "output[2]", "receptive_field[0]", "memory")


@SLOW
@given(networks(), st.data())
def test_answers_are_those_of_trying_everything(data: dict[str, Any], more: st.DataObject) -> None:
    """The files are written anew for every setting, and no code of the search has a part in it."""
    unknowns = dict(more.draw(st.lists(st.sampled_from(sorted(places(data))), min_size=1, max_size=2, unique=True)))
    ranges = {name: more.draw(st.integers(0, 9)) for name in unknowns}
    candidates = {name: range(low, low + 6) for name, low in ranges.items()}
    summaries = {}
    for setting in product(*candidates.values()):
        new = data
        for path, value in zip(unknowns.values(), setting, strict=True):
            new = changed(new, path, value)
        summary = tried(new)
        if summary is not None:
            summaries[setting] = summary
    assume(summaries)
    quantity = more.draw(st.sampled_from(QUANTITIES))
    example = measure(more.draw(st.sampled_from(list(summaries.values()))), quantity)
    assume(example is not None)
    relation = more.draw(st.sampled_from(["=", "<=", ">="]))
    shape = example if isinstance(example, tuple) else (example,)
    text = f"{quantity}{relation}{','.join(map(str, shape))}"
    right = [setting for setting, summary in summaries.items() if obeys(measure(summary, quantity), relation, shape)]
    bounds = {name: f"{each[0]}:{each[-1]}" for name, each in candidates.items()}
    assert found(solved(data, bounds, text)) == sorted(right)


def obeys(value: Any, relation: str, shape: tuple[int, ...]) -> bool:
    if value is None:
        return False
    pairs = list(zip(value if isinstance(value, tuple) else (value,), shape, strict=True))
    if relation == "=":
        return all(a == b for a, b in pairs)
    return all(a <= b for a, b in pairs) if relation == "<=" else all(a >= b for a, b in pairs)


@pytest.mark.parametrize("kind", HOME)
@settings(PER_KIND, max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_answers_for_every_kind(kind: str, data: st.DataObject) -> None:
    """One layer of each kind, with a field or an axis of its input unknown."""
    layer, xs = data.draw(cases(kind))
    fields = [name for name in sorted(integer_fields(kind)) if getattr(layer, name) is not None and kind != "Input"]
    axes = [(i, axis) for i, x in enumerate(xs) for axis in range(len(x))]
    if not fields and not axes:
        return
    place = data.draw(st.sampled_from([*fields, *axes]))
    name = f"tested.{place}" if isinstance(place, str) else f"x{place[0]}[{place[1]}]"
    summaries = {}
    for value in range(9):
        summary = with_value(layer, xs, place, value)
        if summary is not None:
            summaries[value] = summary
    if not summaries:
        return
    quantity = data.draw(st.sampled_from(["tested.output", "params", "macs", "tested.receptive_field", "memory"]))
    shape = measure(data.draw(st.sampled_from(list(summaries.values()))), quantity)
    if shape is None or shape == ():
        return
    shape = shape if isinstance(shape, tuple) else (shape,)
    right = [(value,) for value, summary in summaries.items() if same(measure(summary, quantity), shape)]
    try:
        knobs = opened(lambda _: network(layer, xs), [name])
    except ArchitectureError as error:
        assert "say which" in str(error)
        return
    wish = want(f"{quantity}={','.join(map(str, shape))}")
    assert found(solve(knobs, [wish], {name: values("0:8")})) == right


def with_value(layer: Any, xs: Any, place: Any, value: int) -> Summary | None:
    try:
        if isinstance(place, str):
            fields = {each: getattr(layer, each) for each in layer.model_fields_set if not (place == "pool_size" and each == "strides" and layer.strides == layer.pool_size)}  # fmt: skip
            return derive(network(type(layer).model_validate({**fields, place: value}), xs))
        shapes = [[value if (i, axis) == place else n for axis, n in enumerate(x)] for i, x in enumerate(xs)]
        return derive(network(layer, tuple(map(tuple, shapes))))
    except (ArchitectureError, ValidationError):
        return None


def same(value: Any, shape: tuple[int, ...]) -> bool:
    return (value if isinstance(value, tuple) else (value,)) == shape


def test_a_search_for_the_nearest_that_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """It offers what it came across, and does not say that nothing is nearer."""
    layer = {"Conv2D": {"filters": 1, "kernel_size": 1}}
    data = {"input": [5, 5, 1], "layers": [layer, layer]}
    bounds = {"conv2d.filters": "1:500", "conv2d_1.filters": "1:500"}
    monkeypatch.setattr("cnncalc.search.solve.NEAR_BOXES", 400)
    given_up = solved(data, bounds, "total_params=100001")  # (F+1)·(G+2) - 2, and 100003 is prime
    assert given_up.total == 0
    assert given_up.near_only
    assert given_up.nearest
    for answer in given_up.nearest:
        f, g = answer.values.values()
        assert answer.measured == {"total_params": (f + 1) * (g + 2) - 2}
    monkeypatch.undo()
    assert not solved(data, bounds, "total_params=1000000").near_only


@SLOW
@given(networks(), st.data())
def test_the_nearest_are_nearest(data: dict[str, Any], more: st.DataObject) -> None:
    """Where a number cannot be reached, the next below and the next above are shown."""
    name, path = more.draw(st.sampled_from(sorted(places(data))))
    found_numbers = {}
    for value in range(1, 9):
        summary = tried(changed(data, path, value))
        if summary is not None:
            found_numbers[value] = summary.total_params
    assume(len(set(found_numbers.values())) > 1)
    low, high = min(found_numbers.values()), max(found_numbers.values())
    target = more.draw(st.integers(max(0, low - 3), high + 3))
    assume(target not in found_numbers.values())
    solution = solved(data, {name: "1:8"}, f"total_params={target}")
    assert solution.total == 0
    shown = [answer.measured["total_params"] for answer in solution.nearest]
    below = [number for number in found_numbers.values() if number < target]
    above = [number for number in found_numbers.values() if number > target]
    assert not below or max(below) in shown
    assert not above or min(above) in shown
    assert all(found_numbers[answer.values[name]] == answer.measured["total_params"] for answer in solution.nearest)


# By hand

CONV = {"input": [28, 28, 3], "layers": [{"Conv2D": {"filters": 32, "kernel_size": 5}}]}


def test_padding() -> None:
    """28 + 2P - 5 + 1 = 28 for P = 2."""
    assert found(solved(CONV, {"conv2d.padding": "0:16"}, "output=28,28,32")) == [(2,)]


def test_kernel_and_padding() -> None:
    """28 + 2P - K + 1 = 28 for K = 2P + 1."""
    unknowns = {"conv2d.kernel_size": "1:9", "conv2d.padding": "0:16"}
    assert found(solved(CONV, unknowns, "output=28,28,32")) == [(1, 0), (3, 1), (5, 2), (7, 3), (9, 4)]


def test_strides() -> None:
    """floor((28 - 5)/S) + 1 = 6 for S = 4 alone: 23/4 = 5.75."""
    assert found(solved(CONV, {"conv2d.strides": "1:16"}, "output[0]=6")) == [(4,)]


def test_dilation() -> None:
    """28 - 4D = 16 for D = 3."""
    assert found(solved(CONV, {"conv2d.dilation_rate": "1:16"}, "output[0]=16")) == [(3,)]


def test_input_size() -> None:
    """A 2x2 pool drops the odd pixel, so two inputs give 12: (28 - 4)//2 and (29 - 4)//2."""
    assert found(solved(MNIST_DATA, {"input[0]": "1:64"}, "max_pooling2d.output[0]=12")) == [(28,), (29,)]


def test_receptive_field() -> None:
    """K1 + K2 - 1 + 1 (the pool) = 6, with odd kernels."""
    unknowns = {"conv2d.kernel_size": "1,3,5,7", "conv2d_1.kernel_size": "1,3,5,7"}
    assert found(solved(MNIST_DATA, unknowns, "receptive_field=6")) == [(1, 5), (3, 3), (5, 1)]


def test_macs() -> None:
    """24*24 positions x 5*5*3 taps x F = 43,200 F."""
    assert found(solved(CONV, {"conv2d.filters": "1:4096"}, "macs=1382400")) == [(32,)]
    assert [f for (f,) in found(solved(CONV, {"conv2d.filters": "1:4096"}, "macs<=172.9k"))] == [1, 2, 3, 4]


MNIST_DATA = {
    "input": [28, 28, 1],
    "layers": [
        {"Conv2D": {"filters": 32, "kernel_size": 3}},
        {"Conv2D": {"filters": 64, "kernel_size": 3}},
        {"MaxPooling2D": 2},
        "Flatten",
        {"Dense": 128},
        {"Dense": 10},
    ],
}


def test_the_published_total() -> None:
    """1,199,882 parameters are published for 32 filters, 64 filters and 128 units."""
    assert found(solved(MNIST_DATA, {"conv2d.filters": "1:4096"}, "total_params=1199882")) == [(32,)]
    assert found(solved(MNIST_DATA, {"dense.units": "1:4096"}, "total_params=1,199,882")) == [(128,)]


def test_two_unknowns_over_wide_ranges() -> None:
    """10 F + (9 F + 1) G + (144 G + 1)*128 + 1290 = 1,199,882: checked by division for each F."""
    right = []
    for f in range(1, 4097):
        g, rest = divmod(1199882 - 1290 - 128 - 10 * f, 9 * f + 1 + 144 * 128)
        if rest == 0 and 1 <= g <= 4096:
            right.append((f, g))
    assert (32, 64) in right
    wide = {"conv2d.filters": "1:4096", "conv2d_1.filters": "1:4096"}
    assert found(solved(MNIST_DATA, wide, "total_params=1199882")) == right


def test_a_billion_candidates_are_quick() -> None:
    assert found(solved(CONV, {"conv2d.filters": "1:2000000000"}, "total_params=149999908")) == [(1973683,)]  # 76 F


def test_what_cannot_be_a_symbol() -> None:
    """How often a block repeats: 10 parameters for each layer of one filter."""
    data = {"variables": {"n": 1}, "input": [9, 9, 1], "layers": [{"Repeat": {"times": "n", "layers": [{"Conv2D": [1, 3]}]}}]}  # fmt: skip
    data["layers"][0]["Repeat"]["layers"] = [{"Conv2D": {"filters": 1, "kernel_size": 3}}]
    assert found(solved(data, {"n": "1:10"}, "total_params=30")) == [(3,)]
    assert found(solved(data, {"n": "1:10"}, "output[0]>=3")) == [(1,), (2,), (3,)]


def test_an_expression_that_may_divide_by_zero() -> None:
    """12 // v units: 0 for v = 0 is no number, and from 13 on there is no unit left."""
    data = {"variables": {"v": 1}, "input": [3], "layers": [{"Dense": "12//v"}]}
    assert found(solved(data, {"v": "0:20"}, "output=3")) == [(4,)]
    assert found(solved(data, {"v": "0:20"}, "output<=12")) == [(v,) for v in range(1, 13)]


def test_words_among_numbers() -> None:
    unknowns = {"conv2d.padding": "valid,same,1", "conv2d.kernel_size": "3,5"}
    assert found(solved(CONV, unknowns, "output[0]=28")) == [(1, 3), ("same", 3), ("same", 5)]


def test_switches() -> None:
    """32 biases less: (25*3)*32."""
    assert found(solved(CONV, {"conv2d.use_bias": "true,false"}, "total_params=2400")) == [("false",)]


def test_a_field_that_only_numbers_know() -> None:
    """The field of a transposed convolution has no formula: outputs that share an input, by hand 2, then 1."""
    data = {"input": [8, 8, 1], "layers": [{"Conv2DTranspose": {"filters": 1, "kernel_size": 3, "strides": 2}}]}
    unknowns = {"conv2d_transpose.strides": "1:4"}
    assert found(solved(data, unknowns, "receptive_field=2")) == [(2,)]
    assert found(solved(data, unknowns, "receptive_field=1")) == [(3,), (4,)]


def test_an_axis_of_one_is_repeated() -> None:
    """A merge takes equal axes, or an axis of 1, which is repeated."""
    data = {
        "inputs": {"a": [4, 4, 2], "b": [4, 4, 2]},
        "layers": [{"Add": {"inputs": ["a", "b"]}}],
    }
    assert found(solved(data, {"a[0]": "1:6", "b[0]": "1:6"}, "output[0]=4")) == [(1, 4), (4, 1), (4, 4)]


def test_no_answer_says_why() -> None:
    solution = solved(CONV, {"conv2d.filters": "1:4096"}, "total_params=2400")
    assert [answer.values["conv2d.filters"] for answer in solution.nearest] == [
        31,
        32,
        33,
    ]  # 76 F: 2,356, 2,432, 2,508; 30 is further off
    nothing = solved(CONV, {"conv2d.kernel_size": "29:31"}, "output[0]=5")
    assert {str(rule): n for rule, n in nothing.refused.items()} == {"the window must fit into its input": 3}
    assert nothing.nearest == ()


@pytest.mark.parametrize(
    ("unknowns", "wish", "told"),
    [
        ({"conv2d.padding": "0:4"}, "output=28,28", "output has 3 axes"),
        ({"conv2d.padding": "0:4"}, "output=28", "output has 3 axes"),
        ({"conv2d.padding": "0:4"}, "macs=1,2", "macs is one number, not 2"),
        ({"conv2d.padding": "0:4"}, "macs=-3", "macs is never negative"),
        ({"conv2d.padding": "0:4"}, "macs=1.5", "only whole numbers occur"),
        ({"conv2d.padding": "0:4"}, "macs=many", "'many' in 'macs=many' is no number"),
        ({"conv2d.padding": "0:4"}, "macs", "'macs' is no wish"),
        ({"conv2d.padding": "0:4"}, "output=?,?,?", "wishes for nothing"),
        ({"conv2d.padding": "0:4"}, "mac=3", "did you mean macs?"),
        ({"conv2d.paddin": "0:4"}, "macs=3", "did you mean conv2d.padding?"),
        ({"conv2d.filters": "1:9999999", "input[0]": "1:9999999"}, "macs=3", "settings to search, more than"),
        ({"conv2d.filters": "1,5:2000000000"}, "macs=3", "settings to search, more than"),
    ],
)
def test_mistakes(unknowns: dict[str, str], wish: str, told: str) -> None:
    with pytest.raises(ArchitectureError) as raised:
        solved(CONV, unknowns, wish)
    assert told in str(raised.value)


def test_a_search_that_does_not_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnncalc.search.boxes.MAX_BOXES", 20)
    with pytest.raises(ArchitectureError, match="given up"):
        solved(MNIST_DATA, {"conv2d.filters": "1:4096", "dense.units": "1:4096"}, "total_params=1199882")


def test_bounds_are_rounded_to_what_keeps_them() -> None:
    assert [want(f"macs{text}").targets for text in ("<=1.5k", "<1.5k", ">=1.0005k", ">1.5k", "<1e3", "≤2M")] == [
        (1500,), (1499,), (1001,), (1501,), (999,), (2_000_000,),
    ]  # fmt: skip
    assert [want(f"{name}=1,104").targets for name in ("params", "output", "output[0]")] == [(1104,), (1, 104), (1104,)]
    assert want("output=26x26x?").targets == (26, 26, None)


# The command


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = run(["solve", *arguments])
    return code, *capsys.readouterr()


def test_one_layer(capsys: pytest.CaptureFixture[str]) -> None:
    asked = "Conv2D(filters=32, kernel_size=5, padding=?) : 28,28,3 -> 28,28,32"
    assert printed(capsys, asked) == (
        0,
        '1 answer among conv2d.padding 0:16\n  conv2d.padding = 2  ("same" for conv2d.padding gives the same shapes)\n',
        "",
    )


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        ("Conv2D(32, 5, padding=?) : (28, 28, 3) -> 28x28x32", "conv2d.padding = 2"),
        (
            "layers.Conv2D(?, 3, 1, 'same') | MaxPool2D(?) : 28x28x1 → 14×14×8",
            "conv2d.filters = 8, max_pooling2d.pool_size = 2",
        ),
        ("Conv2D(8, (3, ？)) : 28,28,1 -> 26,24,8", "conv2d.kernel_size[1] = 5"),
        ("TimeDistributed(Dense(?)) : 5,7 -> 5,9", "time_distributed.layer.units = 9"),
        ("Conv2D(8, 3) : ?,28,1 -> 20,26,8", "input[0] = 22"),
        ("Flatten | Dense(?) : 4,4,2 -> 7", "dense.units = 7"),
        ("ZeroPadding2D(((1, ?), (0, 0))) : 4,4,1 -> 7,4,1", "zero_padding2d.padding[0][1] = 2"),
    ],
)
def test_questions(asked: str, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = printed(capsys, asked)
    assert (code, out.splitlines()[1].split("  (")[0].strip()) == (0, line)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["Conv2D(filters=8 kernel_size=4) : 8,8,1 -> 1,1,1"], "these are no calls of layers"),
        (["Conv2D(8, ?)"], "this is no question"),
        (["Conv2D(8, ?) : -> 1,1,8"], "this is no question"),
        (["Conv2D(8, ?, 1, 1, 1, 1, 1, 1, 1, 1, 1) : 8,8,1 -> 1,1,8"], "takes at most"),
        (["Conv2D(8, ?, filters=8) : 8,8,1 -> 1,1,8"], "filters is given twice"),
        (["Conv2D(8, k) : 8,8,1 -> 1,1,8"], "is not a literal"),
        (["Conv2D(8, __import__('os')) : 8,8,1 -> 1,1,8"], "is not a literal"),
        (["Conw2D(8, ?) : 8,8,1 -> 1,1,8"], "did you mean Conv2D?"),
        (["3 + 4 : 8,8,1 -> 1,1,8"], "is no layer"),
        (["Conv2D(8, 3, activation=?) : 8,8,1 -> 1,1,8"], "activation takes no integer"),
        (["Dropout(?) : 8 -> 8"], "rate takes no integer"),
        (["Conv2D(8, ?) : 8,8,1 -> ?,?,?"], "nothing is wanted"),
        (["Conv2D(8, 3) : 8,8,1 -> 6,6,8"], "nothing is unknown"),
        (["Conv2D(8, ?) : H,8,1 -> 6,6,8"], "H is not set"),
        ([MNIST, "--want", "macs=1", "--unknown", "F"], "there is no 'F' in this network"),
        ([MNIST, "--want", "macs=1", "--unknown", "conv2d.filters=9:1"], "holds no value"),
        (
            [MNIST, "--want", "macs=1", "--unknown", "dense.units", "--unknown", "dense.units=3"],
            "dense.units is named twice",
        ),
        ([MNIST, "--want", "macs=1", "--unknown", "conv2d.filters", "--input", "H,28,1"], "these have no numbers: H"),
    ],
)
def test_wrong_usage(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = printed(capsys, *arguments)
    assert (code, out) == (2, "")
    assert told in err


NET = """
variables: {F: ?, n: 2}
input: [28, 28, 1]
layers:
  - Conv2D: {filters: F, kernel_size: ?}
  - MaxPooling2D: ?
  - Conv2D: {filters: 8, kernel_size: 3, padding: "?"}   # why?
"""


def test_marks_in_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "net.yaml"
    path.write_text(NET)
    wishes = ["--want", "conv2d.output=24,24,6", "--want", "output=8,8,8", "--want", "receptive_field=13"]
    code, out, _ = printed(capsys, str(path), *wishes, "--format", "json")
    told = json.loads(out)
    by_hand = {"F": 6, "conv2d.kernel_size": 5, "max_pooling2d.pool_size": 3, "conv2d_1.padding": 1}  # 5 + 2 + 2*3 = 13
    assert (code, told["count"], [each["values"] for each in told["answers"]]) == (0, 1, [by_hand])
    assert told["answers"][0]["words"] == {"conv2d_1.padding": ["same"]}
    assert told["unknowns"]["conv2d.kernel_size"] == "1:31"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(NET.encode())))
    assert printed(capsys, "-", *wishes)[1].count("\n") == 2


@pytest.mark.parametrize(
    ("text", "wish", "values"),
    [
        ("input: [5, 7]\nlayers: [TimeDistributed: {Dense: ?}]", "output=5,9", {"time_distributed.layer.units": 9}),
        ("input: [5, 7]\nlayers: [Bidirectional: {layer: {LSTM: {units: ?}}}]", "output=18", {"bidirectional.layer.units": 9}),
        ("input: [5, 5, 1]\nlayers: [ZeroPadding2D: [[?, 1], [0, 0]]]", "output=9,5,1", {"zero_padding2d.padding[0][0]": 3}),
        ("inputs: {a: [?, 3], b: [4, 3]}\nlayers: [Concatenate: {inputs: [a, b], axis: 1}]", "output=9,3", {"a[0]": 5}),
        ("variables: {F: ?, G: 2*F}\ninput: [8, 8, 1]\nlayers: [Conv2D: {filters: G, kernel_size: 3}]", "output[2]=10", {"F": 5}),
        ("input: ?\nlayers: [Dense: 3]", "params=33", {"input": 10}),
        ("input: [16]\nlayers: [Reshape: [?, 4, -1]]", "output=2,4,2", {"reshape.target_shape[0]": 2}),
        ('{"input": [8, 8, 1], "layers": [{"Conv2D": {"filters": "?", "kernel_size": 3}}]}', "params=20", {"conv2d.filters": 2}),
    ],
)  # fmt: skip
def test_marks_anywhere(
    text: str, wish: str, values: dict[str, int], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "net"
    path.write_text(text)
    code, out, _ = printed(capsys, str(path), "--want", wish, "--format", "json")
    assert (code, [each["values"] for each in json.loads(out)["answers"]]) == (0, [values])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("input: [8]\nlayers: [Dense: {units: 3, name: ?}]", "name takes no integer"),
        ("input: [8]\nlayers: ?", "layers takes no integer"),
        ("- ?", "an architecture is a mapping"),
        ("input: [8]\nlayers: [Dense: {unit: ?}]", "unit takes no integer"),
        ("input: [8]\nlayers: [Dense: ?, Dropout: ?]", "Dropout takes no integer"),
    ],
)
def test_marks_where_none_can_be(text: str, told: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "net.yaml"
    path.write_text(text)
    code, _, err = printed(capsys, str(path), "--want", "params=3")
    assert (code, told in err, f"{path}:" in err) == (2, True, True)


def test_marks_in_composites(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Two calls of a block share its unknown; how often it repeats is another."""
    path = tmp_path / "net.yaml"
    path.write_text("""
blocks: {unit: {parameters: {F: 8}, layers: [{Conv2D: {filters: F, kernel_size: ?, name: inner}}]}}
input: [20, 20, 1]
layers:
  - Repeat: {times: ?, layers: [{unit: {F: ?}}]}
  - Flatten: {start_axis: ?}
""")
    wishes = ["--want", "inner_2.output=14,14,5", "--want", "layers=4", "--want", "output=980"]
    code, out, _ = printed(capsys, str(path), *wishes, "--format", "json")
    assert code == 0  # the input, 20 -> 17 -> 14 by two kernels of 4, and 14*14*5 flattened; the batch is axis 0
    assert [tuple(each["values"].items()) for each in json.loads(out)["answers"]] == [
        (("inner_1.kernel_size", 4), ("Repeat.times", 2), ("unit.F", 5), ("flatten.start_axis", axis))
        for axis in (-3, 1)
    ]


def test_none(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = printed(capsys, MNIST, "--want", "total_params=1199883", "--unknown", "conv2d.filters")
    assert code == 1
    assert out == (
        "none: nothing among conv2d.filters 1:4096 gives total_params=1199883\n"
        "  total_params = 586·conv2d.filters+1181130\n"
        "  1,199,883 lies between conv2d.filters = 32 and 33: one step is 586\n"  # 9 + 1 and 64 of 3x3
        "  the nearest are\n"
        "    conv2d.filters = 31  (total_params 1,199,296)\n"
        "    conv2d.filters = 32  (total_params 1,199,882)\n"
        "    conv2d.filters = 33  (total_params 1,200,468)\n"
    )


def test_what_does_not_depend_on_the_unknowns(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = printed(capsys, MNIST, "--want", "output=11", "--unknown", "conv2d.filters=1:9")
    assert code == 1
    assert "output[0]: 10 for every conv2d.filters" in out
    code, out, _ = printed(capsys, MNIST, "--want", "output=10", "--unknown", "conv2d.filters=1:9")
    assert code == 0
    assert "output[0]: 10 for every conv2d.filters" in out


def test_a_letter_and_an_open_axis(capsys: pytest.CaptureFixture[str]) -> None:
    wish = ["--want", "max_pooling2d.output=13,13,64"]
    code, out, _ = printed(capsys, MNIST, *wish, "--input", "H,H,1", "--unknown", "H")
    assert (code, out.splitlines()[1:]) == (0, ["  H = 30", "  H = 31"])
    code, out, _ = printed(capsys, MNIST, *wish, "--input", "?,30,1")
    assert (code, out.splitlines()[1:]) == (0, ["  input[0] = 30", "  input[0] = 31"])


def test_many_answers(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [MNIST, "--want", "dense.output=128", "--unknown", "conv2d.filters=1:30"]
    _, out, _ = printed(capsys, *arguments)
    assert "  … and 10 more; --all shows them" in out.splitlines()
    _, out, _ = printed(capsys, *arguments, "--all")
    assert len([line for line in out.splitlines() if line.startswith("  conv2d.filters")]) == 30


@pytest.mark.parametrize("language", ["en", "zh-TW"])
def test_both_languages(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    for wish in ("total_params=1199882", "total_params=1199883", "output=11"):
        code, out, err = printed(capsys, MNIST, "--want", wish, "--unknown", "conv2d.filters", "--lang", language)
        assert code in {0, 1}
        assert "conv2d.filters" in out
        assert err == ""


def test_other_commands_say_what_a_mark_is(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "net.yaml"
    path.write_text("input: [8, 8, 1]\nlayers:\n  - Conv2D: {filters: ?, kernel_size: 3}\n")
    assert run(["summary", str(path)]) == 2
    err = capsys.readouterr().err
    assert "? stands for a number to be found, by `cnncalc solve`" in err
    assert f"{path}:3:14" in err
