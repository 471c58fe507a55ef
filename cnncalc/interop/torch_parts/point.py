"""Dense, embeddings, activations, dropout and scaling: what works entry by entry or vector by vector."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import prod

import torch
from torch import nn

from ...arithmetic import Shape
from ...language import Text
from ...layers.activation import ELU, GLU, Activation, LeakyReLU, PReLU, ReLU, Softmax
from ...layers.axes import position
from ...layers.dense import Dense
from ...layers.dropout import AlphaDropout, Dropout
from ...layers.embedding import Embedding, EmbeddingBag
from ...layers.identity import ActivityRegularization, Identity, Masking
from ...layers.noise import GaussianDropout, GaussianNoise, SpatialDropout
from ...layers.scaling import CustomScaleLayer, LayerScale, Rescaling
from .base import Impossible, Part, Tensor, channels, functional, mapped, of_rank, part, unary

NO_ADAPTER = Text("PyTorch's modules have no LoRA adapter")

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "linear": nn.Identity(), "relu": nn.ReLU(), "relu6": nn.ReLU6(), "elu": nn.ELU(), "celu": nn.CELU(), "selu": nn.SELU(),
    "gelu": nn.GELU(), "silu": nn.SiLU(), "swish": nn.SiLU(), "mish": nn.Mish(), "leaky_relu": nn.LeakyReLU(0.2),
    "sigmoid": nn.Sigmoid(), "hard_sigmoid": nn.Hardsigmoid(), "hard_silu": nn.Hardswish(), "hard_swish": nn.Hardswish(),
    "log_sigmoid": nn.LogSigmoid(), "tanh": nn.Tanh(), "hard_tanh": nn.Hardtanh(), "tanh_shrink": nn.Tanhshrink(),
    "hard_shrink": nn.Hardshrink(), "soft_shrink": nn.Softshrink(), "softplus": nn.Softplus(), "softsign": nn.Softsign(),
    "threshold": nn.Threshold(1.0, 0.0), "exponential": torch.exp,
}  # fmt: skip
"""Keras's activation functions as PyTorch has them; softmax needs an axis besides."""

ALONG = {"softmax": nn.Softmax, "log_softmax": nn.LogSoftmax}


def activation(name: str | None, axis: int = -1) -> Callable[[Tensor], Tensor]:
    """The activation of that name; `axis` is where softmax finds what is last in Keras."""
    if name in ALONG:
        along: Callable[[Tensor], Tensor] = ALONG[name](dim=axis)
        return along
    if (name or "linear") not in ACTIVATIONS:
        raise Impossible(Text("PyTorch has no activation {name}", name=repr(name)))
    return ACTIVATIONS[name or "linear"]


@part.register
def _(layer: Activation, xs: tuple[Shape, ...]) -> Part:
    return functional(activation(layer.activation))


@part.register
def _(layer: ReLU, xs: tuple[Shape, ...]) -> Part:
    if layer.threshold or layer.negative_slope:
        if layer.max_value is not None or layer.threshold:
            raise Impossible(Text("PyTorch has no ReLU with a threshold, or with a slope and a largest value"))
        return functional(nn.LeakyReLU(layer.negative_slope))
    return functional(nn.ReLU() if layer.max_value is None else nn.Hardtanh(0.0, layer.max_value or 1e-9))


@part.register
def _(layer: LeakyReLU, xs: tuple[Shape, ...]) -> Part:
    return functional(nn.LeakyReLU(layer.negative_slope))


@part.register
def _(layer: ELU, xs: tuple[Shape, ...]) -> Part:
    return functional(nn.ELU(layer.alpha))


