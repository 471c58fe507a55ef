"""PyTorch modules, as the recorded cases describe them, as entries of an architecture file (channels first)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Spec = dict[str, Any]
Entries = list[Any]

FIRST = {"data_format": "channels_first"}


def entries(spec: Spec) -> Entries:
    """The layers that mean the module; a KeyError if no kind does."""
    module = spec["type"]
    stem, rank = (module[:-2], module[-2]) if module.endswith("d") and module[-2] in "123" else (module, "")
    return MODULES[stem](spec, rank)


def per_axis(value: Any) -> Any:
    """A list of numbers as pairs, since two numbers in 1D would be before and after; a word stays."""
    return [[n, n] for n in value] if isinstance(value, list) else value


def conv(spec: Spec, rank: str) -> Entries:
    fields = {
        "filters": spec["out_channels"],
        "kernel_size": spec["kernel_size"],
        "strides": spec["stride"],
        "padding": per_axis(spec["padding"]),
        "dilation_rate": spec["dilation"],
        "groups": spec["groups"],
        "use_bias": spec["bias"],
        **FIRST,
    }
    if "Transpose" in spec["type"]:
        return [{f"Conv{rank}DTranspose": fields | {"output_padding": spec["output_padding"]}}]
    return [{f"Conv{rank}D": fields}]


def linear(spec: Spec, rank: str) -> Entries:
    return [{"Dense": {"units": spec["out_features"], "use_bias": spec["bias"]}}]


def batch_norm(spec: Spec, rank: str) -> Entries:
    learned = {"center": spec["affine"], "scale": spec["affine"]}
    return [{"BatchNormalization": {"axis": 1, **learned, "track_statistics": spec["track_running_stats"]}}]


def layer_norm(spec: Spec, rank: str) -> Entries:
    axes = list(range(-len(spec["normalized_shape"]), 0))
    return [{"LayerNormalization": {"axis": axes, "scale": spec["elementwise_affine"], "center": spec["bias"]}}]


def group_norm(spec: Spec, rank: str) -> Entries:
    learned = {"center": spec["affine"], "scale": spec["affine"]}
    return [{"GroupNormalization": {"groups": spec.get("num_groups", -1), "axis": 1, **learned}}]


def pool(kind: str) -> Callable[[Spec, str], Entries]:
    def make(spec: Spec, rank: str) -> Entries:
        fields = {"pool_size": spec["kernel_size"], "strides": spec["stride"], "padding": per_axis(spec["padding"])}
        return [{f"{kind}{rank}D": fields | {"ceil_mode": spec["ceil_mode"]} | FIRST}]

    return make


def adaptive(kind: str) -> Callable[[Spec, str], Entries]:
    return lambda spec, rank: [{f"{kind}{rank}D": {"output_size": spec["output_size"], **FIRST}}]


def upsample(spec: Spec, rank: str) -> Entries:
    interpolation = {"linear": "bilinear"}.get(spec["mode"], spec["mode"])
    if spec.get("size"):
        height, width = spec["size"]
        return [{"Resizing": {"height": height, "width": width, "interpolation": interpolation, **FIRST}}]
    rank = "1" if spec["axes"] == 1 else "2"
    return [{f"UpSampling{rank}D": {"size": int(spec["scale_factor"]), "interpolation": interpolation, **FIRST}}]


def activation(name: str) -> Callable[[Spec, str], Entries]:
    return lambda spec, rank: [{"Activation": name}]


def recurrent(kind: str) -> Callable[[Spec, str], Entries]:
    def make(spec: Spec, rank: str) -> Entries:
        one = {kind: {"units": spec["hidden_size"], "use_bias": spec["bias"], "return_sequences": True}}
        layer = {"Bidirectional": {"layer": one}} if spec["bidirectional"] else one
        return [layer] * int(spec["num_layers"])

    return make


def attention(spec: Spec, rank: str) -> Entries:
    heads = {"num_heads": spec["num_heads"], "key_dim": spec["embed_dim"] // spec["num_heads"]}
    return [{"MultiHeadAttention": {**heads, "use_bias": spec["bias"], "inputs": ["input", "input"]}}]


OPERATORS: dict[str, Any] = {
    "x + x": {"Add": {"inputs": ["input", "input"]}},
    "x += x": {"Add": {"inputs": ["input", "input"]}},
    "x * x": {"Multiply": {"inputs": ["input", "input"]}},
    "x * 2.0": {"Rescaling": {"scale": 2.0}},
    "torch.cat([x, x], 1)": {"Concatenate": {"axis": 1, "inputs": ["input", "input"]}},
    "torch.flatten(x, 1)": "Flatten",
    "torch.matmul(x, x.transpose(-1, -2))": {"Dot": {"axes": 2, "inputs": ["input", "input"]}},
}

MODULES: dict[str, Callable[[Spec, str], Entries]] = {
    "Conv": conv,
    "ConvTranspose": conv,
    "Linear": linear,
    "BatchNorm": batch_norm,
    "LayerNorm": layer_norm,
    "GroupNorm": group_norm,
    "InstanceNorm": group_norm,
    "RMSNorm": lambda spec, rank: [{"RMSNormalization": {"axis": -1}}],
    "MaxPool": pool("MaxPooling"),
    "AvgPool": pool("AveragePooling"),
    "AdaptiveAvgPool": adaptive("AdaptiveAveragePooling"),
    "AdaptiveMaxPool": adaptive("AdaptiveMaxPooling"),
    "Upsample": upsample,
    "ReLU": lambda spec, rank: ["ReLU"],
    "ReLU6": lambda spec, rank: [{"ReLU": {"max_value": 6}}],
    "LeakyReLU": lambda spec, rank: [{"LeakyReLU": {"negative_slope": 0.01}}],
    "ELU": lambda spec, rank: ["ELU"],
    "PReLU": lambda spec, rank: [{"PReLU": {"num_parameters": spec["num_parameters"]}}],
    "Softmax": lambda spec, rank: [{"Softmax": {"axis": spec["dim"]}}],
    "LogSoftmax": activation("log_softmax"),
    "Sigmoid": activation("sigmoid"),
    "Tanh": activation("tanh"),
    "SiLU": activation("silu"),
    "GELU": activation("gelu"),
    "Mish": activation("mish"),
    "Hardswish": activation("hard_swish"),
    "Hardsigmoid": activation("hard_sigmoid"),
    "Softplus": activation("softplus"),
    "LSTM": recurrent("LSTM"),
    "GRU": recurrent("GRU"),
    "RNN": recurrent("SimpleRNN"),
    "MultiheadAttention": attention,
    "Embedding": lambda spec, rank: [
        {"Embedding": {"input_dim": spec["num_embeddings"], "output_dim": spec["embedding_dim"]}}
    ],
    "Dropout": lambda spec, rank: [{"Dropout": 0.2}],
    "Flatten": lambda spec, rank: ["Flatten"],
    "Identity": lambda spec, rank: ["Identity"],
    "ZeroPad": lambda spec, rank: [{"ZeroPadding2D": {"padding": 1, **FIRST}}],
    "fn": lambda spec, rank: [OPERATORS[spec["expr"]]],
}
