"""The parameters of convolutions: P codes."""

from __future__ import annotations

from collections.abc import Callable

from ...arithmetic import Dim, prod
from ...language import Text
from ...layers.conv import Conv
from ...layers.transposed import ConvTranspose
from .base import JUDGMENT, Answers, Misconception, Quantity
from .case import Case
from .kinds import WITH_KERNEL, later
from .weights import Kernel, biased, grouped, kernel, positions, products, wide


def of_kernel(rule: Callable[[Kernel], Dim]) -> Callable[[Case], Answers]:
    """A count that needs the settings alone."""
    return lambda case: (rule(kernel(case)),)


def _image_channels(case: Case) -> Dim:
    return case.spatial_layer.split(case.image)[1]


def _everywhere(case: Case) -> Answers:
    """All weights at every position, added up term by term."""
    k, places = kernel(case), positions(case)
    if isinstance(case.layer, Conv):
        return ((k.taps * k.each + k.bias) * k.f * places,)
    return ((products(case) + k.bias * k.f) * places,)


def _dense(case: Case) -> Answers:
    """A connection from every number in to every number out, without and with a bias each."""
    links, out = prod(case.x) * prod(case.output), prod(case.output)
    return (links, links + out)


PARAMS, FULL = Quantity.PARAMS, (Conv, ConvTranspose)

