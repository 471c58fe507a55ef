"""A network with letters for the sizes of its maps: what follows from them holds for every size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from ..architecture import Architecture, Node
from ..arithmetic import Dim, Shape
from ..expression import names, symbol
from ..layers.base import SPATIAL_LETTERS
from ..layers.least import symbols_in


class Opened(NamedTuple):
    """The network with letters, and the number that stood in place of each."""

    architecture: Architecture
    numbers: dict[str, int]


def opened(architecture: Architecture) -> Opened:
    """Letters in place of the spatial axes of the inputs; inputs of equal size have the same letters."""
    taken = set(_taken(architecture))
    letters: dict[Shape, tuple[Dim, ...]] = {}
    numbers: dict[str, int] = {}
    nodes = []
    for node in architecture.nodes:
        if node.layer.kind() != "Input":
            nodes.append(node)
            continue
        spatial, whole = spatial_axes(architecture.inputs[node.name], architecture.channels_first)
        if spatial not in letters:
            letters[spatial] = tuple(_letters(spatial, len(letters), taken, numbers))
        nodes.append(_with_axes(node, letters[spatial], whole))
    return Opened(replace(architecture, nodes=tuple(nodes)), numbers)


def spatial_axes(shape: Shape, channels_first: bool) -> tuple[Shape, slice]:  # noqa: FBT001 - passed on
    """The sizes of the spatial axes, and where they stand; features alone have none."""
    if len(shape) - 1 not in SPATIAL_LETTERS or len(shape) < 2:
        return (), slice(0, 0)
    where = slice(1, None) if channels_first else slice(0, -1)
    return shape[where], where


def _letters(spatial: Shape, count: int, taken: set[str], numbers: dict[str, int]) -> Iterator[Dim]:
    """H and W, or H_2 and W_2 where these are taken; what is a symbol already stays as it is."""
    for letter, size in zip(SPATIAL_LETTERS[len(spatial)], spatial, strict=True):
        if not isinstance(size, int):
            yield size
            continue
        suffixes = ("", *(f"_{number}" for number in range(max(2, count + 1), len(taken) + count + 3)))
        name = next(letter + suffix for suffix in suffixes if letter + suffix not in taken)
        taken.add(name)
        numbers[name] = size
        yield symbol(name)


def _with_axes(node: Node, axes: tuple[Dim, ...], where: slice) -> Node:
    shape = list(node.layer.shape)  # type: ignore[attr-defined]  # an Input has a shape
    shape[where] = axes
    return node._replace(layer=node.layer.model_copy(update={"shape": tuple(shape)}))


def _taken(architecture: Architecture) -> Iterator[str]:
    """The names of symbols that the network has already."""
    for layer in {id(node.layer): node.layer for node in architecture.nodes}.values():
        for value in symbols_in(layer):
            yield from names(value)
