"""Conventions of counting against what the counters answered (recorded in tests/data), on symbols, and explained."""

from __future__ import annotations

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from recorded import recorded
from strategies import networks
from test_cli import ROOT, on_terminal, run
from test_keras import ACCEPTED, keras_row
from torch_modules import entries

import cnncalc
from cnncalc.architecture import build
from cnncalc.cli.options import CONVENTIONS as NAMES
from cnncalc.derive import Summary, derive
from cnncalc.derive.conventions import CONVENTIONS
from cnncalc.derive.operations import operations
from cnncalc.derive.reconcile import parameters, reconcile
from cnncalc.errors import ArchitectureError
from cnncalc.expression import evaluate, names

CASES = {case["case"]: case for case in recorded("counters")}
COUNTERS = ["fvcore", "ptflops", "ptflops-aten", "thop", "thop-0.0.31", "torchinfo", "torch", "deepspeed"]
NETWORKS = ("resnet50", "mobilenet_v2")

LEFT_OUT = {
    r".*(_b2|@b2| b2)$": "a batch of two: numbers here are for one example",
    r".*@no_grad$": "attention without gradients takes a fused path that most counters cannot see",
    r".*@no_mkldnn$": "an LSTM with oneDNN switched off",
    r".*_train(_noaffine)?$|.*@train$": "training: numbers here are for a network in use",
    r"conv2d_same_reflect|reflectionpad2d": "padding by reflection has no kind",
    r"pixel(un)?shuffle": "has no kind",
    r"instancenorm2d.*_stats": "an instance norm with running statistics has no kind",
    r".*_seqfirst": "time before batch: ptflops divides by the time",
    r"mha.*_noweights": "attention as one fused function, which counters see or not; here it is two products",
    r"fn: (F\.|torch\.(add|mul|bmm)|x @|x\.mean).*|fn: .* 4axes": "a function called without a module: here every layer is its module, and a merge its operator",
}
"""Recorded cases that are not compared, and why."""

LEFT_OUT_OF = {
    "fvcore": (r"conv.d_(same|valid)(_even|_odd)?", "padding given as a word has no handler and counts 0; here a word is the numbers that it means"),
    "deepspeed": (r"conv2d_same_even", "works the output size out by itself, one position too few per axis"),
}  # fmt: skip
"""The same for one counter."""


def left_out(case: str, counter: str) -> bool:
    patterns = [*LEFT_OUT, *([LEFT_OUT_OF[counter][0]] if counter in LEFT_OUT_OF else [])]
    return any(re.fullmatch(pattern, case) for pattern in patterns)


COMPARED = [case for case in CASES if case not in NETWORKS and not left_out(case, "")]


@cache
def summary_of(name: str) -> Summary:
    case = CASES[name]
    shape = case["input_shape"][1:]
    return derive(build({"input": shape, "layers": entries(case["layer"] | {"axes": len(shape) - 1})}))


@cache
def network(name: str) -> Summary:
    return cnncalc.summarize(cnncalc.load(ROOT / "examples" / "zoo" / f"{name}.yaml"))


def total(found: Summary, counter: str) -> Any:
    return sum(CONVENTIONS[counter].count(row) for row in found.rows)


@pytest.mark.parametrize("counter", COUNTERS)
@pytest.mark.parametrize("name", COMPARED)
def test_single_layers(name: str, counter: str) -> None:
    if left_out(name, counter):
        pytest.skip(LEFT_OUT_OF[counter][1])
    found = summary_of(name)
    assert total(found, counter) == CASES[name]["totals"][counter]
    assert not any(CONVENTIONS[counter].unrecorded(row) for row in found.rows)


def test_enough_is_compared() -> None:
    assert len(COMPARED) >= 120
    transposed = [name for name in COMPARED if name.startswith("convT")]
    assert len(transposed) >= 20
    for pattern in [*LEFT_OUT, *(pattern for pattern, _ in LEFT_OUT_OF.values())]:
        assert any(re.fullmatch(pattern, name) for name in CASES), pattern


@pytest.mark.parametrize("counter", COUNTERS)
def test_resnet50(counter: str) -> None:
    assert total(network("resnet50"), counter) == CASES["resnet50"]["totals"][counter]


