"""Places of numbers in a network: found by name, read, and filled with other numbers or with symbols."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from pydantic import ValidationError

from ..architecture import Architecture, Node
from ..architecture.entries import Entry, Faults, field_faults, integer_fields, shown
from ..arithmetic import LIMIT, Demand, Symbolic
from ..errors import ArchitectureError, Fault, nearest
from ..expression import evaluate
from ..expression import names as names_in
from ..language import Text
from ..layers import Layer

PATH = re.compile(r"\.(\w+)|\[(\d+)\]")

SWITCHES = {"true": True, "false": False}
"""Words for a field that is on or off."""

AT_MOST = Text("a field holds at most {limit}", limit=LIMIT)


class Place(NamedTuple):
    """Where a number stands; a variable of the file has no nodes and no steps."""

    name: str
    nodes: tuple[str, ...] = ()
    """The layers that it is a field of: several where one entry of the file became several."""
    steps: tuple[str | int, ...] = ()
    """The way to the number inside the layer: ("kernel_size", 0)."""


def find(name: str, network: Architecture, *, word: bool, faults: Faults) -> Place | None:
    """The place that `name` means, or None with the fault noted; with `word`, it need not hold a number."""
    variables = variables_of(network)
    if name in variables or name in open_names(network):
        return Place(name)
    nodes = {node.name: node for node in network.nodes}
    layer_name = max((each for each in nodes if name.startswith((f"{each}.", f"{each}["))), key=len, default=None)
    if layer_name is None:
        known = [*variables, *(f"{node.name}.{field}" for node in network.nodes for field in _fields(node.layer))]
        near = nearest(name, known)
        hint = Text("did you mean {near}?", near=near) if near else Text("name a variable, or a field as in {example}", example=next(iter(known), "conv2d.filters"))  # fmt: skip
        faults.note("unknown-knob", Text("there is no {name} in this network", name=repr(name)), (), hint)
        return None
    node = nodes[nodes[layer_name].shares or layer_name]
    steps = _steps(name[len(layer_name) :])
    if node.layer.kind() == "Input" and steps and isinstance(steps[0], int):
        steps = ("shape", *steps)  # input[0]
    place = Place(name, (node.name,), steps)
    wrong = Text("{name} is no field", name=repr(name)) if not steps else _wrong(node.layer, steps, word=word)
    if wrong is None:
        return place
    near = nearest(str(steps[0]), _fields(node.layer)) if steps else None
    hints = [Text("did you mean {near}?", near=f"{layer_name}.{near}")] if near and near != steps[0] else []
    faults.note("no-number", Text("{layer} ({kind}): {why}", layer=node.name, kind=node.layer.kind(), why=wrong), node.path, *hints, layer=node.name)  # fmt: skip
    return None


def _steps(text: str) -> tuple[str | int, ...]:
    found = list(PATH.finditer(text))
    whole = "".join(each[0] for each in found) == text
    return tuple(each[1] or int(each[2]) for each in found) if whole else ()


def _fields(layer: Layer) -> list[str]:
    return sorted(integer_fields(layer.kind()))


def _wrong(layer: Layer, steps: tuple[str | int, ...], *, word: bool) -> Text | None:
    """Why a field holds no number; None if it does."""
    field, *rest = steps
    if isinstance(field, int) or field not in type(layer).model_fields:
        return Text("there is no field {field}; numbers are in {known}", field=repr(field), known=", ".join(_fields(layer)) or "–")  # fmt: skip
    value = getattr(layer, str(field))
    if isinstance(value, Layer):
        if rest:
            return _wrong(value, tuple(rest), word=word)
        return Text("{field} holds the layer {kind}; name a field of it", field=field, kind=value.kind())
    if word:
        return None
    if field not in integer_fields(layer.kind()):
        return Text("{field} holds {value}, which is no integer", field=field, value=shown(value))
    for index in rest:
        value = _numeric(layer, str(field)) if value == getattr(layer, str(field)) else value
        if not isinstance(value, tuple) or not isinstance(index, int) or index >= len(value):
            return Text("{field} holds {value}, which has no [{index}]", field=field, value=shown(value), index=index)
        value = value[index]
    if isinstance(value, tuple) and not any(_takes(layer, steps, number) for number in (0, 1, 2)):
        return Text("{field} holds {n} numbers: say which, as in {field}[0]", field=field, n=len(value))
    return None


def _numeric(layer: Layer, field: str) -> Any:
    """What a field holds; "valid" is a padding of zeros."""
    value = getattr(layer, field)
    return ((0, 0),) * layer.rank if value == "valid" else value  # type: ignore[attr-defined]  # what is padded has a rank


def variables_of(network: Architecture) -> Mapping[str, Any]:
    """The variables that the network's file lists."""
    data = network.source.data
    found = data.get("variables") if isinstance(data, dict) else None
    return found or {}


def open_names(network: Architecture) -> tuple[str, ...]:
    """The symbols in the fields of its layers."""
    distinct = {id(node.layer): node.layer for node in network.nodes}.values()
    return tuple(
        dict.fromkeys(name for layer in distinct for _, value in expressions(layer) for name in names_in(value))
    )


def expressions(layer: Layer) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """The symbols and expressions in the fields of a layer, and the way to each."""
    for name in layer.model_fields_set:
        for steps, value in _leaves(getattr(layer, name)):
            if isinstance(value, Symbolic):
                yield (name, *steps), value


def _leaves(value: Any) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    if isinstance(value, tuple):
        yield from (((i, *steps), leaf) for i, each in enumerate(value) for steps, leaf in _leaves(each))
    elif isinstance(value, Layer):
        yield from expressions(value)
    else:
        yield (), value


