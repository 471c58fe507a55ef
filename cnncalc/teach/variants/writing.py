"""A variant as an exercise of its own: the same questions, with `set:` in place of `variants:`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from ..exercise import Exercise

OF_OTHERS = {"expect", "published"}
"""What was published was published of other numbers."""


def told(exercise: Exercise, numbers: Mapping[str, int]) -> dict[str, Any]:
    """The data of the exercise's file, with these numbers."""
    data = exercise.source.data
    questions = [
        {key: each for key, each in question.items() if key not in OF_OTHERS} for question in data["questions"]
    ]
    changed = {"set": {**exercise.numbers, **numbers}, "questions": questions}
    kept = {key: each for key, each in data.items() if key not in OF_OTHERS | {"variants", "set", "questions"}}
    return {**kept, **changed}


def standalone(exercise: Exercise, output: str | None = None) -> str:
    """The YAML of a variant, which `Variants.of` gave; paths are as seen from the folder of `output`."""
    data = dict(exercise.source.data)
    here, there = Path(exercise.source.file).parent, Path(output).parent if output else Path()

    def moved(path: Any) -> Any:
        return Path(os.path.relpath(here / path, there)).as_posix() if isinstance(path, str) else path

    data["architecture"] = moved(data["architecture"])
    data["questions"] = [
        {**question, "labels": moved(question["labels"])} if "labels" in question else question
        for question in data["questions"]
    ]
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, default_flow_style=None, width=120).rstrip("\n")
