"""Multiply-accumulates of a layer: C codes."""

from __future__ import annotations

from ...arithmetic import prod
from ...language import Text
from ...layers.conv import Conv
from ...layers.dense import Dense
from ...layers.pool import Pooling
from ...layers.separable import DepthwiseConv, SeparableConv
from ...layers.transposed import ConvTranspose
from .base import JUDGMENT, Answers, Misconception, Quantity
from .case import Case
from .kinds import CONVOLVING, WITH_KERNEL
from .weights import kernel, positions, products, read_positions


def _has_bias(case: Case) -> bool:
    return "bias" in case.weights


def _pooled(case: Case) -> Answers:
    """A product or a comparison for every pixel of every window, or one for every number that comes out."""
    assert isinstance(case.layer, Pooling), "asked of pools"
    return (prod(case.layer.pool_size) * prod(case.output), prod(case.output), prod(case.x))


def _full(case: Case) -> Answers:
    k = kernel(case)
    return (positions(case) * k.taps * k.c * k.f,)


MACS = Quantity.MACS

CODES: tuple[Misconception[Case], ...] = (
    Misconception(
        "C01", MACS, (*WITH_KERNEL, Dense),
        Text("multiplications and additions counted apart"),
        Text("every multiply-accumulate was counted as two operations"),
        Text("How many operations is one multiplication with the addition that follows it, here?"),
        "anthonydave.top, FLOPs and MACs",
        lambda c: (2 * c.facts.macs,),
    ),
    Misconception(
        "C02", MACS, CONVOLVING,
        Text("products at every input position"),
        Text("the positions of the input were counted, not those of the output"),
        Text("At how many places does the window stop?"),
        "ychai.uk, where H and W are those of the input",
        lambda c: (products(c) * read_positions(c),),
    ),
    Misconception(
        "C03", MACS, (*WITH_KERNEL, Dense),
        Text("biases among the products"),
        Text("adding the biases was counted too"),
        Text("Which of these operations are a multiplication and an addition in one?"),
        "anthonydave.top, FLOPs and MACs: 2HW(C·K² + 1)·F",
        lambda c: (c.facts.macs + prod(c.output),), _has_bias,
    ),
    Misconception(
        "C04", MACS, (*WITH_KERNEL, Dense),
        Text("parameters for operations"),
        Text("the parameters were counted, not what is done with them"),
        Text("How often is each weight used?"),
        JUDGMENT,
        lambda c: (c.params,),
    ),
    Misconception(
        "C05", MACS, (*CONVOLVING, ConvTranspose),
        Text("one position"),
        Text("the products of a single output position were counted"),
        Text("At how many places is the kernel laid on the map?"),
        JUDGMENT,
        lambda c: (products(c),),
    ),
    Misconception(
        "C06", MACS, (Conv, ConvTranspose),
        Text("products of one channel"),
        Text("the products were counted for one input channel"),
        Text("How deep is a filter that reads a map of several channels?"),
        JUDGMENT,
        lambda c: (positions(c) * kernel(c).taps * kernel(c).f,),
    ),
    Misconception(
        "C07", MACS, (DepthwiseConv, SeparableConv),
        Text("operations of a full convolution"),
        Text("it was counted as an ordinary convolution"),
        Text("How many channels does one filter of the depthwise step read?"),
        JUDGMENT,
        _full,
    ),
    Misconception(
        "C08", MACS, (ConvTranspose,),
        Text("transposed products at every output position"),
        Text("the positions of the output were counted, but every pixel of the input meets every tap once"),
        Text("Which map does a transposed convolution walk over?"),
        JUDGMENT,
        lambda c: (products(c) * positions(c),),
    ),
    Misconception(
        "C09", MACS, (Pooling,),
        Text("operations of a pool"),
        Text("operations were counted for the pool, which multiplies no weights"),
        Text("Which multiplications by a weight does this layer make?"),
        JUDGMENT,
        _pooled,
    ),
    Misconception(
        "C10", MACS, (*CONVOLVING, ConvTranspose, Dense),
        Text("batch among the operations"),
        Text("the operations of the whole batch were counted"),
        Text("For how many examples are operations counted?"),
        JUDGMENT,
        lambda c: (c.batch * c.facts.macs,), lambda c: c.batch > 1,
    ),
)  # fmt: skip
