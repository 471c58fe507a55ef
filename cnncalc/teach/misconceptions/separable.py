"""The parameters of depthwise and separable convolutions: more P codes."""

from __future__ import annotations

from ...language import Text
from ...layers.separable import DepthwiseConv, SeparableConv
from .base import JUDGMENT, Answers, Misconception, Quantity
from .case import Case
from .convolution import of_kernel
from .weights import biased, kernel, products, several


def _single(case: Case) -> Answers:
    """One filter per channel, then what follows."""
    k = kernel(case)
    if isinstance(case.layer, DepthwiseConv):
        return ((k.taps + k.bias) * k.c,)
    return (k.taps * k.c + (k.c + k.bias) * k.f,)


PARAMS, DEPTHWISE, SEPARABLE = Quantity.PARAMS, (DepthwiseConv,), (SeparableConv,)

CODES: tuple[Misconception[Case], ...] = (
    Misconception(
        "P17", PARAMS, DEPTHWISE,
        Text("depthwise as full"),
        Text("every filter was taken to read all channels"),
        Text("How many channels does one filter of a depthwise convolution read?"),
        "gotaobaowang.com 12902278",
        of_kernel(lambda k: (k.taps * k.c + k.bias) * k.f),
    ),
    Misconception(
        "P18", PARAMS, (*DEPTHWISE, *SEPARABLE),
        Text("depth multiplier ignored in the count"),
        Text("the filters were counted as if every channel had one"),
        Text("How many filters does every channel have?"),
        "crea0414/2nd-ML100Days, notes on depth_multiplier",
        _single, several,
    ),
    Misconception(
        "P19", PARAMS, SEPARABLE,
        Text("two biases"),
        Text("biases were counted for both steps"),
        Text("After which of the two steps is a bias added?"),
        "Stack Overflow 56764162: 1,360 instead of 1,350",
        lambda c: (products(c) + kernel(c).c * kernel(c).depth + kernel(c).f,), biased,
    ),
    Misconception(
        "P20", PARAMS, SEPARABLE,
        Text("separable as full"),
        Text("it was counted as an ordinary convolution"),
        Text("Into which two steps is the convolution separated?"),
        "Stack Overflow 56764162",
        of_kernel(lambda k: (k.taps * k.c + k.bias) * k.f),
    ),
    Misconception(
        "P25", PARAMS, SEPARABLE,
        Text("pointwise step forgotten"),
        Text("only the depthwise step was counted"),
        Text("How are the channels mixed after the depthwise step?"),
        JUDGMENT,
        of_kernel(lambda k: k.taps * k.c * k.depth + k.bias * k.f),
    ),
    Misconception(
        "P26", PARAMS, SEPARABLE,
        Text("depthwise step forgotten"),
        Text("only the pointwise step was counted"),
        Text("What happens to every channel before they are mixed?"),
        JUDGMENT,
        of_kernel(lambda k: (k.c * k.depth + k.bias) * k.f),
    ),
    Misconception(
        "P27", PARAMS, DEPTHWISE,
        Text("one kernel for all channels"),
        Text("all channels were taken to share their filters"),
        Text("Does a depthwise convolution use the same filter on every channel?"),
        JUDGMENT,
        of_kernel(lambda k: (k.taps + k.bias) * k.depth),
    ),
)  # fmt: skip
