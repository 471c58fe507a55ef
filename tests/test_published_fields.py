"""Receptive fields against the published table of Araujo, Norris and Sim (google-research/receptive_field), row by row.

The table tells the size, effective stride and effective padding of 187 end points of TF-Slim's networks, each at 224 and
321 pixels and without a size: 561 rows. They are cnncalc's size, its jump and its start with the sign turned. The
networks are written out in `data/slim`, or are those of `examples/zoo`. docs/receptive-fields.md tells the conventions.
"""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from math import prod
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from recorded import recorded

from cnncalc.architecture import Architecture, build
from cnncalc.architecture.files import parse
from cnncalc.derive import Row, Summary, derive
from cnncalc.derive.receptive import ReceptiveField
from cnncalc.interop import load

PUBLISHED = recorded("published_fields")
ROWS, SUMMARY, LIBRARY, KERAS = (
    [line for line in PUBLISHED if line["kind"] == kind] for kind in ("row", "summary", "library", "keras")
)

SLIM = Path(__file__).parent / "data" / "slim"
ZOO = Path(__file__).parents[1] / "examples" / "zoo"


class Source(NamedTuple):
    """Where a network of the table is written."""

    path: Path
    variables: dict[str, int] | None = None
    change: tuple[str, str] = ("", "")
    """Words of the file, and what the variant has in their place."""
    layers: str = ""
    """The layers that are the table's end points, in its order; else the file names them under `outputs`."""


VGG_A = """conv2d max_pooling2d conv2d_1 max_pooling2d_1 conv2d_2 conv2d_3 max_pooling2d_2
    conv2d_4 conv2d_5 max_pooling2d_3 conv2d_6 conv2d_7 max_pooling2d_4"""
VGG_16 = """conv2d max_pooling2d conv2d_2 max_pooling2d_1 conv2d_4 conv2d_5 max_pooling2d_2
    conv2d_7 conv2d_8 max_pooling2d_3 conv2d_10 conv2d_11 max_pooling2d_4"""
INCEPTION_V3 = """conv2d conv2d_1 conv2d_2 max_pooling2d conv2d_3 conv2d_4 max_pooling2d_1
    concatenate concatenate_1 concatenate_2 concatenate_3 concatenate_4 concatenate_5 concatenate_6 concatenate_7
    concatenate_8 concatenate_11 concatenate_14"""  # 9, 10, 12 and 13 join the forks inside the last two modules
MOBILENET_V1 = """conv2d conv2d_1 conv2d_2 conv2d_3 conv2d_4 conv2d_5 conv2d_6 conv2d_7 conv2d_8 conv2d_9 conv2d_10
    conv2d_11 conv2d_12 conv2d_13"""
WHOLE = ("SeparableConv2D: {filters: 64, kernel_size: 7, strides: 2, padding: same, depth_multiplier: 8,",
         "Conv2D: {filters: 64, kernel_size: 7, strides: 2, padding: same,")  # fmt: skip
UNITS = {"50": None, "101": {"n3": 23}, "152": {"n2": 8, "n3": 36}, "200": {"n2": 24, "n3": 36}}  # fmt: skip

NETWORKS = {
    "alexnet_v2": Source(SLIM / "alexnet_v2.yaml"),
    "vgg_a": Source(ZOO / "vgg11.yaml", layers=VGG_A),
    "vgg_16": Source(ZOO / "vgg16.yaml", layers=VGG_16),
    "inception_v2": Source(SLIM / "inception_v2.yaml"),
    "inception_v2-no-separable-conv": Source(SLIM / "inception_v2.yaml", change=WHOLE),
    "inception_v3": Source(ZOO / "inception_v3.yaml", layers=INCEPTION_V3),
    "inception_v4": Source(SLIM / "inception_v4.yaml"),
    "inception_resnet_v2": Source(SLIM / "inception_resnet_v2.yaml"),
    "inception_resnet_v2-same": Source(SLIM / "inception_resnet_v2.yaml", change=("padding: valid", "padding: same")),
    "mobilenet_v1": Source(ZOO / "mobilenet_v1.yaml", layers=MOBILENET_V1),
    "mobilenet_v1_075": Source(SLIM / "mobilenet_v1_075.yaml"),
    **{f"resnet_v1_{depth}": Source(SLIM / "resnet_v1.yaml", units) for depth, units in UNITS.items()},
    **{f"resnet_v2_{depth}": Source(SLIM / "resnet_v2.yaml", units) for depth, units in UNITS.items()},
}

