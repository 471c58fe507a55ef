"""The JSON Schema of architecture files, made from the layer classes."""

from __future__ import annotations

from typing import Any

from ..layers import HOME
from ..layers import kind as kind_of
from ..layers.spec import InputSpec
from .entries import nested_fields

AXIS = {
    "anyOf": [
        {"type": "integer", "minimum": 1, "maximum": 2**31 - 1},
        {"type": "string", "description": "the name of a variable, or an expression of names"},
        {"type": "null", "description": "an unknown size"},
    ]
}
SHAPE = {"type": "array", "items": AXIS, "minItems": 1}
INTEGER = {"anyOf": [{"type": "integer"}, {"type": "string"}, {"type": "null"}]}
NAMES = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}
ENTRY = {"$ref": "#/$defs/entry"}
LAYERS = {"type": "array", "items": ENTRY}
LISTS = {"type": "array", "items": LAYERS}


def architecture_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of an architecture file."""
    definitions: dict[str, Any] = {name: _kind_schema(name) for name in HOME}
    definitions["InputSpec"] = InputSpec.model_json_schema()
    definitions |= {
        "Repeat": _composite({"times": INTEGER, "layers": LAYERS}, ["times", "layers"]),
        "Residual": {"anyOf": [LAYERS, _composite({"layers": LAYERS, "shortcut": LAYERS}, ["layers"])]},
        "Branches": {"anyOf": [LISTS, _composite({"branches": LISTS, "merge": ENTRY}, ["branches"])]},
        "Shared": {"anyOf": [{"type": "string"}, _composite({"layer": {"type": "string"}}, ["layer"])]},
    }
    entries: dict[str, Any] = {name: {"$ref": f"#/$defs/{name}"} for name in definitions if name != "InputSpec"}
    definitions["entry"] = {
        "description": "A layer, a composite, or a call of a block.",
        "anyOf": [
            {"type": "string", "examples": ["Flatten", "BatchNormalization"]},
            {"type": "object", "properties": entries, "minProperties": 1, "maxProperties": 1},
        ],
    }
    block = {
        "type": "object",
        "properties": {"parameters": {"type": "object", "additionalProperties": INTEGER}, "layers": LAYERS},
        "required": ["layers"],
        "additionalProperties": False,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "cnncalc architecture",
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "input": {"anyOf": [SHAPE, AXIS]},
            "inputs": {"type": "object", "additionalProperties": {"anyOf": [SHAPE, AXIS]}},
            "variables": {"type": "object", "additionalProperties": INTEGER},
            "blocks": {"type": "object", "additionalProperties": block},
            "layers": LAYERS | {"minItems": 1},
            "outputs": NAMES,
            "limits": {"type": "object"},
        },
        "required": ["layers"],
        "additionalProperties": False,
        "$defs": definitions,
    }


def _kind_schema(name: str) -> dict[str, Any]:
    """A kind's fields, with the two that every entry may have; one argument may stand alone."""
    schema = kind_of(name).model_json_schema()
    schema.pop("title", None)
    schema.pop("$defs", None)
    properties: dict[str, Any] = dict(schema["properties"])
    for value in properties.values():
        value.pop("title", None)
    properties |= dict.fromkeys(nested_fields(name), ENTRY)
    schema["properties"] = properties | {"name": {"type": "string"}, "inputs": NAMES}
    alone: list[dict[str, Any]] = [{"type": ["integer", "number", "string", "array"]}, *[ENTRY][: len(nested_fields(name))]] if kind_of(name).positional() else []  # fmt: skip
    nothing: list[dict[str, Any]] = [] if schema.get("required") else [{"type": "null"}]
    return {"description": (kind_of(name).__doc__ or "").split("\n")[0], "anyOf": [schema, *alone, *nothing]}


def _composite(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    common = {"name": {"type": "string"}, "inputs": NAMES}
    return {"type": "object", "properties": properties | common, "required": required, "additionalProperties": False}
