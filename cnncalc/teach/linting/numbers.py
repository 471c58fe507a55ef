"""The numbers of a network that a teacher can change: its input's sizes and its layers' fields, or its variables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ...architecture import Architecture, Node
from ...arithmetic import Symbolic
from ...layers import Layer
from ...layers.fields import Letter
from ...search.knobs import CHOOSING
from ...search.places import Place, filled, strides_follow, variables_of
from ..reading import with_variables


class Number(NamedTuple):
    """A number, and where it stands: in several places where these go together, as the sides of a square."""

    name: str
    """As `cnncalc solve` calls it: `conv2d.kernel_size`, `input.shape[0]`, `F`."""
    places: tuple[Place, ...]
    value: int
    neutral: int | None = None
    """The number that says nothing, such as a stride of 1: with it the question is another one."""


def variables(network: Architecture, given: Mapping[str, int]) -> tuple[Number, ...]:
    """The variables of the network's file, with what an exercise sets them to."""
    held = {**variables_of(network), **given}
    return tuple(Number(name, (Place(name),), value) for name, value in held.items() if type(value) is int)


def fields(network: Architecture) -> tuple[Number, ...]:
    """The numbers in the layers, each once where an entry of the file became several layers."""
    return tuple(number for nodes in _entries(network) for number in _of_node(network, nodes))


def every(network: Architecture) -> tuple[Number, ...]:
    """The numbers in the layers, of each layer its own."""
    return tuple(number for node in network.nodes if node.shares is None for number in _of_node(network, (node,)))


def channels_of(network: Architecture) -> frozenset[str]:
    """The names of the numbers that are channels of an input."""
    maps = {name: shape for name, shape in network.inputs.items() if len(shape) > 1}
    return frozenset(f"{name}.shape[{0 if network.channels_first else len(shape) - 1}]" for name, shape in maps.items())


def sizes(network: Architecture) -> tuple[Number, ...]:
    """The sides of inputs where they are equal, as one number."""
    found = []
    for name, shape in network.inputs.items():
        sides = range(1, len(shape)) if network.channels_first else range(len(shape) - 1)
        values = {shape[side] for side in sides}
        if len(sides) > 1 and len(values) == 1 and isinstance(value := values.pop(), int):
            places = tuple(Place(f"{name}.shape[{side}]", (name,), ("shape", side)) for side in sides)
            found.append(Number(" = ".join(place.name for place in places), places, value))
    return tuple(found)


def changed(network: Architecture, numbers: Mapping[Number, Any], given: Mapping[str, int]) -> Architecture:
    """The network with other numbers, or with symbols. Raises ArchitectureError where a field refuses one."""
    named = {number.name: value for number, value in numbers.items() if not number.places[0].nodes}
    if named:
        network = with_variables(network, {**given, **named})
    return filled(network, [(place, value) for number, value in numbers.items() for place in number.places if place.nodes])  # fmt: skip


def _entries(network: Architecture) -> Iterator[tuple[Node, ...]]:
    """The layers that have numbers of their own, by the entry that they come from."""
    found: dict[Any, list[Node]] = {}
    for node in network.nodes:
        if node.shares is None:
            found.setdefault(node.path or node.name, []).append(node)
    return (tuple(nodes) for nodes in found.values())


def _of_node(network: Architecture, nodes: tuple[Node, ...]) -> Iterator[Number]:
    """The numbers of an entry, unless its layers hold different ones; not the strides of a pool that are its size unwritten."""
    first, *others = nodes
    if any(other.layer != first.layer for other in others):
        return
    names = tuple(node.name for node in nodes)
    unwritten = strides_follow(network, first, first.layer) and hasattr(first.layer, "pool_size")
    for steps, value, neutral in _held(first.layer):
        if unwritten and steps[0] == "strides":
            continue
        name = first.name + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
        yield Number(name, (Place(name, names, steps),), value, neutral)


def _held(layer: Layer) -> Iterator[tuple[tuple[str | int, ...], int, int | None]]:
    """The way to every number of a layer, the number, and the one that says nothing."""
    for name, field in type(layer).model_fields.items():
        value = getattr(layer, name)
        if isinstance(value, Layer):
            yield from (((name, *steps), number, neutral) for steps, number, neutral in _held(value))
        letter = next((each for each in field.metadata if isinstance(each, Letter)), None)
        is_input = layer.kind() == "Input"
        if letter is None or not (letter.name or is_input) or name in CHOOSING:
            continue
        for steps, number in _numbers(value, together=not is_input):
            if number > 0 and number != letter.neutral:
                yield (name, *steps), number, letter.neutral


def _numbers(value: Any, *, together: bool) -> Iterator[tuple[tuple[int, ...], int]]:
    """The numbers in a field; one for all axes where they are equal."""
    leaves = list(_leaves(value))
    if together and leaves and len({number for _, number in leaves}) == 1:
        leaves = [((), leaves[0][1])]
    yield from ((steps, number) for steps, number in leaves if len(steps) < 2)


def _leaves(value: Any) -> Iterator[tuple[tuple[int, ...], int]]:
    if isinstance(value, tuple):
        yield from (((i, *steps), leaf) for i, each in enumerate(value) for steps, leaf in _leaves(each))
    elif isinstance(value, int) and not isinstance(value, (bool, Symbolic)):
        yield (), value
