"""What makes an exercise the one it is for drawing numbers: its network, its variants, and what is asked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from ..exercise import Exercise

WORDING = {"id", "text", "says", "points", "expect", "published", "tolerance"}
"""Fields of a question that may change without a change of anybody's numbers."""


def identity(exercise: Exercise) -> str:
    """SHA-256, in hexadecimal, of the canonical JSON of network, variants and questions.

    Titles, texts and translations, points, published answers, comments and the order of keys are not in it.
    """
    data = exercise.source.data
    described = {
        "architecture": _network(exercise),
        "set": dict(exercise.numbers),
        "variants": values_of(exercise),
        "questions": [
            {key: each for key, each in question.items() if key not in WORDING} for question in data["questions"]
        ],
    }
    return sha256(
        json.dumps(_named(described), sort_keys=True, separators=(",", ":"), default=str).encode()
    ).hexdigest()


def values_of(exercise: Exercise) -> dict[str, list[int]]:
    """The values of each variable, by name and by size, each once."""
    return {name: sorted(set(exercise.variants[name])) for name in sorted(exercise.variants)}


def _network(exercise: Exercise) -> Any:
    """The data of the network's file, without its name."""
    data = exercise.architecture.source.data if exercise.architecture is not None else None
    return {key: value for key, value in data.items() if key != "name"} if isinstance(data, Mapping) else data


def _named(value: Any) -> Any:
    """The data with every key a word, so that keys can be sorted."""
    if isinstance(value, Mapping):
        return {str(key): _named(each) for key, each in value.items()}
    return [_named(each) for each in value] if isinstance(value, list) else value
