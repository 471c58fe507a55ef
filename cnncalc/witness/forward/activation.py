"""Activations as layers of their own."""

from __future__ import annotations

import numpy as np

from ...layers.activation import ELU, GLU, Activation, LeakyReLU, PReLU, ReLU, Softmax
from ..activations import activate, elu, leaky_relu, sigmoid, softmax
from ..arrays import Array, as_real
from ..call import Call
from ..dispatch import forward
from ..initializers import constant, zeros


@forward.register
def activation(layer: Activation, call: Call, x: Array) -> Array:
    return activate(layer.activation, x)


@forward.register
def relu(layer: ReLU, call: Call, x: Array) -> Array:
    """Below `threshold` a slope, above it the number itself, up to `max_value`."""
    if layer.negative_slope or layer.threshold:
        x = as_real(x)
        y = np.where(x < layer.threshold, layer.negative_slope * (x - layer.threshold), x)
    else:
        y = np.maximum(x, 0)
    y = y if layer.max_value is None else np.minimum(y, layer.max_value)
    return y.astype(x.dtype, copy=False)


@forward.register
def leaky(layer: LeakyReLU, call: Call, x: Array) -> Array:
    return leaky_relu(x, layer.negative_slope)


@forward.register
def exponential_linear(layer: ELU, call: Call, x: Array) -> Array:
    return elu(x, layer.alpha)


@forward.register
def parametric(layer: PReLU, call: Call, x: Array) -> Array:
    if layer.num_parameters is not None:  # PyTorch: one slope for all, or one per channel, which is axis 1
        alpha = call.weight("alpha", (layer.num_parameters,), constant(0.25))
        alpha = alpha.reshape(-1, *(1,) * (x.ndim - 2))
    else:
        shared = {axis % x.ndim for axis in layer.shared_axes or ()}
        alpha = call.weight("alpha", (1 if axis in shared else x.shape[axis] for axis in range(1, x.ndim)), zeros)
    return np.where(x < 0, alpha * x, x)


@forward.register
def softmax_over(layer: Softmax, call: Call, x: Array) -> Array:
    return softmax(x, layer.axis)


@forward.register
def glu(layer: GLU, call: Call, x: Array) -> Array:
    values, gates = np.split(x, 2, layer.axis)
    return values * sigmoid(gates)
