"""Receptive fields against gradients: what automatic differentiation measured (recorded in tests/data)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from recorded import recorded

from cnncalc.architecture import build
from cnncalc.derive import derive
from cnncalc.derive.receptive import ReceptiveField
from cnncalc.errors import ArchitectureError

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


@pytest.mark.parametrize(
    ("size", "interpolation", "reads"),
    [
        (2, "nearest", [(0, 0), (0, 0), (1, 1)]),
        (2, "bilinear", [(-1, 0), (0, 1), (0, 1), (1, 2)]),  # centres at -0.25, 0.25, 0.75, 1.25
        (3, "bilinear", [(-1, 0), (0, 0), (0, 1), (0, 1)]),  # centres at -1/3, 0, 1/3, 2/3
        (2, "bicubic", [(-2, 1), (-1, 2), (-1, 2)]),
    ],
)
def test_interpolation_by_hand(size: int, interpolation: str, reads: list[tuple[int, int]]) -> None:
    """Output o lies at (o + 1/2)/size - 1/2 of the input and is mixed from the pixels on either side."""
    entry = {"UpSampling2D": {"size": size, "interpolation": interpolation}}
    (way, _) = derive(build({"input": [9, 9, 1], "layers": [entry]})).rows[1].facts.reading  # type: ignore[misc]  # a reading per axis
    spans = way.reads(9).spans
    assert [(low + o // size, high + o // size) for o, (low, high) in enumerate(spans * 2)][: len(reads)] == reads


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


def test_axes_are_joined_one_by_one() -> None:
    """A 3x5 window beside the pixel itself, on a square map."""
    wide = [{"Conv2D": {"filters": 1, "kernel_size": [3, 5], "padding": "same"}}]
    data = {"input": [9, 9, 1], "layers": [{"Branches": {"branches": [wide, []], "merge": "Add"}}]}
    found = derive(build(data)).rows[-1].receptive_field
    assert found is not None
    assert (found.size, found.start, found.aligned) == ((3, 5), (-1, -2), True)


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


# What an output depends on, layer by layer and input by input: the plain form that the fast one must equal.


def depends(layer: dict[str, Any], n: int, output: int) -> set[int]:
    """The inputs, on an axis without ends, that one output of a layer reads."""
    ((kind, f),) = layer.items()
    match kind:
        case "Conv1D" | "MaxPooling1D":
            size = f.get("kernel_size") or f["pool_size"]
            return {
                output * f["strides"] - f.get("padding", 0) + tap * f.get("dilation_rate", 1) for tap in range(size)
            }
        case "Conv1DTranspose":
            position = output + f["padding"]
            near = range(position // f["strides"] - 9, position // f["strides"] + 9)
            return {i for i in near for tap in range(f["kernel_size"]) if i * f["strides"] + tap == position}
        case "UpSampling1D":
            return {output // f["size"]}
        case _:
            parts = f["output_size"]
            return set(range(output * n // parts, -(-(output + 1) * n // parts)))


def seen(layers: list[Any], lengths: list[int], output: int) -> set[int]:
    """The pixels of the input that an output of a chain depends on, each reading taken as a whole interval."""
    wanted = {output}
    for layer, n in zip(reversed(layers), reversed(lengths), strict=True):
        read = {i for each in wanted for i in depends(layer, n, each)}
        wanted = set(range(min(read), max(read) + 1)) if read else set()
    return wanted


def lengths_of(layers: list[Any], n: int) -> list[int]:
    """The input length of each layer."""
    return [row.output_shape[0] for row in derive(build({"input": [n, 1], "layers": layers})).rows[:-1]]


one_layer = st.one_of(
    st.builds(lambda k, s, p, d: {"Conv1D": {"filters": 1, "kernel_size": k, "strides": s, "padding": p, "dilation_rate": d}},
              st.integers(1, 4), st.integers(1, 3), st.integers(0, 2), st.integers(1, 2)),
    st.builds(lambda k, s: {"MaxPooling1D": {"pool_size": k, "strides": s}}, st.integers(1, 3), st.integers(1, 3)),
    st.builds(lambda k, s, p: {"Conv1DTranspose": {"filters": 1, "kernel_size": k, "strides": s, "padding": p}},
              st.integers(3, 5), st.integers(1, 3), st.integers(0, 1)),
    st.builds(lambda u: {"UpSampling1D": {"size": u}}, st.integers(1, 3)),
    st.builds(lambda o: {"AdaptiveAveragePooling1D": {"output_size": o}}, st.integers(5, 9)),
)  # fmt: skip


@given(st.lists(one_layer, min_size=1, max_size=3), st.integers(40, 60))
def test_chains_against_single_pixels(layers: list[Any], n: int) -> None:
    try:
        found, count = field(layers, n)
    except ArchitectureError:
        assume(False)
    lengths = lengths_of(layers, n)
    every = [seen(layers, lengths, output) for output in range(min(count, 60))]
    assume(all(every) and count >= 12)
    widest = max(max(pixels) - min(pixels) + 1 for pixels in every)
    inside = any(kind.startswith("Adaptive") for layer in layers[:-1] for kind in layer)
    # the pattern of an adaptive pool goes on behind its last part, where a later layer only pads
    assert found.size == (widest,) or (inside and found.size[0] > widest)
    assert found.start == (min(every[0]),)


def test_a_pool_after_outputs_that_read_out_of_order() -> None:
    """Outputs 0 and 1 of the transposed convolution read inputs 0 and -1 to 0: taps 0, 2, 4 at a stride of 3."""
    layers = [
        {"Conv1DTranspose": {"filters": 1, "kernel_size": 3, "strides": 3, "dilation_rate": 2}},
        {"MaxPooling1D": 2},
    ]
    summary = derive(build({"input": [6, 1], "layers": layers}))
    found = summary.rows[-1].receptive_field
    assert found is not None
    assert found.spans(0, 4) == [(-1, 0), (0, 1), (0, 1), (1, 2)]


@given(st.lists(one_layer, max_size=2), st.lists(one_layer, max_size=2), st.integers(40, 60))
def test_branches_against_single_pixels(a: list[Any], b: list[Any], n: int) -> None:
    """Two branches of equal length, cut to the shorter by a crop where they are not."""
    try:
        long, short = sorted((a, b), key=lambda layers: -row_length(layers, n))
        extra = row_length(long, n) - row_length(short, n)
        long = [*long, {"Conv1D": {"filters": 1, "kernel_size": 1 + extra, "strides": 1}}]
        found, count = field([{"Branches": {"branches": [long, short], "merge": "Add"}}], n)
    except ArchitectureError:
        assume(False)
    pairs = [
        (seen(long, lengths_of(long, n), o), seen(short, lengths_of(short, n), o) if short else {o})
        for o in range(count)
    ]
    assume(all(one and two for one, two in pairs) and count >= 12)
    widest = max(max(one | two) - min(one | two) + 1 for one, two in pairs)
    inside = any(kind.startswith("Adaptive") for layer in (*long, *short) for kind in layer)
    assert found.size == (widest,) or (inside and found.size[0] > widest)  # as above
    assert found.start == (min(pairs[0][0] | pairs[0][1]),)
    centred = all(min(one) + max(one) == min(two) + max(two) for one, two in pairs)
    assert found.aligned == centred


def row_length(layers: list[Any], n: int) -> int:
    length: int = derive(build({"input": [n, 1], "layers": layers or ["ReLU"]})).rows[-1].output_shape[0]
    return length


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("order", ["cg", "gc", "ccg", "gcc", "cgc"])
def test_a_repeated_gate_in_channels_first(channels: int, order: str) -> None:
    """A map's own window joined with the whole map: 8 rows and one of padding, 6 columns and one of padding."""
    gate = [{"GlobalAveragePooling2D": {"keepdims": True, "data_format": "channels_first"}}]
    conv = [{"Conv2D": {"filters": channels, "kernel_size": 3, "padding": "same", "data_format": "channels_first"}}]
    branches = [{"g": gate, "c": conv}[letter] for letter in order]
    data = {"input": [channels, 8, 6], "layers": [{"Branches": {"branches": branches, "merge": "Multiply"}}]}
    found = derive(build(data)).rows[-1].receptive_field
    assert found is not None
    assert (found.size, found.start, found.jump, found.aligned) == ((9, 7), (-1, -1), (1, 1), False)


