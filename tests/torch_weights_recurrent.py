"""The weights of PyTorch's recurrent modules, and of its spectral norm, under the names that the witness asks for."""

from __future__ import annotations

import numpy as np

from cnncalc.layers.conv import Conv
from cnncalc.layers.dense import Dense
from cnncalc.layers.recurrent import GRU, RNN
from cnncalc.layers.torch_recurrent import Stacked
from cnncalc.layers.wrapper import Bidirectional, SpectralNormalization
from cnncalc.witness import Array

State = dict[str, Array]
"""A state dict: names begin with the number of their module."""


def stacked(layer: Stacked, state: State) -> State:
    """The names are PyTorch's own."""
    return {name.removeprefix("0."): array for name, array in state.items()}


def recurrent(layer: RNN, state: State, module: int = 0) -> State:
    """Keras's matrices are turned; its GRU begins with the update gate; two biases are one but for `reset_after`."""

    def columns(name: str) -> Array:
        array = state[f"{module}.{name}_l0"].T
        if isinstance(layer, GRU):
            reset, update, new = np.split(array, 3, -1)
            return np.concatenate((update, reset, new), -1)
        return array

    weights = {"kernel": columns("weight_ih"), "recurrent_kernel": columns("weight_hh")}
    if not layer.use_bias:
        return weights
    early, late = columns("bias_ih"), columns("bias_hh")
    return weights | {"bias": np.stack((early, late)) if isinstance(layer, GRU) else early + late}


def bidirectional(layer: Bidirectional, state: State) -> State:
    """Two modules, the forward one first."""
    ahead, back = recurrent(layer.layer, state), recurrent(layer.backward_layer or layer.layer, state, 1)
    return {f"forward_{name}": array for name, array in ahead.items()} | {
        f"backward_{name}": array for name, array in back.items()
    }


def spectral(layer: SpectralNormalization, state: State) -> State:
    """PyTorch divides its weight by u W v at every call; the witness gets the kernel divided, as training leaves it."""
    assert isinstance(layer.layer, (Conv, Dense))
    weight = state["0.parametrizations.weight.original"]
    u, v = state["0.parametrizations.weight.0._u"], state["0.parametrizations.weight.0._v"]
    kernel = weight / (u @ weight.reshape(len(weight), -1) @ v)
    found = {"kernel": np.moveaxis(kernel, (0, 1), (-1, -2)), "vector_u": u[None]}
    return found | ({"bias": state["0.bias"]} if layer.layer.use_bias else {})
