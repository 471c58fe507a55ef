"""How a shape is written down: batch, layout, and what stands in its place: F codes."""

from __future__ import annotations

from ...arithmetic import Shape, prod
from ...language import Text
from ...layers import Layer
from ...layers.base import SpatialLayer
from .base import JUDGMENT, Answers, Misconception, Quantity
from .case import Case


def _other_layout(case: Case) -> Shape:
    """Channels first where they are last, and the other way round."""
    first = getattr(case.layer, "channels_first", False)
    return (*case.output[1:], case.output[0]) if first else (case.output[-1], *case.output[:-1])


def _is_map(case: Case) -> bool:
    return len(case.output) > 1


def _grey(case: Case) -> bool:
    """Whether a map has a single channel."""
    return isinstance(case.layer, SpatialLayer) and _is_map(case) and case.layer.split(case.output)[1] == 1


def _without_channels(case: Case) -> Answers:
    return (case.outward[0],)


SHAPE, MAPS = Quantity.SHAPE, (SpatialLayer,)

CODES: tuple[Misconception[Case], ...] = (
    Misconception(
        "F01", SHAPE, (Layer,),
        Text("batch among the axes"),
        Text("the shape begins with the number of examples"),
        Text("Which of your axes says something about one example?"),
        "kouhan.cn 00042451: expected ndim=4, found ndim=5",
        lambda c: ((c.batch, *c.output),),
    ),
    Misconception(
        "F02", SHAPE, MAPS,
        Text("channels on the other side"),
        Text("the channels stand on the other side of the shape"),
        Text("Does this network write its channels first or last?"),
        "shangmayuan.com b1a63da6: negative dimension size",
        lambda c: (_other_layout(c),), lambda c: _other_layout(c) != c.output,
    ),
    Misconception(
        "F03", SHAPE, MAPS,
        Text("single channel dropped"),
        Text("the axis of the channels is missing because there is only one"),
        Text("How many axes does a map have, even a grey one?"),
        "devsolus.com: (28, 28) against (28, 28, 1)",
        _without_channels, _grey,
    ),
    Misconception(
        "F04", SHAPE, (Layer,),
        Text("numbers counted"),
        Text("the numbers in the output were counted, but its shape is asked for"),
        Text("Along which axes are these numbers laid out?"),
        "stats.stackexchange.com 132897",
        lambda c: ((prod(c.output),),), _is_map,
    ),
    Misconception(
        "F05", SHAPE, MAPS,
        Text("channels left out"),
        Text("only the sizes are given: the channels are missing"),
        Text("How many maps of this size are there?"),
        JUDGMENT,
        _without_channels, lambda c: _is_map(c) and not _grey(c),
    ),
)  # fmt: skip
