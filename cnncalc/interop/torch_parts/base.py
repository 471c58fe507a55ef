"""A layer as PyTorch has it: its modules, and how a batch goes through them.

Data keeps the architecture's own layout. PyTorch's modules want the channels first, so a layer with channels
last is turned around its module, and back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import singledispatch
from typing import Any

import torch
from torch import nn

from ...arithmetic import Shape
from ...language import Text
from ...layers import Layer
from ...opinion import Convention

Tensor = Any
"""A torch.Tensor; mypy sees none of torch, which is not installed where the types are checked."""

Module = Any
"""A torch.nn.Module."""

Run = Callable[[Sequence[Tensor]], Any]
"""From the inputs, with the batch, to the output or the tuple of outputs."""


class Impossible(Exception):
    """A layer that PyTorch does not have; `why` says so for people."""

    def __init__(self, why: Text) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Part:
    """A layer in PyTorch."""

    run: Run
    modules: tuple[Module, ...] = ()
    conventions: tuple[Convention, ...] = ()
    left_out: tuple[Tensor, ...] = ()
    """Weights that PyTorch has and a convention does not count."""


@singledispatch
def part(layer: Layer, xs: tuple[Shape, ...]) -> Part:
    """The counterpart of `layer` for inputs of the shapes `xs`, which have no batch.

    Raises Impossible where PyTorch has none, and whatever PyTorch itself raises.
    """
    raise Impossible(Text("PyTorch has no module for it"))


def unary(run: Callable[[Tensor], Tensor], *modules: Module, conventions: tuple[Convention, ...] = ()) -> Part:
    """A part of one input."""
    return Part(lambda xs: run(xs[0]), modules, conventions)


def functional(run: Callable[[Tensor], Tensor]) -> Part:
    """A part of one input without weights."""
    return unary(run)


def channels_last(layer: Any) -> bool:
    """Whether the layer holds the channels behind the spatial axes."""
    return not getattr(layer, "channels_first", layer.data_format == "channels_first")


def on_maps(layer: Any, run: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
    """`run`, which wants the channels first, for data in the layer's own layout."""
    if not channels_last(layer):
        return run
    return lambda x: torch.movedim(run(torch.movedim(x, -1, 1)), 1, -1)


def mapped(layer: Any, run: Callable[[Tensor], Tensor], *modules: Module) -> Part:
    """A part of one map."""
    return unary(on_maps(layer, run), *modules)


def of_rank(name: str, rank: int) -> Any:
    """The class `nn.Conv2d` for ("Conv", 2)."""
    return getattr(nn, f"{name}{rank}d")


def channels(layer: Any, x: Shape) -> int:
    """The channels of a map of shape `x`; a RuntimeError where it is no map of the layer's rank, as PyTorch's own."""
    if len(x) != layer.rank + 1:
        raise RuntimeError(f"expected {layer.rank + 2} axes with the batch, got {len(x) + 1}")
    return int(x[-1] if channels_last(layer) else x[0])


def last_first(sides: Sequence[tuple[int, int]]) -> list[int]:
    """(before, after) per axis, in the order that F.pad wants: the last axis first."""
    return [number for pair in reversed(sides) for number in pair]


def settle(made: Part, *, trainable: bool) -> None:
    """Put the modules of a part at rest, and with `trainable: false` their weights out of training."""
    for module in made.modules:
        module.eval()
        if not trainable:
            module.requires_grad_(False)


def counts(made: Part) -> tuple[int, int]:
    """Trainable parameters, and the others with the statistics; PyTorch's counter of batches is none of them."""
    left_out = {id(weight) for weight in made.left_out}
    trainable = fixed = 0
    for module in made.modules:
        for weight in (*module.parameters(), *module.buffers()):
            if id(weight) in left_out or not weight.is_floating_point():
                continue
            if weight.requires_grad:
                trainable += weight.numel()
            else:
                fixed += weight.numel()
    return trainable, fixed
