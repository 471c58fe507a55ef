"""An architecture: validated layers by name, and who feeds whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from ..arithmetic import Shape
from ..errors import Path
from ..layers import Layer
from .source import Source


def producer(tensor: str) -> str:
    """The node that a tensor comes from: a further output of `lstm` is called `lstm:1`."""
    return tensor.partition(":")[0]


class Node(NamedTuple):
    """A layer at its place in the graph."""

    name: str
    layer: Layer
    inputs: tuple[str, ...] = ()
    """The tensors that it reads: names of nodes, with `:1`, `:2`, ... for further outputs."""
    path: Path = ()
    """Where the file says so."""
    shares: str | None = None
    """The node whose weights this one uses again."""


@dataclass(frozen=True, slots=True)
class Architecture:
    """Nodes in topological order, the inputs among them."""

    name: str
    nodes: tuple[Node, ...]
    outputs: tuple[str, ...]
    limits: Mapping[str, Any] = field(default_factory=dict)
    source: Source = field(default_factory=lambda: Source(None), repr=False, compare=False)

    @property
    def inputs(self) -> dict[str, Shape]:
        """The shape of each input, without the batch."""
        return {node.name: node.layer.shape for node in self.nodes if node.layer.kind() == "Input"}  # type: ignore[attr-defined]  # an Input has a shape

    @property
    def channels_first(self) -> bool:
        """Whether its maps hold the channels before the spatial axes."""
        distinct = {id(node.layer): node.layer for node in self.nodes}.values()
        return any(getattr(layer, "data_format", None) == "channels_first" for layer in distinct)

    def with_layers(self, change: Callable[[Node], Layer]) -> Architecture:
        """The same graph with other layers in its nodes."""
        return replace(self, nodes=tuple(node._replace(layer=change(node)) for node in self.nodes))

    def without(self, name: str) -> Architecture:
        """The same graph less one node; its input takes its place."""
        gone = next(node for node in self.nodes if node.name == name)
        (source,) = gone.inputs

        def rewired(names: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(source if each == name else each for each in names)

        kept = (node._replace(inputs=rewired(node.inputs)) for node in self.nodes if node.name != name)
        return replace(self, nodes=tuple(kept), outputs=rewired(self.outputs))

    def __repr__(self) -> str:
        return f"<Architecture {self.name}: {len(self.nodes)} nodes, {self.inputs} -> {', '.join(self.outputs)}>"
