"""A convolution written out as the matrix of a Dense layer."""

from __future__ import annotations

import numpy as np

from ..language import Text
from ..witness import Array
from .experiment import Experiment, conv, counting, picture, rows
from .page import Claim, Grid, Maps, Page, Section, Table


def page(size: int, kernel: int, seed: int) -> Page:
    """One filter without a bias on a size x size image of one channel."""
    weights = counting((kernel, kernel, 1, 1), seed)
    shared = Experiment((size, size, 1), conv(1, kernel), weights={"conv2d": {"kernel": weights}})
    matrix = shared.matrix()
    outputs, inputs = matrix.shape
    own = {"dense": {"kernel": counting((inputs, outputs), seed)}}
    dense = Experiment((inputs,), {"Dense": {"units": outputs, "use_bias": False}}, weights=own)
    image = picture((size, size, 1), seed)
    convolved = shared.one(image).ravel()
    multiplied = matrix @ image.ravel()
    equal = int(np.count_nonzero(convolved == multiplied))
    numbers = _counts(shared, matrix) | {f"dense_{key}": n for key, n in _counts(dense, dense.matrix()).items()}
    sizes = {"n": size, "k": kernel, "inputs": inputs, "outputs": outputs}
    return Page(
        "weight-sharing",
        Text("A convolution is a Dense layer with shared weights"),
        {"size": size, "kernel": kernel, "seed": seed},
        (
            Section(
                Text("The matrix"),
                (
                    Text("A {k}×{k} convolution on a {n}×{n} image has {inputs} inputs and {outputs} outputs.", **sizes),
                    Text("Each input was set to 1 in turn, all others to 0. What came out is one column of the matrix."),
                    Maps(
                        Text("The convolution as a matrix: a row per output, a column per input."),
                        (Grid(Text("kernel"), rows(weights[:, :, 0, 0])), Grid(Text("matrix"), rows(matrix), sparse=True, down=Text("output"), across=Text("input"))),
                    ),
                    Text("Every row holds the same weights, each time at another place."),
                    Claim(
                        Text(
                            "the matrix times the image is the output of the convolution: {equal} of {all} numbers are equal.",
                            equal=equal, all=outputs,
                        ),
                        equal == outputs,
                    ),
                ),
            ),
            Section(
                Text("Beside a Dense layer of the same sizes"),
                (_table(numbers), Text("A connection is an entry that is not 0. Biases are left out on both sides.")),
            ),
        ),
        {"inputs": inputs, "outputs": outputs, "equal": equal, **numbers},
    )  # fmt: skip


def _counts(network: Experiment, matrix: Array) -> dict[str, int]:
    """What there is to count in a layer and in its matrix."""
    there = matrix[matrix != 0]
    last = network.layers(np.zeros((1, *network.summary.rows[0].output_shape), np.int64))[-1]
    return {
        "entries": matrix.size,
        "zeros": matrix.size - there.size,
        "connections": there.size,
        "distinct": np.unique(there).size,
        "params": network.summary.total_params,
        "macs": last.macs,
    }


def _table(numbers: dict[str, int]) -> Table:
    titles = {
        "entries": Text("entries of the matrix"),
        "zeros": Text("entries that are 0"),
        "connections": Text("connections"),
        "distinct": Text("different weights"),
        "params": Text("parameters, derived"),
        "macs": Text("products made"),
    }
    body = tuple((title, numbers[key], numbers[f"dense_{key}"]) for key, title in titles.items())
    return Table((Text("count"), Text("convolution"), Text("Dense")), body)
