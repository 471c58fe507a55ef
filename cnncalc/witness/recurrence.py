"""What all recurrent layers share: a sequence (batch, time, ...) is read step by step, with states from step to step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ..layers.recurrence import Recurrent
from .activations import activate
from .arrays import Array, Outputs
from .initializers import Initializer, Shape, zeros

States = tuple[Array, ...]
"""What goes from step to step; the first is also what a step puts out."""
Step = Callable[[Array, States], States]
"""From what a step reads and the states before it to the states after it."""


def walk(sequence: Array, states: States, step: Step, *, backwards: bool) -> Iterator[States]:
    """The states after each step, in the order in which the steps are made."""
    order = range(sequence.shape[1])
    for time in reversed(order) if backwards else order:
        states = step(sequence[:, time], states)
        yield states


def unroll(layer: Recurrent, sequence: Array, states: States, step: Step) -> Outputs:
    """The outputs that the layer asks for; as in Keras, those of `go_backwards` begin with the end of the sequence."""
    found = list(walk(sequence, states, step, backwards=layer.go_backwards))
    last = found[-1]
    first = np.stack([output for output, *_ in found], 1) if layer.return_sequences else last[0]
    return (first, *last) if layer.return_state else first


def at_rest(sequence: Array, gates: int, states: int, axis: int = -1) -> States:
    """States of 0; of the sequence, every step holds `gates` of them side by side."""
    shape = list(sequence[:, 0].shape)
    shape[axis] //= gates
    return (np.zeros(shape, sequence.dtype),) * states


def remember(
    z: Array, c: Array, activation: str | None = "tanh", gate: str | None = "sigmoid", axis: int = -1
) -> States:
    """One step of an LSTM: (h, c) out of the sums before its four gates, in the order of Keras and PyTorch."""
    i, f, new, o = np.split(z, 4, axis)
    c = activate(gate, f) * c + activate(gate, i) * activate(activation, new)
    return activate(gate, o) * activate(activation, c), c


def lstm_bias(*, forget: bool) -> Initializer:
    """Zeros; where `forget` is set, ones for the forget gate, the second of four (Jozefowicz et al. 2015)."""

    def start(random: np.random.Generator, shape: Shape, dtype: Any) -> Array:
        bias = zeros(random, shape, dtype)
        bias.reshape(4, -1)[1] = forget
        return bias

    return start


def as_examples(x: Array) -> Array:
    """The steps of (batch, time, ...) as examples of a batch of their own; a view where that can be."""
    return x.reshape(-1, *x.shape[2:])


def as_steps(y: Array, batch: int) -> Array:
    """Steps that were examples as steps again."""
    return y.reshape(batch, -1, *y.shape[1:])
