"""Which pixels of the input an output depends on, through chains and branches.

A chain of plain windows is one window (`Window.then`): its extent is the size of the receptive field,
its stride the jump. Where outputs read in a pattern that repeats (transposed convolution, upsampling,
adaptive pooling), the pattern itself is followed, so the size is exact there too.
"""

from __future__ import annotations

from math import gcd, lcm
from typing import NamedTuple

from ..algebra import simplified
from ..arithmetic import Dim, Shape
from ..layers import Reading, Scope
from ..layers.base import Mixed
from ..window import Bins, Reads, Resample, Spread, Window

MAX_PERIOD = 4096

Reach = Window | Reads
"""How one axis of a layer's output reads the input: a window, or a repeating pattern."""


class ReceptiveField(NamedTuple):
    """What one output sees, per spatial axis, in pixels of the input named `source`."""

    source: str
    axes: tuple[Reach, ...]
    aligned: bool = True
    """False where paths differ in jump or centre: the size is then that of their union."""

    @property
    def size(self) -> tuple[Dim, ...]:
        """The most pixels that one output sees, before clipping at the border."""
        return tuple(simplified(_size(axis)) for axis in self.axes)

    @property
    def jump(self) -> tuple[Dim | str, ...]:
        """How far the next output looks, in input pixels; "1/2" where two outputs share a step."""
        return tuple(simplified(_jump(axis)) for axis in self.axes)

    def spans(self, axis: int, outputs: int) -> list[tuple[int, int]]:
        """The first and the last pixel that each of the first `outputs` sees on an axis; all sizes must be numbers."""
        reads = _pattern(self.axes[axis])
        return [_span(reads, output) for output in range(outputs)]

    def beyond(self, axis: int, outputs: int) -> list[tuple[int, int]]:
        """What outputs before the first and after the last of `outputs` would see on an axis, a period of them each."""
        reads = _pattern(self.axes[axis])
        period = len(reads.spans)
        return [_span(reads, output) for output in (*range(-period, 0), *range(outputs, outputs + period))]

    @property
    def start(self) -> tuple[Dim, ...]:
        """The first pixel that the first output sees; negative inside the padding."""
        starts = (axis.start if isinstance(axis, Window) else axis.spans[0][0] for axis in self.axes)
        return tuple(map(simplified, starts))


Field = ReceptiveField | Scope
"""A receptive field, or what an output sees where none can be told."""


def source_field(name: str, shape: Shape) -> Field:
    """The field of an input itself; features without spatial axes have none."""
    return ReceptiveField(name, (Window(),) * (len(shape) - 1)) if len(shape) > 1 else Scope.WHOLE


Way = tuple[Reach, ...] | Scope
"""A layer's reading of inputs of known sizes: windows with their padding worked out, or a scope."""


def settle(reading: Reading, x: Shape, *, channels_first: bool) -> Way:
    """Settle how a layer reads its input of shape `x`; what moves nothing is `Scope.POINT`."""
    if isinstance(reading, Scope):
        return reading
    if isinstance(reading, Mixed):
        channels = 0 if channels_first else len(x) - 1
        return Scope.POINT if reading.axes == {channels} else reading.otherwise
    sizes = x[1:] if channels_first else x[:-1]
    settled: list[Reach] = []
    for each, n in zip(reading, sizes, strict=True):
        if settled and each == reading[0] and n == sizes[0]:
            settled.append(settled[0])
        elif isinstance(each, Window):
            settled.append(each.fixed(n))
        elif not _is_short(each, n):
            return Scope.UNKNOWN
        else:
            settled.append(each.reads(n))
    return UNMOVED if settled.count(_POINT) == len(settled) else tuple(settled)


UNMOVED = Scope.POINT
_POINT = Window()


