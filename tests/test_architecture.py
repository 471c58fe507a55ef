"""Architecture files: their forms, composites, names, scopes, variables and graphs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cnncalc.architecture import build, load
from cnncalc.derive import derive
from cnncalc.errors import ArchitectureError


def names(data: dict[str, Any]) -> list[str]:
    return [node.name for node in build(data).nodes]


def wires(data: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    return {node.name: node.inputs for node in build(data).nodes}


YAML = """
name: net
input: [8, 8, 3]
variables: {F: 4}
layers:
  - Conv2D: {filters: 2*F, kernel_size: 3}
  - ReLU
  - Dense: 5
"""
JSON = json.dumps({"name": "net", "input": [8, 8, 3], "variables": {"F": 4},
                   "layers": [{"Conv2D": {"filters": "2*F", "kernel_size": 3}}, "ReLU", {"Dense": 5}]})  # fmt: skip
TOML = """
name = "net"
input = [8, 8, 3]
[variables]
F = 4
[[layers]]
Conv2D = {filters = "2*F", kernel_size = 3}
[[layers]]
ReLU = {}
[[layers]]
Dense = 5
"""


@pytest.mark.parametrize(
    ("suffix", "text"),
    [("yaml", YAML), ("yml", YAML), ("json", JSON), ("toml", TOML), ("txt", YAML), ("cfg", JSON), ("conf", TOML)],
)
def test_three_forms_carry_one_model(tmp_path: Path, suffix: str, text: str) -> None:
    path = tmp_path / f"net.{suffix}"
    path.write_text(text)
    architecture = load(path)
    assert architecture.name == "net"
    assert [(row.name, row.output_shape) for row in derive(architecture).rows] == [
        ("input", (8, 8, 3)), ("conv2d", (6, 6, 8)), ("re_lu", (6, 6, 8)), ("dense", (6, 6, 5)),
    ]  # fmt: skip


def test_a_byte_order_mark_and_windows_lines_are_read(tmp_path: Path) -> None:
    path = tmp_path / "網路.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + YAML.replace("\n", "\r\n").encode())
    assert len(load(path).nodes) == 4


def test_keras_config_as_it_stands() -> None:
    """What Keras 3's Conv2D(4, 3).get_config() returns."""
    config = {
        "name": "conv2d", "trainable": True, "dtype": {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"}},
        "filters": 4, "kernel_size": (3, 3), "strides": (1, 1), "padding": "valid", "data_format": "channels_last",
        "dilation_rate": (1, 1), "groups": 1, "activation": "linear", "use_bias": True,
        "kernel_initializer": {"class_name": "GlorotUniform"}, "bias_initializer": {"class_name": "Zeros"},
        "kernel_regularizer": None, "bias_regularizer": None, "activity_regularizer": None, "kernel_constraint": None, "bias_constraint": None,
    }  # fmt: skip
    assert derive(build({"input": [5, 5, 1], "layers": [{"Conv2D": config}]})).rows[1].output_shape == (3, 3, 4)


def test_kerass_numbering() -> None:
    layers = ["ReLU", "ReLU", {"MaxPooling2D": 2}, "BatchNormalization", "Flatten", {"Dense": 2}, {"Dense": 2}]
    assert names({"input": [8, 8, 1], "layers": layers}) == [
        "input", "re_lu", "re_lu_1", "max_pooling2d", "batch_normalization", "flatten", "dense", "dense_1",
    ]  # fmt: skip


def test_a_list_may_stand_alone() -> None:
    data = {"input": [16], "layers": [{"Reshape": [4, 4, 1]}, {"ZeroPadding2D": [[1, 0], [2, 3]]}]}
    assert [row.output_shape for row in derive(build(data)).rows] == [(16,), (4, 4, 1), (5, 9, 1)]


@pytest.mark.parametrize(
    ("padding", "shape"),
    [("same", (9, 7)), ("valid", (7, 5)), (1, (9, 7)), ([1, 0], (9, 5)), ([[1, 0], [0, 2]], (8, 7))],
)
def test_padding_in_two_dimensions(padding: Any, shape: tuple[int, int]) -> None:
    """A 3x3 kernel on 9x7: each side of padding adds one."""
    data = {"input": [9, 7, 1], "layers": [{"Conv2D": {"filters": 1, "kernel_size": 3, "padding": padding}}]}
    assert derive(build(data)).rows[1].output_shape == (*shape, 1)


@pytest.mark.parametrize(("padding", "length"), [("causal", 9), ([1, 2], 10), (1, 9), ("valid", 7)])
def test_padding_in_one_dimension(padding: Any, length: int) -> None:
    """A pair is (before, after)."""
    data = {"input": [9, 1], "layers": [{"Conv1D": {"filters": 1, "kernel_size": 3, "padding": padding}}]}
    assert derive(build(data)).rows[1].output_shape == (length, 1)


def test_repeat_numbers_named_layers() -> None:
    body = [{"Dense": {"units": 4, "name": "fc"}}, "ReLU"]
    data = {"input": [4], "layers": [{"Repeat": {"times": 3, "layers": body}}]}
    assert names(data) == ["input", "fc_1", "re_lu", "fc_2", "re_lu_1", "fc_3", "re_lu_2"]


def test_equal_entries_are_one_layer() -> None:
    data = {"input": [4], "layers": [{"Repeat": {"times": 3, "layers": [{"Dense": 4}]}}]}
    assert len({id(node.layer) for node in build(data).nodes[1:]}) == 1


def test_residual() -> None:
    data = {
        "input": [8, 8, 4],
        "layers": [{"Residual": {"layers": [{"Conv2D": {"filters": 4, "kernel_size": 3, "padding": "same"}}]}}],
    }
    assert wires(data)["add"] == ("input", "conv2d")
    data["layers"][0]["Residual"]["shortcut"] = [{"Conv2D": {"filters": 4, "kernel_size": 1}}]
    assert wires(data)["add"] == ("conv2d_1", "conv2d")


def test_branches_with_an_empty_one() -> None:
    branches = [[], [{"Conv2D": {"filters": 3, "kernel_size": 1}}]]
    data = {"input": [8, 8, 4], "layers": [{"Branches": {"branches": branches}}]}
    assert wires(data)["concatenate"] == ("input", "conv2d")
    assert derive(build(data)).rows[-1].output_shape == (8, 8, 7)


def test_blocks_take_parameters() -> None:
    data = {
        "input": [16, 16, 3],
        "blocks": {"unit": {"parameters": {"F": None, "s": 1}, "layers": [{"Conv2D": {"filters": "F", "kernel_size": 3, "strides": "s", "padding": "same"}}]}},
        "layers": [{"unit": 8}, {"unit": {"F": 16, "s": 2}}],
    }  # fmt: skip
    assert [row.output_shape for row in derive(build(data)).rows] == [(16, 16, 3), (16, 16, 8), (8, 8, 16)]


def test_a_block_call_may_be_named() -> None:
    """The name stands for what the block puts out, as a U-Net's skip needs it."""
    data = {
        "input": [8, 8, 1],
        "blocks": {"twice": {"layers": ["ReLU", "ReLU"]}},
        "layers": [{"twice": {"name": "skip"}}, {"MaxPooling2D": 2}, {"UpSampling2D": {"size": 2, "name": "up"}}, {"Concatenate": {"inputs": ["up", "skip"]}}],
    }  # fmt: skip
    assert wires(data)["concatenate"] == ("up", "re_lu_1")


def test_inputs_look_in_the_body_first() -> None:
    body = [{"Dense": {"units": 4, "name": "a"}}, "ReLU", {"Add": {"inputs": ["a", "start"]}}]
    data = {
        "input": [4],
        "layers": [{"Dense": {"units": 4, "name": "start"}}, {"Repeat": {"times": 2, "layers": body}}],
    }
    found = wires(data)
    assert found["add"] == ("a_1", "start")
    assert found["add_1"] == ("a_2", "start")


def test_inputs_may_name_a_later_layer() -> None:
    layers = [
        {"Add": {"inputs": ["late", "input"], "name": "sum"}},
        {"Dense": {"units": 4, "name": "late", "inputs": "input"}},
    ]
    assert names({"input": [4], "layers": layers}) == ["input", "late", "sum"]


def test_outputs_default_to_what_nobody_reads() -> None:
    layers = [
        {"Dense": {"units": 2, "name": "a", "inputs": "input"}},
        {"Dense": {"units": 3, "name": "b", "inputs": "input"}},
    ]
    assert build({"input": [4], "layers": layers}).outputs == ("a", "b")
    assert build({"input": [4], "layers": layers, "outputs": "b"}).outputs == ("b",)


def test_a_shared_layer_counts_once() -> None:
    layers = [
        {"Dense": {"units": 5, "name": "tower", "inputs": "left"}},
        {"Shared": {"layer": "tower", "inputs": "right"}},
        {"Concatenate": {"inputs": ["tower", "tower_1"]}},
    ]
    found = derive(build({"inputs": {"left": 3, "right": 3}, "layers": layers}))
    assert [row.params for row in found.rows] == [0, 0, 20, 0, 0]
    assert found.row("tower_1").macs == found.row("tower").macs == 15
    assert found.row("tower_1").to_dict()["shares"] == "tower"
    assert found.total_params == 20


def test_a_shared_layer_may_read_what_comes_later() -> None:
    layers = [
        {"Dense": {"units": 4, "name": "tower"}},
        {"Shared": {"layer": "tower", "inputs": "late", "name": "again"}},
        {"ReLU": {"inputs": "tower", "name": "late"}},
    ]
    assert names({"input": [4], "layers": layers}) == ["input", "tower", "late", "again"]


def test_variables_and_settings() -> None:
    data = {
        "input": ["n", "n", 1],
        "variables": {"n": 28, "F": "n//2"},
        "layers": [{"Conv2D": {"filters": "F", "kernel_size": 3}}],
    }
    assert derive(build(data)).rows[1].output_shape == (26, 26, 14)
    assert derive(build(data, variables={"n": 10})).rows[1].output_shape == (8, 8, 5)


def test_a_variable_without_a_value_is_a_symbol() -> None:
    data = {"input": [8, 8, 3], "variables": {"F": None}, "layers": [{"Conv2D": {"filters": "F", "kernel_size": 3}}]}
    assert str(derive(build(data)).total_params) == "28·F"


def test_the_input_can_be_replaced() -> None:
    data = {"input": [28, 28, 1], "layers": [{"MaxPooling2D": 2}]}
    assert build(data, input=(32, 16, 3)).inputs == {"input": (32, 16, 3)}
    both = {"inputs": {"a": [4], "b": [4]}, "layers": [{"Add": {"inputs": ["a", "b"]}}]}
    assert build(both, input={"b": (6,)}).inputs == {"a": (4,), "b": (6,)}
    with pytest.raises(ArchitectureError, match="say which"):
        build(both, input=(6,))


def test_an_input_may_stand_among_the_layers() -> None:
    data = {"layers": [{"Input": {"shape": [4], "name": "x"}}, {"Dense": 2}]}
    assert wires(data) == {"x": (), "dense": ("x",)}


def test_frozen_layers_move_to_non_trainable() -> None:
    found = derive(build({"input": [4], "layers": [{"Dense": {"units": 2, "trainable": False}}]}))
    assert (found.trainable_params, found.non_trainable_params) == (0, 10)


def test_channels_first() -> None:
    data = {
        "input": [3, 9, 7],
        "layers": [{"Conv2D": {"filters": 5, "kernel_size": 3, "data_format": "channels_first"}}],
    }
    row = derive(build(data)).rows[1]
    assert row.output_shape == (5, 7, 5)
    assert row.params == 3 * 3 * 3 * 5 + 5
    assert row.receptive_field is not None
    assert row.receptive_field.size == (3, 3)


def test_a_hundred_thousand_layers() -> None:
    found = build({"input": [4], "layers": [{"Repeat": {"times": 100_000, "layers": [{"Dense": 4}]}}]})
    assert derive(found).total_params == 20 * 100_000


def test_yaml_merges_and_anchors(tmp_path: Path) -> None:
    path = tmp_path / "net.yaml"
    path.write_text(
        "input: [8, 8, 1]\nlayers:\n  - Conv2D: &c {filters: 4, kernel_size: 3}\n  - Conv2D: {<<: *c, filters: 6}\n  - Conv2D: *c\n"
    )
    assert [row.output_shape for row in derive(load(path)).rows[1:]] == [(6, 6, 4), (4, 4, 6), (2, 2, 4)]


def test_a_layer_used_again_must_fit_its_weights() -> None:
    data = {"inputs": {"x": [6], "y": [7]}, "layers": [{"Dense": {"units": 4, "name": "a", "inputs": "x"}}]}
    good = {**data, "layers": [*data["layers"], {"Shared": {"layer": "a", "inputs": "x"}}]}
    assert derive(build(good)).total_params == 28
    wrong = {**data, "layers": [*data["layers"], {"Shared": {"layer": "a", "inputs": "y"}}]}
    with pytest.raises(ArchitectureError, match="its weights fit: 7 = 6 is false"):
        derive(build(wrong))
