"""One place of a layer's output, with what the layer had at hand; and the windows that such a place looks through.

Windows are cut number by number, index by index, and not as `windows.py` does it: a trace is a second opinion. How much
is padded is asked there all the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from ...architecture import Node
from ...language import Text
from ...layers import Layer
from ..arrays import Array
from ..windows import Sides, sides
from .trace import Index, Part


class Spot(NamedTuple):
    """A layer that has run on one example, and the place in its output that is asked for."""

    node: Node
    at: Index
    inputs: tuple[Array, ...]
    """Without the batch."""
    shape: Index
    weights: dict[str, Array]

    @property
    def layer(self) -> Layer:
        return self.node.layer

    def moved(self, at: Index) -> Spot:
        return self._replace(at=at)


class Axis(NamedTuple):
    """How a place looks at one spatial axis: a position per tap, and the taps that these meet."""

    positions: tuple[int, ...]
    taps: tuple[int, ...]
    n: int

    def numbers(self, mode: str = "zeros") -> list[int]:
        """The positions, with those outside led back to the copies that stand there."""
        return [_led_back(p, self.n, mode) for p in self.positions]

    @property
    def outside(self) -> list[bool]:
        return [not 0 <= p < self.n for p in self.positions]


def _led_back(p: int, n: int, mode: str) -> int:
    """Where on the axis the number at p comes from."""
    match mode:
        case "circular":
            return p % n
        case "replicate":
            return min(max(p, 0), n - 1)
        case "reflect":
            return abs(p) if p < n else 2 * (n - 1) - p
    return min(max(p, 0), n - 1)  # zeros: what is read here is replaced


def sliding(at: int, n: int, size: int, stride: int, rate: int, before: int) -> Axis:
    """The window of output position `at` on an axis of n, with `before` pixels of padding in front."""
    return Axis(tuple(at * stride + tap * rate - before for tap in range(size)), tuple(range(size)), n)


def looking(at: Index, spatial: Index, padding: str | Sides, sizes: Index, strides: Index, rates: Index) -> list[Axis]:
    """How the position `at` of the output looks at each spatial axis, through a window with the layer's fields."""
    around = sides(padding, spatial, sizes, strides, rates)
    every = zip(at, spatial, sizes, strides, rates, around, strict=True)
    return [sliding(i, n, size, stride, rate, before) for i, n, size, stride, rate, (before, _) in every]


def spreading(at: int, n: int, size: int, stride: int, rate: int, cut: int) -> Axis:
    """The input pixels that a transposed convolution adds up at `at`, `cut` pixels of the full result being cut off."""
    met = [(p, tap) for p in range(n) for tap in range(size) if p * stride + tap * rate == at + cut]
    return Axis(tuple(p for p, _ in met), tuple(tap for _, tap in met), n)


def cut(plane: Array, axes: Sequence[Axis], fill: float, mode: str = "zeros") -> tuple[Array, Array]:
    """The window on one channel, and where it is padding that holds `fill`."""
    if not all(axis.positions for axis in axes):
        empty = np.zeros([len(axis.positions) for axis in axes], plane.dtype)
        return empty, empty.astype(bool)
    window = plane[np.ix_(*(axis.numbers(mode) for axis in axes))]
    outside = np.zeros(window.shape, bool)
    for number, axis in enumerate(axes):
        outside |= np.array(axis.outside).reshape([-1 if i == number else 1 for i in range(len(axes))])
    return (np.where(outside, np.array(fill, window.dtype), window) if mode == "zeros" else window), outside


def parts(channel: int, window: Array, padded: Array, kernel: Array | None) -> Iterator[Part]:
    """A window as grids of rows and columns: a line as one row, a box as slices."""
    if window.ndim == 3:
        for number in range(len(window)):
            title = Text("channel {n}, slice {slice}", n=channel, slice=number)
            yield Part(title, window[number], padded[number], None if kernel is None else kernel[number])
    else:
        flat = None if kernel is None else np.atleast_2d(kernel)
        yield Part(Text("channel {n}", n=channel), np.atleast_2d(window), np.atleast_2d(padded), flat)


def planes(x: Array, first: bool) -> Array:  # noqa: FBT001 - the layer's own switch, passed on
    """A map, without its batch, with the channels in front."""
    return x if first else np.moveaxis(x, -1, 0)


def own_axis(axis: int, rank: int) -> int:
    """An axis as the layer names it, the batch being 0 or counted from behind, in an array of `rank` axes without batch."""
    return axis % (rank + 1) - 1


def apart(at: Index, first: bool) -> tuple[Index, int]:  # noqa: FBT001 - as above
    """An index as (spatial axes, channel)."""
    return (at[1:], at[0]) if first else (at[:-1], at[-1])
