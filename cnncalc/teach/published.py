"""What was published, held against the key: a slide's number, or what it claims."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ..errors import Path
from .exercise import Exercise
from .judging import right
from .key import Key
from .questions import Claim


class Difference(NamedTuple):
    """A published answer that is wrong."""

    item: str
    of: str
    """What it is about: the item, or what a claim names."""
    published: Any
    derived: Any
    path: Path


def differences(exercise: Exercise, keys: Mapping[str, Key]) -> tuple[Difference, ...]:
    """Every published number that is not the derived one, and every published claim that is false."""
    return tuple(_differences(exercise, keys))


def _differences(exercise: Exercise, keys: Mapping[str, Key]) -> Iterator[Difference]:
    for name, key in keys.items():
        question, path = key.item.question, key.item.path
        if isinstance(question, Claim) and question.published and not key.value:
            yield Difference(name, question.of, question.value, key.correction, path)
        if name in exercise.expect and not right(key, exercise.expect[name], exercise.architecture):
            yield Difference(name, name, exercise.expect[name], key.value, path)
