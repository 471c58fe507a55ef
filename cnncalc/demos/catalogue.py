"""The demonstrations by name, each loaded when it is asked for, and what may be set in it."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import NamedTuple

from ..errors import ArchitectureError, Fault, nearest
from ..language import Text
from .page import Page


class Bound(NamedTuple):
    """A setting: its value where none is given, and the smallest and largest that may be."""

    default: int
    low: int
    high: int


SEED = Bound(0, 0, 2**32 - 1)


class Demo(NamedTuple):
    """A demonstration, by the module that computes it."""

    module: str
    brief: Text
    settings: Mapping[str, Bound]
    spare: int = 0
    """By how much the image must be larger than the kernel."""


DEMOS = {
    "translation": Demo(
        "translation",
        Text("Shift the image, and a convolution's output shifts; pooling makes part of it stay."),
        {"size": Bound(12, 8, 32), "kernel": Bound(3, 1, 9), "seed": SEED},
        spare=3,
    ),
    "weight-sharing": Demo(
        "weight_sharing",
        Text("A convolution is a Dense layer with few weights, used again and again."),
        {"size": Bound(6, 2, 24), "kernel": Bound(3, 1, 24), "seed": SEED},
    ),
    "local-connections": Demo(
        "local_connections",
        Text("One output sees a small window; stacked layers see more."),
        {"size": Bound(9, 5, 24), "kernel": Bound(3, 2, 5)},
    ),
    "pooling": Demo(
        "pooling",
        Text("Pooling makes maps smaller; what it keeps, and what is lost."),
        {"size": Bound(8, 2, 24), "kernel": Bound(2, 2, 8), "seed": SEED},
    ),
    "separable": Demo(
        "separable",
        Text("A depthwise and a pointwise convolution against one full convolution."),
        {"size": Bound(8, 2, 64), "kernel": Bound(3, 1, 9)},
    ),
    "growth": Demo(
        "growth",
        Text("How parameters grow with the image, in a Dense layer and in a convolution."),
        {"size": Bound(100, 10, 1000), "kernel": Bound(3, 1, 9)},
    ),
}  # fmt: skip
"""Every demonstration, in the order of a course; a seed only where it changes what is shown."""


def demonstrate(name: str, given: Mapping[str, int] | None = None) -> Page:
    """Compute the demonstration `name` with the settings given and the defaults of all others.

    Raises ArchitectureError if there is no such demonstration, or a setting that it cannot take.
    """
    demo = _named(name)
    chosen = {key: bound.default for key, bound in demo.settings.items()} | dict(given or {})
    faults = [*_beyond(name, demo, chosen)] or [*_too_small(name, demo, chosen)]
    if faults:
        raise ArchitectureError(faults)
    page: Page = import_module(f"{__package__}.{demo.module}").page(**chosen)
    return page


def _named(name: str) -> Demo:
    if name in DEMOS:
        return DEMOS[name]
    near = nearest(name, DEMOS)
    known = ", ".join(DEMOS)
    hint = Text("did you mean {near}?", near=near) if near else Text("there are: {known}", known=known)
    message = Text("there is no demonstration {name}", name=repr(name))
    raise ArchitectureError([Fault("demo", message, remedies=(hint,))])


def _beyond(name: str, demo: Demo, chosen: Mapping[str, int]) -> list[Fault]:
    """The faults of settings outside their bounds."""
    faults = []
    for key, value in chosen.items():
        if key not in demo.settings:
            message = Text("the demonstration {name} has no {setting}", name=name, setting=key)
            faults.append(Fault("demo-setting", message))
        elif not (bound := demo.settings[key]).low <= value <= bound.high:
            message = Text(
                "{setting} is {value}, but {name} takes {low} to {high}",
                setting=key, value=value, name=name, low=bound.low, high=bound.high,
            )  # fmt: skip
            faults.append(Fault("demo-setting", message))
    return faults


def _too_small(name: str, demo: Demo, chosen: Mapping[str, int]) -> list[Fault]:
    """The fault of a kernel for which the image has no room."""
    least = chosen["kernel"] + demo.spare
    if chosen["size"] >= least:
        return []
    message = Text(
        "a kernel of {kernel} needs a size of at least {least} in {name}, not {size}",
        kernel=chosen["kernel"], least=least, name=name, size=chosen["size"],
    )  # fmt: skip
    return [Fault("demo-setting", message)]