CONVENTIONS = {
    "no size, no padding": "Padding `same` with a stride depends on the size of the map. Without a size the table tells no "
    "padding; cnncalc keeps an expression of H and W, and the numbers at 224 and 321 differ.",
    "misaligned": "Where paths differ in jump or centre, the published program refuses the network; cnncalc tells the size "
    "of the union, and that it is not aligned.",
}
"""Where two right answers differ; everything else must be equal."""


@cache
def network(cnn: str, size: int | None) -> tuple[Architecture, Summary, dict[str, str]]:
    """A network at a size, or with letters for it, and the layer of each of the table's end points."""
    source = NETWORKS[cnn]
    text, (old, new) = source.path.read_text(encoding="utf-8"), source.change
    assert old in text
    data = parse(text.replace(old, new) if old else text, str(source.path), "yaml").data
    found = build(data, variables=source.variables, input=(size, size, 3) if size else ("H", "W", 3))
    points = list(dict.fromkeys(row["end_point"].removeprefix(f"{cnn}/") for row in ROWS if row["cnn"] == cnn))
    assert points == data.get("outputs", points)
    layers = source.layers.split() or found.outputs
    return found, derive(found), dict(zip(points, layers, strict=True))


def field(cnn: str, end_point: str, size: int | None) -> ReceptiveField | None:
    _, summary, layers = network(cnn, size)
    return summary.row(layers[end_point.removeprefix(f"{cnn}/")]).receptive_field


def theirs(row: dict[str, Any]) -> tuple[Any, ...]:
    """A row in cnncalc's words; every network of the table is square and aligned."""
    padding = row["effective_padding"]
    start = None if padding is None else (-padding, -padding)
    return (row["rf"], row["rf"]), (row["effective_stride"], row["effective_stride"]), start, True


def ours(found: ReceptiveField | None) -> tuple[Any, ...] | None:
    return found and (found.size, found.jump, found.start, found.aligned)


def convention(row: dict[str, Any]) -> str | None:
    """The convention that a row needs, "" where the numbers are equal, None where they differ for no known reason."""
    lettered = ours(field(row["cnn"], row["end_point"], row["resolution"]))
    if lettered == theirs(row):
        return ""
    at_224, at_321 = (ours(field(row["cnn"], row["end_point"], size)) for size in (224, 321))
    if row["resolution"] or row["effective_padding"] is not None or not at_224 or not at_321:
        return None
    size, jump, _, aligned = theirs(row)
    same = all((found[0], found[1], found[3]) == (size, jump, aligned) for found in (at_224, at_321))
    if lettered is not None:
        same = same and (lettered[:2], lettered[3]) == ((size, jump), aligned) and not isinstance(lettered[2][0], int)
    return "no size, no padding" if same and at_224[2] != at_321[2] else None


@pytest.mark.parametrize("resolution", [224, 321, None])
@pytest.mark.parametrize("cnn", NETWORKS)
def test_rows(cnn: str, resolution: int | None) -> None:
    rows = [row for row in ROWS if (row["cnn"], row["resolution"]) == (cnn, resolution)]
    assert len(rows) >= 4
    wrong = [
        (row["end_point"], theirs(row), ours(field(cnn, row["end_point"], resolution)))
        for row in rows
        if convention(row) is None
    ]
    assert wrong == []


def test_every_row_is_compared() -> None:
    """Nothing is left out, and only rows without a size need a convention."""
    assert {row["cnn"] for row in ROWS} == NETWORKS.keys()
    assert len(ROWS) == 561
    assert Counter(map(convention, ROWS)) == {"": 459, "no size, no padding": 102}
    assert sum(row["resolution"] is None for row in ROWS) == 561 - 2 * 187


