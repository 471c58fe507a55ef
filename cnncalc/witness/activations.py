"""Activation functions, as Keras 3 defines them (keras.activations); a NaN stays a NaN in all of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..errors import ArchitectureError, Fault
from ..language import Text
from .arrays import Array, as_real

Function = Callable[[Array], Array]


def activate(name: str | None, x: Array) -> Array:
    """The function of this name, of every number in x; softmax and its kin run over the last axis."""
    if name is None or name == "linear":
        return x
    if name not in FUNCTIONS:
        message = Text("the activation {name} needs numbers that an architecture does not hold", name=name)
        raise ArchitectureError([Fault("activation", message)])
    return FUNCTIONS[name](x if name in EXACT else as_real(x))


EXACT = frozenset({"relu", "relu6"})
"""What keeps integers."""


def relu(x: Array) -> Array:
    return np.maximum(x, 0)


def relu6(x: Array) -> Array:
    return np.clip(x, 0, 6)


def leaky_relu(x: Array, slope: float = 0.2) -> Array:
    return np.where(x < 0, slope * x, x)


def elu(x: Array, alpha: float = 1.0) -> Array:
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


def selu(x: Array) -> Array:
    """Klambauer et al. 2017; the two constants make mean 0 and variance 1 a fixed point."""
    return 1.05070098 * elu(x, 1.67326324)


def sigmoid(x: Array) -> Array:
    with np.errstate(over="ignore"):  # exp of a large number is infinite, and 1 / infinity is the 0 that is meant
        return 1 / (1 + np.exp(-x))


def silu(x: Array) -> Array:
    return x * sigmoid(x)


def softplus(x: Array) -> Array:
    return np.logaddexp(x, 0)


def log_sigmoid(x: Array) -> Array:
    return -softplus(-x)


def mish(x: Array) -> Array:
    """Misra 2019."""
    return x * np.tanh(softplus(x))


def gelu(x: Array) -> Array:
    """Hendrycks and Gimpel 2016, with the error function itself."""
    return (0.5 * x * erfc(-x / np.sqrt(2))).astype(x.dtype, copy=False)


ERFC = (
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223, 0.17087277,
)  # fmt: skip


def erfc(x: Array) -> Array:
    """1 - erf(x), within a share of 1.2e-7 everywhere (Press et al., Numerical Recipes in C, 2nd ed., section 6.2)."""
    z = np.abs(x.astype(np.float64))
    t = 1 / (1 + 0.5 * z)
    tail = t * np.exp(-z * z + np.polynomial.polynomial.polyval(t, ERFC))
    return np.where(x < 0, 2 - tail, tail)


def hard_sigmoid(x: Array) -> Array:
    return relu6(x + 3) / 6


def hard_silu(x: Array) -> Array:
    return x * hard_sigmoid(x)


def hard_tanh(x: Array) -> Array:
    return np.clip(x, -1, 1)


def hard_shrink(x: Array) -> Array:
    return x * (np.abs(x) > 0.5)


def soft_shrink(x: Array) -> Array:
    return np.sign(x) * np.maximum(np.abs(x) - 0.5, 0)


def tanh_shrink(x: Array) -> Array:
    return x - np.tanh(x)


def softsign(x: Array) -> Array:
    return x / (1 + np.abs(x))


def squareplus(x: Array) -> Array:
    return (x + np.sqrt(x * x + 4)) / 2


def sparse_plus(x: Array) -> Array:
    return np.where(x >= 1, x, np.square(np.maximum(x, -1) + 1) / 4)


def sparse_sigmoid(x: Array) -> Array:
    return np.clip((x + 1) / 2, 0, 1)


def softmax(x: Array, axis: int | tuple[int, ...] = -1) -> Array:
    """exp(x) divided by its sum along the axes; the largest is taken off first, so that nothing overflows."""
    powers = np.exp(x - x.max(axis, keepdims=True))
    return powers / powers.sum(axis, keepdims=True)


def log_softmax(x: Array) -> Array:
    shifted = x - x.max(-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))


def sparsemax(x: Array) -> Array:
    """The nearest point with entries that are at least 0 and add up to 1 (Martins and Astudillo 2016)."""
    ordered = np.sort(x, axis=-1)[..., ::-1]  # a NaN comes first, and makes NaN of all sums
    sums = np.cumsum(ordered, axis=-1)
    ranks = np.arange(1, x.shape[-1] + 1, dtype=x.dtype)
    support = (1 + ranks * ordered > sums).sum(-1, keepdims=True)
    threshold = (np.take_along_axis(sums, np.maximum(support - 1, 0), -1) - 1) / support.astype(x.dtype)
    return np.maximum(x - threshold, 0)


FUNCTIONS: dict[str, Function] = {
    "celu": elu,  # equal where alpha is 1, as it is here
    "elu": elu,
    "exponential": np.exp,
    "gelu": gelu,
    "hard_shrink": hard_shrink,
    "hard_sigmoid": hard_sigmoid,
    "hard_silu": hard_silu,
    "hard_swish": hard_silu,
    "hard_tanh": hard_tanh,
    "leaky_relu": leaky_relu,
    "log_sigmoid": log_sigmoid,
    "log_softmax": log_softmax,
    "mish": mish,
    "relu": relu,
    "relu6": relu6,
    "selu": selu,
    "sigmoid": sigmoid,
    "silu": silu,
    "soft_shrink": soft_shrink,
    "softmax": softmax,
    "softplus": softplus,
    "softsign": softsign,
    "sparse_plus": sparse_plus,
    "sparse_sigmoid": sparse_sigmoid,
    "sparsemax": sparsemax,
    "squareplus": squareplus,
    "swish": silu,
    "tanh": np.tanh,
    "tanh_shrink": tanh_shrink,
}
