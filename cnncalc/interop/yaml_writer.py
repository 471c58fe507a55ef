"""An Architecture as the text of an architecture file: an entry a line, defaults left out.

Reading the text again gives the same nodes. What the file it came from wrote shorter (variables, blocks,
repetitions) is written out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import takewhile
from typing import Any

from ..architecture import Architecture, Node
from ..architecture.graph import snake_case
from ..arithmetic import Symbolic
from ..layers import Layer

PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*")
YAML_WORDS = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}
PER_AXIS = {"dilation_rate", "kernel_size", "output_padding", "output_size", "pool_size", "size", "strides"}
SIDES = {"cropping", "padding"}
ROUNDS = 8


def architecture_yaml(architecture: Architecture) -> str:
    """The YAML text of an architecture file."""
    inputs = [node for node in architecture.nodes if node.layer.kind() == "Input"]
    layers = [node for node in architecture.nodes if node.layer.kind() != "Input"]
    lines = [f"name: {_scalar(architecture.name)}", *_input_lines(inputs), "layers:"]
    explicit = _explicit_names(architecture.nodes)
    flowing = inputs[0].name if len(inputs) == 1 else None
    for node in layers:
        lines.append(f"  - {_entry(node, flowing, named=node.name in explicit)}")
        flowing = node.name
    if architecture.outputs != _unread(architecture):
        lines.append(f"outputs: {_flow(list(architecture.outputs))}")
    if architecture.limits:
        lines.append(f"limits: {_flow(dict(architecture.limits))}")
    return "\n".join([*lines, ""])


def _input_lines(inputs: list[Node]) -> Iterator[str]:
    shapes = {node.name: list(node.layer.shape) for node in inputs}  # type: ignore[attr-defined]  # an Input has a shape
    if list(shapes) == ["input"]:
        yield f"input: {_flow(shapes['input'])}"
        return
    yield "inputs:"
    yield from (f"  {_scalar(name)}: {_flow(shape)}" for name, shape in shapes.items())


def _unread(architecture: Architecture) -> tuple[str, ...]:
    read = {tensor.partition(":")[0] for node in architecture.nodes for tensor in node.inputs}
    return tuple(node.name for node in architecture.nodes if node.name not in read)


def _explicit_names(nodes: tuple[Node, ...]) -> set[str]:
    """The names that the file must say, since numbering the kinds would give others."""
    explicit = {node.name for node in nodes if node.layer.kind() == "Input"}
    for _ in range(ROUNDS):
        numbered = _numbered(nodes, explicit)
        wrong = {node.name for node in nodes if node.name not in explicit and numbered[node.name] != node.name}
        if not wrong:
            return explicit
        explicit |= wrong
    return {node.name for node in nodes}


def _numbered(nodes: tuple[Node, ...], explicit: set[str]) -> dict[str, str]:
    """What the nodes without an explicit name would be called, by their real names."""
    taken, given, found = set(explicit), dict[str, int](), dict[str, str]()
    for node in nodes:
        if node.name in explicit:
            continue
        stem = node.shares or snake_case(node.layer.kind())
        number = given.get(stem, 1 if node.shares else 0)
        while (name := f"{stem}_{number}" if number else stem) in taken:
            number += 1
        given[stem] = number + 1
        taken.add(name)
        found[node.name] = name
    return found


def _entry(node: Node, flowing: str | None, *, named: bool) -> str:
    kind = "Shared" if node.shares else node.layer.kind()
    fields: dict[str, Any] = {"layer": node.shares} if node.shares else settings(node.layer)
    first = next(iter(fields), None)
    alone = len(fields) == 1 and first == ("layer" if node.shares else next(iter(node.layer.positional()), None))
    if named:
        fields["name"] = node.name
    if node.inputs != (flowing,):
        fields["inputs"] = node.inputs[0] if len(node.inputs) == 1 else list(node.inputs)
    if not fields:
        return kind
    if alone and len(fields) == 1 and not isinstance(fields[str(first)], dict | None):
        return f"{kind}: {_flow(fields[str(first)])}"
    return f"{kind}: {_flow(fields)}"


def settings(layer: Layer) -> dict[str, Any]:
    """The fields that differ from their defaults, as a file writes them."""
    found: dict[str, Any] = {}
    for name, value in layer:
        info = type(layer).model_fields.get(name)
        default = info.default if info else None
        if name == "strides" and hasattr(layer, "pool_size"):
            default = layer.pool_size  # windows stand side by side
        if name == "input_spec" or (info and not info.is_required() and _same(value, default)):
            continue
        if (name == "activation" and value == "linear" and default is None) or value == "channels_last":
            continue
        found[name] = _written(name, value)
    return found


def _same(value: Any, default: Any) -> bool:
    """Whether a value is a default, which may be one number for all axes."""
    flat = [side for pair in value for side in pair] if _is_sides(value) else value
    return bool(value == default or (isinstance(flat, (tuple, list)) and flat and all(n is default or n == default for n in flat)))  # fmt: skip


def _is_sides(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and all(isinstance(pair, tuple) for pair in value)


def _written(name: str, value: Any) -> Any:
    """A value in its shortest form that reads the same."""
    if isinstance(value, Layer):
        fields = settings(value)
        return {value.kind(): fields} if fields else value.kind()
    if name in SIDES and _is_sides(value):
        return _sides(value)
    if name in PER_AXIS and isinstance(value, tuple):
        return value[0] if _alike(value) else list(value)
    return list(value) if isinstance(value, tuple) else value


def _sides(pairs: tuple[tuple[Any, Any], ...]) -> Any:
    """(before, after) per axis as one number, one per axis, or pairs."""
    symmetric = all(before == after for before, after in pairs)
    if symmetric:
        sizes = tuple(before for before, _ in pairs)
        return sizes[0] if _alike(sizes) else list(sizes)
    return list(pairs[0]) if len(pairs) == 1 else [list(pair) for pair in pairs]


def _alike(values: tuple[Any, ...]) -> bool:
    return len(list(takewhile(lambda value: value == values[0], values))) == len(values)


def _flow(value: Any) -> str:
    """A value in YAML's flow style."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_scalar(name)}: {_flow(each)}" for name, each in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, Symbolic):
        return "null" if str(value).startswith("?") else _scalar(str(value))
    if isinstance(value, str) and PLAIN.fullmatch(value) and value.lower() not in YAML_WORDS:
        return value
    text = json.dumps(value, ensure_ascii=False)
    bare_exponent = isinstance(value, float) and "e" in text and "." not in text
    return text.replace("e", ".0e") if bare_exponent else text  # YAML 1.1 reads 1e-06 as a word
