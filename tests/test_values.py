"""The witness against the values that Keras and PyTorch put out for the same inputs and weights (tests/data)."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest
from framework_values import difference, witness_outputs
from value_records import FILES, NETWORKS, Record, load, load_networks

from cnncalc.layers import HOME
from cnncalc.witness import Store, execute

RECORDS = {framework: load(path) for framework, path in FILES.items()}
NETS = load_networks(NETWORKS)

HAVE_NO_VALUES = {
    "Input": "it is what is given",
    "Custom": "a declaration, not a function",
    "FractionalMaxPooling2D": "random even at rest",
    "FractionalMaxPooling3D": "random even at rest",
    "RandomCrop": "at rest Keras hands the picture on uncropped, against its documentation",
    **dict.fromkeys(
        ("RandomBrightness", "RandomContrast", "RandomHue", "RandomRotation", "RandomSaturation", "RandomSharpness",
         "RandomTranslation", "RandomZoom"),
        "nothing at rest, and Keras cannot be asked without a strength that is no field here",
    ),
}  # fmt: skip
"""Kinds that nothing is recorded of, and why."""


def of_kind(framework: str, kind: str) -> list[Record]:
    return [record for record in RECORDS[framework] if record.layer.kind() == kind]


def runs(kind: str) -> bool:
    return find_spec(f"cnncalc.witness.forward.{HOME[kind]}") is not None


CASES = [
    pytest.param(framework, kind, marks=pytest.mark.skipif(not runs(kind), reason="the witness cannot run it"))
    for framework, records in RECORDS.items()
    for kind in sorted({record.layer.kind() for record in records})
]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("framework", "kind"), CASES)
def test_values(framework: str, kind: str) -> None:
    wrong = []
    for record in of_kind(framework, kind):
        mine = witness_outputs(record.layer, record.inputs, record.weights)
        told = difference(mine, record.outputs)
        if told:
            wrong.append(f"{record.layer!r} on {[x.shape for x in record.inputs]}: {told}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", NETS)
def test_networks_layer_by_layer(name: str) -> None:
    """Every layer sees what the witness made before it, so errors would add up."""
    net = NETS[name]
    if not all(runs(node.layer.kind()) for node in net.architecture.nodes):
        pytest.skip("the witness cannot run all of its layers")
    seen = {ran.node.name: ran.outputs for ran in execute(net.architecture, net.inputs, Store(net.weights))}
    assert seen.keys() == net.outputs.keys()
    assert [name for name in seen if difference(list(seen[name]), net.outputs[name])] == []


def test_every_kind_is_recorded_or_has_a_reason() -> None:
    recorded = {record.layer.kind() for records in RECORDS.values() for record in records}
    assert recorded == set(HOME) - set(HAVE_NO_VALUES)


def test_the_records_are_many() -> None:
    assert len(RECORDS["keras"]) > 900
    assert len(RECORDS["torch"]) > 900
    assert sum(len(record.weights) for records in RECORDS.values() for record in records) > 1000


def test_a_wrong_value_is_told() -> None:
    record = next(record for record in of_kind("keras", "Conv2D") if "bias" in record.weights)
    mine = witness_outputs(record.layer, record.inputs, record.weights)
    assert difference(mine, record.outputs) is None
    bent = record.weights | {"bias": record.weights["bias"] + np.float32(2e-3)}
    assert difference(witness_outputs(record.layer, record.inputs, bent), record.outputs)
