"""PyTorch source against what PyTorch 2.13 answered (recorded in tests/data): single modules and networks."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from recorded import recorded, torch_nets

from cnncalc.architecture import build
from cnncalc.derive import Summary, derive
from cnncalc.errors import ArchitectureError
from cnncalc.interop import load
from cnncalc.interop.torch_modules import MODULES

CASES = recorded("torch_layers")
LEAVES: list[tuple[str, str, list[Any], list[int], int]] = torch_nets()["leaves"]
NETS = {net["name"]: net for net in torch_nets()["nets"]}

TWO_INPUTS = {"Bilinear", "TransformerDecoderLayer"}
NOT_IN_A_SEQUENTIAL = TWO_INPUTS | {"LSTMCell", "GRUCell", "RNNCell"}
EMPTY_MAPS = {448, 2031, 2062}
"""PyTorch makes maps without a pixel, and takes channels of 0; cnncalc refuses both (docs/interop.md)."""

SEQUENCES = {"LSTM", "GRU", "RNN", "MultiheadAttention", "TransformerEncoderLayer", "EmbeddingBag", "Embedding"}


def derived(tmp_path: Path, code: str, shape: tuple[int, ...]) -> Summary:
    path = tmp_path / "net.py"
    path.write_text(f"from torch import nn\n\nmodel = nn.Sequential({code})\n", encoding="utf-8")
    return derive(load(path, input=shape))


def value(v: Any) -> Any:
    return tuple(map(value, v)) if isinstance(v, list) else v


def call(case: dict[str, Any]) -> str:
    arguments = ", ".join(f"{name}={value(v)!r}" for name, v in case["kwargs"].items())
    return f"nn.{case['module']}({arguments})"


def unbatched(case: dict[str, Any]) -> tuple[int, ...]:
    """The input without its batch axis; modules on maps and sequences take one without it, too."""
    module, shape = case["module"], tuple(case["input_shape"])
    if module in {"LSTM", "GRU", "RNN"}:
        if len(shape) == 2:
            return shape
        return (shape[1], shape[2]) if case["kwargs"].get("batch_first") else (shape[0], shape[2])
    rank = int(module[-2]) if module[-1] == "d" and module[-2].isdecimal() else None
    batched = not (rank and len(shape) == rank + 1 and "Norm" not in module and "Dropout" not in module)
    return shape[1:] if batched else shape


def touches_the_batch(case: dict[str, Any]) -> bool:
    kwargs = case["kwargs"]
    return case["module"] in {"Flatten", "Unflatten"} and 0 in (kwargs.get("start_dim"), kwargs.get("dim"))


def usable(case: dict[str, Any]) -> bool:
    shape = case.get("input_shape")
    if case["module"] not in MODULES or case["id"] in EMPTY_MAPS or touches_the_batch(case):
        return False
    return bool(shape) and isinstance(shape[0], int) and (len(shape) > 1 or case["module"] == "Embedding")


USED = [case for case in CASES if usable(case)]


@pytest.mark.parametrize("module", sorted({case["module"] for case in USED}))
def test_modules(module: str, tmp_path: Path) -> None:
    for case in (case for case in USED if case["module"] == module):
        told = f"case {case['id']}: {call(case)} on {case['input_shape']}"
        if module == "Embedding" and len(case["input_shape"]) == 1:
            case = {**case, "input_shape": [1, *case["input_shape"]], "output_shape": [1, *case["output_shape"]]}
        shape = unbatched(case)
        if case["label"] != "ok":
            with pytest.raises(ArchitectureError):
                derived(tmp_path, call(case), shape)
            continue
        found = derived(tmp_path, call(case), shape)
        assert found.trainable_params == case["params"], told
        output = case["output_shape"]
        if isinstance(output[0], int):
            batched = len(shape) < len(case["input_shape"])
            assert list(found.rows[-1].output_shape) == output[batched:], told


def test_which_modules_the_record_leaves_out() -> None:
    left_out = {case["module"] for case in CASES} - {case["module"] for case in USED}
    assert left_out == NOT_IN_A_SEQUENTIAL | {"MultiheadAttention"}  # its three inputs are tested below
    assert len(USED) > 980


def test_aligned_corners_are_kept(tmp_path: Path) -> None:
    """UpsamplingBilinear2d always aligns them (PyTorch's documentation)."""
    code = "nn.UpsamplingBilinear2d(scale_factor=2), nn.Upsample(None, 2, 'bilinear', True), nn.Upsample(None, 2)"
    layers = [row.layer for row in derived(tmp_path, code, (3, 4, 5)).rows][-3:]
    assert [(layer.mode, layer.align_corners) for layer in layers] == [
        ("bilinear", True), ("bilinear", True), ("nearest", None)
    ]  # fmt: skip


def test_states_of_recurrent_modules(tmp_path: Path) -> None:
    """Outputs after the first, without the batch: states as (layers x directions, features)."""
    for case in USED:
        if case["module"] not in {"LSTM", "GRU", "RNN"} or case["label"] != "ok":
            continue
        row = derived(tmp_path, call(case), unbatched(case)).rows[-1]
        sequence, states = case["output_shape"]
        states = states if isinstance(states[0], list) else [states]
        assert row.output_shape[-1] == sequence[-1]
        assert [(s[0], s[-1]) for s in row.output_shapes[1:]] == [(s[0], s[-1]) for s in states]
        assert [list(shape) for shape in row.weights.values()] == [w[1] for w in case["weights"]]


def test_attention_modules_have_the_recorded_parameters() -> None:
    plain = [case for case in CASES if case["module"] == "MultiheadAttention" and case["label"] == "ok"]
    plain = [case for case in plain if not {"kdim", "vdim", "add_bias_kv", "add_zero_attn"} & set(case["kwargs"])]
    for case in plain:
        given = {"bias": True, "add_bias_kv": False, "add_zero_attn": False, **case["kwargs"]}
        ((kind, fields),) = MODULES["MultiheadAttention"].entries(given)[0].items()
        entry = {kind: {**fields, "inputs": ["input"] * 3}}
        found = derive(build({"input": [3, case["kwargs"]["embed_dim"]], "layers": [entry]}))
        assert found.total_params == case["params"]
    assert len(plain) > 5


def test_leaves_of_real_networks(tmp_path: Path) -> None:
    """Every kind of leaf module of 63 torchvision and timm networks, each on the input that it really saw."""
    checked: Counter[str] = Counter()
    for module, printed, inputs, output, params in LEAVES:
        if module not in MODULES or printed.split("(")[0] != module or len(inputs) != 1:
            continue
        found = derived(tmp_path, f"nn.{printed}", tuple(inputs[0][1:]))
        assert found.trainable_params == params, printed
        assert list(found.rows[-1].output_shape) == output[1:], printed
        checked[module] += 1
    assert sum(checked.values()) > 2900


COUNTED = [name for name, net in NETS.items() if sum(LEAVES[i][4] for i in net["leaves"]) == net["params"]]


@pytest.mark.parametrize("name", COUNTED)
def test_totals_of_real_networks(name: str, tmp_path: Path) -> None:
    """The parameters of all leaves add up to the published count, where no module holds weights of its own."""
    total = 0
    for index in NETS[name]["leaves"]:
        module, printed, inputs, _, params = LEAVES[index]
        known = module in MODULES and printed.split("(")[0] == module and params
        total += derived(tmp_path, f"nn.{printed}", tuple(inputs[0][1:])).trainable_params if known else params
    assert total == NETS[name]["params"]
    assert len(COUNTED) > 35
