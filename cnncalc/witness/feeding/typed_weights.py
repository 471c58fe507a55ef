"""Weights that somebody typed, as a course writes them: a matrix per filter and channel.

    weights:
      conv2d:
        kernel:                                     # two filters of 3 rows and 3 columns for 1 input channel
          - [[1, -1, -1], [-1, 1, -1], [-1, -1, 1]]
          - [[-1, 1, -1], [-1, 1, -1], [-1, 1, -1]]
        bias: [0, 0]

A kernel is always written filter by filter, and in a filter channel by channel: (filters, channels, rows, columns), where
1 channel and 1 filter need no list of their own. Keras's own order, (rows, columns, channels, filters), is for `.npz`.
A Dense kernel is a matrix as in Keras: a row per input, a column per unit.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...architecture import Architecture, Node
from ...architecture.source import Source, failure
from ...errors import Path, Place, nearest
from ...language import Text
from ...layers import Layer
from ...layers.conv import Conv
from ...layers.dense import Dense
from ...layers.separable import DepthwiseConv, SeparableConv
from ...layers.transposed import ConvTranspose
from ..arrays import Array, shape_text
from .matrices import from_lists, read_source

KNOWN: dict[type[Layer], tuple[str, ...]] = {
    Conv: ("kernel", "bias"),
    ConvTranspose: ("kernel", "bias"),
    DepthwiseConv: ("kernel", "bias"),
    SeparableConv: ("depthwise_kernel", "pointwise_kernel", "bias"),
    Dense: ("kernel", "bias"),
}
"""The weights of the kinds whose names are checked."""


def read_typed_weights(path: str, architecture: Architecture) -> dict[str, dict[str, Array]]:
    """The arrays of a YAML or JSON file by layer and weight, in Keras's order of axes.

    Raises ArchitectureError with the place of what is no number, no layer, no weight, or missing.
    """
    source = read_source(path)
    data = source.data
    layers = data.get("weights") if isinstance(data, dict) else None
    if not isinstance(layers, dict):
        message = Text("a file of weights starts with `weights:`, then the layers by name")
        raise failure("weights-form", message, source.place(()) or Place(path))
    owners = {node.name: node for node in architecture.nodes if node.shares is None}
    return {name: _layer(name, owners, given, source) for name, given in layers.items()}


def _layer(name: str, owners: dict[str, Node], given: Any, source: Source) -> dict[str, Array]:
    path: Path = ("weights", name)
    place = source.place(path) or Place(source.file)
    if name not in owners:
        near = nearest(name, owners)
        hint = Text("did you mean {near}?", near=near) if near else Text("there are: {known}", known=", ".join(owners))
        raise failure("no-layer", Text("there is no layer {name}", name=repr(name)), place, hint)
    if not isinstance(given, dict):
        raise failure("weights-form", Text("the weights of a layer are written by name, such as `kernel:`"), place)
    layer = owners[name].layer
    known = next((names for kind, names in KNOWN.items() if isinstance(layer, kind)), None)
    for weight in given:
        if known and weight not in known:
            message = Text("{kind} has no weight {name}; it has {known}", kind=layer.kind(), name=repr(weight), known=", ".join(known))  # fmt: skip
            raise failure("no-weight", message, source.place((*path, weight)) or place)
    if getattr(layer, "use_bias", False) and known and "bias" not in given:
        message = Text("{layer} has a bias (use_bias is true), and none is given", layer=name)
        zeros = Text("give it here: `bias: [...]`")
        none = Text("say in the architecture that there is none: `use_bias: false`")
        raise failure("bias-missing", message, place, none, zeros)
    return {weight: _weight(layer, weight, value, source, (*path, weight)) for weight, value in given.items()}


def _weight(layer: Layer, name: str, value: Any, source: Source, path: Path) -> Array:
    array = from_lists(value, source, path)
    if name == "bias":
        return array.reshape(-1) if array.ndim == 0 else array
    place = source.place(path) or Place(source.file)
    if isinstance(layer, SeparableConv) and name == "pointwise_kernel":
        return _pointwise(layer, array, place)
    if isinstance(layer, (Conv, ConvTranspose, DepthwiseConv, SeparableConv)) and name.endswith("kernel"):
        return _kernel(layer, array, place)
    if isinstance(layer, Dense) and array.ndim == 1 and layer.units == 1:
        return array[:, None]
    return array


def _kernel(layer: Conv | ConvTranspose | DepthwiseConv | SeparableConv, array: Array, place: Place) -> Array:
    """(filters, channels, taps) to (taps, channels, filters); of a transposed convolution to (taps, filters, channels)."""
    sizes = tuple(layer.kernel_size)
    lists = array.ndim - len(sizes)
    if array.shape[lists:] != sizes or not 0 <= lists <= 2:
        given, needed = map(shape_text, (array.shape, sizes))
        message = Text("the kernel is {given}, but must be a matrix of {needed}, or lists of such", given=given, needed=needed)  # fmt: skip
        raise failure("weight-shape", message, place)
    each = isinstance(layer, (DepthwiseConv, SeparableConv))
    lead = layer.depth_multiplier if each else layer.filters  # type: ignore[union-attr]  # the kinds that have it
    if lists < 2:  # what is not written is the axis of 1
        shape = array.shape[:lists] or (1,)
        array = array.reshape(*((1, *shape) if (lead == 1) != each else (*shape, 1)), *sizes)
    front, second = np.moveaxis(array, (0, 1), (-1, -2)), np.moveaxis(array, (0, 1), (-2, -1))
    return np.ascontiguousarray(second if each or isinstance(layer, ConvTranspose) else front)


def _pointwise(layer: SeparableConv, array: Array, place: Place) -> Array:
    """A row of numbers per filter."""
    rows = array[None] if array.ndim == 1 and layer.filters == 1 else array
    if rows.ndim != 2:
        message = Text("the pointwise kernel is written as a row of numbers per filter")
        raise failure("weight-shape", message, place)
    return np.ascontiguousarray(rows.T).reshape(*(1,) * layer.rank, *rows.T.shape)
