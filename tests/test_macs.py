"""Multiply-accumulates, multiplied out by hand: (layer, input, MACs)."""

from __future__ import annotations

from typing import Any

import pytest

from cnncalc.architecture import build
from cnncalc.derive import derive

CASES: list[tuple[Any, Any, int]] = [
    # every output value of every filter is a sum over the window and the input channels
    ({"Conv1D": {"filters": 5, "kernel_size": 3}}, [10, 4], 8 * 5 * (3 * 4)),
    ({"Conv2D": {"filters": 5, "kernel_size": [3, 2], "strides": 2}}, [9, 8, 4], (4 * 4) * 5 * (3 * 2 * 4)),
    ({"Conv3D": {"filters": 2, "kernel_size": 3}}, [5, 6, 7, 4], (3 * 4 * 5) * 2 * (27 * 4)),
    # taps on padding count, dilation does not change how many taps there are
    (
        {"Conv2D": {"filters": 5, "kernel_size": 3, "padding": "same", "dilation_rate": 2}},
        [9, 8, 4],
        (9 * 8) * 5 * (9 * 4),
    ),
    # a group sees its own channels only
    ({"Conv2D": {"filters": 6, "kernel_size": 3, "groups": 2}}, [9, 8, 4], (7 * 6) * 6 * (9 * 2)),
    ({"DepthwiseConv2D": {"kernel_size": 3, "depth_multiplier": 2}}, [9, 8, 4], (7 * 6) * 8 * 9),
    (
        {"SeparableConv2D": {"filters": 5, "kernel_size": 3, "depth_multiplier": 2}},
        [9, 8, 4],
        (7 * 6) * (8 * 9 + 8 * 5),
    ),
    # a transposed convolution: input pixels x taps x filters, before anything is cut off
    (
        {"Conv2DTranspose": {"filters": 5, "kernel_size": 4, "strides": 2, "padding": 1}},
        [9, 8, 4],
        (9 * 8) * 4 * 5 * 16,
    ),
    ({"Conv2DTranspose": {"filters": 6, "kernel_size": 3, "groups": 2}}, [9, 8, 4], (9 * 8) * 4 * 3 * 9),
    ({"Dense": 7}, [10], 10 * 7),
    ({"Dense": 7}, [9, 8, 4], (9 * 8) * 4 * 7),
    ({"MaxPooling2D": 2}, [8, 8, 4], 0),
    ("BatchNormalization", [8, 8, 4], 0),
    ({"PReLU": {}}, [8, 8, 4], 0),
]


@pytest.mark.parametrize(("entry", "shape", "macs"), CASES, ids=[str(case[0])[:60] for case in CASES])
def test_macs(entry: Any, shape: Any, macs: int) -> None:
    assert derive(build({"input": shape, "layers": [entry]})).rows[1].macs == macs


@pytest.mark.parametrize(
    ("a", "b", "axes", "shape", "macs"),
    [
        ([3, 4], [5, 4], 2, (3, 5), 3 * 5 * 4),  # 15 sums of 4 products
        ([4], [4], 1, (1,), 4),
        ([3, 4], [4, 6], [2, 1], (3, 6), 3 * 6 * 4),
    ],
)
def test_dot(a: Any, b: Any, axes: Any, shape: tuple[int, ...], macs: int) -> None:
    data = {"inputs": {"a": a, "b": b}, "layers": [{"Dot": {"axes": axes, "inputs": ["a", "b"]}}]}
    row = derive(build(data)).rows[-1]
    assert (row.output_shape, row.macs, row.params) == (shape, macs, 0)


def test_a_shared_layer_works_twice() -> None:
    layers = [{"Dense": {"units": 5, "name": "d", "inputs": "a"}}, {"Shared": {"layer": "d", "inputs": "b"}}]
    assert derive(build({"inputs": {"a": 3, "b": 3}, "layers": layers})).total_macs == 2 * 3 * 5
