"""Multiply one output value out: run the network up to the layer, then make the value again from its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import singledispatch
from importlib import import_module

import numpy as np

from ...architecture import Architecture, Node
from ...errors import ArchitectureError, Fault, nearest
from ...language import Text
from ...layers import Layer
from ..arrays import Array, is_whole
from ..execution import Ran, execute
from ..store import Store
from .spot import Spot
from .trace import Index, Step, Trace, axis_names, plain

FAMILIES = ("conv", "pool", "dense", "activation", "normalization", "merge", "copies")

TRACED = (
    "Conv1D/2D/3D, DepthwiseConv, SeparableConv, ConvTranspose, Dense, Max/AveragePooling, GlobalMax/AveragePooling, "
    "BatchNormalization, ReLU, LeakyReLU, ELU, PReLU, Softmax, Activation, Add, Subtract, Multiply, Average, Maximum, "
    "Minimum, Concatenate, Flatten, Dropout, Input"
)
"""What `steps` knows, as people read it."""


@singledispatch
def steps(layer: Layer, spot: Spot) -> list[Step]:
    """The steps that lead to the value at a spot; the last one holds it."""
    raise NotImplementedError(f"no steps lead to a value of {layer.kind()}")


def trace(
    architecture: Architecture, inputs: Mapping[str, Array], store: Store, layer: str, at: Index | None = None
) -> Trace:
    """The value of `layer` at `at` (counted from 0 in the layer's own order; by default the first) for the first example.

    Raises ArchitectureError for a layer that is not there or cannot be traced, and for an index outside.
    """
    for family in FAMILIES:
        import_module(f"{__package__}.steps.{family}")
    node = _node(architecture, layer)
    if steps.dispatch(type(node.layer)) is steps.dispatch(object):
        message = Text("{kind} cannot be traced; what can be: {known}", kind=node.layer.kind(), known=TRACED)
        raise ArchitectureError([Fault("not-traced", message, layer=node.name)])
    with np.errstate(all="ignore"):  # what overflows is shown as inf and nan
        ran = next(ran for ran in execute(architecture, inputs, store) if ran.node is node)
        return _traced(ran, store, at, architecture.channels_first)


def _node(architecture: Architecture, name: str) -> Node:
    names = [node.name for node in architecture.nodes]
    if name in names:
        return architecture.nodes[names.index(name)]
    near = nearest(name, names)
    hint = Text("did you mean {near}?", near=near) if near else Text("there are: {known}", known=", ".join(names))
    raise ArchitectureError([Fault("no-layer", Text("there is no layer {name}", name=repr(name)), remedies=(hint,))])


def _traced(ran: Ran, store: Store, at: Index | None, channels_first: bool) -> Trace:  # noqa: FBT001 - passed on
    node, output = ran.node, ran.outputs[0][0]
    first = getattr(node.layer, "channels_first", channels_first)
    axes = axis_names(output.ndim, first)
    chosen = _inside(node.name, output.shape, axes, at)
    weights = {name: weight.array for name, weight in store.of(node.shares or node.name).items()}
    spot = Spot(node, chosen, tuple(x[0] for x in ran.inputs), output.shape, weights)
    rounding = [np.finfo(x.dtype).eps for x in (output, *spot.inputs) if not is_whole(x)]
    return Trace(
        node.name, node.layer.kind(), output.shape, axes, chosen, tuple(steps(node.layer, spot)),
        plain(output[chosen]), float(max(rounding, default=0)),
    )  # fmt: skip


def _inside(layer: str, shape: Index, axes: tuple[Text, ...], at: Index | None) -> Index:
    """The index, if it is one of the output; the first by default."""
    if at is None:
        return (0,) * len(shape)
    if len(at) == len(shape) and all(0 <= i < n for i, n in zip(at, shape, strict=True)):
        return at
    ranges = ", ".join(f"{axis} 0–{n - 1}" for axis, n in zip(axes, shape, strict=True))
    told = ",".join(map(str, at))
    message = Text("{layer} has no value at {at}; there are {ranges}", layer=layer, at=told, ranges=ranges)
    last = ",".join(str(n - 1) for n in shape)
    raise ArchitectureError([Fault("no-index", message, layer=layer, remedies=(Text("the last is --at {last}", last=last),))])  # fmt: skip