FUNCTIONAL_POOL = {"ptflops": 62_720, "thop": 62_720 + 1_280, "thop-0.0.31": 62_720 + 1_280}
"""torchvision's MobileNetV2 calls the function of its last pool, of 62,720 numbers to 1,280; the file has the module."""


@pytest.mark.parametrize("counter", COUNTERS)
def test_mobilenet_v2(counter: str) -> None:
    wanted = CASES["mobilenet_v2"]["totals"][counter] + FUNCTIONAL_POOL.get(counter, 0)
    assert total(network("mobilenet_v2"), counter) == wanted


def test_published_macs_are_the_default() -> None:
    """The products alone: 4.089 and 0.301 billion."""
    assert [total(network(name), "macs") for name in NETWORKS] == [4_089_184_256, 300_774_272]
    assert total(network("resnet50"), "flops") == total(network("resnet50"), "torch") == 8_178_368_512


WRITTEN_OUT: list[tuple[Any, list[Any]]] = [
    (
        {"Conv2D": {"filters": 6, "kernel_size": 3, "activation": "relu"}},
        [{"Conv2D": {"filters": 6, "kernel_size": 3}}, "ReLU"],
    ),
    ({"Dense": {"units": 6, "activation": "softmax"}}, [{"Dense": 6}, "Softmax"]),
    (
        {"SeparableConv2D": {"filters": 6, "kernel_size": 3, "depth_multiplier": 2, "activation": "gelu"}},
        [
            {"DepthwiseConv2D": {"kernel_size": 3, "depth_multiplier": 2, "use_bias": False}},
            {"Conv2D": {"filters": 6, "kernel_size": 1}},
            {"Activation": "gelu"},
        ],
    ),
    ("GlobalAveragePooling2D", [{"AdaptiveAveragePooling2D": 1}]),
]


@pytest.mark.parametrize(("short", "long"), WRITTEN_OUT, ids=["conv", "dense", "separable", "pool"])
@pytest.mark.parametrize("counter", CONVENTIONS)
def test_layers_are_the_modules_behind_them(short: Any, long: list[Any], counter: str) -> None:
    one, several = (derive(build({"input": [9, 8, 4], "layers": layers})) for layers in ([short], long))
    assert total(one, counter) == total(several, counter)


@pytest.mark.parametrize("counter", COUNTERS)
def test_time_distributed_runs_at_every_step(counter: str) -> None:
    inner: Any = {"Conv2D": {"filters": 6, "kernel_size": 3, "activation": "relu"}}
    once = derive(build({"input": [9, 8, 4], "layers": [inner]}))
    often = derive(build({"input": [5, 9, 8, 4], "layers": [{"TimeDistributed": {"layer": inner}}]}))
    assert total(often, counter) == 5 * total(once, counter)


def checked(found: Summary) -> None:
    for chosen in CONVENTIONS.values():
        for row in found.rows:
            assert chosen.count(row) == sum(chosen.parts(row).values())
    for each in reconcile(found):
        assert each.difference == sum(cause.amount for cause in each.causes)
        assert each.difference == each.total - each.convention.per_mac * found.total_macs
        for cause in each.causes:
            assert cause.amount == sum(share.amount for share in cause.shares)
    for row in found.rows:
        assert sum(each.times * each.macs for each in operations(row)) == row.macs


@given(networks())
def test_parts_are_the_count(data: dict[str, Any]) -> None:
    try:
        found = derive(build(data))
    except ArchitectureError:
        assume(False)
    checked(found)


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in sorted(ROOT.glob("examples/**/*.yaml"))
        if "weights" not in path.stem and path.parent.name != "exercises"
    ],
    ids=lambda path: path.stem,
)
def test_parts_are_the_count_in_the_examples(path: Path) -> None:
    if "wrong" in path.parts:
        return
    found = derive(cnncalc.load(path))
    if all(isinstance(row.macs, int) for row in found.rows):
        checked(found)


@pytest.mark.parametrize("kind", sorted({case["layer_class"] for case in ACCEPTED}))
def test_every_kind_has_its_products(kind: str, tmp_path: Path) -> None:
    """The modules behind a layer multiply as often as the layer does, wrappers and separable layers included."""
    for case in (case for case in ACCEPTED if case["layer_class"] == kind):
        row = keras_row(case, tmp_path)
        numeric = all(isinstance(n, int) for shape in (*row.input_shapes, row.output_shape) for n in shape)
        for chosen in CONVENTIONS.values():
            assert not numeric or chosen.count(row) == sum(chosen.parts(row).values())
            assert not chosen.unrecorded(row) or kind in UNRECORDED
        if numeric:
            assert sum(each.times * each.macs for each in operations(row)) == row.macs


