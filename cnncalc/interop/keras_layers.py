"""A layer of a Keras config as an entry, as strict as Keras is about it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from ..architecture.entries import Faults, integer_fields, nested_fields, shown
from ..errors import nearest
from ..language import Text
from ..layers import kind as kind_of
from ..layers.fields import ACTIVATIONS
from ..layers.settings import is_setting
from .keras_names import ALIASES, FOREIGN_FIELDS, FOREIGN_IN, KERAS_KINDS
from .keras_operations import DECLARE

IGNORED = frozenset(
    {"name", "dtype", "batch_input_shape", "batch_shape", "ragged", "sparse", "optional", "input_shape"}
)
CODE = Text("it holds code of its own, which is never run")


def class_name(layer: dict[str, Any]) -> str:
    name: str = layer["class_name"]
    return name


def layer_name(layer: dict[str, Any]) -> str:
    """The name of a layer; Keras 3 says it beside the config, Keras 2 inside."""
    config = layer["config"]
    inside = config.get("name") if isinstance(config, dict) else None
    return str(layer.get("name") or inside or class_name(layer).lower())


def batch_shape(config: dict[str, Any]) -> list[Any] | None:
    """The declared input of a layer without the batch, in the words of Keras 2 and 3; None if none is."""
    shape = config.get("batch_shape") or config.get("batch_input_shape")
    return list(shape[1:]) if shape else None


class Translator:
    """Turns layers of a config into entries and notes what Keras itself would refuse."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults

    def entry(self, layer: dict[str, Any]) -> dict[str, Any] | None:
        """The entry that a layer is; None with the fault noted."""
        name, kind = layer_name(layer), ALIASES.get(class_name(layer), class_name(layer))
        if kind == "Custom":
            return {kind: {key: value for key, value in layer["config"].items() if key != "name"}}
        if kind not in KERAS_KINDS:
            self._note_unknown(layer, name)
            return None
        before = len(self.faults)
        fields = self._fields(kind, layer["config"], name)
        for rule in broken(kind, fields):
            self.faults.note("keras-rule", Text("{layer} ({kind}): {rule}", layer=name, kind=kind, rule=rule), (), layer=name)  # fmt: skip
        return {kind: fields} if len(self.faults) == before else None

    def _fields(self, kind: str, config: dict[str, Any], name: str) -> dict[str, Any]:
        known, integers, nested = _known_fields(kind), integer_fields(kind), nested_fields(kind)
        fields: dict[str, Any] = {}
        for key, value in config.items():
            if key in IGNORED or (key == "trainable" and value is True):
                continue
            if key not in known and is_setting(key):
                continue
            if key not in known and not kind_of(kind).keeps(key):
                near = nearest(key, known)
                hint = [Text("did you mean {near}?", near=near)] if near else []
                self._note(name, kind, key, Text("Keras has no such setting"), *hint)
            elif key in nested:
                fields[key] = self.entry(value) if value is not None else None
            elif key.endswith("activation"):
                fields[key] = self._activation(value, name, kind, key)
            elif key in integers and isinstance(value, str) and key != "padding":
                self._note(name, kind, key, Text("takes an integer, not {value}", value=shown(value)))
            else:
                fields[key] = value
        return fields

    def _activation(self, value: Any, name: str, kind: str, key: str) -> str | None:
        """The name of an activation, however it was saved; code is refused."""
        if value is None or isinstance(value, str):
            return value
        saved = value.get("config") if value.get("class_name") == "function" else value.get("class_name")
        word = str(saved.get("name") if isinstance(saved, dict) else saved).rpartition(">")[2]
        known = {each.replace("_", ""): each for each in ACTIVATIONS}
        if value.get("class_name") != "__lambda__" and word.replace("_", "").lower() in known:
            return known[word.replace("_", "").lower()]
        self._note(name, kind, key, CODE)
        return None

    def _note(self, name: str, kind: str, key: str, why: Text, *remedies: Text) -> None:
        message = Text("{layer} ({kind}): {field}: {why}", layer=name, kind=kind, field=key, why=why)
        self.faults.note("bad-value", message, (key,), *remedies, layer=name)

    def _note_unknown(self, layer: dict[str, Any], name: str) -> None:
        kind = class_name(layer)
        if kind == "Lambda":
            message = Text("{layer} is a Lambda: {why}", layer=name, why=CODE)
            self.faults.note("code", message, (), DECLARE, layer=name)
            return
        near = nearest(kind, KERAS_KINDS)
        hint = [Text("did you mean {near}?", near=near)] if near else []
        message = Text("{layer}: there is no Keras layer {kind}", layer=name, kind=kind)
        self.faults.note("unknown-class", message, (), *hint, DECLARE, layer=name)


@cache
def _known_fields(kind: str) -> frozenset[str]:
    """The fields that a Keras config may set."""
    foreign = {field for word, fields in FOREIGN_IN.items() if word in kind for field in fields}
    return frozenset(kind_of(kind).model_fields) - FOREIGN_FIELDS - foreign


def broken(kind: str, fields: dict[str, Any]) -> Iterator[Text]:
    """The rules of Keras that a layer breaks though an architecture file may."""
    convolves = "kernel_size" in fields
    if convolves and not isinstance(fields.get("padding", ""), str):
        yield Text('padding takes "valid" or "same" in Keras, not {value}', value=shown(fields["padding"]))
    if kind == "SeparableConv1D" and fields.get("padding") == "causal":
        yield Text('SeparableConv1D has no padding "causal" in Keras')
    if convolves and _largest(fields.get("strides")) > 1 and _largest(fields.get("dilation_rate")) > 1:
        yield Text("Keras does not combine strides and dilation_rate above 1")
    extra, strides = fields.get("output_padding"), fields.get("strides", 1)
    if extra is not None and any(more >= step for more, step in _paired(extra, strides)):
        yield Text("output_padding must be smaller than the strides in Keras")


def _largest(value: Any) -> int:
    numbers = value if isinstance(value, list) else [value]
    return max((n for n in numbers if isinstance(n, int)), default=1)


def _paired(a: Any, b: Any) -> list[tuple[int, int]]:
    """Two settings axis by axis, where one number stands for all."""
    rank = max(len(each) if isinstance(each, list) else 1 for each in (a, b))
    first, second = (each if isinstance(each, list) else [each] * rank for each in (a, b))
    return [(n, m) for n, m in zip(first, second, strict=False) if isinstance(n, int) and isinstance(m, int)]
