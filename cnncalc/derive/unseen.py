"""Which positions of a map some outputs depend on, followed back through the network axis by axis.

Unlike receptive fields, which are hulls, these sets have holes: what a stride jumps over, what lies between the
taps of a dilated window, and what a floor drops at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from ..architecture import producer
from ..arithmetic import Shape, maximum
from ..layers import Scope
from ..layers.base import Mixed
from ..window import AxisReading, Reads, Spread, Window
from .forms import Drop
from .links import Chain, ancestors, spatial
from .rows import Row
from .summary import Summary

LONGEST = 1 << 16
"""The longest axis that is followed pixel by pixel."""

Axes = tuple[frozenset[int], ...]
"""The positions that are seen, for each spatial axis."""

Seen = Axes | Scope
"""Positions; `WHOLE` for all of them, `UNKNOWN` where nobody can tell."""

REARRANGED = {"Reshape", "Unflatten", "Permute", "Flatten", "ExpandDims", "Squeeze", "Concatenate"}
"""Layers that lose nothing: where all of their output is seen, so is all of their input."""


class Unseen:
    """What a layer does not depend on, at the sizes at hand."""

    def __init__(self, summary: Summary, name: str, following: dict[str, Chain | None]) -> None:
        self.following = following
        self.first = summary.architecture.channels_first
        self.rows = ancestors(summary.rows, name)
        self.shapes = {row.name: row.output_shape for row in self.rows}
        self.seen = seen(self.rows, [name], channels_first=self.first)

    def never_seen(self, source: str, axis: int) -> tuple[tuple[int, ...] | None, tuple[Drop, ...]]:
        """The pixels of an input that no output sees, and the layers that let positions of their own input go."""
        unseen = missed(self.seen[source], self.shapes[source], axis, channels_first=self.first)
        return unseen, tuple(drop for row in self.rows for drop in self._dropped(row, axis))

    def _dropped(self, row: Row, axis: int) -> list[Drop]:
        if not isinstance(row.facts.reading, tuple) or len(row.input_shapes) != 1 or self.following[row.name] is None:
            return []
        (x,) = row.input_shapes
        alone = seen([row], [row.name], channels_first=self.first)[producer(row.inputs[0])]
        positions = missed(alone, x, axis, channels_first=self.first)
        return [Drop(row.name, positions, spatial(x, channels_first=self.first)[axis])] if positions else []


def seen(rows: Sequence[Row], targets: Iterable[str], *, channels_first: bool) -> dict[str, Seen]:
    """What of each layer's output the targets depend on; the rows must hold numbers."""
    found: dict[str, Seen] = dict.fromkeys(targets, Scope.WHOLE)
    for row in reversed(rows):
        if row.name not in found:
            continue
        wanted = found[row.name]
        for tensor, x in zip(row.inputs, row.input_shapes, strict=True):
            read = _read(row, wanted, x, channels_first=channels_first)
            source = producer(tensor)
            found[source] = _either(found[source], read) if source in found else read
    return found


def missed(reached: Seen, x: Shape, axis: int, *, channels_first: bool) -> tuple[int, ...] | None:
    """The positions of an axis that are not among those seen; None if nobody can tell."""
    if isinstance(reached, Scope):
        return () if reached is Scope.WHOLE else None
    return tuple(sorted(frozenset(range(spatial(x, channels_first=channels_first)[axis])) - reached[axis]))


def _either(a: Seen, b: Seen) -> Seen:
    if isinstance(a, Scope) or isinstance(b, Scope):
        return Scope.WHOLE if Scope.WHOLE in (a, b) else Scope.UNKNOWN
    return tuple(one | two for one, two in zip(a, b, strict=True))


