"""Keras's other names for what the registry has, and what in the registry is not Keras's."""

from __future__ import annotations

from ..layers import HOME

ALIASES = {
    "InputLayer": "Input",
    "GroupedQueryAttention": "GroupQueryAttention",
    "SyncBatchNormalization": "BatchNormalization",
    "Convolution1DTranspose": "Conv1DTranspose",
    "Convolution2DTranspose": "Conv2DTranspose",
    "Convolution3DTranspose": "Conv3DTranspose",
    "SeparableConvolution1D": "SeparableConv1D",
    "SeparableConvolution2D": "SeparableConv2D",
    "BatchNormalizationV1": "BatchNormalization",
    "BatchNormalizationV2": "BatchNormalization",
    "LSTMV2": "LSTM",
    "GRUV2": "GRU",
} | {
    alias.format(rank): kind.format(rank)
    for rank in (1, 2, 3)
    for alias, kind in {
        "Convolution{}D": "Conv{}D",
        "MaxPool{}D": "MaxPooling{}D",
        "AvgPool{}D": "AveragePooling{}D",
        "GlobalMaxPool{}D": "GlobalMaxPooling{}D",
        "GlobalAvgPool{}D": "GlobalAveragePooling{}D",
    }.items()
}
"""Class names of Keras 2 and 3 that mean another."""

FOREIGN_FAMILIES = (
    "axis_changes",
    "custom",
    "border",
    "shuffle",
    "unfold",
    "interpolation",
    "torch_recurrent",
    "transformer",
)
FOREIGN_KINDS = (
    "EmbeddingBag", "FractionalMaxPooling2D", "FractionalMaxPooling3D", "Input", "GLU", "InstanceNormalization", "LocalResponseNormalization", "Unflatten",
    "LPPooling1D", "LPPooling2D", "LPPooling3D",
)  # fmt: skip

KERAS_KINDS = frozenset(
    kind for kind, family in HOME.items() if family not in FOREIGN_FAMILIES and kind not in FOREIGN_KINDS
)
"""The kinds whose class Keras has, or `keras.applications`."""

FOREIGN_FIELDS = frozenset(
    [
        "ceil_mode", "count_include_pad", "divisor_override", "end_axis", "input_spec", "num_parameters", "padding_mode", "return_attention_scores",
        "start_axis", "track_statistics",
    ]
)  # fmt: skip
"""Fields that an architecture file may use and a Keras config may not."""

FOREIGN_IN = {"MaxPooling": ("dilation_rate",), "Transpose": ("groups",), "RMSNormalization": ("scale",)}
"""The same, for kinds whose name holds a word."""

UNARY_OPERATIONS = {
    "Relu": "relu", "Relu6": "relu6", "Sigmoid": "sigmoid", "Silu": "silu", "HardSwish": "hard_silu",
    "HardSilu": "hard_silu", "HardSigmoid": "hard_sigmoid", "Tanh": "tanh", "Gelu": "gelu", "Elu": "elu",
    "Selu": "selu", "Softplus": "softplus", "Softsign": "softsign", "LeakyRelu": "leaky_relu",
    "LogSigmoid": "log_sigmoid", "Softmax": "softmax", "LogSoftmax": "log_softmax", "Mish": "mish", "Exp": "exponential",
    "nn.relu": "relu", "nn.relu6": "relu6", "nn.silu": "silu", "nn.swish": "silu", "math.sigmoid": "sigmoid",
    "nn.sigmoid": "sigmoid", "nn.tanh": "tanh", "math.tanh": "tanh", "nn.softmax": "softmax", "nn.gelu": "gelu",
    "nn.elu": "elu", "nn.selu": "selu", "nn.leaky_relu": "leaky_relu", "math.softplus": "softplus",
}  # fmt: skip
"""Operations of one tensor, by their Keras 3 class or their name in a `TFOpLambda`, and the activation they are."""

BINARY_OPERATIONS = {
    "Add": "Add", "Subtract": "Subtract", "Multiply": "Multiply", "Divide": "Multiply", "TrueDivide": "Multiply",
    "Maximum": "Maximum", "Minimum": "Minimum",
    "math.add": "Add", "__operators__.add": "Add", "math.subtract": "Subtract", "math.multiply": "Multiply",
    "math.divide": "Multiply", "math.truediv": "Multiply", "math.maximum": "Maximum", "math.minimum": "Minimum",
}  # fmt: skip
"""Operations of two tensors and the merge whose shapes they share; with a constant, they only rescale."""