@pytest.mark.parametrize("changed", ["rf", "effective_stride", "effective_padding"])
@pytest.mark.parametrize("resolution", [224, None])
def test_the_comparison_can_fail(changed: str, resolution: int | None) -> None:
    row = next(row for row in ROWS if (row["cnn"], row["resolution"]) == ("resnet_v1_50", resolution))
    assert convention(row) is not None
    assert convention(row | {changed: (row[changed] or 0) + 1}) is None


def test_what_letters_tell() -> None:
    """Without a size: the exact field of all rows that have a padding, an expression in those of chains that have none."""
    told = [field(row["cnn"], row["end_point"], None) is not None for row in ROWS if row["resolution"] is None]
    assert sum(told) == 187
    assert ours(field("mobilenet_v1", "Conv2d_0", 224)) == ((3, 3), (2, 2), (0, 0), True)
    found = field("mobilenet_v1", "Conv2d_0", None)
    assert found is not None
    assert str(found.start[0]) == "-⌊max(2·⌈H/2⌉-H+1, 0)/2⌋"


@pytest.mark.parametrize("row", SUMMARY, ids=lambda row: row["cnn"])
def test_summary(row: dict[str, Any]) -> None:
    """The last end point of each network at 224, as the table's front page has it."""
    last = [each["end_point"] for each in ROWS if each["cnn"] == row["cnn"]][-1]
    assert ours(field(row["cnn"], last, 224)) == theirs(row)


@pytest.mark.parametrize(
    ("path", "size", "layer", "extent", "start"),
    [
        (ZOO / "vgg16.yaml", 224, "conv2d_12", 196, -90),
        (ZOO / "vgg16.yaml", 224, "max_pooling2d_4", 212, -90),
        (ZOO / "resnet50.yaml", 224, "add_15", 427, -213),
        (ZOO / "resnet50_keras.yaml", 224, "add_15", 483, -241),
        (SLIM / "resnet_v1.yaml", 224, "add_15", 483, -239),
        (ZOO / "mobilenet_v1.yaml", 224, "conv2d_13", 315, -126),
        (ZOO / "mobilenet_v1.yaml", 225, "conv2d_13", 315, -157),
        (ZOO / "mobilenet_v1.yaml", 226, "conv2d_13", 315, -156),
        (ZOO / "mobilenet_v1.yaml", 227, "conv2d_13", 315, -155),
        (ZOO / "mobilenet_v1.yaml", 321, "conv2d_13", 315, -157),
    ],
)
def test_examples_of_the_document(path: Path, size: int, layer: str, extent: int, start: int) -> None:
    """What docs/receptive-fields.md tells of where strides are and what `same` pads."""
    found = derive(load(path, input=(size, size, 3))).row(layer).receptive_field
    assert found is not None
    assert (found.size, found.start) == ((extent, extent), (start, start))
    text = (ZOO.parents[1] / "docs" / "receptive-fields.md").read_text(encoding="utf-8")
    assert str(extent) in text
    assert f"−{-start}" in text


# The table's last column: operations up to an end point, in billions.

WITH_BIASES = {"inception_v3", "mobilenet_v1", "mobilenet_v1_075"}
"""Networks that the table's authors built with biases in place of the normalisation that the files have."""


def operations(row: Row, cnn: str) -> int:
    """What TensorFlow's profiler counts: 2 per MAC, 1 per bias added or scaled element, the window of a pool; sums are 0."""
    (shape,) = row.output_shapes
    outputs = prod(shape)
    match row.kind:
        case "Conv2D" | "DepthwiseConv2D" | "SeparableConv2D":
            return 2 * row.macs + (outputs if "bias" in row.weights or cnn in WITH_BIASES else 0)
        case "MaxPooling2D" | "AveragePooling2D":
            high, wide = row.facts.reading  # type: ignore[misc]  # a window per axis
            return outputs * high.size * wide.size
        case "Rescaling":
            return outputs
        case _:
            assert row.macs == 0
            return 0


