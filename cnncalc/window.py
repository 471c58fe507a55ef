"""How a layer reads one axis: the geometry of every convolution, pool, padding and upsampling.

Four ways of reading exist. A `Window` slides over the axis, a `Spread` (transposed convolution,
upsampling) lets one input touch many outputs, `Bins` (adaptive pooling) cut the axis into a given
number of parts, and `Resample` interpolates to a given size. Each knows its count, what it demands of
the axis, and which inputs an output reads.
"""

from __future__ import annotations

from math import gcd
from typing import NamedTuple

from .arithmetic import Demand, Dim, ceildiv, maximum, minimum
from .language import Text

ONE_PIXEL = Text("an axis must hold at least one pixel")
FITS = Text("the window must fit into its input")
PADDED_FITS = Text("the window must fit into the padded input")
CEIL_FITS = Text("with ceil_mode, the window may pass the end of the padded input by less than a stride")
CROP_LEAVES = Text("what is cropped must leave at least one pixel")
CUT_LEAVES = Text("the padding cut off must leave at least one output")

SAME = None
"""The padding that keeps ceil(n / stride) outputs: how much it adds depends on the axis."""

Padding = tuple[Dim, Dim] | None
"""The zeros added before and after, or `SAME`."""


class Reads(NamedTuple):
    """Which inputs the outputs of one axis read, period after period.

    Output `i` of the first period reads inputs `spans[i]` (first, last; both inclusive, before
    clipping); a period of `len(spans)` outputs moves the reading on by `shift` inputs.
    """

    spans: tuple[tuple[int, int], ...]
    shift: int


class Window(NamedTuple):
    """A window of `size` taps, `dilation` apart, moved by `stride` over a padded axis."""

    size: Dim = 1
    stride: Dim = 1
    dilation: Dim = 1
    padding: Padding = (0, 0)
    ceil_mode: bool = False

    @property
    def extent(self) -> Dim:
        """The pixels from the first tap to the last, both included."""
        return self.dilation * (self.size - 1) + 1

    @property
    def start(self) -> Dim:
        """The pixel at which the first window begins; needs constant padding."""
        assert self.padding is not None, 'how much "same" pads depends on the axis'
        return -self.padding[0]

    def count(self, n: Dim) -> Dim:
        """How many places the window takes on an axis of `n` (Dumoulin and Visin 2016, relation 6).

        With `ceil_mode`, PyTorch's rule: round up, but drop a window that starts in the padding after.
        """
        if self.padding is None:
            return ceildiv(n, self.stride)
        before, after = self.padding
        room = n + before + after - self.extent
        if self.ceil_mode:
            return minimum(ceildiv(room, self.stride) + 1, ceildiv(n + before, self.stride))
        return room // self.stride + 1

    def pads(self, n: Dim) -> tuple[Dim, Dim]:
        """Zeros added before and after an axis of `n`; "same" puts the odd one after, as TensorFlow."""
        if self.padding is not None:
            before, after = self.padding
            return before, after
        if self.size == 1:
            return 0, 0  # one tap fits at every place
        missing = maximum((self.count(n) - 1) * self.stride + self.extent - n, 0)
        return missing // 2, ceildiv(missing, 2)

    def fixed(self, n: Dim) -> Window:
        """The same reading of an axis of `n`, as a plain window with constant padding."""
        if self.dilation == 1 and self.padding is not None and not self.ceil_mode:
            return self
        return Window(self.extent, self.stride, 1, self.pads(n))

    def then(self, following: Window) -> Window:
        """This window and a following one as a single window over the same input.

        Its extent is the receptive field, its stride the jump (Araujo, Norris and Sim 2019). Both
        need constant padding.
        """
        assert self.padding is not None, "only constant padding composes"
        assert following.padding is not None, "only constant padding composes"
        (before, after), (next_before, next_after) = self.padding, following.padding
        stride = self.stride
        return Window(
            self.extent + (following.extent - 1) * stride,
            stride * following.stride,
            1,
            (before + next_before * stride, after + next_after * stride),
        )

    def demand(self, n: Dim, axis: int) -> Demand:
        """What an axis of `n` must satisfy for the window to have a place."""
        if self.padding is None:
            return Demand(1, "<=", n, ONE_PIXEL, axis, "window")
        before, after = self.padding
        if self.ceil_mode:
            return Demand(self.extent - self.stride + 1, "<=", n + before + after, CEIL_FITS, axis, "window")
        rule = CROP_LEAVES if self.size == 1 else FITS if self.padding == (0, 0) else PADDED_FITS
        return Demand(self.extent, "<=", n + before + after, rule, axis, "window")

    def reads(self, n: Dim) -> Reads:
        before, _ = self.pads(n)
        return Reads(((-before, self.extent - 1 - before),), self.stride)


