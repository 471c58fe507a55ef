"""Exercises with junk in them: whatever stands in a file, it is read, or every fault is told."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cnncalc.architecture.source import Source
from cnncalc.errors import ArchitectureError
from cnncalc.teach.key import keys_of
from cnncalc.teach.reading import read_exercise

FOLDER = Path(__file__).parents[1] / "examples/exercises"
EVERYTHING = """
exercise: 1
title: {en: All kinds of questions, zh-TW: 各種題目}
architecture:
  input: [H, 12, 3]
  variables: {H: 12, F: 4}
  layers: [Conv2D: {name: c, filters: F, kernel_size: 3}, MaxPooling2D: {name: p, pool_size: 2}, Flatten: {name: f}, Dense: {name: d, units: 10}]
marking: {carry_forward: 1/2, per_axis: true}
variants: {H: [12, 14], F: [4, 8]}
expect: {c.shape: 10x10x4, total_params: 1122}
questions:
  - {ask: shape, layers: all, points: 1/2}
  - {ask: params, layers: [c, d]}
  - {ask: receptive_field, layer: p}
  - {ask: macs, layer: c}
  - {ask: total_params}
  - {ask: memory, part: weights, dtype: float32, batch: 2}
  - {ask: formula, of: c.params}
  - {ask: solve, layer: c, field: kernel_size, for: {shape: 10x10x4}}
  - {ask: feature_map, image: [[1, 2, 0], [0, 1, 2], [3, 0, 1]], filter: [[1, 0], [0, -1]], bias: 0.5}
  - {ask: claim, of: c.params, value: 108}
  - {ask: choice, of: d.params, options: [1010, 1000]}
"""
FILES = [*(path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.yaml"))), EVERYTHING]
WHOLE = [yaml.safe_load(text) for text in FILES]

LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 40), st.sampled_from([10**30, -(2**63), 2**31, 10**9]), st.floats(),
    st.sampled_from(["", "all", "shape", "c", "conv2d.shape", "1/0", "1e99", "28x28", "=1+1", "\0", "\ud800", "٣", "9" * 5000, "(" * 300, "../../etc", "c" * 200, "float32", "H*F"]),
    st.text(max_size=12),
)  # fmt: skip
KEYS = st.one_of(
    st.text(max_size=8), st.sampled_from(["ask", "layer", "layers", "points", "name", "of", "kernel", "given", "input"])
)
JUNK = st.recursive(LEAVES, lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4)), max_leaves=8)  # fmt: skip


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in nested data."""
    yield path
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in inside:
        yield from places(value, (*path, key))


def changed(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    """The data with another value at a place."""
    if not path:
        return value
    whole = copy.deepcopy(data)
    around = whole
    for key in path[:-1]:
        around = around[key]
    around[path[-1]] = value
    return whole


@st.composite
def spoilt(draw: st.DrawFn) -> Any:
    """An exercise in which one to three values are others, or a key more is there."""
    data = draw(st.sampled_from(WHOLE))
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(list(places(data))))
        data = changed(data, path, draw(JUNK))
        mappings = [each for each in places(data) if isinstance(at(data, each), dict)]
        if mappings and draw(st.booleans()):
            data = changed(data, (*draw(st.sampled_from(mappings)), draw(KEYS)), draw(JUNK))
    return data


def at(data: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        data = data[key]
    return data


def test_unspoilt_it_is_read() -> None:
    """Else the fuzz would see the same fault every time."""
    for data, text in zip(WHOLE, FILES, strict=True):
        assert keys_of(read_exercise(Source(data, str(FOLDER / "exercise.yaml"), text)))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(spoilt())
@example({"exercise": 1, "questions": [{"ask": "claim"}]})
def test_junk_in_an_exercise_is_told(data: Any) -> None:
    try:
        exercise = read_exercise(Source(data, str(FOLDER / "exercise.yaml"), ""))
        keys_of(exercise)
    except ArchitectureError as error:
        assert error.faults
        for language in ("en", "zh-TW"):
            assert all(fault.message.into(language) for fault in error.faults)
