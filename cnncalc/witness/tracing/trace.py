"""One output value multiplied out: the numbers that it was made of, as a tree to show."""

from __future__ import annotations

from math import fsum, inf
from typing import Any, Literal, NamedTuple

import numpy as np

from ...language import Text
from ..arrays import Array

Number = int | float
Index = tuple[int, ...]

CHANNEL = Text("channel")
STEP = Text("step")
ROW = Text("row")
COLUMN = Text("column")
SLICE = Text("slice")
ENTRY = Text("index")
AXIS = Text("axis")

SPATIAL = {1: (STEP,), 2: (ROW, COLUMN), 3: (SLICE, ROW, COLUMN)}


def axis_names(rank: int, channels_first: bool) -> tuple[Text, ...]:  # noqa: FBT001 - the layer's own switch, passed on
    """What the axes of a shape of this many axes are called."""
    if rank == 1:
        return (ENTRY,)
    if rank - 1 not in SPATIAL:
        return (AXIS,) * rank
    return (CHANNEL, *SPATIAL[rank - 1]) if channels_first else (*SPATIAL[rank - 1], CHANNEL)


def plain(number: Any) -> Number:
    """A NumPy number as Python's."""
    found: Number = np.asarray(number).item()
    return found


def total(numbers: Any) -> Number:
    """The sum of numbers: of integers exactly, of others rounded once."""
    array = np.asarray(numbers)
    if array.dtype.kind in "biu":
        return sum(map(int, array.ravel()))
    listed = array.ravel().tolist()
    return fsum(listed) if np.isfinite(array).all() else float(sum(listed))


class Part(NamedTuple):
    """A window on one channel, or on one slice of it, with what it is multiplied by."""

    title: Text
    window: Array
    """Rows and columns; a line has one row."""
    padded: Array
    """True where the number is padding."""
    kernel: Array | None = None

    @property
    def products(self) -> Array:
        return self.window if self.kernel is None else self.window * self.kernel

    @property
    def value(self) -> Number:
        return total(self.products)

    def to_dict(self) -> dict[str, Any]:
        told = {"title": str(self.title), "window": self.window.tolist(), "padding": self.padded.tolist()}
        if self.kernel is not None:
            told |= {"kernel": self.kernel.tolist(), "products": self.products.tolist(), "sum": self.value}
        return told


class Products(NamedTuple):
    """Windows times a filter, added up."""

    title: Text
    parts: tuple[Part, ...]

    @property
    def value(self) -> Number:
        return total([part.value for part in self.parts])

    @property
    def size(self) -> tuple[int, Number]:
        """How many products there are, and the sum of their sizes, for the rounding to expect."""
        count = sum(part.window.size for part in self.parts)
        return count, total([total(np.abs(part.products)) for part in self.parts])

    def to_dict(self) -> dict[str, Any]:
        return {"step": "products", "title": str(self.title), "parts": [each.to_dict() for each in self.parts]}


class Reduced(NamedTuple):
    """The largest number of a window, or its mean over `divisor` numbers."""

    rule: Literal["max", "mean"]
    parts: tuple[Part, ...]
    divisor: int
    """How many numbers count for a mean."""

    @property
    def value(self) -> Number:
        if self.rule == "max":
            best, at = self.winner
            part = self.parts[best]
            if part.padded[at]:
                return -inf  # a window of padding alone has no largest number
            return plain(part.window[at])
        return total([part.value for part in self.parts]) / self.divisor

    @property
    def winner(self) -> tuple[int, tuple[int, int]]:
        """The part with the largest number that is no padding, and its row and column; the first of equals."""
        seen = [np.where(part.padded, -np.inf, part.window) for part in self.parts]
        best = max(range(len(seen)), key=lambda i: (seen[i].max(), -i))
        row, column = np.unravel_index(int(seen[best].argmax()), seen[best].shape)
        return best, (int(row), int(column))

    @property
    def size(self) -> tuple[int, Number]:
        return self.divisor, total([total(np.abs(part.window[~part.padded])) for part in self.parts])

    def to_dict(self) -> dict[str, Any]:
        told = {"step": self.rule, "parts": [each.to_dict() for each in self.parts]}
        return told | ({"divisor": self.divisor} if self.rule == "mean" else {})


