"""Shifting the input: a convolution's output shifts along, and pooling makes part of it stay."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..language import Text
from ..witness import Array
from .experiment import Experiment, conv, counting, picture, rows
from .invariance import invariance, staying
from .page import Claim, Grid, Maps, Page, Section, Table

FARTHEST = 2
"""The largest shift, in pixels."""


def page(size: int, kernel: int, seed: int) -> Page:
    """One channel, one filter; everything is shifted to the right."""
    networks = _networks(size, kernel, seed)
    scene = picture((size, size + FARTHEST, 1), seed) % 2
    trials = _trials(networks, scene)
    stays = staying(kernel, seed)
    numbers = {trial.word: {"compared": trial.compared, "equal": trial.equal} for trial in trials}
    return Page(
        "translation",
        Text("Shift the input, and the output shifts"),
        {"size": size, "kernel": kernel, "seed": seed},
        (_equivariance(networks["valid"], scene, trials), invariance(stays)),
        numbers | {"unchanged": stays},
    )


class Trial(NamedTuple):
    """One layer on an image and on the shifted image."""

    word: str
    """A stable name, for programs."""
    layer: Text
    jump: int | None
    """The pixels from one output to the next, where outputs have places."""
    shift: int
    """Of the image, in pixels."""
    moved: int
    """Of the output: the shift at which most is equal."""
    compared: int
    """The outputs that have a counterpart at that shift."""
    equal: int


EXACT = ("shift_1", "shift_2", "stride_2_shift_2")
"""The trials that must be equal everywhere: whole jumps, and no padding."""


def _networks(size: int, kernel: int, seed: int) -> dict[str, Experiment]:
    """The same kernel in three convolutions, and a Dense with as many outputs as the first."""
    shape, side = (size, size, 1), size - kernel + 1
    weights = {"conv2d": {"kernel": counting((kernel, kernel, 1, 1), seed)}}
    own = {"dense": {"kernel": counting((size * size, side * side), seed)}}
    units = {"Dense": {"units": side * side, "use_bias": False}}
    return {
        "valid": Experiment(shape, conv(1, kernel), weights=weights),
        "same": Experiment(shape, conv(1, kernel, padding="same"), weights=weights),
        "strided": Experiment(shape, conv(1, kernel, strides=2), weights=weights),
        "dense": Experiment(shape, "Flatten", units, weights=own),
    }


def _trials(networks: dict[str, Experiment], scene: Array) -> list[Trial]:
    plain, strided = Text("stride 1"), Text("stride 2")
    same, dense = Text("padding same"), Text("Dense")
    return [
        _trial("shift_1", plain, networks["valid"], scene, 1),
        _trial("shift_2", plain, networks["valid"], scene, 2),
        _trial("stride_2_shift_2", strided, networks["strided"], scene, 2),
        _trial("stride_2_shift_1", strided, networks["strided"], scene, 1),
        _trial("same", same, networks["same"], scene, 1),
        _trial("dense", dense, networks["dense"], scene, 1),
    ]


def _view(scene: Array, shift: int) -> Array:
    """The image is a view of a wider scene; shifted to the right, it lets new pixels enter at the left."""
    first = FARTHEST - shift
    return scene[:, first : first + len(scene)]


def _trial(word: str, layer: Text, network: Experiment, scene: Array, shift: int) -> Trial:
    """Compare at the image's shift in jumps; where that is no whole number, at the better of its neighbours."""
    field = network.summary.rows[-1].receptive_field
    jump = int(field.jump[1]) if field else None
    before, after = (_map(network.one(_view(scene, each))) for each in (0, shift))
    found = []
    for moved in {shift // (jump or 1), -(-shift // (jump or 1))}:
        matches = before[:, : before.shape[1] - moved] == after[:, moved:]
        found.append(Trial(word, layer, jump, shift, moved, matches.size, int(np.count_nonzero(matches))))
    return max(found, key=lambda trial: trial.equal / trial.compared)


def _map(output: Array) -> Array:
    """The outputs as a square map; those of a Dense are put in rows as long."""
    return output.reshape(round(output.size**0.5), -1)


def _equivariance(network: Experiment, scene: Array, trials: list[Trial]) -> Section:
    views = [_view(scene, shift) for shift in (0, 1)]
    images = [rows(view[:, :, 0] > 0) for view in views]
    outputs = [rows(network.one(view)[:, :, 0]) for view in views]
    shown = tuple((t.layer, t.jump or "–", t.shift, t.moved, t.compared, t.equal) for t in trials)
    return Section(
        Text("A convolution shifts with its input"),
        (
            Text("The image moves to the right. New pixels enter at the left."),
            Maps(
                Text("The pixels of the image that are on, and the output, before and after a shift of 1."),
                (
                    Grid(Text("image"), images[0]),
                    Grid(Text("shifted image"), images[1]),
                    Grid(Text("output"), outputs[0]),
                    Grid(Text("output of the shifted image"), outputs[1]),
                ),
            ),
            Text("Three convolutions with the same kernel, and a Dense layer of the same sizes. The jump is the number of pixels from one output to the next. Only outputs that have a counterpart are compared. Where no shift of the output fits, the best is shown."),
            Table(
                (Text("layer"), Text("jump"), Text("image moves"), Text("output moves"), Text("compared"), Text("equal")),
                shown,
            ),
            Claim(
                Text("where the image moves by whole jumps and nothing is padded, all outputs are equal."),
                all(trial.equal == trial.compared for trial in trials if trial.word in EXACT),
            ),
            Text("A shift of half a jump fits no shift of the output. Padding changes outputs at the border. A Dense layer has other weights for every place, so nothing shifts."),
        ),
    )  # fmt: skip