def _read(row: Row, wanted: Seen, x: Shape, *, channels_first: bool) -> Seen:
    """What a layer reads of one of its inputs to make the wanted part of its output."""
    reading, y = row.facts.reading, row.output_shape
    if isinstance(reading, Mixed):
        channels = 0 if channels_first else len(x) - 1
        reading = Scope.POINT if reading.axes == {channels} else reading.otherwise
    if wanted is Scope.UNKNOWN:
        return wanted
    if isinstance(wanted, tuple) and not all(wanted):
        return _nothing(x)
    if reading is Scope.POINT:
        return _same_place(wanted, x, y, channels_first=channels_first)
    if isinstance(reading, Scope):
        return Scope.WHOLE if reading is Scope.WHOLE or _is_rearranged(row, wanted, channels_first) else Scope.UNKNOWN
    sizes = spatial(x, channels_first=channels_first)
    counts = [way.count(n) for way, n in zip(reading, sizes, strict=True)]
    if max(*sizes, *counts) > LONGEST:
        return Scope.UNKNOWN
    full = tuple(map(frozenset, map(range, counts)))
    outputs = wanted if isinstance(wanted, tuple) else full
    copies = _copies(row)
    axes = tuple(read(way, n, o, copies) for way, n, o in zip(reading, sizes, outputs, strict=True))
    return axes if all(axes) else _nothing(x)


def _nothing(x: Shape) -> Axes:
    """No position of any axis; features stand for one axis."""
    return (frozenset(),) * max(1, len(x) - 1)


def _is_rearranged(row: Row, wanted: Seen, channels_first: bool) -> bool:  # noqa: FBT001 - passed on
    """Whether the layer only moves entries, and all of them are wanted."""
    if row.kind not in REARRANGED:
        return False
    sizes = spatial(row.output_shape, channels_first=channels_first)
    if isinstance(wanted, Scope):
        return wanted is Scope.WHOLE
    return all(len(axis) == n for axis, n in zip(wanted, sizes, strict=True))


def _same_place(wanted: Seen, x: Shape, y: Shape, *, channels_first: bool) -> Seen:
    """The same positions; all of an axis of 1 that is repeated."""
    if isinstance(wanted, Scope) or len(x) != len(y):
        return Scope.WHOLE
    sizes = zip(wanted, spatial(x, channels_first=channels_first), spatial(y, channels_first=channels_first), strict=True)  # fmt: skip
    return tuple(frozenset({0}) if n == 1 < m else positions for positions, n, m in sizes)


def _copies(row: Row) -> str:
    """What stands in the padding: zeros, or which pixels of the map."""
    for kind, mode in (("Reflection", "reflect"), ("Replication", "replicate"), ("Circular", "circular")):
        if row.kind.startswith(kind):
            return mode
    return str(getattr(row.layer, "padding_mode", "zeros"))


@lru_cache(maxsize=1024)
def read(way: AxisReading, n: int, outputs: frozenset[int], copies: str = "zeros") -> frozenset[int]:
    """The positions, of an axis of `n`, that these outputs read."""
    if isinstance(way, Window):
        return frozenset(_real(place, n, copies) for place in _places(way, n, outputs)) - {-1}
    if isinstance(way, Spread):
        return frozenset(i for output in outputs for i in _spread_from(way, output)) & frozenset(range(n))
    reads = way.reads(n)
    return frozenset(i for output in outputs for i in _span(reads, output)) & frozenset(range(n))


def _places(window: Window, n: int, outputs: frozenset[int]) -> set[int]:
    """The places under the taps, padding included; where windows overlap, each is visited once."""
    before, _ = window.pads(n)
    step, found = window.dilation, set[int]()
    ends: dict[int, int] = {}
    for output in sorted(outputs):
        low = output * window.stride - before
        end = low + window.size * step
        found.update(range(max(low, ends.get(low % step, low)), end, step))
        ends[low % step] = end
    return found


def _real(place: int, n: int, copies: str) -> int:
    """The pixel that stands at a place; -1 for a zero of the padding."""
    if 0 <= place < n:
        return place
    match copies:
        case "reflect":
            return -place if place < 0 else 2 * (n - 1) - place
        case "replicate":
            return min(max(place, 0), n - 1)
        case "circular":
            return place % n
    return -1


def _spread_from(way: Spread, output: int) -> list[int]:
    """The inputs with a tap on an output: output + cut = input · stride + tap · dilation."""
    cut = maximum(way.extent - way.stride, 0) // 2 if way.padding is None else way.padding[0] - way.front
    places = (output + cut - tap * way.dilation for tap in range(way.size))
    return [place // way.stride for place in places if place % way.stride == 0]


def _span(reads: Reads, output: int) -> range:
    turn, place = divmod(output, len(reads.spans))
    low, high = reads.spans[place]
    return range(low + turn * reads.shift, high + turn * reads.shift + 1)
