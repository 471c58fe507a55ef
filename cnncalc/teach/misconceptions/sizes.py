"""The size of an axis under a window that slides: S codes."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from ...arithmetic import Dim, Shape, ceildiv
from ...language import Text
from ...layers.pool import Pooling
from . import kinds
from .base import JUDGMENT, Answers, Misconception, Quantity
from .case import Axis, Case

Rule = Callable[[Axis], Dim]


def on_axes(rule: Rule) -> Callable[[Case], Answers]:
    """The whole shape, with the wrong rule on every axis and the right channels."""

    def wrong(case: Case) -> Answers:
        _, channels = case.outward
        return (case.joined(tuple([rule(axis) for axis in case.axes]), channels),)

    return wrong


def with_sizes(case: Case, *sizes: Shape) -> Answers:
    """The layer's shape with other sizes."""
    _, channels = case.outward
    return tuple(case.joined(each, channels) for each in sizes)


def _twice(axis: Axis) -> Dim:
    return axis.window.count(axis.window.count(axis.n))


def _tap_sum(axis: Axis) -> Dim:
    """Room for a kernel of `dilation * size`."""
    return axis.n + axis.padding - axis.window.dilation * axis.window.size


def _unrounded(axis: Axis) -> Dim:
    room, stride, padding = axis.room, axis.window.stride, axis.window.padding
    exact = Fraction(axis.n, stride) if padding is None else Fraction(room, stride) + 1
    return int(exact) if exact.denominator == 1 else exact


def _unequal(case: Case) -> bool:
    """Whether the map has axes that can be confused."""
    sizes, _ = case.outward
    return len(set(sizes)) > 1


def _one_side(axis: Axis) -> Dim:
    return axis.n + (axis.window.padding or (0, 0))[0] - axis.window.extent


def _doubled(case: Case) -> bool:
    """Whether both sides are padded."""
    return kinds.padded(case) and all(min(axis.window.padding or (0, 0)) > 0 for axis in case.axes)


def _stride_of_window(case: Case) -> bool:
    return kinds.plain_strided(case) and issubclass(case.about, Pooling)


def _ceil(case: Case) -> bool:
    return all(axis.window.ceil_mode and axis.window.padding is not None for axis in case.axes)


def _of_image(case: Case) -> Answers:
    """What the layer makes of the image, which has the layout of its maps."""
    image, _ = case.spatial_layer.split(case.image)
    return with_sizes(case, tuple([axis.window.count(n) for axis, n in zip(case.axes, image, strict=True)]))


def _swapped(case: Case) -> Answers:
    sizes, _ = case.outward
    return with_sizes(case, sizes[::-1])


def _reused(case: Case) -> Answers:
    sizes, _ = case.outward
    return with_sizes(case, *((size,) * len(sizes) for size in (sizes[0], sizes[-1])))


SHAPE, SLIDING, CONVOLVING = Quantity.SHAPE, kinds.SLIDING, kinds.CONVOLVING

