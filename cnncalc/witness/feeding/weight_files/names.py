"""What the weights of a layer are called, in the order in which Keras keeps them; from the layer's fields alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ....layers import HOME, Layer

Names = list[str]


def weight_names(layer: Layer) -> Names:
    """The names of a layer's weights; none for a layer that has none."""
    kind = layer.kind()
    of = BY_KIND.get(kind) or BY_FAMILY.get(HOME[kind])
    return of(layer) if of else []


def _biased(layer: Any, *kernels: str) -> Names:
    return [*kernels, *["bias"] * layer.use_bias]


def _adapted(layer: Any, names: Names) -> Names:
    """The names, with those of a low-rank adapter behind them."""
    kernel = layer.adapted
    return names if layer.lora_rank is None else [*names, f"lora_{kernel}_a", f"lora_{kernel}_b"]


def _dense(layer: Any) -> Names:
    return _adapted(layer, _biased(layer, "kernel"))


def _einsum(layer: Any) -> Names:
    return _adapted(layer, ["kernel", *["bias"] * bool(layer.bias_axes)])


def _embedding(layer: Any) -> Names:
    reverse = ["reverse_embeddings"] * (not getattr(layer, "tie_weights", True))
    return _adapted(layer, ["embeddings"]) + reverse


def _affine(layer: Any) -> Names:
    return ["gamma"] * layer.scale + ["beta"] * layer.center


def _batch_norm(layer: Any) -> Names:
    return _affine(layer) + ["moving_mean", "moving_variance"] * layer.track_statistics


def _layer_norm(layer: Any) -> Names:
    return ["gamma"] if layer.rms_scaling else _affine(layer)


def _attention(layer: Any) -> Names:
    return ["scale"] * layer.use_scale + ["concat_score_weight"] * (layer.score_mode == "concat")


def heads(layer: Any) -> Names:
    """The projections of an attention layer with heads."""
    return ["query", *["gate"] * layer.use_gate, "key", "value", "attention_output"]


def _heads(layer: Any) -> Names:
    return [f"{part}_{name}" for part in heads(layer) for name in _biased(layer, "kernel")]


def _bidirectional(layer: Any) -> Names:
    ahead, back = weight_names(layer.layer), weight_names(layer.backward_layer or layer.layer)
    return [*(f"forward_{name}" for name in ahead), *(f"backward_{name}" for name in back)]


def _stacked(layer: Any) -> Names:
    """PyTorch's own names, of every layer of the stack in each direction."""
    biases = ["bias_ih", "bias_hh"] * layer.use_bias
    one = ["weight_ih", "weight_hh", *biases, *["weight_hr"] * bool(getattr(layer, "proj_size", 0))]
    ends = ("", "_reverse") if layer.bidirectional else ("",)
    return [f"{name}_l{number}{end}" for number in range(layer.num_layers) for end in ends for name in one]


def _transformer(layer: Any) -> Names:
    """PyTorch's own names."""
    attentions = ("self_attn", "multihead_attn")[: layer.reads]
    weights = [f"{name}.{part}" for name in attentions for part in ("in_proj_", "out_proj.")]
    weights += ["linear1.", "linear2.", *(f"norm{number}." for number in range(1, layer.reads + 2))]
    return [f"{name}{end}" for name in weights for end in ("weight", *["bias"] * layer.use_bias)]


def _custom(layer: Any) -> Names:
    return ["weights"] * bool(layer.params) + ["others"] * bool(layer.non_trainable_params)


BY_KIND: dict[str, Callable[[Any], Names]] = {
    "AdditiveAttention": lambda layer: ["scale"] * layer.use_scale,
    "Attention": _attention,
    "BatchNormalization": _batch_norm,
    "Bidirectional": _bidirectional,
    "Dense": _dense,
    "GroupNormalization": _affine,
    "GroupQueryAttention": _heads,
    "InstanceNormalization": _affine,
    "LayerNormalization": _layer_norm,
    "LayerScale": lambda layer: ["gamma"],
    "MultiHeadAttention": _heads,
    "Normalization": lambda layer: ["mean", "variance", "count"] if layer.mean is None else [],
    "PReLU": lambda layer: ["alpha"],
    "RMSNormalization": lambda layer: ["scale"] * layer.scale,
    "SpectralNormalization": lambda layer: [*weight_names(layer.layer), "vector_u"],
    "TimeDistributed": lambda layer: weight_names(layer.layer),
}
"""Kinds with names of their own."""

BY_FAMILY: dict[str, Callable[[Any], Names]] = {
    "conv": _dense,
    "conv_lstm": lambda layer: _biased(layer, "kernel", "recurrent_kernel"),
    "custom": _custom,
    "einsum": _einsum,
    "embedding": _embedding,
    "recurrent": lambda layer: _biased(layer, "kernel", "recurrent_kernel"),
    "torch_recurrent": _stacked,
    "transformer": _transformer,
    "transposed": lambda layer: _biased(layer, "kernel"),
}
"""Families whose kinds are all alike."""

BY_KIND |= {f"DepthwiseConv{rank}D": lambda layer: _biased(layer, "kernel") for rank in (1, 2)}
BY_KIND |= {f"SeparableConv{rank}D": lambda layer: _biased(layer, "depthwise_kernel", "pointwise_kernel") for rank in (1, 2)}  # fmt: skip
