"""Small networks of which every layer's output is compared: the shapes that well-known ones are made of."""

from __future__ import annotations

from typing import Any

import numpy as np
from value_cases import BATCH, Array, eighths

from cnncalc.architecture import Architecture
from cnncalc.derive import derive


def _conv(filters: int, size: int, **fields: Any) -> dict[str, Any]:
    return {"Conv2D": {"filters": filters, "kernel_size": size, "padding": "same", **fields}}


def _unit(filters: int, size: int, *, strides: int = 1) -> list[Any]:
    return [_conv(filters, size, strides=strides, use_bias=False), "BatchNormalization", {"Activation": "relu"}]


NETWORKS: list[dict[str, Any]] = [
    {
        "name": "mnist",
        "input": [12, 12, 1],
        "layers": [
            {"Conv2D": {"filters": 4, "kernel_size": 3, "activation": "relu"}},
            {"Conv2D": {"filters": 6, "kernel_size": 3, "activation": "relu"}},
            {"MaxPooling2D": 2},
            {"Dropout": 0.25},
            "Flatten",
            {"Dense": {"units": 10, "activation": "relu"}},
            {"Dropout": 0.5},
            {"Dense": {"units": 10, "activation": "softmax"}},
        ],
    },
    {
        "name": "resnet",
        "input": [9, 8, 3],
        "layers": [
            {"ZeroPadding2D": 1},
            {"Conv2D": {"filters": 4, "kernel_size": 3, "strides": 2, "use_bias": False}},
            "BatchNormalization",
            "ReLU",
            {"Residual": {"layers": [*_unit(4, 3), _conv(4, 3), "BatchNormalization"]}},
            "ReLU",
            {
                "Residual": {
                    "layers": [*_unit(3, 1, strides=2), *_unit(3, 3), _conv(6, 1), {"BatchNormalization": {"scale": False}}],
                    "shortcut": [_conv(6, 1, strides=2), "BatchNormalization"],
                }
            },
            "ReLU",
            "GlobalAveragePooling2D",
            {"Dense": {"units": 5, "activation": "softmax"}},
        ],
    },
    {
        "name": "mobilenet",
        "input": [10, 9, 3],
        "layers": [
            {"Rescaling": {"scale": 0.5, "offset": -0.25}},
            *_unit(4, 3, strides=2),
            {"DepthwiseConv2D": {"kernel_size": 3, "padding": "same", "depth_multiplier": 2, "use_bias": False}},
            "BatchNormalization",
            {"ReLU": {"max_value": 6.0, "name": "expanded"}},
            {"GlobalAveragePooling2D": {"keepdims": True}},
            {"Conv2D": {"filters": 2, "kernel_size": 1, "activation": "silu"}},
            {"Conv2D": {"filters": 8, "kernel_size": 1, "activation": "hard_sigmoid", "name": "gate"}},
            {"Multiply": {"inputs": ["expanded", "gate"]}},
            {"SeparableConv2D": {"filters": 5, "kernel_size": 3, "strides": 2, "activation": "hard_swish"}},
            {"AveragePooling2D": {"pool_size": 2, "padding": "same"}},
            "Flatten",
            {"Dense": 4},
        ],
    },
    {
        "name": "unet",
        "input": [8, 8, 2],
        "layers": [
            _conv(3, 3, activation="relu", name="wide"),
            {"MaxPooling2D": {"pool_size": 3, "strides": 2, "padding": "same"}},
            _conv(4, 3, activation="elu", name="narrow"),
            {"Conv2DTranspose": {"filters": 3, "kernel_size": 3, "strides": 2, "padding": "same", "name": "up"}},
            {"Concatenate": {"inputs": ["wide", "up"]}},
            {"GroupNormalization": {"groups": 3}},
            {"LeakyReLU": 0.1},
            _conv(2, 3, dilation_rate=2),
            {"LayerNormalization": {}},
            {"UpSampling2D": {"size": 2, "inputs": "narrow", "name": "again"}},
            {"Conv2D": {"filters": 2, "kernel_size": 1, "name": "side"}},
            {"Average": {"inputs": ["layer_normalization", "side"]}},
            {"Cropping2D": 1},
            {"Softmax": {}},
        ],
    },
    {
        "name": "sequence",
        "input": [7, 3],
        "layers": [
            {"Conv1D": {"filters": 4, "kernel_size": 3, "padding": "causal", "activation": "tanh"}},
            {"LSTM": {"units": 3, "return_sequences": True, "return_state": True, "name": "first"}},
            {"LSTM": {"units": 3, "return_sequences": True, "inputs": ["first", "first:1", "first:2"]}},
            {"Bidirectional": {"layer": {"GRU": {"units": 2, "return_sequences": True}}}},
            {"Dense": {"units": 4, "name": "again"}},
            {"Dense": 4},
            {"Shared": {"layer": "again", "name": "shared"}},
            {"MultiHeadAttention": {"num_heads": 2, "key_dim": 3, "inputs": ["shared", "again"]}},
            {"Add": {"inputs": ["multi_head_attention", "again"]}},
            {"TimeDistributed": {"layer": {"Dense": {"units": 3, "activation": "relu"}}}},
            {"SimpleRNN": 2},
        ],
    },
]  # fmt: skip


def weights_of(architecture: Architecture) -> dict[str, dict[str, Array]]:
    """Weights by layer, of the names and shapes that were derived; small ones, since layers multiply them."""
    random = np.random.default_rng(0)

    def numbers(name: str, shape: tuple[int, ...]) -> Array:
        return eighths(random, shape, *((4, 17) if "variance" in name or name == "gamma" else (-4, 5)))

    rows = derive(architecture).rows
    shared = {node.name for node in architecture.nodes if node.shares}
    return {
        row.name: {name: numbers(name, tuple(shape)) for name, shape in row.weights.items()}
        for row in rows
        if row.weights and row.name not in shared
    }


def inputs_of(architecture: Architecture) -> dict[str, Array]:
    random = np.random.default_rng(1)
    return {name: eighths(random, (BATCH, *shape)) for name, shape in architecture.inputs.items()}
