"""`forward` runs one layer. Every family of kinds has a module in `forward/`, loaded when its first layer runs."""

from __future__ import annotations

from functools import cache, singledispatch
from importlib import import_module

from ..layers import HOME, Layer
from .arrays import Array, Outputs
from .call import Call


@singledispatch
def forward(layer: Layer, call: Call, *xs: Array) -> Outputs:
    """What the layer makes of its inputs, whose axis 0 is the batch, as Keras does in inference.

    The weights come from `call`, which also counts the products of contractions.
    """
    raise NotImplementedError(f"the witness cannot run {layer.kind()}")


@cache
def load(family: str) -> None:
    """Register what the witness knows of a family of kinds."""
    import_module(f"{__package__}.forward.{family}")


def run_layer(layer: Layer, call: Call, *xs: Array) -> tuple[Array, ...]:
    """All outputs of a layer of any kind."""
    load(HOME[layer.kind()])
    outputs = forward(layer, call, *xs)
    return outputs if isinstance(outputs, tuple) else (outputs,)
