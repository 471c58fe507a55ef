"""Stacks of recurrent layers as PyTorch runs them (torch.nn.RNN, GRU, LSTM with batch_first and no initial states)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...layers.torch_recurrent import Stacked, StackedGRU, StackedLSTM, StackedRNN
from ..activations import activate, sigmoid
from ..arrays import Array, Outputs
from ..call import Call
from ..dispatch import forward
from ..initializers import uniform
from ..recurrence import States, remember, walk

Cell = Callable[[Array, Array, States], States]
"""From what the two matrices make of the input and of h, and the states before, to the states after."""


@forward.register
def stacked_rnn(layer: StackedRNN, call: Call, x: Array) -> Outputs:
    def cell(read: Array, kept: Array, states: States) -> States:
        return (activate(layer.nonlinearity, read + kept),)

    return _stack(layer, call, x, (layer.hidden_size,), 1, cell)


@forward.register
def stacked_gru(layer: StackedGRU, call: Call, x: Array) -> Outputs:
    """The gates are reset, update and the new state."""

    def cell(read: Array, kept: Array, states: States) -> States:
        gates = 2 * layer.hidden_size
        reset, update = np.split(sigmoid(read[:, :gates] + kept[:, :gates]), 2, -1)
        new = np.tanh(read[:, gates:] + reset * kept[:, gates:])
        return ((1 - update) * new + update * states[0],)

    return _stack(layer, call, x, (layer.hidden_size,), 3, cell)


@forward.register
def stacked_lstm(layer: StackedLSTM, call: Call, x: Array) -> Outputs:
    def cell(read: Array, kept: Array, states: States) -> States:
        return remember(read + kept, states[1])

    return _stack(layer, call, x, (layer.proj_size or layer.hidden_size, layer.hidden_size), 4, cell)


def _stack(layer: Stacked, call: Call, x: Array, widths: tuple[int, ...], gates: int, cell: Cell) -> Outputs:
    """The sequence (batch, time, directions x features), and each state (batch, layers x directions, width)."""
    last: list[States] = []
    for number in range(layer.num_layers):
        found = []
        for suffix in ("", "_reverse") if layer.bidirectional else ("",):
            outputs, states = _direction(layer, call, x, widths, gates, cell, f"_l{number}{suffix}")
            found.append(outputs)
            last.append(states)
        x = np.concatenate(found, -1)
    return x, *(np.stack(states, 1) for states in zip(*last, strict=True))


def _direction(
    layer: Stacked, call: Call, x: Array, widths: tuple[int, ...], gates: int, cell: Cell, suffix: str
) -> tuple[Array, States]:
    """One layer in one direction: its outputs in the order of the sequence, and its last states."""
    start = uniform(layer.hidden_size**-0.5)
    rows, backwards = gates * layer.hidden_size, suffix.endswith("_reverse")
    read = call.matmul(x, call.weight(f"weight_ih{suffix}", (rows, x.shape[-1]), start).T)
    recurrent = call.weight(f"weight_hh{suffix}", (rows, widths[0]), start).T
    late = np.zeros((), x.dtype)
    if layer.use_bias:
        read = read + call.weight(f"bias_ih{suffix}", (rows,), start)
        late = call.weight(f"bias_hh{suffix}", (rows,), start)
    projection = None
    if widths[0] != layer.hidden_size:
        projection = call.weight(f"weight_hr{suffix}", (widths[0], layer.hidden_size), start).T

    def step(read: Array, states: States) -> States:
        h, *others = cell(read, call.matmul(states[0], recurrent) + late, states)
        return h if projection is None else call.matmul(h, projection), *others

    rest = tuple(np.zeros((len(x), width), read.dtype) for width in widths)
    found = list(walk(read, rest, step, backwards=backwards))
    outputs = np.stack([output for output, *_ in found], 1)
    return np.flip(outputs, 1) if backwards else outputs, found[-1]
