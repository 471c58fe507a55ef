"""The channels of a map, and how shapes are joined: H codes."""

from __future__ import annotations

from collections.abc import Callable
from itertools import zip_longest

from ...arithmetic import Dim, Shape, prod
from ...language import Text
from ...layers.conv import Conv
from ...layers.dense import Dense, Flatten
from ...layers.global_pool import GlobalPooling
from ...layers.merge import Add, Average, Concatenate, Maximum, Multiply
from ...layers.pool import Pooling
from ...layers.separable import DepthwiseConv, SeparableConv
from ...layers.shuffle import PixelShuffle
from ...layers.transposed import ConvTranspose
from .base import JUDGMENT, Answers, Misconception, Quantity
from .case import Case
from .kinds import later


def on_channels(*rules: Callable[[Dim, Case], Dim]) -> Callable[[Case], Answers]:
    """The whole shape with the right sizes and wrong channels, from those of the input."""

    def wrong(case: Case) -> Answers:
        sizes, _ = case.outward
        _, c = case.spatial
        return tuple(case.joined(sizes, rule(c, case)) for rule in rules)

    return wrong


def _made(case: Case) -> Dim:
    return case.outward[1]


def _depth(case: Case) -> Dim:
    assert isinstance(case.layer, (DepthwiseConv, SeparableConv)), "asked of these"
    return case.layer.depth_multiplier


def _image_channels(_: Dim, case: Case) -> Dim:
    """The channels of the image, which has the layout of its maps."""
    return case.spatial_layer.split(case.image)[1]


def _sums(case: Case) -> Answers:
    """The inputs added axis by axis: the last one alone, and all of them."""
    axes = list(zip_longest(*case.inputs, fillvalue=0))
    return ((*case.output[:-1], sum(axes[-1])), tuple(map(sum, axes)))


def _several(case: Case) -> bool:
    return len(case.inputs) > 1


def _alone(case: Case) -> Shape:
    """The output of a global pool as features, or as a map of one pixel."""
    _, c = case.spatial
    assert isinstance(case.layer, GlobalPooling), "asked of global pools"
    return (c,) if case.layer.keepdims else case.joined((1,) * case.layer.rank, c)


def _units(case: Case) -> Dim:
    return case.output[-1]


SHAPE, MERGES = Quantity.SHAPE, (Add, Multiply, Average, Maximum)

