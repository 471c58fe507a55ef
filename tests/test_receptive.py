"""Receptive fields against gradients: what automatic differentiation measured (recorded in tests/data)."""

from __future__ import annotations

from typing import Any

import pytest
from recorded import recorded

from cnncalc.architecture import build
from cnncalc.derive import derive
from cnncalc.derive.receptive import ReceptiveField

MEASURED = recorded("receptive_fields")
KINDS = {"conv": "Conv1D", "pool": "MaxPooling1D", "conv_transpose": "Conv1DTranspose"}


def entry(layer: dict[str, Any]) -> dict[str, Any]:
    op = layer["op"]
    fields = {"strides": layer["stride"], "padding": layer["padding"], "dilation_rate": layer.get("dilation", 1)}
    if op == "conv_transpose":
        fields["output_padding"] = layer["output_padding"]
    if op == "pool":
        # a pool may pad at most half its window in one go; a convolution reads the same way
        op = "pool" if 2 * layer["padding"] <= layer["kernel"] else "conv"
    return {
        KINDS[op]: fields
        | ({"pool_size": layer["kernel"]} if op == "pool" else {"filters": 1, "kernel_size": layer["kernel"]})
    }


def field(layers: list[Any], n: int) -> tuple[ReceptiveField, int]:
    row = derive(build({"input": [n, 1], "layers": layers})).rows[-1]
    assert row.receptive_field is not None
    return row.receptive_field, row.output_shape[0]


STACKS = [case for case in MEASURED if case["kind"] == "stack"]
BRANCHES = [case for case in MEASURED if case["kind"] == "two-branch"]


def test_there_are_many() -> None:
    assert len(STACKS) >= 190
    assert len(BRANCHES) >= 60


@pytest.mark.parametrize("case", STACKS, ids=range(len(STACKS)))
def test_stacks(case: dict[str, Any]) -> None:
    found, count = field([entry(layer) for layer in case["layers"]], case["input"])
    measured = case["measured"]
    assert count == case["output"]
    assert found.size == (max(measured["rf_at_middle"]),)
    if not case["has_transposed"]:
        assert found.jump == (measured["jump_at_middle"][0],)
        assert found.start == (-measured["effective_padding"],)
    first = measured["first_output_sees"]
    if first:  # the first window, cut off at the border
        (start,), (size,) = found.start, found.size
        assert first[0] >= max(0, start)  # taps that are far apart may all miss the first pixels
        if not case["has_transposed"]:
            assert first[1] == start + size - 1


@pytest.mark.parametrize("case", BRANCHES, ids=range(len(BRANCHES)))
def test_two_branches(case: dict[str, Any]) -> None:
    pre, a, b, post = ([entry(layer) for layer in case[part]] for part in ("pre", "branch_a", "branch_b", "post"))
    found, count = field([*pre, {"Branches": {"branches": [a, b], "merge": "Add"}}, *post], case["input"])
    measured = case["measured"]
    assert count == case["output"]
    assert (found.size, found.jump) == ((measured["rf"],), (measured["jump"],))
    assert found.start == (-measured["effective_padding_left"],)


def test_transposed_by_hand() -> None:
    """Kernel 5, stride 2, padding 1: outputs read 3 and 2 inputs in turn; the first reads pixel 0 alone of -1..1."""
    found, _ = field([{"Conv1DTranspose": {"filters": 1, "kernel_size": 5, "strides": 2, "padding": 1}}], 20)
    assert (found.size, found.jump, found.start) == ((3,), ("1/2",), (-1,))


def test_upsampling_by_hand() -> None:
    """Each pixel twice, then 3 taps: they cover two pixels, at every place."""
    layers = [{"UpSampling1D": 2}, {"Conv1D": {"filters": 1, "kernel_size": 3}}]
    found, _ = field(layers, 20)
    assert (found.size, found.jump, found.start) == ((2,), ("1/2",), (0,))


def test_adaptive_pooling_by_hand() -> None:
    """10 into 4 parts: 0-2, 2-4, 5-7, 7-9: three pixels each, a period of two parts and five pixels."""
    found, _ = field([{"AdaptiveAveragePooling1D": 4}], 10)
    assert (found.size, found.jump, found.start) == ((3,), ("5/2",), (0,))


def test_paths_that_disagree_are_said_so() -> None:
    """A 3-wide path centred on the pixel and a 2-wide one that leans right: together -1..1."""
    branches = [[{"Conv1D": {"filters": 1, "kernel_size": 3, "padding": 1}}],
                [{"Conv1D": {"filters": 1, "kernel_size": 2, "padding": [0, 1]}}]]  # fmt: skip
    found, _ = field([{"Branches": {"branches": branches, "merge": "Add"}}], 9)
    assert (found.size, found.start, found.aligned) == ((3,), (-1,), False)


def test_gate_sees_the_whole_map() -> None:
    """A squeeze-and-excitation gate of one pixel per map multiplies every position."""
    gate = [{"GlobalAveragePooling2D": {"keepdims": True}}, {"Dense": 3}]
    data = {"input": [8, 6, 3], "layers": [{"Branches": {"branches": [[], gate], "merge": "Multiply"}}]}
    found = derive(build(data)).rows[-1].receptive_field
    assert found is not None
    assert (found.size, found.aligned) == ((8, 6), False)


@pytest.mark.parametrize(
    ("layers", "sees"),
    [
        (["Flatten"], "the whole input"),
        (["Flatten", {"Dense": 3}], "the whole input"),
        ([{"Permute": [2, 1]}], "positions that were rearranged"),
        ([{"UpSampling1D": 5000}], "positions that no short pattern describes"),
    ],
)
def test_no_field_is_said_so(layers: list[Any], sees: str) -> None:
    row = derive(build({"input": [9, 3], "layers": layers})).rows[-1]
    assert row.to_dict()["receptive_field"] is None
    assert row.to_dict()["sees"] == sees