UNRECORDED = {
    **dict.fromkeys(
        ["AdditiveAttention", "Attention", "GroupQueryAttention", "MultiHeadAttention", "EinsumDense"],
        "PyTorch has no such module",
    ),
    **dict.fromkeys(["ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"], "PyTorch has none"),
    **dict.fromkeys(["CenterCrop", "RandomCrop", "Resizing"], "pictures are prepared before the network"),
    **dict.fromkeys(["Normalization", "UnitNormalization"], "constants, and lengths"),
    "AdaptiveAveragePooling3D": "fvcore knows a pool in 2D and not in 1D; 3D was not asked",
    "Dot": "of unit vectors",
    "GlobalAveragePooling3D": "the same",
    "Maximum": "operators other than + and * were not asked",
    "Minimum": "the same",
    "ReLU": "with a threshold, or another bound than 6",
    "UpSampling3D": "the same as with adaptive pools",
}
"""Kinds of which some setting has no recorded rule, and why; new ones are said by `cnncalc reconcile`."""


SELF = {"inputs": ["input", "input"]}

OTHERS: list[tuple[list[int], Any]] = [
    ([7, 9, 8, 3], {"ConvLSTM2D": {"filters": 4, "kernel_size": 3}}),
    ([7, 6], {"Bidirectional": {"layer": {"GRU": 4}, "merge_mode": "sum"}}),
    ([7, 6], {"TimeDistributed": {"layer": {"Dense": {"units": 4, "activation": "gelu"}}}}),
    ([7, 6, 3], {"SpectralNormalization": {"layer": {"Conv2D": {"filters": 4, "kernel_size": 3}}}}),
    ([7, 6], {"MultiHeadAttention": {"num_heads": 2, "key_dim": 5, "value_dim": 4, **SELF}}),
    ([7, 6], {"GroupQueryAttention": {"head_dim": 4, "num_query_heads": 4, "num_key_value_heads": 2, **SELF}}),
    ([7, 6], {"Attention": SELF}),
    ([7, 6], {"AdditiveAttention": SELF}),
    ([7, 6], {"EinsumDense": {"equation": "abc,cd->abd", "output_shape": [7, 4], "activation": "relu"}}),
    ([7, 6], {"Dense": {"units": 4, "lora_rank": 2}}),
    ([9, 8, 3], {"Resizing": {"height": 5, "width": 4}}),
    ([9, 8, 3], {"Resizing": {"height": 5, "width": 4, "interpolation": "lanczos3"}}),
    ([9, 8, 3], {"RandomFlip": "horizontal"}),
    ([9, 8, 3], {"CenterCrop": {"height": 5, "width": 4}}),
    ([9, 8, 4], {"LayerScale": 4}),
    ([9, 8, 4], "GLU"),
    ([9, 8, 4], "Normalization"),
    ([9, 8, 4], {"Custom": {"output": [3], "params": 5, "macs": 77}}),
    ([9], {"ReversibleEmbedding": {"input_dim": 5, "output_dim": 4}}),
]


@pytest.mark.parametrize(("shape", "entry"), OTHERS, ids=[str(entry)[:40] for _, entry in OTHERS])
def test_parts_are_the_count_of_other_kinds(shape: list[int], entry: Any) -> None:
    checked(derive(build({"input": shape, "layers": [entry]})))


SYMBOLIC: list[Any] = [
    {"Conv2D": {"filters": "F", "kernel_size": 3, "padding": 1, "activation": "relu"}},
    "BatchNormalization",
    {"Conv2DTranspose": {"filters": 4, "kernel_size": 4, "strides": 2, "padding": 1}},
    {"AveragePooling2D": 2},
    {"UpSampling2D": {"size": 2, "interpolation": "bilinear"}},
    {"Activation": "softmax"},
    "GlobalAveragePooling2D",
    {"Dense": 10},
]


