"""What one output sees: everything, a window, a larger window after every layer."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..language import Text
from ..witness import Array
from .experiment import Experiment, conv, counting, rows
from .page import Claim, Curves, Grid, Maps, Page, Section, Series, Table

DEEPEST = 5
"""Layers in the deepest stack."""
CHANNELS = 64
"""Of every map in the comparison of parameters."""


def page(size: int, kernel: int) -> Page:
    """Three layers with as many outputs, and stacks of convolutions."""
    views = _views(size, kernel)
    stacks = [_stack(depth, kernel) for depth in range(1, DEEPEST + 1)]
    numbers = {view.word: {"seen": int(view.seen.sum()), "weights": view.weights, "distinct": view.distinct} for view in views}  # fmt: skip
    return Page(
        "local-connections",
        Text("One output sees a small part of the image"),
        {"size": size, "kernel": kernel},
        (_one_output(views, size, kernel), _stacked(stacks, kernel)),
        numbers | {"stacks": [stack._asdict() for stack in stacks]},
    )


class View(NamedTuple):
    """What one output of a layer sees, and what the layer has to learn."""

    word: str
    layer: Text
    seen: Array
    """True at the pixels that change the output when they are changed."""
    connections: int
    """Pairs of an input and an output that depend on each other."""
    weights: int
    """Numbers to learn: connections, or fewer where they share."""
    distinct: int
    """Different numbers in the matrix, 0 left out."""


def _views(size: int, kernel: int) -> list[View]:
    """A Dense; the same with all connections cut but those of a window; the same with shared weights."""
    side = size - kernel + 1
    shared = Experiment((size, size, 1), conv(1, kernel), weights={"conv2d": {"kernel": counting((kernel, kernel, 1, 1))}})  # fmt: skip
    windows = shared.matrix().T != 0
    full = counting((size * size, side * side))
    dense, local = (_dense(size, each) for each in (full, full * windows))
    return [
        _view("dense", Text("Dense"), dense, int(dense.summary.total_params)),
        _view("local", Text("locally connected"), local, int(np.count_nonzero(windows))),
        _view("convolution", Text("convolution"), shared, int(shared.summary.total_params)),
    ]


def _dense(size: int, kernel: Array) -> Experiment:
    units = {"Dense": {"units": kernel.shape[1], "use_bias": False}}
    return Experiment((size, size, 1), "Flatten", units, weights={"dense": {"kernel": kernel}})


def _view(word: str, layer: Text, network: Experiment, weights: int) -> View:
    matrix = network.matrix()
    there = matrix[matrix != 0]
    return View(word, layer, network.seen(len(matrix) // 2)[:, :, 0], there.size, weights, np.unique(there).size)


def _one_output(views: list[View], size: int, kernel: int) -> Section:
    body = tuple((v.layer, int(v.seen.sum()), v.connections, v.weights, v.distinct) for v in views)
    expected = [size * size, kernel * kernel, kernel * kernel]
    return Section(
        Text("What one output sees"),
        (
            Text("Each pixel was changed in turn. Where an output changed, it sees that pixel."),
            Maps(
                Text("Pixels that the middle output sees."),
                tuple(Grid(view.layer, rows(view.seen)) for view in views),
            ),
            Table(
                (Text("layer"), Text("pixels seen"), Text("connections"), Text("weights to learn"), Text("different weights")),
                body,
            ),
            Claim(
                Text("the Dense output sees all {all} pixels, the others {k}×{k}.", all=size * size, k=kernel),
                [int(view.seen.sum()) for view in views] == expected,
            ),
            Text("The locally connected layer is the Dense with all other connections cut. The convolution has the same connections, and shares its weights between all places."),
        ),
    )  # fmt: skip


class Stack(NamedTuple):
    """Layers on top of each other, beside one layer that sees as much."""

    layers: int
    measured: int
    """The side of the window that one output sees, by poking."""
    derived: int
    params: int
    params_of_one: int
    """Of one kernel of that side."""


def _stack(depth: int, kernel: int) -> Stack:
    """Measured with one channel and derived with many."""
    derived = Experiment((1 + depth * (kernel - 1),) * 2 + (CHANNELS,), *[conv(CHANNELS, kernel)] * depth).summary
    field = derived.rows[-1].receptive_field
    assert field is not None, "a convolution has a receptive field"
    extent = int(field.size[0])
    one = Experiment((extent, extent, CHANNELS), conv(CHANNELS, extent)).summary
    measured = int(_seen(depth, kernel).any(axis=0).sum())
    return Stack(depth, measured, extent, int(derived.total_params), int(one.total_params))


def _seen(depth: int, kernel: int) -> Array:
    """The pixels that the middle output sees, on an image a little larger than that."""
    size = depth * (kernel - 1) + 1 + 2 * (kernel - 1)
    names = ["conv2d", *(f"conv2d_{i}" for i in range(1, depth))]
    ones = {"kernel": np.ones((kernel, kernel, 1, 1), np.int64)}
    network = Experiment((size, size, 1), *[conv(1, kernel)] * depth, weights=dict.fromkeys(names, ones))
    outputs = (2 * kernel - 1) ** 2
    return network.seen(outputs // 2)[:, :, 0]


def _stacked(stacks: list[Stack], kernel: int) -> Section:
    two = stacks[1]
    return Section(
        Text("Stacked layers see more"),
        (
            Text("Every further {k}×{k} layer adds {more} pixels to the side of the window.", k=kernel, more=kernel - 1),
            Maps(
                Text("Pixels that one output sees after 1, 2 and 3 layers."),
                tuple(Grid(Text("after layer {n}", n=n), rows(_seen(n, kernel))) for n in (1, 2, 3)),
            ),
            Table(
                (Text("layers"), Text("side, measured"), Text("side, derived"), Text("params of the stack"), Text("params of one kernel")),
                tuple(tuple(stack) for stack in stacks),
            ),
            Text("Parameters are for {c} channels everywhere, without biases.", c=CHANNELS),
            Claim(
                Text("what is measured by poking is what is derived."),
                all(stack.measured == stack.derived for stack in stacks),
            ),
            Text(
                "Two {k}×{k} layers see as much as one {r}×{r} layer, with {few} parameters instead of {many}.",
                k=kernel, r=two.derived, few=f"{two.params:,}", many=f"{two.params_of_one:,}",
            ),
            Curves(
                Text("Parameters of a stack, and of one kernel that sees as much."),
                Text("side of the window in pixels"),
                Text("parameters"),
                tuple(stack.derived for stack in stacks),
                (
                    Series(Text("stack of {k}×{k} layers", k=kernel), tuple(stack.params for stack in stacks)),
                    Series(Text("one kernel"), tuple(stack.params_of_one for stack in stacks)),
                ),
            ),
        ),
    )  # fmt: skip
