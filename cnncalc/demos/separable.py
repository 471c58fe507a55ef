"""A depthwise and a pointwise convolution against one full convolution."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

import numpy as np

from ..language import Text
from ..witness import Array
from .experiment import Experiment, conv, counting, picture
from .page import Claim, Curves, Page, Section, Series, Table

CHANNELS, FILTERS = 8, 16
SWEEP = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
"""Filters for which the ratio is shown."""


def page(size: int, kernel: int) -> Page:
    """8 channels become 16; no biases."""
    shape = (size, size, CHANNELS)
    full = _costs(Experiment(shape, conv(FILTERS, kernel)))
    parts = _costs(Experiment(shape, _separable(FILTERS, kernel)))
    ratio, formula = Fraction(parts.params, full.params), Fraction(1, FILTERS) + Fraction(1, kernel**2)
    same = _same(shape, kernel)
    return Page(
        "separable",
        Text("A separable convolution is a cheap special case of a full one"),
        {"size": size, "kernel": kernel},
        (_cheap(full, parts, ratio, formula, kernel), _rank_one(same, kernel)),
        {
            "full": full._asdict(),
            "separable": parts._asdict(),
            "ratio": ratio,
            "formula": formula,
            "sweep": [_ratio(filters, kernel) for filters in SWEEP],
            **same._asdict(),
        },
    )


def _separable(filters: int, kernel: int) -> dict[str, dict[str, int | bool]]:
    return {"SeparableConv2D": {"filters": filters, "kernel_size": kernel, "use_bias": False}}


class Costs(NamedTuple):
    """A convolution, derived and counted."""

    params: int
    made: int
    """Entries of the arrays that were made when it ran."""
    macs: int
    counted: int
    """Products made when it ran."""


def _costs(network: Experiment) -> Costs:
    summary = network.summary
    last = network.layers(picture((1, *summary.rows[0].output_shape)))[-1]
    return Costs(summary.total_params, last.trainable, summary.total_macs, last.macs)


def _ratio(filters: int, kernel: int) -> Fraction:
    """Parameters of the separable convolution per parameter of the full one, as derived."""
    both = (Experiment((kernel, kernel, CHANNELS), layer(filters, kernel)) for layer in (_separable, conv))
    parts, full = (network.summary.total_params for network in both)
    return Fraction(parts, full)


def _cheap(full: Costs, parts: Costs, ratio: Fraction, formula: Fraction, kernel: int) -> Section:
    titles = {
        "params": Text("parameters, derived"),
        "made": Text("parameters made when it ran"),
        "macs": Text("MACs, derived"),
        "counted": Text("products made when it ran"),
    }
    pairs = {key: (getattr(full, key), getattr(parts, key)) for key in titles}
    body = tuple((titles[key], a, b, f"{b / a:.4f}") for key, (a, b) in pairs.items())
    ratios = [_ratio(filters, kernel) for filters in SWEEP]
    names = {"c": CHANNELS, "f": FILTERS, "k": kernel, "k2": kernel**2}
    return Section(
        Text("Parameters and MACs"),
        (
            Text("{c} channels become {f}. The full kernel is {k}×{k}×{c}×{f}. The separable one is {k}×{k}×{c} and then 1×1×{c}×{f}. No biases.", **names),
            Table((Text("count"), Text("full"), Text("separable"), Text("ratio")), body),
            Claim(
                Text("the ratio is 1/F + 1/K² = 1/{f} + 1/{k2} = {value}.", value=f"{formula} ≈ {float(formula):.4f}", **names),
                all(Fraction(b, a) == ratio == formula for a, b in pairs.values()),
            ),
            Curves(
                Text("The ratio of parameters, by the number of filters F."),
                Text("filters F"),
                Text("separable / full"),
                SWEEP,
                (
                    Series(Text("derived"), tuple(map(float, ratios))),
                    Series(Text("1/K², for very many filters"), (1 / kernel**2,) * len(SWEEP)),
                ),
                log_x=True,
            ),
            Text("Above 1 the separable convolution is the larger one: with a single filter it always is."),
        ),
    )  # fmt: skip


class Same(NamedTuple):
    """The separable convolution beside the full one that it equals."""

    outputs: int
    equal: int
    ranks: tuple[int, ...]
    """Per channel: the rank of the equal full kernel, as a matrix of taps and filters."""
    ranks_of_any: tuple[int, ...]
    """The same of a full kernel that was drawn."""


def _same(shape: tuple[int, int, int], kernel: int) -> Same:
    """Multiply the two kernels out, and run both convolutions on one image."""
    depth = counting((kernel, kernel, CHANNELS, 1))
    point = counting((1, 1, CHANNELS, FILTERS))
    product = depth * point  # (K, K, C, 1) times (1, 1, C, F): every tap with every filter of its channel
    weights = {"separable_conv2d": {"depthwise_kernel": depth, "pointwise_kernel": point}}
    image = picture(shape)
    parts = Experiment(shape, _separable(FILTERS, kernel), weights=weights).one(image)
    full = Experiment(shape, conv(FILTERS, kernel), weights={"conv2d": {"kernel": product}}).one(image)
    return Same(
        full.size,
        int(np.count_nonzero(full == parts)),
        _ranks(product),
        _ranks(np.random.default_rng(0).standard_normal(product.shape)),
    )


def _ranks(kernel: Array) -> tuple[int, ...]:
    """The rank of every channel's matrix (taps, filters)."""
    *_, channels, filters = kernel.shape
    return tuple(int(np.linalg.matrix_rank(kernel[:, :, c].reshape(-1, filters))) for c in range(channels))


def _rank_one(same: Same, kernel: int) -> Section:
    return Section(
        Text("The full convolution that it equals"),
        (
            Text("Tap times filter, channel by channel, gives a full kernel of {k}×{k}×{c}×{f}.", k=kernel, c=CHANNELS, f=FILTERS),
            Claim(
                Text("both convolutions put out the same: {equal} of {all} numbers are equal.", equal=same.equal, all=same.outputs),
                same.equal == same.outputs,
            ),
            Text("For each channel the kernel is a matrix with a row per tap and a column per filter. Its rank is:"),
            Table(
                (Text("kernel"), Text("smallest rank"), Text("largest rank")),
                (
                    (Text("made of a separable one"), min(same.ranks), max(same.ranks)),
                    (Text("drawn at random"), min(same.ranks_of_any), max(same.ranks_of_any)),
                ),
            ),
            Claim(Text("a separable convolution is a full one of rank 1 in every channel."), set(same.ranks) == {1}),
        ),
    )  # fmt: skip
