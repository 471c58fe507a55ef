"""Every mistake in a file: what rule, with which numbers, where, and what to do, word for word."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest

from cnncalc.architecture import build, load
from cnncalc.derive import derive
from cnncalc.errors import ArchitectureError, Fault
from cnncalc.view.faults import faults_text


def faults(tmp_path: Path, text: str, suffix: str = "yaml") -> tuple[Fault, ...]:
    """The faults of a file that holds `text`."""
    path = tmp_path / f"net.{suffix}"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ArchitectureError) as caught:
        derive(load(path))
    return caught.value.faults


def told(fault: Fault) -> tuple[str, str, int | None, int | None, tuple[str, ...]]:
    place = fault.place
    return fault.code, str(fault.message), place and place.line, place and place.column, tuple(map(str, fault.remedies))


NET = "input: [28, 28, 6]\nlayers:\n"

ONE_FAULT: list[tuple[str, tuple[Any, ...]]] = [
    (NET + "  - Conv2d: {filters: 1, kernel_size: 3}\n", ("unknown-kind", "there is no layer kind 'Conv2d'", 3, 5, ("did you mean Conv2D?",))),
    (NET + "  - Conv2D: {filters: 1, kernel_sze: 3}\n", ("unknown-field", "Conv2D has no field 'kernel_sze'", 3, 26, ("did you mean kernel_size?",))),
    (NET + "  - Conv2D: {kernel_size: 3}\n", ("missing-field", "Conv2D needs filters", 3, 5, ())),
    (NET + "  - Conv2D: {filters: 0, kernel_size: 3}\n", ("bad-value", "Conv2D: filters must be at least 1, not 0", 3, 14, ())),
    (NET + "  - Conv2D: {filters: 1.0, kernel_size: 3}\n", ("bad-value", "Conv2D: filters takes an integer, not 1.0", 3, 14, ())),
    (NET + "  - Conv2D: {filters: true, kernel_size: 3}\n", ("bad-value", "Conv2D: filters takes an integer, not True", 3, 14, ())),
    (NET + "  - Conv2D: {filters: 1, kernel_size: [3]}\n", ("bad-value", "Conv2D: kernel_size takes 1 number or a list of 2, not [3]", 3, 26, ())),
    (NET + "  - Conv2D: {filters: 1, kernel_size: [3, 0]}\n", ("bad-value", "Conv2D: kernel_size must be at least 1, not 0", 3, 43, ())),
    (NET + "  - Conv2D: {filters: 1, kernel_size: 3, padding: -1}\n", ("bad-value", "Conv2D: padding takes numbers from 0 to 2147483647, not -1", 3, 42, ())),
    (NET + "  - Conv2D: {filters: 1, kernel_size: 3, padding: causal}\n", ("bad-value", "Conv2D: padding takes valid, same or numbers, not 'causal'", 3, 42, ())),
    (NET + "  - Conv2D: {filters: 1, kernel_size: 3, padding: smae}\n", ("expression", "smae is neither a known word nor a variable; did you mean same?", 3, 42, ())),
    (NET + "  - Conv2D: {filters: 1, kernel_size: 3, activation: rleu}\n", ("bad-value", "Conv2D: activation 'rleu' is unknown; did you mean relu?", 3, 42, ())),
    (NET + "  - Conv2D: {filters: 1, kernel_size: 3, use_bias: 1}\n", ("bad-value", "Conv2D: use_bias takes true or false, not 1", 3, 42, ())),
    (NET + "  - Conv2D: {filters: 99999999999, kernel_size: 3}\n", ("bad-value", "Conv2D: filters must be at most 2147483647, not 99999999999", 3, 14, ())),
    (NET + "  - Dropout: 2\n", ("bad-value", "Dropout: rate must be at most 1.0, not 2", 3, 5, ())),
    (NET + "  - Flatten: 3\n", ("arguments", "Flatten takes no argument", 3, 5, ())),
    (NET + "  - 7\n", ("entry", "an entry is a kind, alone or with its arguments, not 7", 3, 5, ("write for example `Flatten` or `Dense: 10`",))),
    (NET + "  - Dense:\n    units: 3\n", ("entry", "an entry has one key, its kind; this one has Dense, units", 3, 5, ("indent units further, below Dense",))),
    (NET + "  - Dense: k\n", ("expression", "k is not set: list it under `variables:`", 3, 5, ())),
    ("variables: {k: 3}\n" + NET + "  - Dense: k//0\n", ("expression", "'k//0' divides by zero", 4, 5, ())),
    ("variables: {k: 3}\n" + NET + "  - Dense: k/2\n", ("expression", "'k/2': sizes are whole numbers; divide with //", 4, 5, ())),
    ("variables: {k: 3}\n" + NET + "  - Dense: kk\n", ("expression", "kk is not set; did you mean k?", 4, 5, ())),
    ("variables: {k: 3}\n" + NET + "  - Dense: __import__('os')\n", ("expression", "\"__import__('os')\": an expression has integers, names, + - * // % and brackets only", 4, 5, ())),
    (NET + "  - Dense: {units: 1, name: a}\n  - Dense: {units: 1, name: a}\n", ("name-twice", "the name 'a' is used twice", 4, 23, ())),
    (NET + "  - Dense: {units: 1, inputs: inptu}\n", ("unknown-input", "there is no layer or input named 'inptu'", 3, 23, ("did you mean input?",))),
    (NET + "  - Dense: {units: 1, inputs: b, name: a}\n  - Dense: {units: 1, inputs: a, name: b}\n", ("cycle", "the layers feed each other in a circle: a ← b ← a", 3, 5, ())),
    (NET + "  - Repeat: {times: 1000000, layers: [ReLU]}\n", ("too-many-layers", "Repeat writes out 1000000 times; the limit is 200000 layers", 3, 14, ())),
    (NET + "  - Repeat: {times: 90000, layers: [ReLU, ReLU, ReLU]}\n", ("too-many-layers", "the file writes out to more than 200000 layers", 3, 37, ())),
    (NET + "  - Repeat: {times: 90000, layers: [Repeat: {times: 90000, layers: []}]}\n", ("too-many-layers", "the file writes out to more than 200000 layers", 3, 37, ())),
    (NET + "  - Repeat: {times: 0, layers: [ReLU]}\n", ("bad-value", "times takes a positive integer, not 0", 3, 14, ())),
    ("variables: {k: }\n" + NET + "  - Repeat: {times: 2*k, layers: [ReLU]}\n", ("bad-value", "times takes a positive integer, not 2·k", 4, 14, ())),
    (NET + "  - Repeat: 3\n", ("missing-field", "Repeat needs layers", 3, 5, ())),
    (NET + "  - Branches: {branches: [[], []], merge: ReLU}\n", ("merge", "merge takes a kind of merge, such as Concatenate or Add, not ReLU", 3, 36, ())),
    (NET + "  - Shared: conv9\n", ("unknown-input", "there is no layer or input named 'conv9'", 3, 5, ())),
    ("blocks: {b: {layers: [b]}}\n" + NET + "  - b\n", ("too-deep", "blocks are nested more than 40 deep: does one call itself?", 1, 14, ())),
    ("input: [4]\n", ("no-layers", "an architecture needs `layers`", 1, 1, ())),
    ("layers: [ReLU]\n", ("no-input", "an architecture needs an input", 1, 1, ("add a line such as `input: [28, 28, 1]`, or give it as in --input 28,28,1",))),
    ("inputs: {a: 3, b: 3}\nlayers: [ReLU]\n", ("no-inputs", "ReLU has nothing to read: with several inputs it must say `inputs:`", 2, 10, ())),
    ("input: [4]\nlayer: [ReLU]\nlayers: [ReLU]\n", ("unknown-key", "an architecture has no 'layer'", 2, 1, ("did you mean layers?",))),
    ("input: [1000000000000000000000000000000]\nlayers: [ReLU]\n", ("bad-value", "Input: shape must be at most 2147483647, not 1000000000000000000000000000000", 1, 9, ())),
    ("input: [4]\ninput: [5]\nlayers: [ReLU]\n", ("key-twice", "the key input is written twice", 2, 1, ())),
    ("input: [4]\nlayers: [ReLU]\noutputs: re_lo\n", ("unknown-input", "there is no layer or input named 're_lo'", 3, 1, ("did you mean re_lu?",))),
    ("input: [4\nlayers: [ReLU]\n", ("yaml-syntax", "this is not valid YAML: did not find expected ',' or ']'", 2, 7, ())),
    ("input: [4]\nlayers:\n\t- ReLU\n", ("yaml-syntax", "this is not valid YAML: found character that cannot start any token", 3, 1, ("YAML indents with spaces, not with tabs",))),
    ("input: !!python/object:os.system [4]\nlayers: [!!python/name:os.system ReLU]\n", ("tag", "the tag tag:yaml.org,2002:python/name:os.system is not allowed: plain values only", 2, 10, ())),
    ("# only a comment\n", ("empty-file", "the file holds only comments", None, None, ("start with an input and a layer: `input: [28, 28, 1]`, then `layers: [Flatten, Dense: 10]`",))),
    ("- ReLU\n", ("not-an-architecture", "an architecture is a mapping with `input` and `layers`, not ['ReLU']", 1, 1, ())),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), ONE_FAULT, ids=range(len(ONE_FAULT)))
def test_one_fault(tmp_path: Path, text: str, wanted: tuple[Any, ...]) -> None:
    assert [told(fault) for fault in faults(tmp_path, text)] == [wanted]


def test_all_faults_are_told_together(tmp_path: Path) -> None:
    text = NET + "  - Conv2d: 1\n  - Dense: -1\n  - Dropout: {rte: 0.1}\n  - Add: {inputs: [a, b]}\n"
    assert [fault.code for fault in faults(tmp_path, text)] == [
        "unknown-kind",
        "bad-value",
        "unknown-field",
        "unknown-input",
        "unknown-input",
    ]


FOUR_TIMES = NET.replace("6", "1") + "  - Conv2D: {filters: 8, kernel_size: 3}\n  - MaxPooling2D: 2\n" * 4


def test_a_kernel_larger_than_its_input(tmp_path: Path) -> None:
    """Four times convolution 3x3 and pool 2 on 28x28: 28-26-13-11-5-3-1, and no 3x3 fits on 1x1."""
    (fault,) = faults(tmp_path, FOUR_TIMES)
    assert str(fault.message) == "conv2d_3 (Conv2D): the window must fit into its input: K ≤ H, 3 ≤ 1 is false (height)"
    assert fault.place is not None
    assert fault.place.line == 9
    assert list(map(str, fault.history)) == [
        "height on the way: 28 input → 26 conv2d → 13 max_pooling2d → 11 conv2d_1 → 5 max_pooling2d_1 → 3 conv2d_2 → 1 max_pooling2d_2",
        "the map was halved at max_pooling2d, max_pooling2d_1, max_pooling2d_2",
    ]
    assert list(map(str, fault.remedies)) == [
        "leave out max_pooling2d_1",
        "leave out max_pooling2d",
        "padding: same on every convolution",
        "an input of at least 46,46,1",
    ]


@pytest.mark.parametrize("n", [45, 46])
def test_the_smallest_input_is_the_smallest(n: int) -> None:
    """46 works and 45 does not (the fourth pool needs 2x2)."""
    layers = [{"Conv2D": {"filters": 8, "kernel_size": 3}}, {"MaxPooling2D": 2}] * 4
    data = {"input": [n, n, 1], "layers": layers}
    if n == 46:
        assert derive(build(data)).rows[-1].output_shape == (1, 1, 8)
    else:
        with pytest.raises(ArchitectureError):
            derive(build(data))


def change(data: dict[str, Any], remedy: str) -> dict[str, Any]:
    """What a reader would do on reading the remedy."""
    layers = [dict(entry) for entry in data["layers"]]
    names = [f"layer_{i}" for i in range(len(layers))]
    words = remedy.split()
    if words[0] == "leave":
        del layers[names.index(words[-1])]
    elif remedy == "padding: same on every convolution":
        layers = [
            {k: (v | {"padding": "same"} if "kernel_size" in v and "padding" not in v else v) for k, v in e.items()}
            for e in layers
        ]
    elif words[-2] == "on":
        field, value = words[0].removesuffix(":"), words[1]
        ((kind, fields),) = layers[names.index(words[-1])].items()
        layers[names.index(words[-1])] = {kind: fields | {field: int(value) if value.isdigit() else value}}
    else:
        return data | {"input": [int(n) for n in words[-1].split(",")]}
    return data | {"layers": layers}


@pytest.mark.parametrize(
    "entries",
    [
        [("Conv2D", {"filters": 8, "kernel_size": 3}), ("MaxPooling2D", {"pool_size": 2})] * 4,
        [("Conv2D", {"filters": 8, "kernel_size": 40})],
        [("MaxPooling2D", {"pool_size": 30}), ("Conv2D", {"filters": 4, "kernel_size": 3})],
        [("Conv2D", {"filters": 8, "kernel_size": 3, "groups": 3})],
        [("Conv2D", {"filters": 9, "kernel_size": 3}), ("Conv2D", {"filters": 8, "kernel_size": 3, "groups": 4})],
    ],
)
def test_every_remedy_works(entries: list[tuple[str, dict[str, Any]]]) -> None:
    layers = [{kind: fields | {"name": f"layer_{i}"}} for i, (kind, fields) in enumerate(entries)]
    data = {"input": [28, 28, 1], "layers": layers}
    with pytest.raises(ArchitectureError) as caught:
        derive(build(data))
    assert caught.value.remedies
    for remedy in caught.value.remedies:
        assert derive(build(change(data, remedy))).rows, remedy


@pytest.mark.parametrize(
    ("layers", "message", "remedies"),
    [
        (
            [{"Conv2D": {"filters": 8, "kernel_size": 3, "groups": 4}}],
            "conv2d (Conv2D): groups must divide the input channels: C mod G = 0, 6 mod 4 = 0, 2 = 0 is false",
            ("groups: 2 on conv2d", "groups: 1 on conv2d"),
        ),
        (
            [{"Conv2D": {"filters": 8, "kernel_size": 7, "padding": 1}}, {"MaxPooling2D": {"pool_size": 3, "padding": 2}}],
            "max_pooling2d (MaxPooling2D): padding of a pool may be at most half of its window: P ≤ ⌊K/2⌋, 2 ≤ ⌊3/2⌋, 2 ≤ 1 is false",
            (),
        ),
        (
            [{"Reshape": [10, -1]}],
            "reshape (Reshape): the known axes must divide the number of entries: H·W·C mod 10 = 0, 28·28·6 mod 10 = 0, 4 = 0 is false",
            ("target_shape: [-1, 1] on reshape",),
        ),
        (
            ["Flatten", {"Conv2D": {"filters": 8, "kernel_size": 3}}],
            "conv2d (Conv2D): it takes an input of 3 axes: height, width and channels: 1 = 3 is false",
            ("leave out flatten",),
        ),
        (
            [{"Conv2D": {"filters": 8, "kernel_size": 3, "name": "a"}}, {"ReLU": {"name": "r"}}, {"Conv2D": {"filters": 8, "kernel_size": 3, "name": "b"}}, {"Add": {"inputs": ["r", "b"]}}],
            "add (Add): the inputs must have the same shape: height is 26 from r but 24 from b",
            ("padding: same on b", "padding: same on every convolution"),
        ),
    ],
)  # fmt: skip
def test_shape_errors(layers: list[Any], message: str, remedies: tuple[str, ...]) -> None:
    with pytest.raises(ArchitectureError) as caught:
        derive(build({"input": [28, 28, 6], "layers": layers}))
    assert (caught.value.message, caught.value.remedies) == (message, remedies)


def test_a_grey_picture_without_channels() -> None:
    with pytest.raises(ArchitectureError) as caught:
        derive(build({"input": [28, 28], "layers": [{"Conv2D": {"filters": 8, "kernel_size": 3}}]}))
    assert caught.value.remedies == ("input: [28, 28, 1], with a channel axis",)


def test_the_line_is_shown_with_a_caret(tmp_path: Path) -> None:
    path = tmp_path / "網路.yaml"
    path.write_text("input: [4]\nlayers:\n  - Dense: {name: 全連接層, unts: 3}\n", encoding="utf-8")
    with pytest.raises(ArchitectureError) as caught:
        load(path)
    _, _, line, caret, *_ = faults_text(caught.value).splitlines()
    assert line == "  3 |   - Dense: {name: 全連接層, unts: 3}"
    assert caret.index("^") == line.index("unts") + 4  # four Chinese characters are two cells wide each


def test_json_positions(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, '{\n\t"input": [4],\n\t"layers": [\n\t\t{"Dense": {"unit": 3}}\n\t]\n}', "json")
    assert told(fault)[2:4] == (4, 14)
    (fault,) = faults(tmp_path, '{"input": [4],\n "layers": [,]}', "json")
    assert told(fault)[:4] == ("json-syntax", "this is not valid JSON: Expecting value", 2, 13)


def test_toml_positions(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, "input = [4]\n[[layers]]\nReLU = {}\n[[layers]]\nDense = {unit = 3}\n", "toml")
    assert told(fault)[2:4] == (5, 10)
    (fault,) = faults(tmp_path, "input = [4]\nlayers = \n", "toml")
    assert told(fault)[:4] == ("toml-syntax", "this is not valid TOML: Invalid value", 2, 10)


def test_files_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "empty.yaml").write_bytes(b"")
    (tmp_path / "binary.yaml").write_bytes(bytes(range(256)))
    (tmp_path / "zero.yaml").write_bytes(b"input: [4]\0")
    (tmp_path / "big5.yaml").write_bytes("name: 網路\n".encode("big5"))
    codes = {"empty.yaml": "empty-file", "binary.yaml": "not-text", "zero.yaml": "not-text", "big5.yaml": "not-text",
             "missing.yaml": "no-file", ".": "directory", "a\0b": "unreadable"}  # fmt: skip
    for name, code in codes.items():
        with pytest.raises(ArchitectureError) as caught:
            load(tmp_path / name)
        assert caught.value.code == code, name


def test_a_huge_file_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    path.touch()
    os.truncate(path, 2**30)
    start = time.perf_counter()
    with pytest.raises(ArchitectureError) as caught:
        load(path)
    assert caught.value.code == "file-too-large"
    assert time.perf_counter() - start < 5


def test_aliases_cannot_explode(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 12)]
    (fault,) = faults(tmp_path, "\n".join([*lines, "input: [4]", "layers: [ReLU]", ""]))
    assert fault.code == "too-many-values"


@pytest.mark.parametrize("depth", [100, 2_000, 100_000])
@pytest.mark.parametrize(
    ("suffix", "opening"), [("yaml", "["), ("yaml", "{a: "), ("yaml", "- "), ("json", "["), ("toml", "x = [")]
)
def test_deep_nesting(tmp_path: Path, suffix: str, opening: str, depth: int) -> None:
    """100,000 levels crash a recursive reader: the process would not live to fail this test."""
    if suffix == "toml":
        opening, head = "[", "x = "
    else:
        head = ""
    (fault,) = faults(tmp_path, head + opening * depth, suffix)
    assert fault.code in {"too-deep", "json-syntax", "yaml-syntax", "toml-syntax"}


def test_str_of_the_error_names_the_place(tmp_path: Path) -> None:
    path = tmp_path / "net.yaml"
    path.write_text("input: [4]\nlayers:\n  - Dense: 0\n")
    with pytest.raises(ArchitectureError) as caught:
        load(path)
    error = caught.value
    assert str(error) == f"{path}:3:5: Dense: units must be at least 1, not 0"
    assert (error.code, error.file, error.line, error.column, error.layer) == ("bad-value", str(path), 3, 5, "Dense")
    assert isinstance(error, ValueError)