@pytest.mark.parametrize("size", [224, 321])
@pytest.mark.parametrize("cnn", NETWORKS)
def test_operations(cnn: str, size: int) -> None:
    architecture, summary, layers = network(cnn, size)
    nodes = {node.name: node for node in architecture.nodes}
    wrong = []
    for row in ROWS:
        if (row["cnn"], row["resolution"]) == (cnn, size):
            seen, waiting = set(), [layers[row["end_point"].removeprefix(f"{cnn}/")]]
            while waiting:
                name = waiting.pop()
                if name not in seen:
                    seen.add(name)
                    waiting += nodes[name].inputs
            counted = sum(operations(summary.row(name), cnn) for name in seen)
            if round(counted / 10**9, 3) != row["flops_billion"]:
                wrong.append((row["end_point"], row["flops_billion"], counted))
    assert wrong == []


# The small networks on which the published program is tested.


def entry(op: dict[str, Any]) -> Any:
    match op["op"]:
        case "conv":
            return {"Conv2D": {"filters": 1, "kernel_size": op["kernel"], "strides": op["stride"], "padding": op["padding"].lower()}}  # fmt: skip
        case "maxpool":
            return {"MaxPooling2D": {"pool_size": op["kernel"], "strides": op["stride"], "padding": op["padding"].lower()}}  # fmt: skip
        case "zeropad":
            return {"ZeroPadding2D": [op["top_left"], op["top_left"]]}
        case "dropout":
            return {"Dropout": 0.5}
    raise AssertionError(op)


def stage(part: dict[str, Any]) -> Any:
    return {"Branches": {"branches": [[entry(op) for op in branch] for branch in part["branches"]], "merge": "Add"}}


def small(case: dict[str, Any], size: list[int]) -> ReceptiveField | None:
    chain = [entry(op) for op in case.get("chain", [])]
    stages = case.get("stages") or ([case] if "branches" in case else [])
    rows = derive(build({"input": [*size, 1], "layers": [*chain, *map(stage, stages)]})).rows
    return rows[-1].receptive_field


@pytest.mark.parametrize("case", LIBRARY, ids=lambda case: case["name"])
def test_networks_of_its_tests(case: dict[str, Any]) -> None:
    """Where no size is given: 8x8, or 9x9 where paths with `same` agree at odd sizes alone.

    The published program looks at windows only. At 17x17, most of these networks cannot add up their paths.
    """
    expected = case["expect"]
    if isinstance(expected, str):
        assert expected.startswith("ValueError")
        found = small(case, case["input"] or [8, 8])
        assert found is not None
        assert not found.aligned, CONVENTIONS["misaligned"]
        return
    found = small(case, case["input"] or ([9, 9] if expected["pad_x"] is None else [8, 8]))
    assert found is not None
    assert found.size == (expected["rf_y"], expected["rf_x"])
    assert found.jump == (expected["stride_y"], expected["stride_x"])
    assert found.aligned
    if expected["pad_x"] is not None:
        assert found.start == (-expected["pad_y"], -expected["pad_x"])


def test_misaligned_by_hand() -> None:
    """A 3x3 window at -1 with jump 4 beside the pixel itself is aligned; at 8x8, `same` puts it at 0 and it is not."""
    (even,) = (case for case in LIBRARY if case["name"] == "network_4 input 8x8")
    (odd,) = (case for case in LIBRARY if case["name"] == "network_4 input 9x9")
    assert ours(small(even, even["input"])) == ((3, 3), (4, 4), (0, 0), False)
    assert ours(small(odd, odd["input"])) == ((3, 3), (4, 4), (-1, -1), True)


def test_keras_notebook(tmp_path: Path) -> None:
    """A node inside Keras's own InceptionV3, at an unknown size: the first convolution of the last module."""
    (row,) = KERAS
    (config,) = (net["config"] for net in recorded("keras_nets") if net["name"] == "InceptionV3@notop_75x100")
    path = tmp_path / "model.json"
    path.write_text(json.dumps(config), encoding="utf-8")
    summary = derive(load(path, input=("H", "W", 3)))
    assert ours(summary.row(row["node"].split("/")[0]).receptive_field) == theirs(row)
