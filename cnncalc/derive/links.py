"""A network along one axis, as a chain of windows that is as short as it can be.

Windows with constant padding compose into one (`Window.then`). A "same" window with a stride, `ceil_mode`,
a transposed convolution, upsampling and adaptive pooling do not, and start a new link; paths that meet are
one window where they take equal steps, and otherwise a link without one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from typing import NamedTuple

from ..architecture import producer
from ..arithmetic import Dim, Shape, ceildiv
from ..layers import Scope
from ..layers.base import Mixed
from ..window import AxisReading, Bins, Spread, Window
from .rows import Row


class Step(NamedTuple):
    """What a layer does along an axis; None where several paths do different things."""

    layer: str
    way: AxisReading | None


class Chain(NamedTuple):
    """All steps from an input to a layer, for each spatial axis."""

    source: str
    axes: tuple[tuple[Step, ...], ...]


class Link(NamedTuple):
    """Steps that are one: from the output of a layer to that of another."""

    start: str
    end: str
    way: AxisReading | None

    @property
    def window(self) -> Window | None:
        """The window with constant padding that the link is, if it is one."""
        return self.way if isinstance(self.way, Window) and is_plain(self.way) else None


def chains(rows: Sequence[Row], *, channels_first: bool) -> dict[str, Chain | None]:
    """The chain of each layer; None where positions are lost or come from several inputs."""
    found: dict[str, Chain | None] = {}
    for row in rows:
        if row.inputs:
            before = [found[producer(tensor)] for tensor in row.inputs]
            found[row.name] = _after(row, before, channels_first=channels_first)
        else:
            rank = len(row.output_shape) - 1
            found[row.name] = Chain(row.name, ((),) * rank) if rank else None
    return found


def ancestors(rows: Sequence[Row], name: str) -> list[Row]:
    """The layer and all that it depends on, in order."""
    needed = {name}
    for row in reversed(rows):
        if row.name in needed:
            needed.update(map(producer, row.inputs))
    return [row for row in rows if row.name in needed]


def _after(row: Row, before: list[Chain | None], *, channels_first: bool) -> Chain | None:
    known = [chain for chain in before if chain is not None]
    rank = len(row.output_shape) - 1
    if not known or len({chain.source for chain in known}) > 1 or any(len(chain.axes) != rank for chain in known):
        return None
    reading = row.facts.reading
    if isinstance(reading, Mixed) and reading.axes == {0 if channels_first else rank}:
        reading = Scope.POINT
    if reading is Scope.POINT:
        return known[0] if len(before) == 1 else _merged(row, before, known, channels_first=channels_first)
    if not isinstance(reading, tuple) or len(before) > 1:
        return None
    sizes = spatial(row.input_shapes[0], channels_first=channels_first)
    axes = zip(known[0].axes, reading, sizes, strict=True)
    return Chain(known[0].source, tuple(_stepped(steps, row.name, way, n) for steps, way, n in axes))


def spatial(x: Shape, *, channels_first: bool) -> Shape:
    """The axes of a map without its channels."""
    return x[1:] if channels_first else x[:-1]


def _stepped(steps: tuple[Step, ...], layer: str, way: AxisReading, n: Dim) -> tuple[Step, ...]:
    taken = plain(way, n)
    return steps if taken == Window() else (*steps, Step(layer, taken))


def plain(way: AxisReading, n: Dim) -> AxisReading:
    """The same reading as a window with constant padding where it is one."""
    match way:
        case Window(padding=None) if way.size == 1:
            return Window(1, way.stride)
        case Window(padding=None, stride=1):
            return Window(way.extent, 1, 1, ((way.extent - 1) // 2, ceildiv(way.extent - 1, 2)))
        case Window() if is_plain(way._replace(dilation=1)):
            return Window(way.extent, way.stride, 1, way.padding)
        case Spread(1, 1, _, None | (0, 0), 0):
            return Window()
        case Bins(size) if size == n:
            return Window()
    return way


def is_plain(window: Window) -> bool:
    """Whether a window composes with others; with a stride of 1 there is nothing to round up."""
    return window.padding is not None and window.dilation == 1 and (not window.ceil_mode or window.stride == 1)


def _merged(row: Row, before: list[Chain | None], known: list[Chain], *, channels_first: bool) -> Chain:
    """The steps that all paths share, and one for all that they do apart."""
    sizes = [spatial(x, channels_first=channels_first) for x in row.input_shapes]
    repeated = len(known) < len(before) or any(len(size) != len(known[0].axes) for size in sizes)
    axes = []
    for axis, paths in enumerate(zip(*(chain.axes for chain in known), strict=True)):
        shared = _shared(paths)
        ways = [_composed(steps[shared:]) for steps in paths]
        differs = repeated or any((size[axis] == 1) != (sizes[0][axis] == 1) for size in sizes)
        way = None if differs else _union(ways)
        steps = paths[0][:shared]
        axes.append(steps if way == Window() else (*steps, Step(row.name, way)))
    return Chain(known[0].source, tuple(axes))


def _shared(paths: Sequence[tuple[Step, ...]]) -> int:
    """How many steps all paths have in common."""
    count = 0
    for steps in zip(*paths, strict=False):
        if any(step is not steps[0] and step != steps[0] for step in steps):
            break
        count += 1
    return count


def _composed(steps: tuple[Step, ...]) -> Window | None:
    """Several steps as one window, if they are one."""
    ways = [step.way for step in steps]
    windows = [way for way in ways if isinstance(way, Window) and is_plain(way)]
    return reduce(Window.then, windows, Window()) if len(windows) == len(ways) else None


def _union(ways: list[Window | None]) -> Window | None:
    """The window that sees what any of several sees, where they have equally many places, equally far apart."""
    windows = list(dict.fromkeys(ways))
    if len(windows) == 1:
        return windows[0]
    found: list[tuple[int, int]] = []
    for window in windows:
        if window is None or window.stride != ways[0].stride or _room(window) != _room(ways[0]):  # type: ignore[union-attr]  # the first is not None either
            return None
        if not (isinstance(window.start, int) and isinstance(window.extent, int)):
            return None
        found.append((window.start, window.start + window.extent))
    low, high = min(start for start, _ in found), max(end for _, end in found)
    return Window(high - low, ways[0].stride, 1, (-low, _room(ways[0]) + high))  # type: ignore[union-attr]  # as above


def _room(window: Window | None) -> Dim:
    """What is left of the padding when the window has taken its place: the places are ⌊(n + room)/stride⌋ + 1."""
    assert window is not None
    assert window.padding is not None, "the windows of a merge have constant padding"
    return sum(window.padding) - window.extent


def links(source: str, steps: Sequence[Step]) -> tuple[Link, ...]:
    """The steps with neighbours joined: windows that compose, and paths of which no window is known."""
    return tuple(_links(source, steps)) or (Link(source, source, Window()),)


def _links(source: str, steps: Sequence[Step]) -> Iterator[Link]:
    current: Link | None = None
    for layer, way in steps:
        following = Link(current.end if current else source, layer, way)
        if current and current.window and following.window:
            current = Link(current.start, layer, current.window.then(following.window))
        elif current and current.way is None and way is None:
            current = Link(current.start, layer, None)
        else:
            if current:
                yield current
            current = following
    if current:
        yield current
