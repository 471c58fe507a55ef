"""How parameters grow with the image: a Dense layer, a convolution, a convolution before a Dense layer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ..language import Text
from .experiment import Experiment, picture
from .page import Claim, Curves, Page, Section, Series, Table

SIZES = (10, 28, 50, 100, 224)
"""Sides of the images, in pixels."""
CHANNELS = 3
UNITS = 1000
"""Neurons of the Dense layer, and filters of the convolution."""
RUN_AT = 10
"""The side at which the layers are run, too."""


def page(size: int, kernel: int) -> Page:
    """Layers with as many neurons as filters, on square images in color."""
    sizes = tuple(sorted({*SIZES, size}))
    grown = [_grown(each, kernel) for each in sizes]
    here = next(each for each in grown if each.size == size)
    made = _made(kernel)
    return Page(
        "growth",
        Text("A Dense layer grows with the image, a convolution does not"),
        {"size": size, "kernel": kernel},
        (_section(here, grown, made, kernel),),
        {"grown": [each._asdict() for each in grown], "made": made},
    )


class Grown(NamedTuple):
    """Parameters at one size of the image."""

    size: int
    inputs: int
    dense: int
    conv: int
    conv_macs: int
    flat: int
    """A convolution of 32 filters, a pool of 2, Flatten, the same Dense."""


def _layers(kernel: int) -> dict[str, list[Any]]:
    dense: Mapping[str, Any] = {"Dense": {"units": UNITS}}
    return {
        "dense": ["Flatten", dense],
        "conv": [{"Conv2D": {"filters": UNITS, "kernel_size": kernel}}],
        "flat": [{"Conv2D": {"filters": 32, "kernel_size": kernel}}, {"MaxPooling2D": 2}, "Flatten", dense],
    }


def _grown(size: int, kernel: int) -> Grown:
    shape = (size, size, CHANNELS)
    found = {name: Experiment(shape, *layers).summary for name, layers in _layers(kernel).items()}
    params = {name: summary.total_params for name, summary in found.items()}
    inputs = found["dense"].row("flatten").output_shape[0]
    return Grown(size, inputs, params["dense"], params["conv"], found["conv"].total_macs, params["flat"])


def _made(kernel: int) -> dict[str, int]:
    """The entries of all weights that were made when the layers ran on a small image."""
    shape = (RUN_AT, RUN_AT, CHANNELS)
    image = picture((1, *shape))
    return {
        name: sum(ran.trainable for ran in Experiment(shape, *layers).layers(image))
        for name, layers in _layers(kernel).items()
    }


def _section(here: Grown, grown: list[Grown], made: dict[str, int], kernel: int) -> Section:
    titles = (Text("side"), Text("inputs"), Text("Dense"), Text("Conv2D"), Text("both"))
    body = tuple((g.size, g.inputs, g.dense, g.conv, g.flat) for g in grown)
    small = next(each for each in grown if each.size == RUN_AT)
    return Section(
        Text("Parameters by the size of the image"),
        (
            Text(
                "An image of {n}×{n}×{c} has {inputs} inputs. A Dense layer of {units} neurons takes {inputs} · {units} = {weights} weights, and {units} biases.",
                n=here.size, c=CHANNELS, inputs=f"{here.inputs:,}", units=f"{UNITS:,}", weights=f"{here.dense - UNITS:,}",
            ),
            Text(
                "A convolution of {units} filters of {k}×{k} takes {k} · {k} · {c} · {units} = {weights} weights, and {units} biases, whatever the image.",
                k=kernel, c=CHANNELS, units=f"{UNITS:,}", weights=f"{here.conv - UNITS:,}",
            ),
            Table(titles, body),
            Text("The side of the image is in pixels; the last three columns are parameters. Both is a convolution of 32 filters, a pool of 2×2, Flatten and the Dense layer: Flatten brings the growth back."),
            Curves(
                Text("Parameters by the side of the image."),
                Text("side of the image in pixels"),
                Text("parameters"),
                tuple(each.size for each in grown),
                (
                    Series(Text("Dense"), tuple(each.dense for each in grown)),
                    Series(Text("convolution"), tuple(each.conv for each in grown)),
                    Series(Text("convolution, Flatten, Dense"), tuple(each.flat for each in grown)),
                ),
                log_x=True,
                log_y=True,
            ),
            Claim(
                Text("the layers, run at {n}×{n}×{c}, made as many weights as were derived.", n=RUN_AT, c=CHANNELS),
                made == {name: getattr(small, name) for name in made},
            ),
            Text(
                "The work of the convolution grows all the same, since it is done at every place: {few} MACs at a side of {small}, {many} at {large}.",
                few=f"{small.conv_macs:,}", small=small.size, many=f"{grown[-1].conv_macs:,}", large=grown[-1].size,
            ),
        ),
    )  # fmt: skip