def transposed(size: int, padding: int) -> list[Any]:
    return [{"Conv1DTranspose": {"filters": 1, "kernel_size": size, "strides": 2, "padding": padding}}]


@pytest.mark.parametrize(
    ("other", "size", "start", "aligned"),
    [
        (transposed(6, 2), 3, -1, True),  # each pair of outputs reads one pixel; here that pixel and its neighbours
        (transposed(4, 1), 2, -1, False),  # here that pixel and one neighbour
    ],
)
def test_patterns_are_joined_by_hand(other: list[Any], size: int, start: int, aligned: object) -> None:
    found, _ = field([{"Branches": {"branches": [transposed(2, 0), other], "merge": "Add"}}], 20)
    assert (found.size, found.start, found.jump, found.aligned) == ((size,), (start,), ("1/2",), aligned)


def test_paths_of_different_jumps() -> None:
    """20 pooled by 2 to 10, beside a window of 11: at the first output 0..10, at the last 9..19; the larger jump is told."""
    branches = [[{"MaxPooling1D": 2}], [{"Conv1D": {"filters": 1, "kernel_size": 11}}]]
    found, count = field([{"Branches": {"branches": branches, "merge": "Add"}}], 20)
    assert count == 10
    assert (found.size, found.start, found.jump, found.aligned) == ((11,), (0,), (2,), False)


@pytest.mark.parametrize("interpolation", ["nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"])
def test_an_enlargement_by_one_reads_its_own_pixel(interpolation: str) -> None:
    """Every kernel is 1 at the distance 0 and 0 at every other whole distance, so that nothing is mixed."""
    field = derive(build({"input": [6, 6, 1], "layers": [{"UpSampling2D": {"size": 1, "interpolation": interpolation}}]})).rows[-1].receptive_field  # fmt: skip
    assert field is not None
    assert [list(field.spans(axis, 6)) for axis in (0, 1)] == [[(i, i) for i in range(6)]] * 2
