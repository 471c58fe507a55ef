"""The frameworks that can build a network for real, each loaded when it is asked and not before."""

from __future__ import annotations

import os
from importlib import import_module
from importlib.util import find_spec
from typing import NamedTuple

from ..architecture import Architecture
from ..language import Text
from ..opinion import Opinion


class Framework(NamedTuple):
    """A framework, by the module that builds networks in it."""

    title: str
    builder: str
    install: str
    """What to type for it."""


FRAMEWORKS = {
    "keras": Framework("Keras", "keras_build", "python -m pip install keras torch"),
    "torch": Framework("PyTorch", "torch_build", "python -m pip install torch"),
}
"""By the name that `--against` knows; the name is also that of the Python package."""

BACKENDS = {"tensorflow": "tensorflow", "jax": "jax", "torch": "torch"}
"""Keras's backends, and the package that each one needs."""


def missing(name: str) -> Text | None:
    """Why the framework cannot be asked here, with what to type; None if it can."""
    framework = FRAMEWORKS[name]
    if find_spec(name) is None:
        return Text("{framework} is not installed here: {command}", framework=framework.title, command=framework.install)  # fmt: skip
    if name == "keras" and "KERAS_BACKEND" not in os.environ and not _backend():
        return Text("Keras has no backend here: {command}", command=framework.install)
    return None


def ask(name: str, architecture: Architecture) -> Opinion:
    """What the framework, which must be installed, sees in every layer.

    Raises ArchitectureError where the framework has no counterpart of a layer.
    """
    if name == "keras":
        os.environ.setdefault("KERAS_BACKEND", _backend() or "tensorflow")  # Keras looks once, when it is loaded
    builder = import_module(f"{__package__}.{FRAMEWORKS[name].builder}")
    found: Opinion = builder.opinion(architecture)
    return found


def _backend() -> str | None:
    """The backend to take where nobody chose one: the first that is installed."""
    return next((backend for backend, package in BACKENDS.items() if find_spec(package)), None)
