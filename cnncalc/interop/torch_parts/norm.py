"""Normalisation: PyTorch's modules want their axis second or last, so the data are turned."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 - everybody calls it so

from ...arithmetic import Shape
from ...language import Text
from ...layers.axes import position
from ...layers.normalization import (
    BatchNormalization,
    GroupNormalization,
    InstanceNormalization,
    LayerNormalization,
    LocalResponseNormalization,
    RMSNormalization,
    UnitNormalization,
)
from ...opinion import Convention
from .base import Part, Tensor, functional, part, unary

COUNTER = Convention("batch-counter", Text("PyTorch's counter of the batches seen is not a parameter"))


def _affine(module: Any, *, scale: bool, center: bool) -> Any:
    """The module with only those of its two weights; PyTorch takes a missing one."""
    if not scale:
        module.register_parameter("weight", None)
    if not center:
        module.register_parameter("bias", None)
    return module


def _second(axis: int, run: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
    """`run` on the data with `axis` in second place and all behind it in a row."""

    def turned(x: Tensor) -> Tensor:
        moved = torch.movedim(x, axis, 1)
        flat = moved.flatten(2) if moved.ndim > 2 else moved
        return torch.movedim(run(flat).reshape(moved.shape), 1, axis)

    return turned


def _last(axes: list[int], run: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
    """`run` on the data with `axes` at the end."""
    ends = list(range(-len(axes), 0))
    return lambda x: torch.movedim(run(torch.movedim(x, axes, ends)), ends, axes)


def _axes(axis: tuple[int, ...], x: Shape) -> list[int]:
    """Axes of the data, which have a batch."""
    return sorted({position(each, x) + 1 for each in axis})


@part.register
def _(layer: BatchNormalization, xs: tuple[Shape, ...]) -> Part:
    (x,) = xs
    place = position(layer.axis, x) + 1
    module = nn.BatchNorm1d(x[place - 1], layer.epsilon, track_running_stats=layer.track_statistics)
    _affine(module, scale=layer.scale, center=layer.center)
    bridged = (COUNTER,) if layer.track_statistics else ()
    return unary(_second(place, module), module, conventions=bridged)


@part.register
def _(layer: GroupNormalization, xs: tuple[Shape, ...]) -> Part:
    (x,) = xs
    place = position(layer.axis, x) + 1
    size = x[place - 1]
    module = nn.GroupNorm(size if layer.groups == -1 else layer.groups, size, layer.epsilon)
    _affine(module, scale=layer.scale, center=layer.center)
    return unary(_second(place, module), module)


@part.register
def _(layer: InstanceNormalization, xs: tuple[Shape, ...]) -> Part:
    (x,) = xs
    module = nn.InstanceNorm1d(x[0], layer.epsilon, affine=True)
    _affine(module, scale=layer.scale, center=layer.center)
    return unary(_second(1, module), module)


@part.register
def _(layer: LayerNormalization, xs: tuple[Shape, ...]) -> Part:
    (x,) = xs
    axes = _axes(layer.axis, x)
    sizes = [x[axis - 1] for axis in axes]
    if layer.rms_scaling:
        module = nn.RMSNorm(sizes, layer.epsilon)
    else:
        module = _affine(nn.LayerNorm(sizes, layer.epsilon), scale=layer.scale, center=layer.center)
    return unary(_last(axes, module), module)


@part.register
def _(layer: RMSNormalization, xs: tuple[Shape, ...]) -> Part:
    (x,) = xs
    axes = _axes(layer.axis, x)
    module = nn.RMSNorm([x[axis - 1] for axis in axes], layer.epsilon, elementwise_affine=layer.scale)
    return unary(_last(axes, module), module)


@part.register
def _(layer: UnitNormalization, xs: tuple[Shape, ...]) -> Part:
    axes = _axes(layer.axis, xs[0])
    if len(axes) == 1:
        return functional(lambda x: F.normalize(x, dim=axes[0]))
    return functional(lambda x: x / torch.linalg.vector_norm(x, dim=axes, keepdim=True).clamp_min(1e-12))


@part.register
def _(layer: LocalResponseNormalization, xs: tuple[Shape, ...]) -> Part:
    module = nn.LocalResponseNorm(layer.size, layer.alpha, layer.beta, layer.bias)
    return unary(module, module)