CODES: tuple[Misconception[Case], ...] = (
    Misconception(
        "S01", SHAPE, SLIDING,
        Text("+ 1 forgotten"),
        Text("the first position of the window was not counted: the + 1 is missing"),
        Text("Put the window at the very start. How many places has it taken before it moves at all?"),
        "oreilly.com, Hands-On Transfer Learning, the page on convolution layers",
        on_axes(lambda a: a.room // a.window.stride), kinds.plain,
    ),
    Misconception(
        "S02", SHAPE, SLIDING,
        Text("padding counted once"),
        Text("the padding was added on one side only"),
        Text("The padding is per side. By how much does the axis grow altogether?"),
        "Dive into Deep Learning, Padding and Stride; stats.stackexchange.com 650777",
        on_axes(lambda a: _one_side(a) // a.window.stride + 1), _doubled,
    ),
    Misconception(
        "S03", SHAPE, SLIDING,
        Text("padding ignored"),
        Text("the padding was left out"),
        Text("How long is the axis after the zeros have been added to it?"),
        "ai.stackexchange.com 8327",
        on_axes(lambda a: (a.n - a.window.extent) // a.window.stride + 1), lambda c: kinds.padded(c) or kinds.same(c),
    ),
    Misconception(
        "S04", SHAPE, CONVOLVING,
        Text("stride ignored"),
        Text("the window was moved by one pixel at a time"),
        Text("By how many pixels does the window move in a step?"),
        JUDGMENT,
        on_axes(lambda a: a.room + 1), kinds.plain_strided,
    ),
    Misconception(
        "S05", SHAPE, SLIDING,
        Text("rounded up"),
        Text("the division was rounded up, which counts a window that does not fit"),
        Text("Does the last window lie wholly inside the padded input?"),
        "stats.stackexchange.com 650777; blog.csdn.net/GZHermit 79351803",
        on_axes(lambda a: ceildiv(a.room, a.window.stride) + 1), kinds.plain_strided,
    ),
    Misconception(
        "S06", SHAPE, SLIDING,
        Text("not rounded"),
        Text("the division was left as a fraction"),
        Text("Can a window take part of a place? What happens to the pixels that are left over?"),
        "stats.stackexchange.com 650777",
        on_axes(_unrounded), lambda c: kinds.plain_strided(c) or kinds.same_strided(c), lettered=False,
    ),
    Misconception(
        "S07", SHAPE, SLIDING,
        Text("rounded to the nearest"),
        Text("the division was rounded to the nearest whole number"),
        Text("Which way must a count of windows that fit be rounded?"),
        JUDGMENT,
        on_axes(lambda a: (2 * a.room + a.window.stride) // (2 * a.window.stride) + 1), kinds.plain_strided,
    ),
    Misconception(
        "S08", SHAPE, SLIDING,
        Text("the 1 divided too"),
        Text("the + 1 was put inside the division by the stride"),
        Text("Is the first place of the window affected by the stride?"),
        "pythonjishu.com/mmzqggispwap; kegui.medium.com",
        on_axes(lambda a: (a.room + 1) // a.window.stride), kinds.plain_strided,
    ),
    Misconception(
        "S09", SHAPE, SLIDING,
        Text('"same" keeps the size'),
        Text('"same" was taken to keep the size, whatever the stride'),
        Text('What does "same" promise for stride 1, and what does a larger stride do to it?'),
        JUDGMENT,
        on_axes(lambda a: a.n), kinds.same_strided,
    ),
    Misconception(
        "S10", SHAPE, SLIDING,
        Text('"same" rounded down'),
        Text('with "same", the division by the stride was rounded down'),
        Text('With "same", does the window at the last pixel still count?'),
        "blog.youkuaiyun.com/qq_29547673 90237295",
        on_axes(lambda a: a.n // a.window.stride), kinds.same_strided,
    ),
    Misconception(
        "S11", SHAPE, SLIDING,
        Text('"same" as padding 1'),
        Text('"same" was taken as one zero on each side, whatever the kernel'),
        Text('How many zeros does "same" need for a kernel of this size?'),
        JUDGMENT,
        on_axes(lambda a: (a.n + 2 - a.window.extent) // a.window.stride + 1), kinds.same,
    ),
    Misconception(
        "S12", SHAPE, SLIDING,
        Text("only the kernel subtracted"),
        Text("the size of the kernel was subtracted, and nothing else done"),
        Text("Which settings of the layer does your calculation not use?"),
        JUDGMENT,
        on_axes(lambda a: a.n - a.window.size), lambda c: kinds.plain(c) and (kinds.strided(c) or kinds.padded(c)),
    ),
    Misconception(
        "S13", SHAPE, SLIDING,
        Text("dilation ignored"),
        Text("the dilation was left out: the kernel was taken without the gaps between its taps"),
        Text("How far is it from the first tap of the kernel to the last one, both included?"),
        JUDGMENT,
        on_axes(lambda a: (a.n + a.padding - a.window.size) // a.window.stride + 1), kinds.dilated,
    ),
    Misconception(
        "S14", SHAPE, (Pooling,),
        Text("pool moved by 1"),
        Text("the pool's window was moved by one pixel at a time"),
        Text("What is the stride of a pool when none is given?"),
        "docs.pytorch.org, MaxPool2d: stride defaults to kernel_size",
        on_axes(lambda a: a.room + 1), _stride_of_window,
    ),
    Misconception(
        "S15", SHAPE, (Pooling,),
        Text("pooling skipped"),
        Text("the shape is that of the input: the pool was passed over"),
        Text("How many numbers does the pool keep of each window?"),
        JUDGMENT,
        lambda c: with_sizes(c, c.spatial[0]), kinds.strided,
    ),
    Misconception(
        "S18", SHAPE, SLIDING,
        Text("axes swapped"),
        Text("height and width were exchanged"),
        Text("Which axis of a shape comes first?"),
        JUDGMENT,
        _swapped, _unequal,
    ),
    Misconception(
        "S20", SHAPE, SLIDING,
        Text("kernel times dilation"),
        Text("the dilated kernel was taken to be kernel × dilation long"),
        Text("Draw the taps and the gaps between them. Is there a gap after the last tap?"),
        JUDGMENT,
        on_axes(lambda a: _tap_sum(a) // a.window.stride + 1), kinds.dilated,
    ),
    Misconception(
        "S21", SHAPE, (Pooling,),
        Text("pooled twice"),
        Text("the pool was applied twice"),
        Text("How often does this layer occur here?"),
        JUDGMENT,
        on_axes(_twice), kinds.plain_strided,
    ),
    Misconception(
        "S23", SHAPE, SLIDING,
        Text("one axis for all"),
        Text("one axis was calculated and used for the others too"),
        Text("Do all axes of the input have the same length?"),
        JUDGMENT,
        _reused, _unequal,
    ),
    Misconception(
        "S26", SHAPE, (Pooling,),
        Text("ceil_mode ignored"),
        Text("the division was rounded down although ceil_mode is set"),
        Text("What does ceil_mode say about the pixels that are left over?"),
        "docs.pytorch.org, MaxPool2d: ceil_mode",
        on_axes(lambda a: a.room // a.window.stride + 1), _ceil,
    ),
    Misconception(
        "S27", SHAPE, SLIDING,
        Text("border kept without padding"),
        Text('the layer was taken to pad as "same" does, but it pads nothing'),
        Text("Can the middle of the kernel reach the outermost pixels without zeros around them?"),
        "course slides that pool 28×28 to 14×14 where two convolutions come before",
        on_axes(lambda a: ceildiv(a.n, a.window.stride)), kinds.bare,
    ),
    Misconception(
        "S31", SHAPE, SLIDING,
        Text("the image is read"),
        Text("the sizes are what the layer would make of the image"),
        Text("Which map does this layer read, and how large is it?"),
        "course slides that pool 28×28 to 14×14 where two convolutions come before",
        _of_image, kinds.later,
    ),
)  # fmt: skip
