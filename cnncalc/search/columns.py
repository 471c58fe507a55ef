"""A plan run on blocks of variants by NumPy.

A block is an array whose axes are those symbols that vary within it; the others are numbers that hold for the whole
block. A step is computed on the axes that it depends on, and only when one of its symbols has changed, so variants
with the same first layers share them. Late symbols come first in memory: the long loops run over what is shared.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from math import prod
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ..arithmetic import ceildiv
from .plan import Kind, Plan, Step

Column = npt.NDArray[Any]
Number = Any
"""A column, or the Python integer (or truth) that a whole block has in common."""

DTYPES: dict[Kind, Any] = {
    Kind.truth: np.bool_,
    Kind.single: np.float32,
    Kind.double: np.float64,
    Kind.long: np.int64,
    Kind.object: np.object_,
}
FLOATS = {Kind.single, Kind.double}


def _float_floor(a: Number, b: Number, out: Column) -> Column:
    np.divide(a, b, out)
    return np.floor(out, out)


def _float_ceil(a: Number, b: Number, out: Column) -> Column:
    np.divide(a, b, out)
    return np.ceil(out, out)


def _ceil(a: Number, b: Number, out: Column) -> Column:
    np.negative(a, out)
    np.floor_divide(out, b, out)
    return np.negative(out, out)


def _nonzero(a: Column, _: Number, out: Column) -> Column:
    return np.add(a, a == 0, out=out)


def _not(a: Column, _: Number, out: Column) -> Column:
    return np.logical_not(a, out)


def _cast(a: Column, _: Number, out: Column) -> Column:
    if out.dtype == object and a.dtype.kind == "f":
        a = a.astype(np.int64)  # floats end where int64 is exact, and an object must be an int
    np.copyto(out, a, casting="unsafe")
    return out


ON_COLUMNS: dict[str, Callable[..., Column]] = {
    "add": np.add, "sub": np.subtract, "mul": np.multiply, "floor": np.floor_divide, "ceil": _ceil,
    "mod": np.remainder, "max": np.maximum, "min": np.minimum, "nonzero": _nonzero, "cast": _cast,
    "<=": np.less_equal, "<": np.less, "==": np.equal, "!=": np.not_equal,
    "and": np.logical_and, "or": np.logical_or, "not": _not,
}  # fmt: skip
ON_FLOATS = ON_COLUMNS | {"floor": _float_floor, "ceil": _float_ceil}
ON_NUMBERS: dict[str, Callable[[Any, Any], Any]] = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "floor": operator.floordiv, "ceil": ceildiv,
    "mod": operator.mod, "max": max, "min": min, "nonzero": lambda a, _: a or 1, "cast": lambda a, _: a,
    "<=": operator.le, "<": operator.lt, "==": operator.eq, "!=": operator.ne,
    "and": lambda a, b: a and b, "or": lambda a, b: a or b, "not": lambda a, _: not a,
}  # fmt: skip


def _filled(room: Column, values: Sequence[int] | Column) -> Column:
    np.copyto(room, np.reshape(values, room.shape), casting="unsafe")
    return room


class Layout(NamedTuple):
    """The shape of a block, and the axis along which each symbol varies in it; symbols without one are numbers."""

    shape: tuple[int, ...]
    axis: Mapping[str, int]

    def along(self, name: str, kind: Kind) -> Column:
        """Memory for values along the axis of their symbol."""
        axis = self.axis[name]
        return np.empty([n if place == axis else 1 for place, n in enumerate(self.shape)], DTYPES[kind])


class Machine:
    """A plan made ready for blocks of one layout.

    `often` has the bits of the symbols that differ in every block: what depends on them lives for one block only, and
    lends its memory to later steps.
    """

    def __init__(self, plan: Plan, layout: Layout, often: int) -> None:
        self.plan, self.layout, self.often = plan, layout, often
        symbols = [(index, step) for index, step in enumerate(plan.steps) if step.op == "symbol"]
        self._symbols = [(index, str(step.value), self._room(step), step.symbols) for index, step in symbols]
        self._axes = [0] * len(layout.shape)
        for _, name, _, bit in self._symbols:
            if name in layout.axis:
                self._axes[layout.axis[name]] |= bit
        self._values: list[Number] = [step.value for step in plan.steps]
        self._given: dict[str, Any] = {}
        self._program = list(self._prepared())

    def run(self, given: Mapping[str, Any]) -> list[Number]:
        """The results for these values of the symbols: ints, and sequences along axes. They hold until the next run."""
        changed = 0
        values = self._values
        for index, name, room, bit in self._symbols:
            value = given[name]
            if value is not self._given.get(name):
                changed |= bit
                values[index] = value if room is None else _filled(room, value)
        self._given = dict(given)
        for symbols, index, function, a, b, out in self._program:
            if symbols & changed:
                values[index] = (
                    function(values[a], values[b]) if out is None else function(values[a], values[b], out=out)
                )
        return [values[index] for index in self.plan.results]

    def _room(self, symbol: Step) -> Column | None:
        """The memory for a symbol's values; None if it is a number for the whole block."""
        name = str(symbol.value)
        return self.layout.along(name, symbol.kind) if name in self.layout.axis else None

    def _shape(self, step: Step) -> tuple[int, ...] | None:
        """The part of the block on which a step lives; None for a number."""
        if not any(step.symbols & bits for bits in self._axes):
            return None
        return tuple(n if step.symbols & bits else 1 for n, bits in zip(self.layout.shape, self._axes, strict=True))

    def _prepared(self) -> Iterator[tuple[int, int, Callable[..., Number], int, int, Column | None]]:
        """Every operation with its arguments and the memory for its result."""
        steps = self.plan.steps
        last_reader = {arg: index for index, step in enumerate(steps) for arg in step.args}
        buffers: dict[int, Column] = {}
        free: dict[tuple[int, Kind], list[Column]] = {}
        for index, step in enumerate(steps):
            if not step.args:
                continue
            a, b = step.args[0], step.args[-1]
            shape = self._shape(step)
            if shape is None:
                yield step.symbols, index, ON_NUMBERS[step.op], a, b, None
                continue
            pile = free.setdefault((prod(shape), step.kind), []) if step.symbols & self.often else []
            buffers[index] = pile.pop() if pile else np.empty(prod(shape), DTYPES[step.kind])
            functions = ON_FLOATS if step.kind in FLOATS else ON_COLUMNS
            yield step.symbols, index, functions[step.op], a, b, buffers[index].reshape(shape)
            for arg in {a, b}:
                if arg in buffers and last_reader[arg] == index and self._is_brief(arg):
                    free.setdefault((buffers[arg].size, steps[arg].kind), []).append(buffers[arg])

    def _is_brief(self, index: int) -> bool:
        """Whether a step is computed anew in every block and is no result."""
        return bool(self.plan.steps[index].symbols & self.often) and index not in self.plan.results
