"""Keras files against what Keras 3.15.1 answered (recorded in tests/data): single layers and whole networks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from recorded import recorded

from cnncalc.derive import Row, derive
from cnncalc.errors import ArchitectureError
from cnncalc.interop import load

LAYERS = recorded("keras_layers")
NETS = {net["name"]: net for net in recorded("keras_nets")}

JOINS_THE_BATCH = 2766
"""The one case that Keras accepts and cnncalc refuses, by a rule that docs/interop.md states."""

ACCEPTED = [case for case in LAYERS if case["label"] == "ok" and case["id"] != JOINS_THE_BATCH]


def tensor(name: str) -> dict[str, Any]:
    return {"class_name": "__keras_tensor__", "config": {"keras_history": [name, 0, 0]}}


def functional(case: dict[str, Any]) -> dict[str, Any]:
    """The config of a Functional model of inputs and one layer."""
    many = isinstance(case["input_shape"][0], list)
    shapes = case["input_shape"] if many else [case["input_shape"]]
    names = [f"input_{i}" for i in range(len(shapes))]
    tensors = [tensor(name) for name in names]
    inputs = [
        {"class_name": "InputLayer", "name": name, "config": {"batch_shape": shape, "name": name}, "inbound_nodes": []}
        for name, shape in zip(names, shapes, strict=True)
    ]
    tested = {
        "class_name": case["layer_class"],
        "name": "tested",
        "config": {**(case.get("config") or case["kwargs"]), "name": "tested"},
        "inbound_nodes": [{"args": tensors if case.get("inputs") == "args" or not many else [tensors], "kwargs": {}}],
    }
    config = {
        "name": "case",
        "layers": [*inputs, tested],
        "input_layers": [[name, 0, 0] for name in names],
        "output_layers": [["tested", 0, 0]],
    }
    return {"class_name": "Functional", "config": config}


def written(tmp_path: Path, model: Any) -> Path:
    path = tmp_path / "model.json"
    path.write_text(json.dumps(model), encoding="utf-8")
    return path


def keras_row(case: dict[str, Any], tmp_path: Path) -> Row:
    """The row of the one layer of a case."""
    return derive(load(written(tmp_path, functional(case)))).row("tested")


def classes(*labels: str) -> list[str]:
    return sorted({case["layer_class"] for case in LAYERS if case["label"] in labels})


@pytest.mark.parametrize("kind", classes("ok"))
def test_what_keras_accepts(kind: str, tmp_path: Path) -> None:
    for case in (case for case in ACCEPTED if case["layer_class"] == kind):
        told = f"case {case['id']}: {case['kwargs']} on {case['input_shape']}"
        row = keras_row(case, tmp_path)
        assert (row.trainable, row.non_trainable) == (case["trainable"], case["non_trainable"]), told
        shapes = case["output_shape"] if isinstance(case["output_shape"][0], list) else [case["output_shape"]]
        assert len(row.output_shapes) == len(shapes), told
        for ours, theirs in zip(row.output_shapes, shapes, strict=True):
            assert len(ours) == len(theirs) - 1, told
            assert all(a == b for a, b in zip(ours, theirs[1:], strict=True) if b is not None), told
        assert sorted(list(shape) for shape in row.weights.values()) == sorted(w[1] for w in case["weights"]), told


@pytest.mark.parametrize("kind", classes("invalid"))
def test_what_keras_refuses(kind: str, tmp_path: Path) -> None:
    for case in (case for case in LAYERS if case["layer_class"] == kind and case["label"] == "invalid"):
        with pytest.raises(ArchitectureError) as caught:
            derive(load(written(tmp_path, functional(case))))
        assert caught.value.file, f"case {case['id']}"


def test_the_record_is_large() -> None:
    assert len(LAYERS) == 1444
    assert len(NETS) == 38


@pytest.mark.parametrize("name", NETS)
def test_networks_layer_by_layer(name: str, tmp_path: Path) -> None:
    net = NETS[name]
    found = derive(load(written(tmp_path, net["config"])))
    totals = (found.total_params, found.trainable_params, found.non_trainable_params)
    assert totals == (net["total"], net["trainable"], net["non_trainable"])
    rows = {row.name: row for row in found.rows}
    for layer, kind, shape, trainable, non_trainable in net["layers"]:
        if kind in {"Sequential", "Functional"}:  # a model inside: its layers have rows of their own
            continue
        row = rows[layer]
        assert (row.trainable, row.non_trainable) == (trainable, non_trainable), layer
        assert all(a == b for a, b in zip(row.output_shape, shape[1:], strict=True) if b is not None), layer
