"""Keras's recurrent layers. What comes from the input is multiplied for all steps at once, which is the same products."""

from __future__ import annotations

import numpy as np

from ...layers.recurrent import GRU, LSTM, RNN, SimpleRNN
from ..activations import activate
from ..arrays import Array, Outputs
from ..call import Call
from ..dispatch import forward
from ..initializers import orthogonal, zeros
from ..recurrence import States, at_rest, lstm_bias, remember, unroll


def _kernels(layer: RNN, call: Call, x: Array, gates: int) -> tuple[Array, Array]:
    """What the kernel makes of every step, and the matrix for the states."""
    columns = gates * layer.units
    kernel = call.weight("kernel", (x.shape[-1], columns))
    return call.matmul(x, kernel), call.weight("recurrent_kernel", (layer.units, columns), orthogonal)


@forward.register
def simple_rnn(layer: SimpleRNN, call: Call, x: Array, *given: Array) -> Outputs:
    z, recurrent = _kernels(layer, call, x, gates=1)
    if layer.use_bias:
        z = z + call.weight("bias", (layer.units,), zeros)

    def step(z: Array, states: States) -> States:
        return (activate(layer.activation, z + call.matmul(states[0], recurrent)),)

    return unroll(layer, z, given or at_rest(z, gates=1, states=1), step)


@forward.register
def lstm(layer: LSTM, call: Call, x: Array, *given: Array) -> Outputs:
    z, recurrent = _kernels(layer, call, x, gates=4)
    if layer.use_bias:
        z = z + call.weight("bias", (4 * layer.units,), lstm_bias(forget=layer.unit_forget_bias))

    def step(z: Array, states: States) -> States:
        h, c = states
        return remember(z + call.matmul(h, recurrent), c, layer.activation, layer.recurrent_activation)

    return unroll(layer, z, given or at_rest(z, gates=4, states=2), step)


@forward.register
def gru(layer: GRU, call: Call, x: Array, *given: Array) -> Outputs:
    """The gates are update, reset and the new state; `reset_after` resets the product, else the state before it."""
    z, recurrent = _kernels(layer, call, x, gates=3)
    late = np.zeros((), z.dtype)
    if layer.use_bias and layer.reset_after:
        early, late = call.weight("bias", (2, 3 * layer.units), zeros)
        z = z + early
    elif layer.use_bias:
        z = z + call.weight("bias", (3 * layer.units,), zeros)
    gates = 2 * layer.units

    def step(z: Array, states: States) -> States:
        (h,) = states
        product = call.matmul(h, recurrent if layer.reset_after else recurrent[:, :gates]) + late
        update, reset = np.split(z[:, :gates] + product[:, :gates], 2, -1)
        update, reset = activate(layer.recurrent_activation, update), activate(layer.recurrent_activation, reset)
        kept = reset * product[:, gates:] if layer.reset_after else call.matmul(reset * h, recurrent[:, gates:])
        return (update * h + (1 - update) * activate(layer.activation, z[:, gates:] + kept),)

    return unroll(layer, z, given or at_rest(z, gates=3, states=1), step)
