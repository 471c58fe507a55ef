"""Recurrent layers: Keras's single ones and PyTorch's stacks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from ...arithmetic import Shape
from ...language import Text
from ...layers.recurrent import GRU, RNN, SimpleRNN
from ...layers.torch_recurrent import Stacked, StackedGRU, StackedLSTM, StackedRNN
from ...opinion import Convention
from .base import Impossible, Part, Tensor, part

ONE_BIAS = Convention("bias-once", Text("PyTorch keeps two bias vectors that are only ever added: they count once"))


@part.register
def _(layer: RNN, xs: tuple[Shape, ...]) -> Part:
    """One layer of PyTorch's stack; its two bias vectors are one in Keras, but for a GRU with `reset_after`."""
    _check(layer)
    x = xs[0]
    if len(x) != 2:
        raise RuntimeError(f"expected a sequence with 3 axes with the batch, got {len(x) + 1}")
    settings = {"nonlinearity": layer.activation} if isinstance(layer, SimpleRNN) else {}
    kind = {"SimpleRNN": nn.RNN}.get(layer.kind()) or getattr(nn, layer.kind())
    module = kind(x[-1], layer.units, bias=layer.use_bias, batch_first=True, **settings)
    once = layer.use_bias and not isinstance(layer, GRU)

    def run(data: Sequence[Tensor]) -> Any:
        sequence = torch.flip(data[0], [1]) if layer.go_backwards else data[0]
        found, last = module(sequence, _initial(data[1:]))
        states = tuple(state[0] for state in (last if isinstance(last, tuple) else (last,)))
        first = found if layer.return_sequences else states[0]
        return (first, *states) if layer.return_state else first

    return Part(run, (module,), (ONE_BIAS,), (module.bias_hh_l0,)) if once else Part(run, (module,))


def _initial(states: Sequence[Tensor]) -> Any:
    """Initial states as PyTorch takes them; None for zeros."""
    stacked = tuple(state[None].contiguous() for state in states)
    return stacked if len(stacked) > 1 else stacked[0] if stacked else None


def _check(layer: RNN) -> None:
    """PyTorch's recurrences have fixed activations, and its GRU resets after the product."""
    fixed = {"tanh", "relu"} if isinstance(layer, SimpleRNN) else {"tanh"}
    if layer.activation not in fixed or getattr(layer, "recurrent_activation", "sigmoid") != "sigmoid":
        raise Impossible(Text("the activations of PyTorch's recurrent layers are fixed: tanh, and sigmoid for gates"))
    if isinstance(layer, GRU) and not layer.reset_after:
        raise Impossible(Text("PyTorch's GRU has reset_after=True alone"))


@part.register
def _(layer: Stacked, xs: tuple[Shape, ...]) -> Part:
    (x,) = xs
    settings: dict[str, Any] = {}
    if isinstance(layer, StackedRNN):
        settings["nonlinearity"] = layer.nonlinearity
    if isinstance(layer, StackedLSTM):
        settings["proj_size"] = layer.proj_size
    kind = nn.LSTM if isinstance(layer, StackedLSTM) else nn.GRU if isinstance(layer, StackedGRU) else nn.RNN
    module = kind(
        x[-1],
        layer.hidden_size,
        layer.num_layers,
        bias=layer.use_bias,
        batch_first=True,
        dropout=layer.dropout,
        bidirectional=layer.bidirectional,
        **settings,
    )

    def run(data: Sequence[Tensor]) -> Any:
        found, last = module(data[0])
        states = last if isinstance(last, tuple) else (last,)
        return (found, *(state.transpose(0, 1) for state in states))

    return Part(run, (module,))
