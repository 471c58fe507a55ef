"""How a Keras config says which tensors a layer was called on, in the forms of Keras 2 and 3."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple


class Key(NamedTuple):
    """A tensor of a Keras graph."""

    layer: str
    call: int
    """Which of the calls of the layer."""
    output: int
    """Which of the outputs of the call."""


READ_BY_NAME = ("query", "value", "key", "inputs", "sequences", "initial_state")
"""Keywords whose tensors a layer reads, in the order in which it reads them; masks are not among them."""


class Call(NamedTuple):
    """One call of a layer; a Key stands wherever a tensor was passed."""

    arguments: list[Any]
    keywords: dict[str, Any]
    read: tuple[Key, ...] = ()
    """The tensors that the layer reads, in its own order."""
    needed: tuple[Key, ...] = ()
    """Those and the masks: all that must be there before the call."""


def _made(arguments: list[Any], keywords: dict[str, Any]) -> Call:
    read = tuple(keys(arguments))
    if not keywords:
        return Call(arguments, keywords, read, read)
    named = tuple(keys([keywords.get(name) for name in READ_BY_NAME]))
    return Call(arguments, keywords, read + named, read + tuple(keys(keywords)))


def calls(layer: dict[str, Any]) -> list[Call]:
    """The calls of a layer, from its `inbound_nodes`."""
    return [_call(node) for node in layer.get("inbound_nodes") or ()]


def _call(node: Any) -> Call:
    if isinstance(node, dict):  # Keras 3
        return _made([tensors(each) for each in node["args"]], {k: tensors(v) for k, v in node["kwargs"].items()})
    if _is_key(node):  # an operation of TensorFlow
        return _keras2([node])
    return _keras2(node)


def _keras2(node: list[Any]) -> Call:
    """Keras 2: a list of [layer, call, output, keywords]."""
    keywords: dict[str, Any] = {}
    for each in node:
        if len(each) > 3 and isinstance(each[3], dict):
            keywords |= {name: tensors(value) for name, value in each[3].items()}
    arguments = [tensors(each) for each in node]
    return _made([arguments] if len(arguments) > 1 else arguments, keywords)


def tensors(value: Any) -> Any:
    """`value` with a Key in place of every tensor."""
    if isinstance(value, dict):
        if value.get("class_name") == "__keras_tensor__":
            return Key(*value["config"]["keras_history"])
        return {name: tensors(each) for name, each in value.items()}
    if _is_key(value):
        return value[2] if value[0] == "_CONSTANT_VALUE" else Key(*value[:3])
    return [tensors(each) for each in value] if isinstance(value, (list, tuple)) else value


def _is_key(value: Any) -> bool:
    """Whether a list is Keras 2's [layer, call, output]."""
    if not isinstance(value, list) or len(value) not in {3, 4} or not isinstance(value[0], str):
        return False
    return isinstance(value[1], int) and (isinstance(value[2], int) or value[0] == "_CONSTANT_VALUE")


def keys(value: Any) -> Iterator[Key]:
    """Every Key in `value`, in order, however deep."""
    if isinstance(value, Key):
        yield value
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from keys(each)
    elif isinstance(value, dict):
        for each in value.values():
            yield from keys(each)
