"""Whatever a file holds, it is read or refused in words: nothing else is ever raised."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from strategies import PER_KIND, fields_of

from cnncalc.architecture import build
from cnncalc.architecture.build import KEYS
from cnncalc.architecture.entries import integer_fields
from cnncalc.architecture.files import parse
from cnncalc.derive import derive
from cnncalc.derive.explain import explain
from cnncalc.errors import ArchitectureError
from cnncalc.layers import HOME
from cnncalc.layers import kind as kind_of
from cnncalc.view.explanation import text as text_of
from cnncalc.view.faults import faults_text

words = st.sampled_from(
    ["same", "valid", "relu", "channels_first", "F", "H", "2*H", "F//0", "2*F", "a", "input", "b", "", "層", "é" * 300]
)
numbers = st.integers(-3, 12) | st.sampled_from([2**31, 10**30, True, 0.5, float("nan"), None])
values = st.recursive(
    words | numbers, lambda v: st.lists(v, max_size=4) | st.dictionaries(words, v, max_size=3), max_leaves=8
)
field_names = sorted(
    {field for kind in HOME for field in kind_of(kind).model_fields}
    | {"name", "inputs", "times", "layers", "shortcut", "branches", "merge", "layer"}
)
kinds = st.sampled_from([*HOME, "Repeat", "Residual", "Branches", "Shared", "blk", "Nonsense"])
arguments = st.dictionaries(st.sampled_from(field_names), values, max_size=4) | values
entries = st.recursive(
    st.builds(lambda kind, argument: {kind: argument}, kinds, arguments) | kinds | values,
    lambda e: st.builds(lambda kind, body: {kind: {"times": 2, "layers": body, "branches": [body]}}, kinds, st.lists(e, max_size=3)),
    max_leaves=6,
)  # fmt: skip
files = st.fixed_dictionaries(
    {
        "input": st.lists(st.integers(1, 9) | st.sampled_from([None, "F", "H"]), min_size=1, max_size=4) | values,
        "layers": st.lists(entries, max_size=4),
    },
    optional={key: values for key in KEYS if key not in {"input", "layers", "blocks", "variables"}}
    | {
        "blocks": st.just({"blk": {"parameters": {"F": None}, "layers": ["ReLU"]}}) | values,
        "variables": st.just({"F": 3, "H": None}) | values,
    },
)


@settings(max_examples=600)
@given(files | values)
@example({"input": [4], "layers": [{"Shared": {"layer": "input"}}]})
@example({"input": [4], "layers": [{"Shared": "shared"}]})
@example({"input": [None, 2, 3], "layers": [{"Conv2D": {"filters": 3, "kernel_size": 3}}]})
@example(
    {
        "input": [9, 9, 3],
        "variables": {"H": None},
        "layers": [{"Conv2D": {"filters": "H", "kernel_size": 3, "groups": 2}}],
    }
)
@example({"inputs": {"a": [4], "b": [4]}, "layers": [{"Residual": {"layers": []}}]})
@example({"input": [4], "layers": [{"Branches": {"branches": []}}]})
@example({"input": [4, 4, 1], "layers": [{"LayerNormalization": {"axis": [-9]}}]})
@example({"input": [4, 4, 1], "layers": [{"GroupNormalization": {"groups": -1, "axis": 7}}]})
def test_any_data(data: Any) -> None:
    try:
        found = derive(build(data))
    except ArchitectureError as error:
        assert faults_text(error)
    else:
        assert found.to_dict()


@settings(max_examples=400)
@pytest.mark.parametrize("form", ["yaml", "json", "toml"])
@given(text=st.text(alphabet="[]{}:,-&*!|>'\"#%@`?=.\n\t abF01e_\\", max_size=40) | st.text(max_size=20))
def test_any_text(form: str, text: str) -> None:
    try:
        parse(text, "file", form)
    except ArchitectureError as error:
        assert faults_text(error)


@pytest.mark.parametrize("kind", sorted(set(HOME) - {"Input"}))
@PER_KIND
@given(data=st.data())
def test_symbols_anywhere(kind: str, data: st.DataObject) -> None:
    """A symbol in any field of integers, an unknown axis anywhere: derived and explained, or refused in words."""
    fields = data.draw(fields_of(kind))
    integers = sorted(integer_fields(kind))
    for field in data.draw(st.lists(st.sampled_from(integers), max_size=2)) if integers else ():
        fields[field] = data.draw(st.sampled_from(["H", ["H", 2], ["H", "H"], "2*H"]))
    axis = st.integers(1, 9) | st.none() | st.just("H")
    shapes = data.draw(st.lists(st.lists(axis, min_size=1, max_size=4), min_size=1, max_size=2))
    inputs = {f"x{i}": shape for i, shape in enumerate(shapes)}
    body = [{kind: fields | {"inputs": list(inputs)}}, {"Conv2D": {"filters": 2, "kernel_size": 3, "strides": 2}}]
    both = [{"Residual": {"layers": body, "shortcut": body[:1], "inputs": "x0"}}]
    network = {"inputs": inputs, "variables": {"H": None}, "layers": body if len(shapes) > 1 else both}
    try:
        found = derive(build(network))
    except ArchitectureError as error:
        assert faults_text(error)
    else:
        assert found.to_dict()
        assert text_of(explain(found), found)