class Terms(NamedTuple):
    """A row of numbers times a row of weights, added up."""

    title: Text
    numbers: Array
    weights: Array

    @property
    def products(self) -> Array:
        return self.numbers * self.weights

    @property
    def value(self) -> Number:
        return total(self.products)

    @property
    def size(self) -> tuple[int, Number]:
        return self.products.size, total(np.abs(self.products))

    def to_dict(self) -> dict[str, Any]:
        told = {"step": "terms", "title": str(self.title), "numbers": self.numbers.tolist()}
        return told | {"weights": self.weights.tolist(), "products": self.products.tolist()}


class Shares(NamedTuple):
    """Numbers, the power of e that each is raised to after the largest is taken off, and the one that is asked for."""

    numbers: Array
    chosen: int

    @property
    def powers(self) -> Array:
        return np.exp(self.numbers - self.numbers.max())

    @property
    def value(self) -> Number:
        return plain(self.powers[self.chosen]) / total(self.powers)

    @property
    def size(self) -> tuple[int, Number]:
        return self.numbers.size, plain(np.abs(self.numbers).max())

    def to_dict(self) -> dict[str, Any]:
        told = {"step": "softmax", "numbers": self.numbers.tolist(), "powers": self.powers.tolist()}
        return told | {"chosen": self.chosen, "sum": total(self.powers)}


class Line(NamedTuple):
    """One equation: `formula` holds the names of `numbers` in braces; `tex` is the same for LaTeX."""

    title: Text
    formula: str
    numbers: dict[str, Number]
    value: Number
    tex: str | None = None

    @property
    def size(self) -> tuple[int, Number]:
        return len(self.numbers), total([abs(number) for number in self.numbers.values()])

    def to_dict(self) -> dict[str, Any]:
        return {"step": "line", "title": str(self.title), "formula": self.formula, "numbers": self.numbers}


class Source(NamedTuple):
    """A number that is handed on from elsewhere."""

    tensor: str
    at: Index
    axes: tuple[Text, ...]
    value: Number

    @property
    def size(self) -> tuple[int, Number]:
        return 0, 0

    def to_dict(self) -> dict[str, Any]:
        return {"step": "source", "tensor": self.tensor, "index": list(self.at)}


Step = Products | Reduced | Terms | Shares | Line | Source


class Trace(NamedTuple):
    """One value of one layer's output, made again out of its numbers."""

    layer: str
    kind: str
    shape: tuple[int, ...]
    axes: tuple[Text, ...]
    at: Index
    steps: tuple[Step, ...]
    executed: Number
    """What the whole layer, run at once, has at this place."""
    epsilon: float
    """The relative rounding of the numbers that it ran with; 0 for integers."""
    notes: tuple[Text, ...] = ()
    """What was drawn by chance."""

    @property
    def value(self) -> Number:
        return self.steps[-1].value

    @property
    def agrees(self) -> bool:
        """Whether both ways came to the same number, but for the rounding of as many sums."""
        mine, other = self.value, self.executed
        if mine == other or (mine != mine and other != other):  # both are NaN
            return True
        count = max(step.size[0] for step in self.steps)
        sizes = 1 + max(float(step.size[1]) for step in self.steps)
        return abs(mine - other) <= 8 * self.epsilon * (count + 1) ** 0.5 * sizes * max(1, abs(mine))

    def to_dict(self) -> dict[str, Any]:
        """Schema 1 of the JSON output."""
        return {
            "schema": 1,
            "layer": self.layer,
            "kind": self.kind,
            "output_shape": list(self.shape),
            "axes": [axis.into("en") for axis in self.axes],
            "at": list(self.at),
            "steps": [{**step.to_dict(), "value": step.value} for step in self.steps],
            "value": self.value,
            "executed": self.executed,
            "agrees": self.agrees,
            "notes": [str(note) for note in self.notes],
        }
