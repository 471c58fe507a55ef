"""Layers around another layer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from ...arithmetic import Shape
from ...language import Text
from ...layers.conv import Conv
from ...layers.dense import Dense
from ...layers.wrapper import Bidirectional, SpectralNormalization, TimeDistributed
from ...opinion import Convention
from .base import Impossible, Part, Tensor, part, settle

ONE_VECTOR = Convention("spectral-vector", Text("PyTorch keeps both vectors of the power iteration, Keras one of them"))


@part.register
def _(layer: TimeDistributed, xs: tuple[Shape, ...]) -> Part:
    """The steps become examples of the batch, and steps again."""
    inner = part(layer.layer, tuple(x[1:] for x in xs))
    settle(inner, trainable=layer.layer.trainable)

    def run(data: Sequence[Tensor]) -> Any:
        steps = data[0].shape[1]
        found = inner.run([x.flatten(0, 1) for x in data])
        several = isinstance(found, tuple)
        apart = tuple(each.unflatten(0, (-1, steps)) for each in (found if several else (found,)))
        return apart if several else apart[0]

    return Part(run, inner.modules, inner.conventions, inner.left_out)


@part.register
def _(layer: Bidirectional, xs: tuple[Shape, ...]) -> Part:
    """Two recurrent parts of one direction each, of which one gets the sequence from its end."""
    mirror = layer.backward_layer or layer.layer.model_copy(update={"go_backwards": not layer.layer.go_backwards})  # type: ignore[attr-defined]  # the door lets recurrent layers in alone
    ahead, back = part(layer.layer, xs[:1]), part(mirror, xs[:1])
    settle(ahead, trainable=layer.layer.trainable)
    settle(back, trainable=mirror.trainable)
    merged = {
        "concat": lambda a, b: torch.cat([a, b], -1),
        "sum": torch.add,
        "mul": torch.mul,
        "ave": lambda a, b: (a + b) / 2,
    }

    def run(data: Sequence[Tensor]) -> Any:
        half = 1 + len(data) // 2  # initial states come in pairs: the first half is for the first part
        first, *states = _outputs(ahead.run(data[:half]))
        second, *others = _outputs(back.run([data[0], *data[half:]]))
        if first.ndim == 3:
            second = torch.flip(second, [1])
        outputs = (merged[layer.merge_mode](first, second),) if layer.merge_mode else (first, second)
        found = (*outputs, *states, *others)
        return found if len(found) > 1 else found[0]

    conventions = tuple(dict.fromkeys((*ahead.conventions, *back.conventions)))
    return Part(run, (*ahead.modules, *back.modules), conventions, (*ahead.left_out, *back.left_out))


def _outputs(found: Any) -> tuple[Tensor, ...]:
    return found if isinstance(found, tuple) else (found,)


@part.register
def _(layer: SpectralNormalization, xs: tuple[Shape, ...]) -> Part:
    if not isinstance(layer.layer, (Conv, Dense)):
        raise Impossible(Text("PyTorch's spectral norm keeps other vectors for this layer"))
    inner = part(layer.layer, xs)
    settle(inner, trainable=layer.layer.trainable)
    (module,) = inner.modules
    nn.utils.parametrizations.spectral_norm(module, n_power_iterations=layer.power_iterations)
    spare = module.parametrizations.weight[0]._v
    return Part(inner.run, inner.modules, (*inner.conventions, ONE_VECTOR), (*inner.left_out, spare))
