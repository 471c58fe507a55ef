"""Where each layer kind lives. A family is imported when one of its kinds is first used."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from .base import Facts, Layer, Reading, Scope, Weights

__all__ = ["HOME", "Facts", "Layer", "Reading", "Scope", "Weights", "kind"]

FAMILIES = {
    "inputs": "Input",
    "conv": "Conv1D Conv2D Conv3D",
    "separable": "DepthwiseConv1D DepthwiseConv2D SeparableConv1D SeparableConv2D",
    "transposed": "Conv1DTranspose Conv2DTranspose Conv3DTranspose",
    "pool": "MaxPooling1D MaxPooling2D MaxPooling3D AveragePooling1D AveragePooling2D AveragePooling3D"
    " LPPooling1D LPPooling2D LPPooling3D",
    "global_pool": "GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D"
    " GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D"
    " AdaptiveAveragePooling1D AdaptiveAveragePooling2D AdaptiveAveragePooling3D"
    " AdaptiveMaxPooling1D AdaptiveMaxPooling2D AdaptiveMaxPooling3D"
    " FractionalMaxPooling2D FractionalMaxPooling3D",
    "dense": "Flatten Dense",
    "activation": "Activation ReLU LeakyReLU PReLU ELU Softmax GLU",
    "dropout": "Dropout AlphaDropout",
    "noise": "SpatialDropout1D SpatialDropout2D SpatialDropout3D GaussianNoise GaussianDropout",
    "normalization": "BatchNormalization LayerNormalization GroupNormalization InstanceNormalization RMSNormalization"
    " UnitNormalization Normalization LocalResponseNormalization",
    "identity": "Identity Masking ActivityRegularization",
    "scaling": "Rescaling LayerScale CustomScaleLayer",
    "shaping": "Reshape Unflatten Permute RepeatVector",
    "resizing": "ZeroPadding1D ZeroPadding2D ZeroPadding3D Cropping1D Cropping2D Cropping3D"
    " UpSampling1D UpSampling2D UpSampling3D",
    "axis_changes": "ExpandDims Squeeze Reduce",
    "border": "ConstantPadding1D ConstantPadding2D ConstantPadding3D ReplicationPadding1D ReplicationPadding2D"
    " ReplicationPadding3D ReflectionPadding1D ReflectionPadding2D ReflectionPadding3D CircularPadding1D"
    " CircularPadding2D CircularPadding3D",
    "interpolation": "Upsample",
    "shuffle": "PixelShuffle PixelUnshuffle ChannelShuffle",
    "unfold": "Unfold Fold",
    "augmentation": "Resizing CenterCrop RandomCrop RandomFlip RandomRotation RandomZoom RandomTranslation RandomShear"
    " RandomContrast RandomBrightness RandomHue RandomSaturation RandomSharpness RandomGrayscale RandomErasing"
    " RandomGaussianBlur RandomColorJitter",
    "embedding": "Embedding ReversibleEmbedding EmbeddingBag",
    "einsum": "EinsumDense",
    "recurrent": "SimpleRNN LSTM GRU",
    "torch_recurrent": "StackedRNN StackedGRU StackedLSTM",
    "transformer": "TransformerEncoderLayer TransformerDecoderLayer",
    "conv_lstm": "ConvLSTM1D ConvLSTM2D ConvLSTM3D",
    "wrapper": "TimeDistributed Bidirectional SpectralNormalization",
    "attention": "Attention AdditiveAttention MultiHeadAttention GroupQueryAttention",
    "custom": "Custom",
    "merge": "Add Subtract Multiply Average Maximum Minimum Concatenate Dot",
}

HOME = {kind: family for family, kinds in FAMILIES.items() for kind in kinds.split()}
"""Every kind and the module that holds its class."""


@cache
def kind(name: str) -> type[Layer]:
    """Return the class of the layer kind called `name`; a KeyError if there is none."""
    family = import_module(f"{__name__}.{HOME[name]}")
    found: type[Layer] = getattr(family, name)
    return found
