"""The size of an axis under layers that enlarge, pad or crop it: more S codes."""

from __future__ import annotations

from collections.abc import Callable

from ...arithmetic import Dim, ceildiv
from ...language import Text
from ...layers.border import BorderPadding
from ...layers.resizing import Cropping, UpSampling, ZeroPadding
from ...layers.transposed import ConvTranspose
from ...window import Spread, Window
from .base import JUDGMENT, Answers, Misconception, Quantity
from .case import Axis, Case
from .sizes import on_axes, with_sizes


def on_spreads(rule: Callable[[Dim, Spread], Dim]) -> Callable[[Case], Answers]:
    """The whole shape, with the wrong rule on every axis of a layer that enlarges."""

    def wrong(case: Case) -> Answers:
        sizes, _ = case.spatial
        return with_sizes(case, tuple(rule(n, spread) for n, spread in zip(sizes, spreads(case), strict=True)))

    return wrong


def spreads(case: Case) -> tuple[Spread, ...]:
    found = case.spatial_layer.windows(case.spatial[0])
    return tuple(spread for spread in found if isinstance(spread, Spread))


def _forward(n: Dim, spread: Spread) -> Dim:
    """The size that a convolution with these settings has."""
    return ceildiv(n, spread.stride) if spread.padding is None else _window(spread).count(n)


def _window(spread: Spread) -> Window:
    return Window(spread.size, spread.stride, spread.dilation, spread.padding)


def _uncut(n: Dim, spread: Spread) -> Dim:
    return (n - 1) * spread.stride + spread.extent + spread.extra


def _cut(spread: Spread) -> Dim:
    return sum(spread.padding or (0, 0), 0)


def _changes(case: Case) -> bool:
    """Whether the border is there at all."""
    return any(axis.padding != 0 for axis in case.axes)


def _before(axis: Axis) -> Dim:
    return axis.n + (axis.window.padding or (0, 0))[0]


SHAPE, BORDERS = Quantity.SHAPE, (ZeroPadding, BorderPadding, Cropping)

CODES: tuple[Misconception[Case], ...] = (
    Misconception(
        "S16", SHAPE, (ConvTranspose,),
        Text("transposed as forward"),
        Text("the formula of an ordinary convolution was used for a transposed one"),
        Text("Does a transposed convolution make a map smaller or larger?"),
        "community.deeplearning.ai 681112; kegui.medium.com",
        on_spreads(_forward),
    ),
    Misconception(
        "S17", SHAPE, (ConvTranspose,),
        Text("transposed as times stride"),
        Text("the size was multiplied by the stride, and kernel and padding were left out"),
        Text("How far apart are the copies of the kernel, and how long is the last one?"),
        "community.deeplearning.ai 681112; blog.csdn.net/langtaosha1996 106847003",
        on_spreads(lambda n, s: n * s.stride), lambda c: any(spread.padding is not None for spread in spreads(c)),
    ),
    Misconception(
        "S22", SHAPE, (ConvTranspose,),
        Text("transposed padding not cut"),
        Text("the padding of the transposed convolution was not cut off"),
        Text("In a transposed convolution, does padding add pixels or take them away?"),
        "community.deeplearning.ai 681112; kegui.medium.com",
        on_spreads(_uncut), lambda c: any(_cut(spread) > 0 for spread in spreads(c)),
    ),
    Misconception(
        "S28", SHAPE, (ConvTranspose,),
        Text("output padding forgotten"),
        Text("output_padding was left out"),
        Text("Which setting decides between the sizes that a stride above 1 leaves open?"),
        "blog.csdn.net/langtaosha1996 106847003",
        on_spreads(lambda n, s: (n - 1) * s.stride + s.extent - _cut(s)),
        lambda c: any(spread.padding is not None and spread.extra > 0 for spread in spreads(c)),
    ),
    Misconception(
        "S24", SHAPE, (UpSampling,),
        Text("upsampling divides"),
        Text("the map was made smaller by the factor, as a pool does"),
        Text("How many output pixels does each input pixel become?"),
        JUDGMENT,
        on_spreads(lambda n, s: n // s.stride), lambda c: any(spread.stride > 1 for spread in spreads(c)),
    ),
    Misconception(
        "S30", SHAPE, (UpSampling,),
        Text("upsampling adds"),
        Text("the factor was added to the size"),
        Text("How many output pixels does each input pixel become?"),
        JUDGMENT,
        on_spreads(lambda n, s: n + s.stride), lambda c: any(spread.stride > 1 for spread in spreads(c)),
    ),
    Misconception(
        "S25", SHAPE, BORDERS,
        Text("border on one side"),
        Text("the border was counted on one side only"),
        Text("How many sides of an axis does the layer change?"),
        JUDGMENT,
        on_axes(_before), _changes,
    ),
    Misconception(
        "S29", SHAPE, BORDERS,
        Text("border the wrong way"),
        Text("the border was subtracted where it is added, or added where it is cut off"),
        Text("Does this layer make the map larger or smaller?"),
        JUDGMENT,
        on_axes(lambda a: a.n - a.padding), _changes,
    ),
)  # fmt: skip