CODES: tuple[Misconception[Case], ...] = (
    Misconception(
        "P01", PARAMS, WITH_KERNEL,
        Text("no bias"),
        Text("the biases are missing"),
        Text("What does every filter add at the end, besides its products?"),
        "stats.stackexchange.com 570254: 294,912 and 295,168",
        lambda c: (products(c),), biased,
    ),
    Misconception(
        "P02", PARAMS, FULL,
        Text("input channels forgotten"),
        Text("the filters were counted for one input channel"),
        Text("How deep is a filter that reads a map of several channels?"),
        "a course slide: 208 instead of 608 [forums.fast.ai 62595]",
        of_kernel(lambda k: (k.taps + 1) * k.f), biased,
    ),
    Misconception(
        "P03", PARAMS, FULL,
        Text("input channels and bias forgotten"),
        Text("the filters were counted for one input channel and without biases"),
        Text("How deep is a filter, and what does it add at the end?"),
        "Stack Overflow via dev59.com c1MH5IYB: 288, but it is 896; ds.stackexchange.com 9175",
        of_kernel(lambda k: k.taps * k.f),
    ),
    Misconception(
        "P04", PARAMS, WITH_KERNEL,
        Text("one bias for the layer"),
        Text("a single bias was counted for the whole layer"),
        Text("Do all filters share a bias?"),
        JUDGMENT,
        lambda c: (products(c) + 1,), biased,
    ),
    Misconception(
        "P05", PARAMS, (Conv,),
        Text("bias per input channel"),
        Text("a bias was counted for every input channel"),
        Text("To which sum is the bias added, and how many such sums are there per position?"),
        "cnblogs.com/jiangnanyanyuchen 11886191: 98 instead of 99",
        of_kernel(lambda k: k.taps * k.each * k.f + k.c), biased,
    ),
    Misconception(
        "P06", PARAMS, (Conv,),
        Text("bias per slice"),
        Text("a bias was counted for every input channel of every filter"),
        Text("A filter adds up all its channels. When is its bias added?"),
        "ds.stackexchange.com 25231, which counts 2-D kernels",
        of_kernel(lambda k: (k.taps + 1) * k.each * k.f), biased,
    ),
    Misconception(
        "P07", PARAMS, FULL,
        Text("kernel not squared"),
        Text("the side of the kernel was taken for its number of taps"),
        Text("How many numbers does the kernel hold on one channel?"),
        JUDGMENT,
        of_kernel(lambda k: (k.side * k.each + k.bias) * k.f), wide,
    ),
    Misconception(
        "P08", PARAMS, WITH_KERNEL,
        Text("weights per position"),
        Text("the weights were counted again at every position of the output"),
        Text("Does a filter change when it moves on?"),
        "oreilly.com, Hands-On Transfer Learning; neurostars.org 16373",
        _everywhere,
    ),
    Misconception(
        "P09", PARAMS, FULL,
        Text("one filter"),
        Text("a single filter was counted"),
        Text("How many filters does the layer have?"),
        JUDGMENT,
        of_kernel(lambda k: k.taps * k.each + k.bias),
    ),
    Misconception(
        "P10", PARAMS, WITH_KERNEL,
        Text("bias per output pixel"),
        Text("a bias was counted for every number of the output"),
        Text("Is the bias of a filter another one at every position?"),
        JUDGMENT,
        lambda c: (products(c) + positions(c) * kernel(c).f,), biased,
    ),
    Misconception(
        "P11", PARAMS, WITH_KERNEL,
        Text("activations counted"),
        Text("the numbers of the output were counted, not those that are learned"),
        Text("Which numbers stay the same when another image comes in?"),
        JUDGMENT,
        lambda c: (positions(c) * kernel(c).f,),
    ),
    Misconception(
        "P12", PARAMS, FULL,
        Text("fully connected"),
        Text("every number of the input was connected to every number of the output"),
        Text("Which pixels does one output of a convolution see?"),
        "neurostars.org 16373",
        _dense,
    ),
    Misconception(
        "P13", PARAMS, (Conv,),
        Text("image channels everywhere"),
        Text("the filters were counted for the channels of the image"),
        Text("Which map does this layer read, and how many channels has it?"),
        JUDGMENT,
        lambda c: ((kernel(c).taps * _image_channels(c) + kernel(c).bias) * kernel(c).f,), later,
    ),
    Misconception(
        "P14", PARAMS, (Conv,),
        Text("channels in and out exchanged"),
        Text("input channels and filters were exchanged"),
        Text("Which number is the depth of a filter, and which is the number of filters?"),
        JUDGMENT,
        of_kernel(lambda k: (k.taps * k.f + 1) * k.c), lambda c: biased(c) and not grouped(c),
    ),
    Misconception(
        "P15", PARAMS, FULL,
        Text("added instead of multiplied"),
        Text("the sizes were added, not multiplied"),
        Text("How many weights has one filter, and how many have all filters?"),
        JUDGMENT,
        of_kernel(lambda k: k.taps + k.c + k.f),
    ),
    Misconception(
        "P16", PARAMS, (Conv,),
        Text("groups ignored"),
        Text("every filter was taken to read all input channels, but the layer has groups"),
        Text("How many of the input channels does a filter of one group read?"),
        JUDGMENT,
        of_kernel(lambda k: (k.taps * k.c + k.bias) * k.f), grouped,
    ),
    Misconception(
        "P21", PARAMS, (ConvTranspose,),
        Text("transposed bias per input channel"),
        Text("the biases were counted for the input channels, as if the layer ran backwards"),
        Text("On which side of the layer are the biases added?"),
        JUDGMENT,
        of_kernel(lambda k: k.taps * k.each * k.f + k.c), biased,
    ),
    Misconception(
        "P23", PARAMS, WITH_KERNEL,
        Text("bias although switched off"),
        Text("biases were counted, but the layer has none"),
        Text("What does use_bias say?"),
        JUDGMENT,
        lambda c: (products(c) + kernel(c).f,), lambda c: not biased(c),
    ),
    Misconception(
        "P24", PARAMS, (Conv,),
        Text("groups counted twice"),
        Text("the filters were divided among the groups as well as the channels"),
        Text("How many filters do all groups have together?"),
        JUDGMENT,
        lambda c: ((kernel(c).taps * kernel(c).each + kernel(c).bias) * (kernel(c).f // getattr(c.layer, "groups", 1)),),
        grouped,
    ),
)  # fmt: skip