CODES: tuple[Misconception[Case], ...] = (
    Misconception(
        "H01", SHAPE, (Conv, ConvTranspose),
        Text("every filter on every map alone"),
        Text("the filters were multiplied by the input channels, as if each filter made a map of every channel"),
        Text("One filter looks at all input channels at once. How many maps does it make?"),
        "imathworks.com, connection between filters and feature map; stats.stackexchange.com 9175",
        on_channels(lambda c, case: c * _made(case)),
    ),
    Misconception(
        "H02", SHAPE, (Conv, ConvTranspose, SeparableConv),
        Text("channels kept"),
        Text("the number of channels was taken from the input"),
        Text("What decides how many maps a convolution makes?"),
        "a question on applying filters to input channels (Nemotron-CC-Math)",
        on_channels(lambda c, _: c),
    ),
    Misconception(
        "H03", SHAPE, (Conv,),
        Text("a multiple of the channels"),
        Text("the channels were made a multiple of the input channels"),
        Text("Must every input map give the same number of output maps?"),
        "a question on the number of feature maps after each convolution (Nemotron-CC-Math)",
        on_channels(lambda c, case: _made(case) // c * c, lambda c, case: (_made(case) // c + 1) * c),
    ),
    Misconception(
        "H04", SHAPE, (Pooling,),
        Text("pooling changes the channels"),
        Text("the pool was applied to the channels too"),
        Text("Along which axes does the pool's window move?"),
        JUDGMENT,
        on_channels(lambda c, _: c // 2, lambda c, _: 1),
    ),
    Misconception(
        "H05", SHAPE, (Conv, DepthwiseConv, Pooling),
        Text("the image's channels kept"),
        Text("the channels are those of the image"),
        Text("What do the channels of a map stand for after a convolution?"),
        JUDGMENT,
        on_channels(_image_channels), later,
    ),
    Misconception(
        "H06", SHAPE, (Conv, ConvTranspose),
        Text("filters merged"),
        Text("the maps of all filters were merged into one"),
        Text("What becomes of the map that each filter makes?"),
        "ai.stackexchange.com 13454",
        on_channels(lambda c, case: 1),
    ),
    Misconception(
        "H07", SHAPE, (DepthwiseConv,),
        Text("depth multiplier alone"),
        Text("the channels are the depth multiplier alone"),
        Text("The multiplier is per input channel. How many channels are there?"),
        JUDGMENT,
        on_channels(lambda c, case: _depth(case)),
    ),
    Misconception(
        "H08", SHAPE, (DepthwiseConv,),
        Text("depth multiplier ignored"),
        Text("the depth multiplier was left out of the channels"),
        Text("How many filters does every input channel have?"),
        "crea0414/2nd-ML100Days, notes on depth_multiplier",
        on_channels(lambda c, case: c), lambda c: _depth(c) > 1,
    ),
    Misconception(
        "H09", SHAPE, (SeparableConv,),
        Text("filters times multiplier"),
        Text("the filters were multiplied by the depth multiplier"),
        Text("Which of the two steps of a separable convolution comes last, and what does it make?"),
        "course slides: filters × depth_multiplier",
        on_channels(lambda c, case: _made(case) * _depth(case)), lambda c: _depth(c) > 1,
    ),
    Misconception(
        "H10", SHAPE, (Concatenate,),
        Text("concatenated like an addition"),
        Text("the inputs were laid over each other, not side by side"),
        Text("What happens to the joined axis when maps are put side by side?"),
        JUDGMENT,
        lambda c: tuple(c.inputs), _several,
    ),
    Misconception(
        "H11", SHAPE, MERGES,
        Text("added like a concatenation"),
        Text("the axes of the inputs were summed, but the layer works number by number"),
        Text("How many numbers come out for each pair of numbers that goes in?"),
        JUDGMENT,
        _sums, _several,
    ),
    Misconception(
        "H12", SHAPE, (Concatenate,),
        Text("all axes joined"),
        Text("all axes were summed, not only the one along which the inputs are joined"),
        Text("Along which axis are the inputs put side by side? What about the others?"),
        JUDGMENT,
        lambda c: _sums(c)[1:], _several,
    ),
    Misconception(
        "H13", SHAPE, (GlobalPooling,),
        Text("global pool keeps the map"),
        Text("the map was kept, but a global pool leaves one number of each channel"),
        Text("How large is the window of a global pool?"),
        JUDGMENT,
        lambda c: (c.x,),
    ),
    Misconception(
        "H14", SHAPE, (GlobalPooling,),
        Text("axes of 1 kept or dropped"),
        Text("the axes of length 1 were kept where the layer drops them, or dropped where it keeps them"),
        Text("What does keepdims say about the axes that have been pooled away?"),
        JUDGMENT,
        lambda c: (_alone(c),),
    ),
    Misconception(
        "H15", SHAPE, (Flatten,),
        Text("Flatten leaves the shape"),
        Text("the shape of the map was kept"),
        Text("How many axes are left when everything stands in a row?"),
        JUDGMENT,
        lambda c: (c.x,),
    ),
    Misconception(
        "H16", SHAPE, (Dense,),
        Text("Dense flattens"),
        Text("the map was flattened, but Dense works on the last axis alone"),
        Text("Which axis does Dense change? Is there a Flatten before it?"),
        JUDGMENT,
        lambda c: ((_units(c),), (prod(c.output),)), lambda c: len(c.x) > 1,
    ),
    Misconception(
        "H17", SHAPE, (PixelShuffle,),
        Text("shuffle keeps the channels"),
        Text("the channels were kept, but the larger map is made of them"),
        Text("Where do the new pixels come from? Count the numbers before and after."),
        JUDGMENT,
        on_channels(lambda c, case: c),
    ),
)  # fmt: skip