@given(st.integers(8, 40), st.integers(8, 40), st.integers(1, 9))
def test_symbols_then_numbers_is_numbers(h: int, w: int, f: int) -> None:
    data = {"variables": {"H": None, "W": None, "F": None}, "layers": SYMBOLIC}
    symbolic = derive(build({"input": ["H", "W", 3], **data}))
    numeric = derive(build({"input": [h, w, 3], **data}, variables={"H": h, "W": w, "F": f}))
    for counter in CONVENTIONS:
        told = total(symbolic, counter)
        assert set(names(told)) == {"H", "W", "F"}
        assert evaluate(told, {"H": h, "W": w, "F": f}) == total(numeric, counter)


def test_symbols_can_be_reconciled() -> None:
    found = derive(build({"variables": {"H": None, "W": None, "F": None}, "input": ["H", "W", 3], "layers": SYMBOLIC}))
    numbers = {"H": 20, "W": 30, "F": 5}
    for each in reconcile(found):
        difference = evaluate(each.total, numbers) - each.convention.per_mac * evaluate(found.total_macs, numbers)
        assert evaluate(each.difference, numbers) == difference


def test_what_was_not_recorded_is_said() -> None:
    layers: list[Any] = [
        {"Dense": 4},
        "UnitNormalization",
        {"EinsumDense": {"equation": "ab,bc->ac", "output_shape": 5}},
    ]
    found = derive(build({"input": [3], "layers": layers}))
    (fvcore,) = (each for each in reconcile(found) if each.convention.name == "fvcore")
    assert fvcore.unrecorded == {"UnitNormalization": 1, "EinsumDense": 1}
    assert fvcore.total == 3 * 4 + 4 * 5


def test_parameters_by_each_convention() -> None:
    """Keras's and torchvision's published numbers of the same network."""
    assert parameters(network("mobilenet_v2")) == (3_538_984, 3_504_872, 3_504_872)
    frozen = derive(build({"input": [4, 4, 3], "layers": [{"BatchNormalization": {"trainable": False}}, {"Dense": 2}]}))
    assert parameters(frozen) == (12 + 8, 6 + 8, 8)


def test_the_names_of_the_command_line() -> None:
    assert tuple(CONVENTIONS) == NAMES


def test_library() -> None:
    data = {"input": [8, 8, 3], "layers": [{"Conv2D": {"filters": 4, "kernel_size": 3}}, "BatchNormalization"]}
    found = cnncalc.summarize(data, convention="fvcore")
    assert [found.counted(row) for row in found.rows] == [0, 36 * 4 * 27, 2 * 36 * 4]
    assert "MACs (fvcore): 4,176" in repr(found)
    assert "<th class=" in found._repr_html_()
    assert "counted" not in json.dumps(cnncalc.summarize(data).to_dict())
    assert cnncalc.summarize(data).total_counted == 3_888
    with pytest.raises(ValueError, match="there is no convention 'fvcor'"):
        cnncalc.summarize(data, convention="fvcor")


NET = "input: [8, 8, 3]\nlayers:\n  - Conv2D: {filters: 4, kernel_size: 3, activation: relu}\n  - BatchNormalization\n  - GlobalAveragePooling2D\n  - Dense: 10\n"


@pytest.mark.parametrize("form", ["table", "keras", "markdown", "csv", "latex", "html", "json"])
def test_every_format_says_which_convention(form: str) -> None:
    told = run("summary", "-", "--convention", "ptflops", "--format", form, text=NET)
    assert (told.returncode, told.stderr) == (0, "")
    # 3,888 + 40 MACs, biases 144 + 10, ReLU 2 × 144, norm 2 × 144, pool 2 × 144
    assert "4946" in told.stdout.replace(",", "") or form == "csv"
    assert "MACs (ptflops)" in told.stdout or form in {"csv", "json"}


def test_csv_and_json_add_and_change_nothing() -> None:
    lines = run("summary", "-", "--convention", "fvcore", "--columns", "layer,macs", "--format", "csv", text=NET)
    assert lines.stdout.splitlines()[:4] == ["layer,macs,counted", "input,0,0", "conv2d,3888,3888", "batch_normalization,0,288"]  # fmt: skip
    plain, counted = (
        json.loads(run("summary", "-", *extra, "--format", "json", text=NET).stdout)
        for extra in ([], ["--convention", "fvcore"])
    )
    assert counted["totals"].pop("counted") == {
        "convention": "fvcore", "version": "0.1.5.post20221221", "unit": "MACs", "total": 4_360,
    }  # fmt: skip
    assert [layer.pop("counted") for layer in counted["layers"]] == [0, 3_888, 288, 144, 40]
    assert counted == plain


