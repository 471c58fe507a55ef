"""A Keras model config (`model.to_json()`, Keras 2 and 3) as the data of an architecture file."""

from __future__ import annotations

import json
import re
from typing import Any

from ..architecture.files import parse_text
from ..architecture.parser_words import reason
from ..architecture.source import Source, failure, place_at
from ..errors import ArchitectureError, Fault, Path, Place
from ..language import Text
from .keras_graph import MODELS, Flattener


def read_config(text: str, file: str) -> Source:
    """Read the JSON of a Keras model; the data of the source is that of an architecture file."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        message = Text("this is not valid JSON: {reason}", reason=reason(error.msg))
        raise failure("json-syntax", message, place_at(file, text, error.lineno, error.colno)) from None
    except (RecursionError, ValueError):
        raise failure("too-deep", Text("this JSON is nested too deeply"), Place(file)) from None
    if isinstance(data, dict) and "layers" in data and "class_name" not in data:
        return parse_text(text, file)  # an architecture with a declared layer
    model, flattener = _model(data, file), Flattener()
    try:
        found = flattener.network(model)
    except KeyError as error:
        message = Text("this Keras config is damaged: it lacks {key}", key=error)
        raise failure("damaged-config", message, Place(file)) from None
    except (TypeError, IndexError, AttributeError, ValueError, RecursionError) as error:
        message = Text("this Keras config is damaged, or of a kind that is not known: {reason}", reason=error)
        raise failure("damaged-config", message, Place(file)) from None
    source = Source(found, file, text, lambda path: _position(path, flattener.written, text))
    if flattener.faults:
        raise ArchitectureError([_placed(fault, text, file) for fault in flattener.faults])
    return source


def _model(data: Any, file: str) -> dict[str, Any]:
    """The config of a model in what a file holds."""
    if isinstance(data, dict) and isinstance(data.get("model_config"), dict):  # what an HDF5 file keeps
        data = data["model_config"]
    name = data.get("class_name") if isinstance(data, dict) else None
    if name in MODELS and isinstance(data.get("config"), (dict, list)):
        model: dict[str, Any] = data
        return model
    message = Text("this JSON is not a Keras model of layers: its class_name is {name}", name=repr(name))
    hint = Text("save a Functional or Sequential model: open('model.json', 'w').write(model.to_json())")
    raise failure("not-keras", message, Place(file), hint)


def _position(path: Path, written: list[str], text: str) -> tuple[int, int] | None:
    """Where the layer of an entry is named in the file, or the field of it that is meant."""
    match path:
        case ("layers", int(index), *rest) if index < len(written):
            return _layer_position(written[index], rest[-1] if len(rest) > 1 else None, text)
    return None


def _layer_position(layer: str | None, field: str | int | None, text: str) -> tuple[int, int]:
    """Where a layer is named, or the field after it."""
    start = _find(text, rf'"name"\s*:\s*{re.escape(json.dumps(layer))}', 0)
    if isinstance(field, str):
        start = _find(text, rf'"{re.escape(field)}"\s*:', start) or start
    return text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)


def _find(text: str, pattern: str, start: int) -> int:
    found = re.compile(pattern).search(text, start)
    return found.start() if found else 0


def _placed(fault: Fault, text: str, file: str) -> Fault:
    """A fault of the flattening with the position of its layer or, where its path holds one, of a field."""
    field = fault.path[0] if fault.path else None
    return fault.at(place_at(file, text, *_layer_position(fault.layer, field, text)))
