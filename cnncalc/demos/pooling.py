"""Pooling: smaller maps, fewer parameters after them, and what a maximum and a mean forget."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from ..language import Text
from ..witness import Array
from .experiment import Experiment, picture, rows
from .page import Claim, Grid, Maps, Page, Section, Table

INPUT = (28, 28, 1)
"""The image of the network that is compared with and without a pool."""


def page(size: int, kernel: int, seed: int) -> Page:
    """One map through both pools, and one network with and without a pool."""
    image = picture((size, size, 1), seed)
    pools = {
        kind: Experiment((size, size, 1), {f"{word}Pooling2D": kernel})
        for kind, word in (("max", "Max"), ("average", "Average"))
    }
    losses = _losses(pools, image, kernel, seed)
    without, pooled = (_network(window) for window in (None, kernel))
    numbers = {loss.word: {"max": loss.max, "average": loss.average, "windows": loss.windows} for loss in losses}
    return Page(
        "pooling",
        Text("Pooling keeps one number of a window"),
        {"size": size, "kernel": kernel, "seed": seed},
        (_kept(pools, image, kernel, losses), _smaller(without, pooled, kernel)),
        numbers | {"without_pool": without._asdict(), "with_pool": pooled._asdict()},
    )


class Loss(NamedTuple):
    """A change of the map, and how many windows do not notice it."""

    word: str
    change: Text
    windows: int
    max: int
    average: int


def _losses(pools: dict[str, Experiment], image: Array, kernel: int, seed: int) -> list[Loss]:
    """Each change is done to the pixels of every window."""
    random = np.random.default_rng(seed)
    changes: dict[str, tuple[Text, Callable[[Array], Array]]] = {
        "shuffled": (Text("pixels change places inside their window"), random.permutation),
        "largest_alone": (Text("all pixels but the largest become 0"), _largest_alone),
        "moved": (Text("the largest pixel gives 1 to the smallest"), _moved),
        "brighter": (Text("every pixel grows by 1"), lambda pixels: pixels + 1),
    }
    before = {kind: pool.one(image) for kind, pool in pools.items()}
    losses = []
    for word, (text, change) in changes.items():
        after = {kind: pool.one(_in_windows(image, kernel, change)) for kind, pool in pools.items()}
        same = {kind: int(np.count_nonzero(before[kind] == after[kind])) for kind in pools}
        losses.append(Loss(word, text, before["max"].size, same["max"], same["average"]))
    return losses


def _in_windows(image: Array, kernel: int, change: Callable[[Array], Array]) -> Array:
    """The map with the change made in every window; what is in no window stays."""
    changed = image.copy()
    for top in range(0, len(image) - kernel + 1, kernel):
        for left in range(0, len(image) - kernel + 1, kernel):
            window = changed[top : top + kernel, left : left + kernel]
            window[...] = change(window.ravel()).reshape(window.shape)
    return changed


def _largest_alone(pixels: Array) -> Array:
    return np.where(np.arange(pixels.size) == pixels.argmax(), pixels, 0)


def _moved(pixels: Array) -> Array:
    given = pixels.copy()
    given[pixels.argmax()] -= 1
    given[pixels.argmin()] += 1
    return given


def _kept(pools: dict[str, Experiment], image: Array, kernel: int, losses: list[Loss]) -> Section:
    maps = {kind: rows(pool.one(image)[:, :, 0]) for kind, pool in pools.items()}
    shuffled = losses[0]
    return Section(
        Text("What a pool keeps"),
        (
            Text("A pool of {k}×{k} makes one number of {all}: the largest, or the mean. It has nothing to learn.", k=kernel, all=kernel**2),
            Maps(
                Text("A map, its max pool and its average pool."),
                (
                    Grid(Text("map"), rows(image[:, :, 0])),
                    Grid(Text("max pool"), maps["max"]),
                    Grid(Text("average pool"), maps["average"]),
                ),
            ),
            Text("Here the map is changed in every window. The table says how many outputs of {n} do not notice.", n=shuffled.windows),
            Table(
                (Text("change"), Text("max stays"), Text("average stays")),
                tuple((loss.change, loss.max, loss.average) for loss in losses),
            ),
            Claim(
                Text("the place inside a window is lost: pixels that change places change no output."),
                shuffled.max == shuffled.average == shuffled.windows,
            ),
            Text("The maximum forgets all other pixels. The mean forgets how they differ. A maximum that is there twice outlives the change of one."),
        ),
    )  # fmt: skip


class Costs(NamedTuple):
    """A small network, as it is derived and as it ran."""

    map: tuple[int, ...]
    """The shape before Flatten."""
    features: int
    dense_params: int
    params: int
    second_conv_macs: int
    macs: int
    counted: int
    """Products that were made when it ran on one image."""


def _network(window: int | None) -> Costs:
    pools: list[Mapping[str, int]] = [{"MaxPooling2D": window}] if window else []
    first, second = ({"Conv2D": {"filters": 8, "kernel_size": 3}}, {"Conv2D": {"filters": 16, "kernel_size": 3}})
    network = Experiment(INPUT, first, *pools, second, "Flatten", {"Dense": {"units": 10}})
    summary = network.summary
    conv, flatten, dense = (summary.row(name) for name in ("conv2d_1", "flatten", "dense"))
    counted = sum(ran.macs for ran in network.layers(picture((1, *INPUT))))
    return Costs(
        conv.output_shape, flatten.output_shape[0], dense.params, summary.total_params, conv.macs, summary.total_macs, counted
    )  # fmt: skip


def _smaller(without: Costs, pooled: Costs, kernel: int) -> Section:
    titles = {
        "map": Text("map before Flatten"),
        "features": Text("inputs of the Dense layer"),
        "dense_params": Text("parameters of the Dense layer"),
        "params": Text("parameters of the network"),
        "second_conv_macs": Text("MACs of the second convolution"),
        "macs": Text("MACs of the network"),
        "counted": Text("products made when it ran"),
    }
    body = tuple((title, getattr(without, key), getattr(pooled, key)) for key, title in titles.items())
    return Section(
        Text("What comes after gets smaller"),
        (
            Text("The network is Conv2D (8 filters), Conv2D (16 filters), Flatten and Dense (10 units), on 28×28×1. The pool of {k}×{k} comes after the first Conv2D.", k=kernel),
            Table((Text("count"), Text("without a pool"), Text("with the pool")), body),
            Claim(
                Text("as many products were made as were derived."),
                all(costs.macs == costs.counted for costs in (without, pooled)),
            ),
        ),
    )  # fmt: skip
