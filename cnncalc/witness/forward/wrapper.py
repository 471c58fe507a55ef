"""Layers around another layer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...layers.recurrence import Recurrent
from ...layers.wrapper import Bidirectional, SpectralNormalization, TimeDistributed
from ..arrays import Array, Outputs
from ..call import Call
from ..dispatch import forward, run_layer
from ..initializers import truncated_normal
from ..recurrence import as_examples, as_steps


@forward.register
def time_distributed(layer: TimeDistributed, call: Call, *xs: Array) -> Outputs:
    """The steps become examples of the batch, and steps again."""
    inner = call.inside(learns=layer.layer.trainable)
    found = run_layer(layer.layer, inner, *map(as_examples, xs))
    return tuple(as_steps(y, len(xs[0])) for y in found)


MERGES: dict[str, Callable[[Array, Array], Array]] = {
    "concat": lambda ahead, back: np.concatenate((ahead, back), -1),
    "sum": np.add,
    "mul": np.multiply,
    "ave": lambda ahead, back: (ahead + back) / 2,
}


@forward.register
def bidirectional(layer: Bidirectional, call: Call, x: Array, *given: Array) -> Outputs:
    """The sequence of the second layer is turned around before both are merged; its states are not.

    Of initial states, the first are for the first layer.
    """
    one, other = layer.layer, layer.backward_layer or layer.layer.model_copy(update={"go_backwards": True})
    assert isinstance(one, Recurrent), "the door lets recurrent layers in alone"
    ahead, *states = run_layer(one, call.inside("forward_", learns=one.trainable), x, *given[: one.states])
    back, *others = run_layer(other, call.inside("backward_", learns=other.trainable), x, *given[one.states :])
    if one.return_sequences:
        back = np.flip(back, 1)
    merged = (MERGES[layer.merge_mode](ahead, back),) if layer.merge_mode else (ahead, back)
    return (*merged, *states, *others)


@forward.register
def spectral_normalization(layer: SpectralNormalization, call: Call, *xs: Array) -> Outputs:
    """Training divides the kernel, and inference uses it as training left it."""
    found = run_layer(layer.layer, call.inside(learns=layer.layer.trainable), *xs)
    made = call.store.of(call.layer)
    kernel = made.get(f"{call.prefix}kernel") or made[f"{call.prefix}embeddings"]
    call.statistic("vector_u", (1, kernel.array.shape[-1]), truncated_normal(0.02))
    return found
