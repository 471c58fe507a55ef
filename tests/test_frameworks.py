"""Single layers against what Keras 3.15 and PyTorch 2.13 answered (recorded in tests/data)."""

from __future__ import annotations

from typing import Any

import pytest
from recorded import recorded

from cnncalc.architecture import build
from cnncalc.derive import derive
from cnncalc.derive.rows import Row
from cnncalc.errors import ArchitectureError

KERAS = recorded("keras_layers")
TORCH = recorded("torch_layers")

REFUSED = {2766: "joins along the batch", 2786: "LoRA", 2787: "LoRA"}
"""Keras cases that cnncalc refuses, and why."""


def keras_row(case: dict[str, Any]) -> Row:
    shapes = case["input_shape"]
    shapes = shapes if isinstance(shapes[0], list) else [shapes]
    names = [f"input_{i}" for i in range(len(shapes))]
    config = {**(case["config"] or case["kwargs"]), "name": "tested", "inputs": names}
    data = {"inputs": {n: s[1:] for n, s in zip(names, shapes, strict=True)}, "layers": [{case["layer_class"]: config}]}
    return derive(build(data)).row("tested")


GOOD = [case for case in KERAS if case["label"] == "ok" and case["id"] not in REFUSED]


@pytest.mark.parametrize("kind", sorted({case["layer_class"] for case in KERAS}))
def test_keras_agrees(kind: str) -> None:
    for case in (case for case in GOOD if case["layer_class"] == kind):
        row = keras_row(case)
        told = f"case {case['id']}: {case['kwargs']} on {case['input_shape']}"
        assert (row.trainable, row.non_trainable) == (case["trainable"], case["non_trainable"]), told
        known = [
            (ours, theirs) for ours, theirs in zip(row.output_shape, case["output_shape"][1:], strict=True) if theirs
        ]
        assert all(ours == theirs for ours, theirs in known), told
        if case["weights"] and not case["config"].get("seed"):
            assert [list(shape) for shape in row.weights.values()] == [w[1] for w in case["weights"]][
                : len(row.weights)
            ]


def test_keras_cases_are_many() -> None:
    assert len(GOOD) > 950


@pytest.mark.parametrize("case_id", REFUSED)
def test_what_is_refused_is_refused_in_words(case_id: int) -> None:
    with pytest.raises(ArchitectureError):
        keras_row(next(case for case in KERAS if case["id"] == case_id))


KINDS = {"Conv": "Conv{}D", "ConvTranspose": "Conv{}DTranspose", "MaxPool": "MaxPooling{}D", "AvgPool": "AveragePooling{}D",
         "AdaptiveAvgPool": "AdaptiveAveragePooling{}D", "AdaptiveMaxPool": "AdaptiveMaxPooling{}D"}  # fmt: skip
FIELDS = {"out_channels": "filters", "stride": "strides", "dilation": "dilation_rate", "bias": "use_bias"}
ONLY_TORCH = {"in_channels", "padding_mode", "count_include_pad", "divisor_override", "return_indices"}


def torch_entry(case: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The entry of a file that means the PyTorch module."""
    stem, rank = case["module"][:-2], case["module"][-2]
    kind = KINDS[stem].format(rank)
    given = dict(case["kwargs"])
    if stem.endswith("Pool") and "kernel_size" in given:
        given["pool_size"] = given.pop("kernel_size")
    fields = {FIELDS.get(name, name): value for name, value in given.items() if name not in ONLY_TORCH}
    if isinstance(fields.get("padding"), list):  # per axis, where a pair in 1D would be before and after
        fields["padding"] = [[p, p] for p in fields["padding"]]
    if stem == "ConvTranspose":
        fields.setdefault("padding", 0)
    return kind, {name: value for name, value in fields.items() if value is not None} | {
        "data_format": "channels_first"
    }


def torch_row(case: dict[str, Any]) -> Row:
    kind, fields = torch_entry(case)
    rank = int(case["module"][-2])
    shape = case["input_shape"][len(case["input_shape"]) - rank - 1 :]
    if "in_channels" in case["kwargs"] and case["kwargs"]["in_channels"] != shape[0]:
        pytest.skip("the module's own in_channels decide")
    return derive(build({"input": shape, "layers": [{kind: fields}]})).rows[-1]


def expressible(case: dict[str, Any]) -> bool:
    """Leaves out what a file cannot say: empty maps, two outputs, sizes of None, other in_channels."""
    if case["kwargs"].get("return_indices") or 0 in (*case["input_shape"], *case["output_shape"]):
        return False
    sizes = case["kwargs"].get("output_size")
    sizes = sizes if isinstance(sizes, list) else [sizes]
    adaptive = "Adaptive" in case["module"]
    rank = int(case["module"][-2])
    shape = case["input_shape"] or []
    if len(shape) not in {rank + 1, rank + 2} or (adaptive and (None in sizes or 0 in sizes)):
        return False
    return case["kwargs"].get("in_channels", shape[-rank - 1]) == shape[-rank - 1]


@pytest.mark.parametrize("module", sorted({case["module"] for case in TORCH}))
def test_torch_agrees(module: str) -> None:
    checked = 0
    for case in (case for case in TORCH if case["module"] == module and case["label"] == "ok" and expressible(case)):
        row = torch_row(case)
        told = f"case {case['id']}: {case['kwargs']} on {case['input_shape']}"
        rank = int(module[-2])
        assert list(row.output_shape) == case["output_shape"][-rank - 1 :], told
        assert row.params == case["params"], told
        checked += 1
    assert checked >= 4
