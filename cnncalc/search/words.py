"""Words that say the same as a number: a padding of 2 may be what "same" adds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..derive import derive
from ..errors import ArchitectureError
from .knobs import Opened
from .places import Place, expressions, filled
from .ranges import Value

WORDS = ("valid", "same")


def same_shapes(knobs: Opened, values: Mapping[str, Value]) -> dict[str, tuple[str, ...]]:
    """For every padding among the unknowns, the words that give every layer the shape that its number gives it."""
    found = {name: tuple(_words(knobs, name, values)) for name in knobs.symbols if name.endswith("padding")}
    return {name: words for name, words in found.items() if words}


def _words(knobs: Opened, name: str, values: Mapping[str, Value]) -> Iterator[str]:
    nodes = [
        node.name
        for node in knobs.network(values).nodes
        if any(steps[0] == "padding" and value == knobs.symbols[name] for steps, value in expressions(node.layer))
    ]
    numbers = knobs.filled(values)
    shapes = [row.output_shapes for row in derive(numbers).rows]
    for word in WORDS if nodes else ():
        try:
            other = derive(filled(numbers, [(Place(name, tuple(nodes), ("padding",)), word)]))
        except ArchitectureError:  # a kind whose padding is a number always
            continue
        if [row.output_shapes for row in other.rows] == shapes:
            yield word
