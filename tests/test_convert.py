"""Networks written and read again: architecture files in YAML, and Keras configs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from recorded import recorded
from strategies import cases, networks

import cnncalc
from cnncalc.architecture import Architecture, Node, build
from cnncalc.architecture.files import parse_text
from cnncalc.derive import derive
from cnncalc.errors import ArchitectureError
from cnncalc.interop import load
from cnncalc.interop.keras_config import read_config
from cnncalc.interop.keras_writer import keras_config
from cnncalc.interop.yaml_writer import architecture_yaml
from cnncalc.layers import Layer
from cnncalc.layers import kind as kind_of

EXAMPLES = [
    path
    for path in sorted((Path(__file__).parents[1] / "examples").rglob("*.yaml"))
    if "weights" not in path.stem and path.parent.name != "exercises"
]
VALID = [path for path in EXAMPLES if "wrong" not in path.parts]
NETS = {net["name"]: net["config"] for net in recorded("keras_nets")}


def told(architecture: Architecture) -> list[Any]:
    """What must survive: names, layers, wiring; not how an input was declared, nor defaults written out."""
    return [(node.name, node.layer.kind(), said(node.layer), node.inputs, node.shares) for node in architecture.nodes]


def said(layer: Layer) -> dict[str, Any]:
    """The fields, with nothing for what means the same as nothing."""
    silent = [("input_spec", layer.input_spec), ("data_format", "channels_last"), ("activation", "linear")]
    silent += [(name, None) for name, field in type(layer).model_fields.items() if field.default is None]
    fields = {name: said(value) if isinstance(value, Layer) else value for name, value in layer}
    return {name: value for name, value in fields.items() if (name, value) not in silent}


def through_yaml(architecture: Architecture) -> Architecture:
    return build(parse_text(architecture_yaml(architecture), "net.yaml").data)


def through_keras(architecture: Architecture) -> Architecture:
    return build(read_config(json.dumps(keras_config(architecture)), "model.json").data)


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_examples_through_yaml(path: Path) -> None:
    architecture = load(path)
    again = through_yaml(architecture)
    assert told(again) == told(architecture)
    assert (again.outputs, again.limits) == (architecture.outputs, dict(architecture.limits))


@pytest.mark.parametrize("name", NETS)
def test_keras_networks_through_both(name: str) -> None:
    architecture = build(read_config(json.dumps(NETS[name]), "model.json").data)
    assert told(through_yaml(architecture)) == told(architecture)
    again = through_keras(architecture)
    assert told(again) == told(architecture)
    assert again.outputs == architecture.outputs


@given(networks())
@settings(suppress_health_check=[HealthCheck.filter_too_much])
def test_random_networks_through_yaml(data: dict[str, Any]) -> None:
    architecture = build(data)
    assert told(through_yaml(architecture)) == told(architecture)


@given(cases())
def test_every_layer_through_yaml(case: tuple[Any, Any]) -> None:
    layer, xs = case
    assume(layer.kind() != "Input")
    sources = [Node(f"x{i}", kind_of("Input").model_validate({"shape": x})) for i, x in enumerate(xs)]
    architecture = Architecture("case", (*sources, Node("tested", layer, tuple(n.name for n in sources))), ("tested",))
    assert told(through_yaml(architecture)) == told(architecture)


@pytest.mark.parametrize(
    ("entry", "line"),
    [
        ({"Bidirectional": {"layer": {"LSTM": 3}, "merge_mode": None}}, "Bidirectional: {layer: {LSTM: {units: 3}}, merge_mode: null}"),
        ({"Normalization": {"axis": None}}, "Normalization: {axis: null}"),
        ({"RMSNormalization": {"epsilon": None}}, "RMSNormalization: {epsilon: null}"),
        ({"Activation": {"activation": None}}, "Activation: {activation: null}"),
    ],
)  # fmt: skip
def test_nothing_is_written_where_it_is_no_default(entry: dict[str, Any], line: str) -> None:
    architecture = build({"input": [4, 2], "layers": [entry]})
    assert architecture_yaml(architecture).splitlines()[-1] == f"  - {line}"
    assert through_yaml(architecture).nodes[-1].layer == architecture.nodes[-1].layer


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_examples_through_keras(path: Path) -> None:
    """What Keras can hold keeps its shapes and counts, though a padding may have become a layer."""
    architecture = load(path)
    try:
        again = derive(through_keras(architecture))
    except ArchitectureError as error:
        assert {fault.code for fault in error.faults} == {"not-keras"}
        return
    found = derive(architecture)
    assert again.total_params == found.total_params
    assert again.trainable_params == found.trainable_params
    rows = {row.name: row for row in again.rows}
    for row in found.rows:
        if row.name in rows:
            assert rows[row.name].output_shapes == row.output_shapes


def test_padding_in_numbers_becomes_layers() -> None:
    network = build(
        {
            "input": [9, 9, 3],
            "layers": [
                {"Conv2D": {"filters": 4, "kernel_size": 3, "padding": [1, 2], "activation": "relu"}},
                {"MaxPooling2D": {"pool_size": 3, "strides": 2, "padding": 1}},
                {"Conv2DTranspose": {"filters": 4, "kernel_size": 4, "strides": 2, "padding": 1}},
            ],
        }
    )
    kinds = [layer["class_name"] for layer in keras_config(network)["config"]["layers"]]
    assert kinds == ["InputLayer", "ZeroPadding2D", "Conv2D", "ZeroPadding2D", "MaxPooling2D", "Conv2DTranspose", "Cropping2D"]  # fmt: skip
    assert derive(through_keras(network)).rows[-1].output_shape == derive(network).rows[-1].output_shape


@pytest.mark.parametrize(
    ("layer", "why"),
    [
        ({"MaxPooling2D": {"pool_size": 3, "padding": 1}}, "Keras pads a maximum by words alone"),
        ({"MaxPooling2D": {"pool_size": 2, "ceil_mode": True}}, "Keras has no ceil_mode"),
        ({"PixelShuffle": {"upscale_factor": 2}}, "Keras has no such layer"),
        ({"Conv2D": {"filters": "F", "kernel_size": 3}}, "F is a symbol"),
        ({"Conv2DTranspose": {"filters": 4, "kernel_size": 2, "strides": 3, "padding": 0, "output_padding": 2}}, "output_padding"),
    ],
)  # fmt: skip
def test_what_keras_cannot_hold_is_refused(layer: dict[str, Any], why: str) -> None:
    network = build({"input": [8, 8, 4], "variables": {"F": None}, "layers": [layer]})
    with pytest.raises(ArchitectureError, match=why):
        keras_config(network)


def test_files_are_written_whole_or_not_at_all(tmp_path: Path) -> None:
    network = build({"input": [8, 8, 4], "layers": [{"PixelShuffle": {"upscale_factor": 2}}]})
    target = tmp_path / "model.json"
    target.write_text("kept", encoding="utf-8")
    with pytest.raises(ArchitectureError):
        cnncalc.save(network, target)
    assert target.read_text(encoding="utf-8") == "kept"
    cnncalc.save(network, tmp_path / "net.yaml")
    assert told(load(tmp_path / "net.yaml")) == told(network)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.json", "net.yaml"]
    with pytest.raises(ArchitectureError, match="cannot be written"):
        cnncalc.save(network, tmp_path / "net.txt")
    with pytest.raises(ArchitectureError, match="cannot be written"):
        cnncalc.save(network, tmp_path / "nowhere" / "net.yaml")


def test_a_softmax_over_what_is_cut_off() -> None:
    """With channels first Keras takes softmax along the last spatial axis, before its cropping layer could cut it."""
    fields = {"filters": 1, "kernel_size": 1, "strides": 2, "padding": 0, "data_format": "channels_first"}
    for activation, fits in (("relu", True), ("softmax", False)):
        network = build({"input": [1, 3, 3], "layers": [{"Conv2DTranspose": {**fields, "activation": activation}}]})
        if fits:
            assert keras_config(network)
        else:
            with pytest.raises(ArchitectureError, match="softmax would see the pixels that are cut off"):
                keras_config(network)
