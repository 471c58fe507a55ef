"""Kernels with a low-rank adapter (Hu et al. 2021): what is used is kernel + (alpha / rank) a b."""

from __future__ import annotations

import numpy as np

from ..layers.lora import Adaptable
from .arrays import Array
from .call import Call
from .initializers import Initializer, Shape, glorot_uniform, he_uniform, zeros


def adapted(layer: Adaptable, call: Call, name: str, shape: Shape, init: Initializer = glorot_uniform) -> Array:
    """The weight of this name; where the layer has an adapter, it is frozen and the adapter is added.

    The products of the adapter are no work of inference: a and b are multiplied once, before.
    """
    rank = layer.lora_rank
    kernel = call.weight(name, shape, init, learned=rank is None)
    if rank is None:
        return kernel
    a = call.weight(f"lora_{name}_a", (*shape[:-1], rank), he_uniform)
    b = call.weight(f"lora_{name}_b", (rank, shape[-1]), zeros)
    scale = (rank if layer.lora_alpha is None else layer.lora_alpha) / rank
    return kernel + (scale * np.matmul(a, b)).astype(kernel.dtype, copy=False)