def present(network: Architecture, place: Place) -> Any:
    """What a place holds now."""
    if not place.nodes:
        return variables_of(network).get(place.name)
    value: Any = next(node.layer for node in network.nodes if node.name == place.nodes[0])
    for step in place.steps:
        value = getattr(value, step) if isinstance(step, str) else value[step] if isinstance(value, tuple) else 0
    return value


def filled(network: Architecture, values: Iterable[tuple[Place, Any]]) -> Architecture:
    """The network with other values in places of layers. Raises ArchitectureError if a field refuses one."""
    by_node: dict[str, list[tuple[tuple[str | int, ...], Any]]] = {}
    for place, value in values:
        for name in place.nodes:
            by_node.setdefault(name, []).append((place.steps, value))
    made: dict[tuple[int, str], Layer] = {}

    def change(node: Node) -> Layer:
        changes = by_node.get(node.shares or node.name)
        if not changes:
            return node.layer
        key = (id(node.layer), repr(changes))
        if key not in made:
            made[key] = _checked(node, lambda layer: _with(layer, changes, strides_follow(network, node, layer)))
        return made[key]

    return network.with_layers(change) if by_node else network


def substituted(network: Architecture, numbers: Mapping[str, int]) -> Architecture:
    """The network with numbers in for its symbols. Raises ArchitectureError if a field refuses one."""
    made: dict[int, Layer] = {}

    def change(node: Node) -> Layer:
        if id(node.layer) not in made:
            made[id(node.layer)] = _checked(node, lambda layer: _evaluated(layer, numbers))
        return made[id(node.layer)]

    return network.with_layers(change)


def _evaluated(layer: Layer, numbers: Mapping[str, int]) -> Layer:
    named = {str(steps[0]) for steps, _ in expressions(layer)}
    return _remade(layer, {name: _put(getattr(layer, name), numbers) for name in named}) if named else layer


def _put(value: Any, numbers: Mapping[str, int]) -> Any:
    if isinstance(value, tuple):
        return tuple(_put(each, numbers) for each in value)
    return _evaluated(value, numbers) if isinstance(value, Layer) else evaluate(value, numbers)


def _checked(node: Node, change: Callable[[Layer], Layer]) -> Layer:
    try:
        return change(node.layer)
    except ValidationError as error:
        raise ArchitectureError(field_faults(error, Entry(node.layer.kind(), {}, node.path))) from None
    except ZeroDivisionError:
        message = Text("{layer}: a field divides by zero", layer=node.name)
        raise ArchitectureError([Fault("expression", message, node.name, node.path)]) from None


def _with(layer: Layer, changes: list[tuple[tuple[str | int, ...], Any]], follows: bool) -> Layer:  # noqa: FBT001 - worked out by the caller
    """The layer with other values at the ends of some ways."""
    fields: dict[str, Any] = {}
    for (field, *rest), value in changes:
        old = fields.get(str(field), _numeric(layer, str(field)))
        fields[str(field)] = _replaced(old, rest, value)
    return _remade(layer, fields, without=("strides",) if follows and "pool_size" in fields else ())


def _replaced(old: Any, steps: list[str | int], value: Any) -> Any:
    match old, steps:
        case bool(), []:
            return SWITCHES.get(value, value)
        case _, []:
            return value
        case Layer(), _:
            return _with(old, [(tuple(steps), value)], _has_equal_strides(old))
        case tuple(), [int(index)] if isinstance(old[index], tuple):  # one number for both sides of an axis
            return (*old[:index], (value,) * len(old[index]), *old[index + 1 :])
        case tuple(), [int(index), *rest]:
            return (*old[:index], _replaced(old[index], rest, value), *old[index + 1 :])
    raise TypeError(old)  # `find` lets no such way in


def _remade(layer: Layer, fields: Mapping[str, Any], without: tuple[str, ...] = ()) -> Layer:
    """The layer with other fields, checked again."""
    kept = {name: getattr(layer, name) for name in layer.model_fields_set if name not in without}
    return type(layer).model_validate({**kept, **fields})


def strides_follow(network: Architecture, node: Node, layer: Layer) -> bool:
    """Whether the strides of a pool are its size because nobody wrote them."""
    written: Any = network.source.data if node.path else None
    for step in node.path:
        try:
            written = written[step]
        except (KeyError, IndexError, TypeError):
            written = None
    if written is None:
        return _has_equal_strides(layer)
    return not isinstance(written, dict) or written.get("strides") is None


def _has_equal_strides(layer: Layer) -> bool:
    size = getattr(layer, "pool_size", None)
    return size is not None and size == getattr(layer, "strides", None)


def least(layer: Layer, steps: tuple[str | int, ...]) -> int:
    """The least number that a field takes, found by asking it."""
    takes = [value for value in (-1, 0, 1) if _takes(layer, steps, value)]
    return -LIMIT if takes == [-1, 0, 1] else 0 if 0 in takes else 1


def _takes(layer: Layer, steps: tuple[str | int, ...], value: int) -> bool:
    try:
        _with(layer, [(steps, value)], _has_equal_strides(layer))
    except ValidationError:
        return False
    return True


def capped(network: Architecture) -> Iterator[Demand]:
    """That fields with symbols in them hold no more than a field can, each once."""
    distinct = {id(node.layer): node.layer for node in network.nodes}.values()
    found = {value: None for layer in distinct for _, value in expressions(layer)}
    for value in found:
        yield Demand(value, "<=", LIMIT, AT_MOST, code="field")