def through(field: Field, taken: Way) -> Field:
    """The field after a layer that reads its one input in this way."""
    if taken is UNMOVED:
        return field
    if isinstance(field, Scope) or isinstance(taken, Scope):
        return taken if isinstance(taken, Scope) and field is not Scope.WHOLE else field
    axes: list[Reach] = []
    for reach, step in zip(field.axes, taken, strict=True):
        if axes and reach == field.axes[0] and step == taken[0]:
            axes.append(axes[0])  # square maps and windows: the same again
            continue
        following = _after(reach, step)
        if following is None:
            return Scope.UNKNOWN
        axes.append(following)
    return ReceptiveField(field.source, tuple(axes), field.aligned)


def _after(reach: Reach, step: Reach) -> Reach | None:
    if isinstance(reach, Window) and isinstance(step, Window):
        return reach.then(step)
    first, second = _pattern(reach), _pattern(step)
    return compose(first, second) if _is_known(first) and _is_known(second) else None


def _is_short(reading: Spread | Bins | Resample, n: Dim) -> bool:
    """Whether the pattern of a reading can be written out: all its numbers are known, and it repeats soon."""
    numbers = [n, reading.size]
    if isinstance(reading, Spread):
        numbers += [reading.stride, reading.dilation, *(reading.padding or ())]
    if not all(isinstance(number, int) for number in numbers):
        return False
    period = reading.stride if isinstance(reading, Spread) else reading.size // gcd(n, reading.size)
    return bool(period <= MAX_PERIOD)


def _pattern(reach: Reach) -> Reads:
    return reach.reads(1) if isinstance(reach, Window) else reach


def _is_known(reads: Reads) -> bool:
    """Whether a pattern is made of numbers alone."""
    return all(isinstance(number, int) for span in (*reads.spans, (reads.shift,)) for number in span)


def compose(first: Reads, second: Reads) -> Reach | None:
    """What the outputs of `second` read in the input of `first`; None if the pattern is too long."""
    rounds = len(first.spans) // gcd(len(first.spans), second.shift) if second.shift else 1
    if rounds * len(second.spans) > MAX_PERIOD:
        return None
    spans = []
    for turn in range(rounds):
        for low, high in second.spans:
            spans.append(_hull(first, low + turn * second.shift, high + turn * second.shift))
    shift = first.shift * (rounds * second.shift) // len(first.spans)
    return _simplest(Reads(tuple(spans), shift))


def _hull(reads: Reads, low: int, high: int) -> tuple[int, int]:
    """The inputs that middle positions `low` to `high` read; positions that read nothing are passed over.

    Neighbours may read out of order (a dilated transposed convolution), but a period later all is read later: the first
    input is read within a period of `low`, the last within one of `high`.
    """
    period = len(reads.spans)
    starts = [_span(reads, at) for at in range(low, min(low + period, high + 1))]
    ends = [_span(reads, at) for at in range(max(high - period + 1, low), high + 1)]
    firsts = [first for first, last in starts if first <= last]
    lasts = [last for first, last in ends if first <= last]
    if not firsts or not lasts:
        first, _ = _span(reads, low)
        return first, first - 1
    return min(firsts), max(lasts)


def _span(reads: Reads, output: int) -> tuple[int, int]:
    turn, place = divmod(output, len(reads.spans))
    low, high = reads.spans[place]
    return low + turn * reads.shift, high + turn * reads.shift


def _simplest(reads: Reads) -> Reach:
    """A pattern of one is a plain window."""
    if len(reads.spans) > 1 or reads.spans[0][0] > reads.spans[0][1]:
        return reads
    ((low, high),) = reads.spans
    return Window(high - low + 1, reads.shift, 1, (-low, 0))


def _size(reach: Reach) -> Dim:
    return reach.extent if isinstance(reach, Window) else max(high - low + 1 for low, high in reach.spans)


def _jump(reach: Reach) -> Dim | str:
    if isinstance(reach, Window):
        return reach.stride
    common = gcd(reach.shift, len(reach.spans))
    top, below = reach.shift // common, len(reach.spans) // common
    return top if below == 1 else f"{top}/{below}"


