"""Run a network layer by layer, counting what is made and what is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ..architecture import Architecture, Node, producer
from .arrays import Array
from .call import Call, Tally
from .dispatch import run_layer
from .store import Store


class Ran(NamedTuple):
    """One layer that has run; its outputs still have the batch axis."""

    node: Node
    inputs: tuple[Array, ...]
    outputs: tuple[Array, ...]
    trainable: int
    """Entries of the arrays that the layer made itself and that training changes."""
    non_trainable: int
    macs: int
    """Products made in contractions, for all examples of the batch together."""
    padded: int
    """How many of these met a zero that is padding."""
    alive: int
    """The bytes of all outputs that were held while it ran."""

    @property
    def shapes(self) -> tuple[tuple[int, ...], ...]:
        """The shapes of the outputs without the batch."""
        return tuple(output.shape[1:] for output in self.outputs)


def execute(architecture: Architecture, inputs: Mapping[str, Array], store: Store) -> Iterator[Ran]:
    """Run the layers in order on batches of inputs, by name; an output is dropped after its last reader."""
    readers = Counter(producer(tensor) for node in architecture.nodes for tensor in node.inputs)
    readers.update(map(producer, architecture.outputs))
    held: dict[str, tuple[Array, ...]] = {}
    for node in architecture.nodes:
        xs = tuple(_tensor(name, held) for name in node.inputs) or (inputs[node.name],)
        tally = Tally()
        owner = node.shares or node.name
        outputs = run_layer(node.layer, Call(owner, store, tally, node.layer.trainable), *xs)
        held[node.name] = outputs
        alive = sum(array.nbytes for arrays in held.values() for array in arrays)
        own = () if node.shares else tuple(store.of(node.name).values())
        learned, fixed = (sum(w.array.size for w in own if w.learned is kind) for kind in (True, False))
        yield Ran(node, xs, outputs, learned, fixed, tally.macs, tally.padded, alive)
        readers.subtract(map(producer, node.inputs))
        for name in {*map(producer, node.inputs), node.name}:
            if readers[name] <= 0:
                held.pop(name, None)


def _tensor(name: str, held: Mapping[str, tuple[Array, ...]]) -> Array:
    """What a node reads: `lstm:1` is the second output of `lstm`."""
    node, _, number = name.partition(":")
    return held[node][int(number or 0)]