def test_the_column_can_be_named() -> None:
    told = run("summary", "-", "--convention", "flops", "--columns", "counted,layer", text=NET).stdout
    assert told.splitlines()[0].split() == ["FLOPs", "(flops)", "Layer"]
    assert run("summary", "-", "--columns", "counted", text=NET).stdout.splitlines()[2:4] == ["    0", "3,888"]
    head = run("summary", "-", "--columns", "all", "--convention", "thop", text=NET).stdout.splitlines()[0]
    assert head.count("(thop)") == 1


RECONCILED = Path(__file__).parent / "golden"


@pytest.mark.parametrize("form", ["table", "markdown", "csv", "json"])
def test_reconcile_golden(form: str) -> None:
    found = run("reconcile", "examples/zoo/resnet50.yaml", "--format", form)
    assert (found.returncode, found.stderr) == (0, "")
    path = RECONCILED / f"resnet50_reconciled.{form}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(found.stdout, encoding="utf-8")
    assert found.stdout == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("form", ["table", "markdown", "csv", "json"])
def test_reconcile_goldens_hold_the_recorded_numbers(form: str) -> None:
    text = (RECONCILED / f"resnet50_reconciled.{form}.txt").read_text(encoding="utf-8")
    text = text.replace(",", " " if form == "csv" else "")
    for counter in COUNTERS:
        assert re.search(rf"\b{CASES['resnet50']['totals'][counter]}\b", text), counter


def test_reconcile_says_what_makes_the_difference() -> None:
    """53 norms of 11,113,984 elements and a pool of 100,352 make fvcore's number."""
    told = run("reconcile", "examples/zoo/resnet50.yaml").stdout
    assert "fvcore: +22,328,320 MACs = normalisation +22,227,968, pooling +100,352" in told
    assert "+22,227,968 for normalisation in 53 BatchNormalization: 2 per input element" in told
    assert "and 48 more" in told
    assert "25,610,152" in told  # with 53,120 moving statistics
    assert "25,557,032" in told


def test_reconcile_on_a_terminal() -> None:
    shown = on_terminal(["reconcile", "examples/zoo/resnet50.yaml"], 60)
    assert max(len(line.rstrip()) for line in shown.splitlines()) <= 60
    assert "4,111,512,576" in shown
    assert "and 48 more" in " ".join(shown.split())


def test_reconcile_with_symbols_and_with_nothing_to_say() -> None:
    told = run("reconcile", "-", "--input", "H,W,3", text=NET)
    assert (told.returncode, told.stderr) == (0, "")
    assert "8·(H-2)·(W-2)" in told.stdout
    told = run("reconcile", "-", text="input: [4]\nlayers: [Flatten]\n")
    assert told.returncode == 0
    assert "=" not in told.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["summary", "examples/mnist_cnn.yaml", "--convention", "fvcor"], "there is no convention 'fvcor'"),
        (["reconcile"], "ARCH is missing"),
        (["reconcile", "nothing.yaml"], "there is no such file"),
        (["reconcile", "examples/mnist_cnn.yaml", "--format", "html"], "--format"),
        (["reconcile", "examples/wrong/four_pools.yaml"], "the window must fit into its input"),
    ],
)
def test_mistakes(arguments: list[str], told: str) -> None:
    found = run(*arguments)
    assert found.returncode == 2
    assert told in found.stderr
    assert "Traceback" not in found.stderr


def test_a_failure_as_json() -> None:
    found = run("reconcile", "examples/wrong/four_pools.yaml", "--format", "json")
    assert found.returncode == 2
    assert json.loads(found.stdout)["errors"][0]["code"] == "window"


def test_help_and_chinese() -> None:
    assert "Examples" in run("reconcile", "--help").stdout
    told = run("reconcile", "examples/zoo/resnet50.yaml", "--lang", "zh-TW").stdout
    assert "fvcore: +22,328,320 MACs = 正規化 +22,227,968" in told