@part.register
def _(layer: PReLU, xs: tuple[Shape, ...]) -> Part:
    """PyTorch has a slope per entry of axis 1: the axes that keep theirs go there as one, the others behind."""
    (x,) = xs
    if layer.num_parameters is not None:
        module = nn.PReLU(layer.num_parameters)
        return unary(module, module)
    shared = sorted({position(axis, x) + 1 for axis in layer.shared_axes or ()})
    own = [axis for axis in range(1, len(x) + 1) if axis not in shared]
    module = nn.PReLU(prod(x[axis - 1] for axis in own))
    order = [0, *own, *shared]
    back = [order.index(axis) for axis in range(len(order))]

    def run(data: Tensor) -> Tensor:
        turned = data.permute(order)
        flat = turned.reshape(len(data), module.num_parameters, -1)
        return module(flat).reshape(turned.shape).permute(back)

    return unary(run, module)


@part.register
def _(layer: Softmax, xs: tuple[Shape, ...]) -> Part:
    (x,) = xs
    axes = sorted({position(axis, x) + 1 for axis in layer.axis})
    if len(axes) == 1:
        return functional(nn.Softmax(dim=axes[0]))
    return functional(lambda data: torch.exp(data - torch.logsumexp(data, dim=axes, keepdim=True)))


@part.register
def _(layer: GLU, xs: tuple[Shape, ...]) -> Part:
    return functional(nn.GLU(layer.axis))


@part.register
def _(layer: Dense, xs: tuple[Shape, ...]) -> Part:
    if layer.lora_rank is not None:
        raise Impossible(NO_ADAPTER)
    after = activation(layer.activation)
    module = nn.Linear(xs[0][-1], layer.units, bias=layer.use_bias)
    return unary(lambda x: after(module(x)), module)


def _rows(table: Embedding | EmbeddingBag, x: Tensor) -> Tensor:
    """Indices that the table has, whatever the numbers are; those that it has stay what they are."""
    return torch.remainder(torch.nan_to_num(x).long(), table.input_dim)


@part.register
def _(layer: Embedding, xs: tuple[Shape, ...]) -> Part:
    if layer.lora_rank is not None:
        raise Impossible(NO_ADAPTER)
    module = nn.Embedding(layer.input_dim, layer.output_dim)
    return unary(lambda x: module(_rows(layer, x)), module)


@part.register
def _(layer: EmbeddingBag, xs: tuple[Shape, ...]) -> Part:
    if layer.lora_rank is not None:
        raise Impossible(NO_ADAPTER)
    module = nn.EmbeddingBag(layer.input_dim, layer.output_dim)
    return unary(lambda x: module(_rows(layer, x)), module)


@part.register(Identity)
@part.register(ActivityRegularization)
@part.register(GaussianNoise)
@part.register(GaussianDropout)
def _(layer: Identity, xs: tuple[Shape, ...]) -> Part:
    """What disturbs training only is nothing here."""
    return functional(nn.Identity())


@part.register
def _(layer: Masking, xs: tuple[Shape, ...]) -> Part:
    """The steps that are marked become 0."""
    return functional(lambda x: x * (x != layer.mask_value).any(-1, keepdim=True))


@part.register
def _(layer: Dropout, xs: tuple[Shape, ...]) -> Part:
    return functional(nn.Dropout(layer.rate).eval())


@part.register
def _(layer: AlphaDropout, xs: tuple[Shape, ...]) -> Part:
    return functional(nn.AlphaDropout(layer.rate).eval())


@part.register
def _(layer: SpatialDropout, xs: tuple[Shape, ...]) -> Part:
    channels(layer, xs[0])
    return mapped(layer, of_rank("Dropout", layer.rank)(layer.rate).eval())


@part.register
def _(layer: Rescaling, xs: tuple[Shape, ...]) -> Part:
    scale, offset = torch.tensor(layer.scale), torch.tensor(layer.offset)
    return functional(lambda x: x * scale + offset)


@part.register
def _(layer: LayerScale, xs: tuple[Shape, ...]) -> Part:
    weights = nn.ParameterList([torch.full((layer.projection_dim,), layer.init_values)])
    return unary(lambda x: x * weights[0], weights)


@part.register
def _(layer: CustomScaleLayer, xs: tuple[Shape, ...]) -> Part:
    return Part(partial(_added, layer.scale))


def _added(scale: float, xs: tuple[Tensor, Tensor]) -> Tensor:
    first, second = xs
    return first + scale * second
