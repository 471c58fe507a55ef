"""Whatever a file holds, it is read or refused in words: nothing else is ever raised."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cnncalc.architecture import build
from cnncalc.architecture.build import KEYS
from cnncalc.architecture.files import parse
from cnncalc.derive import derive
from cnncalc.errors import ArchitectureError
from cnncalc.layers import HOME
from cnncalc.layers import kind as kind_of
from cnncalc.view.faults import faults_text

words = st.sampled_from(
    ["same", "valid", "relu", "channels_first", "F", "F//0", "2*F", "a", "input", "b", "", "層", "é" * 300]
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
    {"input": st.lists(st.integers(1, 9), min_size=1, max_size=4) | values, "layers": st.lists(entries, max_size=4)},
    optional={key: values for key in KEYS if key not in {"input", "layers", "blocks", "variables"}}
    | {
        "blocks": st.just({"blk": {"parameters": {"F": None}, "layers": ["ReLU"]}}) | values,
        "variables": st.just({"F": 3}) | values,
    },
)


@settings(max_examples=600)
@given(files | values)
@example({"input": [4], "layers": [{"Shared": {"layer": "input"}}]})
@example({"input": [4], "layers": [{"Shared": "shared"}]})
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
