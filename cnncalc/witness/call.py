"""One call of a layer: the weights that it asks for, and the products that it makes, counted as they are made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import prod

import numpy as np

from .arrays import Array
from .initializers import Initializer, Shape, glorot_uniform
from .store import Store


@dataclass(slots=True)
class Tally:
    """What was multiplied so far."""

    macs: int = 0
    """Products made in contractions, each added to a sum."""
    padded: int = 0
    """How many of them met a zero that is padding."""


@dataclass(frozen=True, slots=True)
class Call:
    """What a layer gets beside its inputs."""

    layer: str
    """Whose weights these are."""
    store: Store
    tally: Tally
    learns: bool = True
    """Whether training changes what the layer learns."""
    prefix: str = ""
    """What stands before the names of the weights of a layer inside another."""

    def weight(
        self, name: str, shape: Iterable[int], init: Initializer = glorot_uniform, *, learned: bool = True
    ) -> Array:
        """The array of a weight, of the shape that the layer makes out of its fields and its input."""
        wanted: Shape = tuple(map(int, shape))
        return self.store.get(self.layer, self.prefix + name, wanted, init, learned=learned and self.learns)

    def statistic(self, name: str, shape: Iterable[int], init: Initializer) -> Array:
        """A weight that no gradient changes."""
        return self.weight(name, shape, init, learned=False)

    def inside(self, prefix: str = "", *, learns: bool = True) -> Call:
        """The call of a layer inside this one."""
        return Call(self.layer, self.store, self.tally, self.learns and learns, self.prefix + prefix)

    def count(self, macs: int, padded: int = 0) -> None:
        """Note products that were made some other way than by `matmul` and `einsum`."""
        self.tally.macs += macs
        self.tally.padded += padded

    def matmul(self, a: Array, b: Array, out: Array | None = None) -> Array:
        """The matrix product, with as many products counted as it makes."""
        product: Array = np.matmul(a, b, out=out)
        self.count(product.size * a.shape[-1])
        return product

    def einsum(self, equation: str, *arrays: Array) -> Array:
        """The contraction of two arrays, with one product counted per combination of all letters."""
        letters = equation.partition("->")[0].split(",")
        sizes = {letter: n for word, array in zip(letters, arrays, strict=True) for letter, n in zip(word, array.shape, strict=True)}  # fmt: skip
        self.count(prod(sizes.values()))
        result: Array = np.einsum(equation, *arrays, optimize=True)
        return result
