"""EinsumDense: the input and a kernel in one einsum."""

from __future__ import annotations

import re
from math import prod
from string import ascii_letters

from ...layers.einsum import EinsumDense
from ..activations import activate
from ..arrays import Array
from ..call import Call
from ..dispatch import forward
from ..initializers import glorot, zeros
from ..lora import adapted


@forward.register
def einsum_dense(layer: EinsumDense, call: Call, x: Array) -> Array:
    """The kernel starts from its fans: the axes that are contracted, and those that the output has (Keras)."""
    seen, word, made = _spelled(layer.equation, x.ndim)
    sizes = dict(zip(seen, x.shape, strict=True))
    sizes |= {letter: n for letter, n in zip(_sized(layer.equation), layer.output_shape, strict=True) if n is not None}
    shape = tuple(sizes[letter] for letter in word)
    fan_out = prod(sizes[letter] for letter in word if letter in made)
    kernel = adapted(layer, call, "kernel", shape, glorot(prod(shape) // fan_out, fan_out))
    y = call.einsum(f"{seen},{word}->{made}", x, kernel)
    if layer.bias_axes:
        tail = made[min(map(made.find, layer.bias_axes)) :]
        each = [sizes[letter] if letter in layer.bias_axes else 1 for letter in tail]
        y = y + call.weight("bias", each, zeros)
    return activate(layer.activation, y)


def _words(equation: str) -> list[str]:
    """What input, kernel and output are called."""
    return re.split(",|->", equation.replace(" ", ""))


def _spelled(equation: str, rank: int) -> list[str]:
    """The three words with letters of their own for the axes that three dots stand for."""
    words = _words(equation)
    unused = [letter for letter in ascii_letters if letter not in equation]
    dots = "".join(unused[: rank - len(words[0].replace("...", ""))])
    return [word.replace("...", dots) for word in words]


def _sized(equation: str) -> str:
    """The letters of the output that `output_shape` gives sizes of: all but the batch and what the dots hold."""
    output = _words(equation)[2]
    return output[3:] if output.startswith("...") else output.removesuffix("...")[1:]
