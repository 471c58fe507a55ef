"""PyTorch's modules by name: their arguments, and the rules that make entries of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from . import torch_rules as rule
from .torch_rules import FIRST, Entry, Given, Unsupported, declared, one

__all__ = ["MODULES", "Module", "Unsupported"]


class Module(NamedTuple):
    """A module of `torch.nn`: the text of its signature, and how its arguments become entries."""

    signature: str
    entries: Callable[[Given], list[Entry]]


def _activation(name: str) -> Module:
    return Module("*settings", lambda given: one("Activation", activation=name))


def _fixed(kind: str, signature: str, ranks: dict[str, int] | None = None, **names: str) -> Module:
    """A module whose arguments are fields under other names: `dim="axis"`."""

    def entries(given: Given) -> list[Entry]:
        spec = declared({}, **ranks) if ranks else {}
        first = FIRST if kind in CHANNELS_FIRST else {}
        return one(kind, **{field: given[name] for name, field in names.items()}, **spec, **first)

    return Module(signature, entries)


CHANNELS_FIRST = ("PixelShuffle", "PixelUnshuffle", "ChannelShuffle")
CONV = "kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True, padding_mode='zeros'"
TRANSPOSED = "kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True, dilation=1, padding_mode='zeros'"
NORM = "eps=1e-05, momentum=0.1, affine={0}, track_running_stats={0}"
RECURRENT = "input_size, hidden_size, num_layers=1, bias=True, batch_first=False, dropout=0.0, bidirectional=False"
TRANSFORMER = (
    "d_model, nhead, dim_feedforward=2048, dropout=0.1, activation='relu', layer_norm_eps=1e-05,"
    " batch_first=False, norm_first=False, bias=True"
)
BORDERS = {"ZeroPad": "ConstantPadding", "ReflectionPad": "ReflectionPadding", "ReplicationPad": "ReplicationPadding", "CircularPad": "CircularPadding"}  # fmt: skip
ACTIVATIONS = {
    "ReLU": "relu", "ReLU6": "relu6", "SELU": "selu",
    "CELU": "celu", "GELU": "gelu", "SiLU": "silu", "Mish": "mish", "Hardswish": "hard_silu", "Tanh": "tanh",
    "Hardsigmoid": "hard_sigmoid", "Hardtanh": "hard_tanh", "Hardshrink": "hard_shrink", "Softshrink": "soft_shrink",
    "Tanhshrink": "tanh_shrink", "Sigmoid": "sigmoid", "LogSigmoid": "log_sigmoid", "Softplus": "softplus",
    "Softsign": "softsign", "Threshold": "threshold", "LogSoftmax": "log_softmax",
}  # fmt: skip


def _by_rank(rank: int) -> dict[str, Module]:
    """The modules that exist for 1, 2 and 3 spatial axes."""
    norm, instance = f"{NORM.format(True)}, bias=True", f"{NORM.format(False)}, bias=True"
    divisor = "" if rank == 1 else ", divisor_override=None"
    conv, transposed = partial(rule.conv, rank), partial(rule.transposed, rank)
    batch_norm = partial(rule.batch_norm, 2 if rank == 1 else rank + 2, rank + 2)
    instance_norm = partial(rule.instance_norm, rank)
    named = {
        "Conv": Module(f"in_channels, out_channels, {CONV}", conv),
        "LazyConv": Module(f"out_channels, {CONV}", conv),
        "ConvTranspose": Module(f"in_channels, out_channels, {TRANSPOSED}", transposed),
        "LazyConvTranspose": Module(f"out_channels, {TRANSPOSED}", transposed),
        "MaxPool": Module(
            "kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False",
            partial(rule.pool, "MaxPooling", rank),
        ),
        "AvgPool": Module(
            f"kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True{divisor}",
            partial(rule.pool, "AveragePooling", rank),
        ),
        "LPPool": Module("norm_type, kernel_size, stride=None, ceil_mode=False", partial(rule.pool, "LPPooling", rank)),
        "AdaptiveAvgPool": Module("output_size", partial(rule.adaptive, "AdaptiveAveragePooling", rank)),
        "AdaptiveMaxPool": Module(
            "output_size, return_indices=False", partial(rule.adaptive, "AdaptiveMaxPooling", rank)
        ),
        "BatchNorm": Module(f"num_features, {norm}", batch_norm),
        "LazyBatchNorm": Module(norm, batch_norm),
        "InstanceNorm": Module(f"num_features, {instance}", instance_norm),
        "LazyInstanceNorm": Module(norm, instance_norm),
        "ConstantPad": Module("padding, value", partial(rule.border, "ConstantPadding", rank)),
        **{name: Module("padding", partial(rule.border, kind, rank)) for name, kind in BORDERS.items()},
        "Dropout": _fixed("Dropout", "p=0.5", {"max_ndim": rank + 2} if rank == 1 else None, p="rate"),
    }
    return {f"{name}{rank}d": module for name, module in named.items()}


MODULES: dict[str, Module] = {
    **_by_rank(1),
    **_by_rank(2),
    **_by_rank(3),
    **{name: _activation(activation) for name, activation in ACTIVATIONS.items()},
    "LeakyReLU": _fixed("LeakyReLU", "negative_slope=0.01, inplace=False", negative_slope="negative_slope"),
    "RReLU": Module("lower=0.125, upper=0.3333333333333333, inplace=False", rule.mean_slope),
    "ELU": _fixed("ELU", "alpha=1.0, inplace=False", alpha="alpha"),
    "Softmin": Module("dim=None", rule.softmin),
    "SyncBatchNorm": Module(
        f"num_features, {NORM.format(True)}, process_group=None, bias=True", partial(rule.batch_norm, 2, 5)
    ),
    "GroupNorm": Module("num_groups, num_channels, eps=1e-05, affine=True, bias=True", rule.group_norm),
    "LayerNorm": Module("normalized_shape, eps=1e-05, elementwise_affine=True, bias=True", rule.layer_norm),
    "RMSNorm": Module("normalized_shape, eps=None, elementwise_affine=True", rule.rms_norm),
    "LocalResponseNorm": Module("size, alpha=0.0001, beta=0.75, k=1.0", rule.response_norm),
    "PixelShuffle": _fixed("PixelShuffle", "upscale_factor", upscale_factor="upscale_factor"),
    "PixelUnshuffle": _fixed("PixelUnshuffle", "downscale_factor", downscale_factor="downscale_factor"),
    "ChannelShuffle": _fixed("ChannelShuffle", "groups", groups="groups"),
    "Unfold": Module("kernel_size, dilation=1, padding=0, stride=1", rule.unfold),
    "Fold": Module("output_size, kernel_size, dilation=1, padding=0, stride=1", rule.unfold),
    "Flatten": Module("start_dim=1, end_dim=-1", rule.flatten),
    "Unflatten": Module("dim, unflattened_size", rule.unflatten),
    "Upsample": Module(
        "size=None, scale_factor=None, mode='nearest', align_corners=None, recompute_scale_factor=None",
        partial(rule.upsample, None),
    ),
    "UpsamplingNearest2d": Module("size=None, scale_factor=None", partial(rule.upsample, "nearest")),
    "UpsamplingBilinear2d": Module("size=None, scale_factor=None", partial(rule.upsample, "bilinear")),
    "Linear": Module("in_features, out_features, bias=True", rule.linear),
    "LazyLinear": Module("out_features, bias=True", rule.linear),
    "Identity": Module("*settings", lambda given: one("Identity")),
    "Embedding": _fixed(
        "Embedding",
        "num_embeddings, embedding_dim, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False,"
        " sparse=False",
        num_embeddings="input_dim",
        embedding_dim="output_dim",
    ),
    "EmbeddingBag": _fixed(
        "EmbeddingBag",
        "num_embeddings, embedding_dim, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, mode='mean',"
        " sparse=False, _weight=None, include_last_offset=False, padding_idx=None",
        num_embeddings="input_dim",
        embedding_dim="output_dim",
    ),
    **{
        f"FractionalMaxPool{rank}d": Module(
            "kernel_size, output_size=None, output_ratio=None, return_indices=False, _random_samples=None",
            partial(rule.fractional, rank),
        )
        for rank in (2, 3)
    },
    "PReLU": _fixed("PReLU", "num_parameters=1, init=0.25", num_parameters="num_parameters"),
    "GLU": _fixed("GLU", "dim=-1", dim="axis"),
    "Softmax": Module("dim=None", rule.softmax),
    "Softmax2d": Module("", lambda given: one("Softmax", axis=1, **declared({}, ndim=4))),
    "Dropout": _fixed("Dropout", "p=0.5", p="rate"),
    "AlphaDropout": _fixed("AlphaDropout", "p=0.5", p="rate"),
    "FeatureAlphaDropout": _fixed("AlphaDropout", "p=0.5", p="rate"),
    "RNN": Module(
        RECURRENT.replace("num_layers=1,", "num_layers=1, nonlinearity='tanh',"),
        partial(rule.recurrent, "StackedRNN"),
    ),
    "GRU": Module(RECURRENT, partial(rule.recurrent, "StackedGRU")),
    "LSTM": Module(f"{RECURRENT}, proj_size=0", partial(rule.recurrent, "StackedLSTM")),
    "MultiheadAttention": Module(
        "embed_dim, num_heads, dropout=0.0, bias=True, add_bias_kv=False, add_zero_attn=False, kdim=None, vdim=None,"
        " batch_first=False",
        rule.attention,
    ),
    "TransformerEncoderLayer": Module(TRANSFORMER, partial(rule.transformer, "TransformerEncoderLayer")),
    "TransformerDecoderLayer": Module(TRANSFORMER, partial(rule.transformer, "TransformerDecoderLayer")),
}
"""Every module that can be read."""
