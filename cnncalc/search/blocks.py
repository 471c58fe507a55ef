"""Many variants as blocks of bounded size: a grid of all combinations, or rows drawn from it.

In a grid the symbols that change fastest are the axes of a block, and the others numbers that hold for all of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from math import prod
from typing import Any, NamedTuple

import numpy as np

from .columns import Column, Layout
from .ranges import Values

GRID = 1 << 17
"""The most variants of a block of a grid: its columns stay in the cache of a core."""
ROWS = 1 << 15
"""The rows of a block in which every variant has settings of its own."""
EVERY = -1
"""The bits of all symbols."""


class Block(NamedTuple):
    """Variants that are computed together."""

    layout: Layout
    given: Mapping[str, Any]
    """Of each symbol the number, or the column along its axis."""

    @property
    def size(self) -> int:
        return prod(self.layout.shape)

    def count(self, mask: Any) -> int:
        """How many variants a mask holds; it may have fewer axes than the block, or be one truth for all."""
        if isinstance(mask, np.ndarray):
            return int(np.count_nonzero(mask)) * (self.size // mask.size)
        return self.size if mask else 0

    def spread(self, value: Any) -> Column:
        """A result as one number per variant, in the order in which the last symbol changes fastest."""
        return np.broadcast_to(_array(value), self.layout.shape).T.ravel()

    def chosen(self, places: Column) -> dict[str, Column]:
        """The symbols' values of some variants, by their places in that order."""
        index = np.unravel_index(places, self.layout.shape[::-1] or (1,))[::-1]
        return {
            name: value[index[self.layout.axis[name]]]
            if name in self.layout.axis
            else np.full(len(places), value, np.int64)
            for name, value in self.given.items()
        }


def _array(value: Any) -> Column:
    """A Python integer too large for int64 stays one: NumPy would make it unsigned."""
    return np.asarray(value, object if type(value) is int and abs(value) >= 2**63 else None)


class Grid:
    """All combinations; the first symbol changes slowest."""

    def __init__(self, axes: Mapping[str, Values], most: int = GRID) -> None:
        self.axes, self.most = dict(axes), most
        names = list(axes)
        lengths = [len(values) for values in axes.values()]
        first = len(names)
        while first and prod(lengths[first - 1 :]) <= most:
            first -= 1
        self.outer, self.inner = names[: max(0, first - 1)], names[first:]
        self.split = names[first - 1] if first else None
        self.piece = max(1, most // prod(lengths[first:]))

    @property
    def often(self) -> int:
        """The bits of the symbols that differ in every block."""
        return EVERY if self.split is None else 1 << list(self.axes).index(self.split)

    def __iter__(self) -> Iterator[Block]:
        whole = {name: column(self.axes[name], 0, len(self.axes[name])) for name in self.inner}
        within = [*([self.split] if self.split else []), *self.inner][::-1]
        axis = {name: place for place, name in enumerate(within)}
        shape = tuple(len(whole[name]) for name in self.inner[::-1])
        for numbers in product(*(self.axes[name] for name in self.outer)):
            fixed = dict(zip(self.outer, numbers, strict=True)) | whole
            if self.split is None:
                yield Block(Layout(shape, axis), fixed)
                continue
            values = self.axes[self.split]
            for start in range(0, len(values), self.piece):
                part = column(values, start, min(start + self.piece, len(values)))
                yield Block(Layout((*shape, len(part)), axis), {**fixed, self.split: part})


class Rows:
    """Variants with settings of their own, given as columns."""

    often = EVERY

    def __init__(self, columns: Mapping[str, Column], most: int = ROWS) -> None:
        self.columns = dict(columns)
        self.most = most

    def __iter__(self) -> Iterator[Block]:
        count = len(next(iter(self.columns.values())))
        axis = dict.fromkeys(self.columns, 0)
        for start in range(0, count, self.most):
            part = {name: each[start : start + self.most] for name, each in self.columns.items()}
            yield Block(Layout((min(self.most, count - start),), axis), part)


class Draws:
    """So many variants drawn at random from all combinations, each on its own."""

    often = EVERY

    def __init__(self, axes: Mapping[str, Values], count: int, random: np.random.Generator, most: int = ROWS) -> None:
        self.axes, self.count, self.random = dict(axes), count, random
        self.most = min(most, ROWS)

    def __iter__(self) -> Iterator[Block]:
        for start in range(0, self.count, self.most):
            size = min(self.most, self.count - start)
            drawn = {name: at(each, self.random.integers(len(each), size=size)) for name, each in self.axes.items()}
            yield Block(Layout((size,), dict.fromkeys(drawn, 0)), drawn)


Source = Grid | Rows | Draws


def column(values: Values, start: int, stop: int) -> Column:
    return at(values, np.arange(start, stop))


def at(values: Values, places: Column) -> Column:
    """The numbers at these places, as int64."""
    parts = [part for part in values.parts if isinstance(part, range)]
    ends = np.cumsum([len(part) for part in parts])
    which = np.searchsorted(ends, places, side="right")
    first, step, begin = (
        np.array(each, np.int64) for each in ([p[0] for p in parts], [p.step for p in parts], [0, *ends[:-1]])
    )
    found: Column = first[which] + step[which] * (places - begin[which])
    return found