def union(fields: list[Field], xs: tuple[Shape, ...], y: Shape, *, channels_first: bool) -> Field:
    """The field of a merge: everything that any of its inputs sees."""
    counts = y[1:] if channels_first else y[:-1]
    joined, x = fields[0], xs[0]
    for other, other_x in zip(fields[1:], xs[1:], strict=True):
        joined = _union(joined, other, (x, other_x), counts, channels_first)
        x = y  # what two inputs make is as large as the output
    return joined


def _union(a: Field, b: Field, xs: tuple[Shape, Shape], counts: Shape, channels_first: bool) -> Field:  # noqa: FBT001 - passed on
    if isinstance(a, Scope) or isinstance(b, Scope):
        return a if isinstance(a, Scope) and (a is Scope.WHOLE or b is not Scope.WHOLE) else b
    if not len(a.axes) == len(b.axes) == len(counts):
        return Scope.MOVED
    if a.source != b.source:
        return Scope.SEVERAL
    aligned = a.aligned and b.aligned
    axes: list[Reach] = []
    for axis, count in enumerate(counts):
        one, two = a.axes[axis], b.axes[axis]
        if axes and one == a.axes[0] and two == b.axes[0] and count == counts[0]:
            axes.append(axes[0])  # square maps and windows: the same again
            continue
        if xs[0] != xs[1]:
            one, two = (
                _repeated(reach, x, axis, count, channels_first) for reach, x in zip((one, two), xs, strict=True)
            )
        joined, same = _join(one, two, count)
        if joined is None:
            return Scope.UNKNOWN
        axes.append(joined)
        aligned = aligned and same
    return ReceptiveField(a.source, tuple(axes), aligned)


def _repeated(reach: Reach, x: Shape, axis: int, count: Dim, channels_first: bool) -> Reach:  # noqa: FBT001 - passed on
    """A reach that a merge repeats along an axis of 1: every output reads the same pixels."""
    sizes = x[1:] if channels_first else x[:-1]
    single = len(sizes) <= axis or (sizes[axis] == 1 and count != 1)
    return Reads(_pattern(reach).spans, 0) if single else reach


def _join(a: Reach, b: Reach, count: Dim) -> tuple[Reach | None, bool]:
    """The union of two reaches, and whether they agree in jump and centre."""
    if a == b:
        return a, True
    if isinstance(a, Window) and isinstance(b, Window) and a.stride == b.stride:
        later, longer = b.start - a.start, b.extent - a.extent
        if not (isinstance(later, int) and isinstance(longer, int)):
            return None, False
        low = a.start if later >= 0 else b.start
        size = a.extent + max(0, later + longer) - min(0, later)
        return Window(size, a.stride, 1, (-low, 0)), 2 * later + longer == 0
    return _join_patterns(_pattern(a), _pattern(b), count)


def _join_patterns(a: Reads, b: Reads, count: Dim) -> tuple[Reach | None, bool]:
    """The union where one of the two is a pattern, or where their jumps differ."""
    if not (_is_known(a) and _is_known(b)):
        return None, False
    period = lcm(len(a.spans), len(b.spans))
    if period > MAX_PERIOD:
        return None, False
    if a.shift * len(b.spans) != b.shift * len(a.spans):
        return _drifting(a, b, period, count), False
    both = [(_span(a, output), _span(b, output)) for output in range(period)]
    centred = all(sum(one) == sum(two) for one, two in both)
    hulls = tuple((min(one[0], two[0]), max(one[1], two[1])) for one, two in both)
    return _simplest(Reads(hulls, a.shift * period // len(a.spans))), centred


def _drifting(a: Reads, b: Reads, period: int, count: Dim) -> Reach | None:
    """Paths of different jumps: the widest union over the outputs, which is at one of the ends."""
    if not isinstance(count, int):
        return None
    outputs = {*range(min(period, count)), *range(max(0, count - period), count)}
    lows = {output: min(_span(a, output)[0], _span(b, output)[0]) for output in outputs}
    widest = max(max(_span(a, output)[1], _span(b, output)[1]) - low + 1 for output, low in lows.items())
    return Window(widest, max(a.shift // len(a.spans), b.shift // len(b.spans)), 1, (-lows[0], 0))
