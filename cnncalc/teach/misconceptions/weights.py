"""What the weights of a convolution are counted from."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from ...arithmetic import Dim, prod
from ...layers.conv import Conv
from ...layers.separable import DepthwiseConv, SeparableConv
from ...layers.transposed import ConvTranspose
from .case import Case
from .kinds import REMEMBERED


class Kernel(NamedTuple):
    """The numbers of a convolution's settings."""

    taps: Dim
    """Of one filter on one channel."""
    side: Dim
    """The kernel along its first axis."""
    c: Dim
    """Input channels."""
    each: Dim
    """Input channels that one filter reads."""
    f: Dim
    """Output channels."""
    depth: Dim = 1
    """Filters per channel of a depthwise step."""
    bias: int = 1
    """0 where the layer has none."""


@lru_cache(maxsize=REMEMBERED)
def kernel(case: Case) -> Kernel:
    """The numbers of a convolving layer, of whatever kind."""
    layer, (_, c) = case.layer, case.spatial
    match layer:
        case DepthwiseConv(kernel_size=k, depth_multiplier=m, use_bias=bias):
            return Kernel(prod(k), k[0], c, 1, c * m, m, int(bias))
        case SeparableConv(kernel_size=k, depth_multiplier=m, use_bias=bias, filters=f):
            return Kernel(prod(k), k[0], c, 1, f, m, int(bias))
        case Conv(kernel_size=k, filters=f, use_bias=bias, groups=g):
            return Kernel(prod(k), k[0], c, c // g, f, 1, int(bias))
    assert isinstance(layer, ConvTranspose), "asked of convolutions"
    k = layer.kernel_size
    return Kernel(prod(k), k[0], c, c // layer.groups, layer.filters, 1, int(layer.use_bias))


def products(case: Case) -> Dim:
    """The weights without biases."""
    k = kernel(case)
    match case.layer:
        case DepthwiseConv():
            return k.taps * k.c * k.depth
        case SeparableConv():
            return k.taps * k.c * k.depth + k.c * k.depth * k.f
    return k.taps * k.each * k.f


def positions(case: Case) -> Dim:
    """The places of the output map."""
    return prod(case.outward[0])


def read_positions(case: Case) -> Dim:
    """The places of the input map."""
    return prod(case.spatial[0])


def biased(case: Case) -> bool:
    return kernel(case).bias == 1


def grouped(case: Case) -> bool:
    return bool(getattr(case.layer, "groups", 1) > 1)


def several(case: Case) -> bool:
    """Whether a depthwise step has more than one filter per channel."""
    return bool(kernel(case).depth > 1)


def wide(case: Case) -> bool:
    """Whether a kernel has a square that can be forgotten."""
    return bool(case.spatial_layer.rank > 1 and kernel(case).side > 1)