class Spread(NamedTuple):
    """The reverse of a window: every input adds `size` taps to the output, `stride` apart.

    `padding` is cut off the full result before and after ("same": until n * stride is left);
    `extra` is output_padding, of which `front` stands before the result.
    """

    size: Dim = 1
    stride: Dim = 1
    dilation: Dim = 1
    padding: Padding = (0, 0)
    extra: Dim = 0
    front: Dim = 0

    @property
    def extent(self) -> Dim:
        return self.dilation * (self.size - 1) + 1

    def count(self, n: Dim) -> Dim:
        """The length of the output for an axis of `n` (Dumoulin and Visin 2016, relation 14)."""
        if self.padding is None:
            return n * self.stride
        before, after = self.padding
        return (n - 1) * self.stride + self.extent - before - after + self.extra

    def demand(self, n: Dim, axis: int) -> Demand:
        return Demand(1, "<=", self.count(n), CUT_LEAVES, axis, "window")

    def reads(self, n: Dim) -> Reads:
        """Output o reads input i where o + before = i * stride + tap * dilation."""
        if self.padding is None:
            before = maximum(self.extent - self.stride, 0) // 2
        else:
            before = self.padding[0] - self.front
        spans = tuple(self._inputs(output + before) for output in range(self.stride))
        return Reads(spans, 1)

    def _inputs(self, position: int) -> tuple[int, int]:
        """The first and last input that touch a position of the full output; (1, 0)-like if none."""
        step = gcd(self.dilation, self.stride)
        if position % step:
            return position // self.stride + 1, position // self.stride
        period = self.stride // step  # taps that touch this position are this far apart
        inverse = pow(self.dilation // step, -1, period) if period > 1 else 0
        first_tap = position // step * inverse % period
        last_tap = first_tap + (self.size - 1 - first_tap) // period * period
        if last_tap < first_tap:
            return position // self.stride + 1, position // self.stride
        return (
            (position - last_tap * self.dilation) // self.stride,
            (position - first_tap * self.dilation) // self.stride,
        )


class Bins(NamedTuple):
    """Adaptive pooling: part i of `size` covers inputs from floor(i*n/size) to ceil((i+1)*n/size)."""

    size: Dim

    def count(self, n: Dim) -> Dim:
        return self.size

    def demand(self, n: Dim, axis: int) -> Demand:
        return Demand(1, "<=", n, ONE_PIXEL, axis, "window")

    def reads(self, n: Dim) -> Reads:
        """The pattern repeats after size / gcd(n, size) parts."""
        common = gcd(n, self.size)
        parts = range(self.size // common)
        spans = tuple((i * n // self.size, ceildiv((i + 1) * n, self.size) - 1) for i in parts)
        return Reads(spans, n // common)


TAPS = {"nearest": 1, "bilinear": 2, "bicubic": 4, "lanczos3": 6, "lanczos5": 10}
"""How many input pixels along an axis an interpolation mixes one output pixel from."""


class Resample(NamedTuple):
    """Interpolation to `size` outputs from the nearest `taps` inputs, pixel centres kept (half-pixel rule)."""

    size: Dim
    taps: int = 2
    centred: bool = False
    """With one tap: the pixel at the output's centre, and not the one at its start (PyTorch's `nearest`)."""

    def count(self, n: Dim) -> Dim:
        return self.size

    def demand(self, n: Dim, axis: int) -> Demand:
        return Demand(1, "<=", n, ONE_PIXEL, axis, "window")

    def reads(self, n: Dim) -> Reads:
        """The pattern repeats after size / gcd(n, size) outputs."""
        common = gcd(n, self.size)
        spans = tuple(self._span(output, n) for output in range(self.size // common))
        return Reads(spans, n // common)

    def _span(self, output: int, n: int) -> tuple[int, int]:
        if self.taps == 1:
            pixel = (2 * output + 1) * n // (2 * self.size) if self.centred else output * n // self.size
            return pixel, pixel
        low, between = divmod((2 * output + 1) * n - self.size, 2 * self.size)
        around = self.taps // 2
        return (low - around + 1, low + around) if between else (low, low)


AxisReading = Window | Spread | Bins | Resample
