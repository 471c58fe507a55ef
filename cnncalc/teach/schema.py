"""The JSON Schema of exercise files, made from the classes of questions."""

from __future__ import annotations

from typing import Any

from ..architecture.schema import architecture_schema
from .exercise import Marking
from .questions import KINDS
from .reading import FORMAT
from .written import ANY, TEXTS

INTEGERS = {"type": "array", "items": {"type": "integer"}, "minItems": 1}


def exercise_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of an exercise file."""
    architecture = architecture_schema()
    definitions = architecture.pop("$defs")
    return {
        "$schema": architecture.pop("$schema"),
        "title": "cnncalc exercise",
        "type": "object",
        "properties": {
            "exercise": {"const": FORMAT},
            "title": TEXTS,
            "text": TEXTS,
            "architecture": {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/architecture"}]},
            "set": {"type": "object", "additionalProperties": {"type": "integer"}},
            "variants": {"type": "object", "additionalProperties": INTEGERS},
            "marking": Marking.model_json_schema(),
            "questions": {"type": "array", "minItems": 1, "items": {"anyOf": list(map(_question, KINDS))}},
            "expect": {"type": "object", "additionalProperties": ANY},
        },
        "required": ["exercise", "questions"],
        "additionalProperties": False,
        "$defs": definitions | {"architecture": architecture},
    }


def _question(ask: str) -> dict[str, Any]:
    schema = KINDS[ask].model_json_schema()
    schema["description"] = (KINDS[ask].__doc__ or "").partition("\n")[0]
    schema["properties"]["ask"] = {"const": ask}
    return schema
