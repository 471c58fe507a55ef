"""The weights of a network: real arrays, made when a layer first asks for them, or given from outside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np

from ..errors import ArchitectureError, Fault, Place
from ..language import Text
from .arrays import Array, shape_text
from .initializers import Initializer, Shape


class Weight(NamedTuple):
    """An array, and whether training changes it."""

    array: Array
    learned: bool


class Store:
    """Every layer's weights by layer and name. Without `given` they are drawn, the same for the same seed.

    With `given` none is drawn: all that a layer asks for must be there, in the shape that it asks for. If not,
    an ArchitectureError names the layer and both shapes.
    """

    def __init__(
        self,
        given: Mapping[str, Mapping[str, Array]] | None = None,
        *,
        seed: int = 0,
        dtype: Any = np.float32,
        file: str | None = None,
    ) -> None:
        self.given = given
        self.place = Place(file) if file else None
        """Where the given weights come from, for whoever must mend them."""
        self.seed = seed
        self.dtype = np.dtype(dtype)
        self._made: dict[str, dict[str, Weight]] = {}

    def get(self, layer: str, name: str, shape: Shape, init: Initializer, *, learned: bool) -> Array:
        """The array of this name, which is made or taken from what was given when it is first asked for."""
        own = self._made.setdefault(layer, {})
        if name not in own:
            array = self._given(layer, name, shape)
            own[name] = Weight(self._drawn(layer, name, shape, init) if array is None else array, learned)
        return own[name].array

    def of(self, layer: str) -> Mapping[str, Weight]:
        """The weights of one layer, in the order in which it asked for them."""
        return self._made.get(layer, {})

    def __iter__(self) -> Iterator[tuple[str, str, Weight]]:
        for layer, weights in self._made.items():
            for name, weight in weights.items():
                yield layer, name, weight

    @property
    def nbytes(self) -> int:
        """The bytes of all arrays made so far."""
        return sum(weight.array.nbytes for _, _, weight in self)

    def _drawn(self, layer: str, name: str, shape: Shape, init: Initializer) -> Array:
        """Drawn by a generator of its own, so that no weight depends on what was asked for before."""
        return init(np.random.default_rng([self.seed, crc32(f"{layer}/{name}".encode())]), shape, self.dtype)

    def _given(self, layer: str, name: str, shape: Shape) -> Array | None:
        if self.given is None:
            return None
        weights = self.given.get(layer, {})
        if name not in weights:
            there = ", ".join(weights) or "–"
            message = Text("the weights of {layer} lack {name}; there are: {names}", layer=layer, name=name, names=there)  # fmt: skip
            raise ArchitectureError([Fault("weight-missing", message, layer=layer, place=self.place)])
        array = weights[name]
        if array.shape != shape:
            message = Text(
                "{name} of {layer} has the shape {given}, but the layer needs {needed}",
                name=name, layer=layer, given=shape_text(array.shape), needed=shape_text(shape),
            )  # fmt: skip
            raise ArchitectureError([Fault("weight-shape", message, layer=layer, place=self.place)])
        return array
