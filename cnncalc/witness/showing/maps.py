"""A network run on one image: what each layer put out, in numbers to look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from ...architecture import Architecture, producer
from ..arrays import Array
from ..execution import Ran, execute
from ..feeding.feed import Feed
from ..tracing.trace import Index, Number, plain


class Seen(NamedTuple):
    """One output of a layer."""

    layer: str
    kind: str
    shape: Index
    least: Number
    mean: float
    most: Number

    def to_dict(self) -> dict[str, Any]:
        told = {"name": self.layer, "kind": self.kind, "shape": list(self.shape)}
        return told | {"min": self.least, "mean": self.mean, "max": self.most}


class Best(NamedTuple):
    """The largest values of an output of the network."""

    layer: str
    values: tuple[tuple[Index, Number], ...]
    shares: bool
    """Whether they are shares of 1, by softmax."""

    def to_dict(self) -> dict[str, Any]:
        return {"layer": self.layer, "shares": self.shares, "values": [{"at": list(at), "value": v} for at, v in self.values]}  # fmt: skip


class Run(NamedTuple):
    """A whole run."""

    name: str
    layers: tuple[Seen, ...]
    best: tuple[Best, ...]
    notes: tuple[Any, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Schema 1 of the JSON output."""
        return {
            "schema": 1,
            "name": self.name,
            "layers": [seen.to_dict() for seen in self.layers],
            "top": [best.to_dict() for best in self.best],
            "notes": [str(note) for note in self.notes],
        }


Keep = Callable[[int, str, Array, bool], None]
"""What is done with an output: its number and name, the array without its batch, whether channels come first."""


def run(architecture: Architecture, fed: Feed, *, top: int = 5, keep: Keep | None = None) -> Run:
    """Run the layers in order on the first example; `keep` gets every output as it is made."""
    seen, best = [], []
    with np.errstate(all="ignore"):  # what overflows is shown as inf and nan
        for number, ran in enumerate(execute(architecture, fed.inputs, fed.store)):
            first = getattr(ran.node.layer, "channels_first", architecture.channels_first)
            for name, output in _named(ran):
                seen.append(_seen(name, ran.node.layer.kind(), output))
                if name in architecture.outputs or (name == ran.node.name and name in map(producer, architecture.outputs)):  # fmt: skip
                    best.append(_best(ran, name, output, top))
                if keep:
                    keep(number, name, output, first)
    return Run(architecture.name, tuple(seen), tuple(best), fed.notes)


def _named(ran: Ran) -> Iterator[tuple[str, Array]]:
    """The outputs by name; a further one is called `lstm:1`."""
    for number, output in enumerate(ran.outputs):
        yield f"{ran.node.name}:{number}" if number else ran.node.name, output[0]


def _seen(name: str, kind: str, output: Array) -> Seen:
    mean = float(output.mean(dtype=np.float64))
    return Seen(name, kind, output.shape, plain(output.min()), mean, plain(output.max()))


def _best(ran: Ran, name: str, output: Array, top: int) -> Best:
    flat = output.ravel()
    order = np.argsort(-flat, kind="stable")[:top]
    values = tuple((tuple(map(int, np.unravel_index(i, output.shape))), plain(flat[i])) for i in order)
    layer = ran.node.layer
    return Best(name, values, layer.kind() == "Softmax" or getattr(layer, "activation", None) == "softmax")
