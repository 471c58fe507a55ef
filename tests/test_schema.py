"""The JSON Schema says yes and no where the reader does."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from cnncalc.architecture import build
from cnncalc.architecture.schema import architecture_schema
from cnncalc.errors import ArchitectureError
from cnncalc.layers import HOME
from cnncalc.teach.schema import exercise_schema

EXAMPLES = [
    path
    for path in sorted((Path(__file__).parents[1] / "examples").rglob("*.yaml"))
    if "weights" not in path.stem and path.parent.name != "exercises"
]
VALIDATOR = Draft202012Validator(architecture_schema())


def test_the_command_prints_it() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "cnncalc", "schema"], capture_output=True, text=True, check=True
    ).stdout
    assert json.loads(printed) == architecture_schema()
    Draft202012Validator.check_schema(json.loads(printed))


EXERCISES = sorted((Path(__file__).parents[1] / "examples" / "exercises").glob("*.yaml"))


@pytest.mark.parametrize("path", EXERCISES, ids=lambda path: path.stem)
def test_exercises_are_valid(path: Path) -> None:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    exercises = Draft202012Validator(exercise_schema())
    exercises.validate(data)
    assert not exercises.is_valid(data | {"questions": [{"ask": "shap", "layers": "all"}]})
    assert not exercises.is_valid(data | {"questions": [{"ask": "shape", "layrs": "all"}]})
    assert not exercises.is_valid(data | {"architecture": {"layers": []}})


def test_the_command_prints_that_of_exercises() -> None:
    words = [sys.executable, "-m", "cnncalc", "schema", "exercise"]
    printed = json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout)
    assert printed == exercise_schema()
    Draft202012Validator.check_schema(printed)


def test_every_kind_is_in_it() -> None:
    assert set(architecture_schema()["$defs"]) >= set(HOME)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_are_valid(path: Path) -> None:
    VALIDATOR.validate(yaml.safe_load(path.read_text(encoding="utf-8")))


GOOD: list[Any] = [
    {"Dense": 10}, {"Dense": "F"}, "ReLU", {"ReLU": None}, {"MaxPooling2D": 2}, {"ZeroPadding2D": [[1, 0], [2, 3]]},
    {"Conv2D": {"filters": "2*F", "kernel_size": [3, 3], "padding": "same", "strides": 2, "name": "c", "inputs": "input"}},
    {"Residual": ["ReLU"]}, {"Branches": [[], ["ReLU"]]}, {"Branches": {"branches": [["ReLU"]], "merge": {"Concatenate": {"axis": -1}}}},
    {"PReLU": {"shared_axes": [1, 2]}}, {"PReLU": {"shared_axes": 1}}, {"Softmax": {"axis": -1}}, {"LayerNormalization": {"axis": [1, 2]}},
    {"Repeat": {"times": "F", "layers": [{"Dense": 3}]}}, {"Rescaling": 0.5}, {"Dot": {"axes": 1, "inputs": ["a", "b"]}},
]  # fmt: skip


@pytest.mark.parametrize("entry", GOOD, ids=str)
def test_good_entries(entry: Any) -> None:
    VALIDATOR.validate({"input": [8, 8, 3], "variables": {"F": 2}, "layers": [entry]})


BAD: list[Any] = [
    {"Conv2D": {"filters": 0, "kernel_size": 3}}, {"Conv2D": {"filters": 1, "kernel_sze": 3}}, {"Conv2D": {"filters": 1}},
    {"Dense": None}, {"Dense": {"units": 1.5}}, {"Dropout": {"rate": 2}}, {"Repeat": {"times": 3}}, 7, {"ReLU": {}, "Dense": 3},
]  # fmt: skip


@pytest.mark.parametrize("entry", BAD, ids=str)
def test_bad_entries(entry: Any) -> None:
    data = {"input": [8, 8, 3], "layers": [entry]}
    assert not VALIDATOR.is_valid(data)
    with pytest.raises(ArchitectureError):
        build(data)


@pytest.mark.parametrize(
    "data",
    [{}, {"input": [4]}, {"input": [0], "layers": ["ReLU"]}, {"input": [4], "layers": ["ReLU"], "x": 1}, [], "a"],
    ids=str,
)
def test_bad_files(data: Any) -> None:
    assert not VALIDATOR.is_valid(data)
    with pytest.raises(ArchitectureError):
        build(data)
