"""Layers whose values are compared: written by hand where a field decides what comes out, and drawn for every kind.

Inputs and weights are multiples of 1/8, which every float holds exactly and which pack well.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any
from zlib import crc32

import numpy as np
from hypothesis import HealthCheck, Phase, given, seed, settings
from strategies import cases

from cnncalc.arithmetic import prod
from cnncalc.layers import HOME, Layer
from cnncalc.layers import kind as kind_of
from cnncalc.layers.fields import ACTIVATIONS

Shapes = tuple[tuple[int, ...], ...]
Case = tuple[Layer, Shapes]
Array = Any

BATCH = 2
MOST = 500
"""Numbers in the inputs, in the weights and in the outputs of a case that is recorded."""


def eighths(random: np.random.Generator, shape: tuple[int, ...], low: int = -16, high: int = 17) -> Array:
    """Random multiples of 1/8 from low/8 up to (but not) high/8."""
    return np.asarray(random.integers(low, high, shape) / 8, np.float32)


def inputs_for(layer: Layer, shapes: Shapes, number: int = 1) -> list[Array]:
    """Batches of inputs; a table gets indices that it has, a mask something to mark."""
    random = np.random.default_rng(number)
    table = getattr(layer, "layer", layer)
    if HOME[table.kind()] == "embedding":
        return [random.integers(0, table.input_dim, (BATCH, *x)).astype(np.float32) for x in shapes]
    xs = [eighths(random, (BATCH, *x)) for x in shapes]
    if layer.kind() == "Masking":
        xs[0][:, :1] = layer.mask_value  # type: ignore[attr-defined]
    return xs


def weights_for(layer: Layer, shapes: Shapes, number: int = 0) -> dict[str, Array]:
    """Weights of the names and shapes that the layer's rule says; variances are positive."""
    random = np.random.default_rng(number)
    weights = layer.facts(shapes).weights
    return {
        name: eighths(random, tuple(shape), *((1, 17) if "variance" in name else ())) for name, shape in weights.items()
    }


def takes(layer: Layer, shapes: Shapes) -> bool:
    """Whether the layer takes inputs of these shapes."""
    return all(d.left == d.right if d.relation == "==" else d.left <= d.right for d in layer.asked(shapes))


def is_small(layer: Layer, shapes: Shapes, most: int = MOST) -> bool:
    facts = layer.facts(shapes)
    counts = (shapes, facts.weights.values(), (facts.output, *facts.others))
    return all(BATCH * sum(map(prod, each)) <= most for each in counts)


@cache
def drawn(kind: str, count: int) -> list[Case]:
    """Cases that Hypothesis draws, the same each time, all different."""
    found: dict[str, Case] = {}

    @seed(crc32(kind.encode()))
    @settings(
        max_examples=15 * count, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(cases(kind))
    def note(case: Case) -> None:
        layer, shapes = case
        if shapes and takes(layer, shapes) and is_small(layer, shapes):
            found[repr(case)] = case

    note()
    every = list(found.values())
    return [every[len(every) * number // count] for number in range(count)] if len(every) > count else every


def by_hand(kind: str) -> Iterator[Case]:
    """The cases of the table; a fault in one is an ArchitectureError or a ValueError."""
    for fields, *shapes in WRITTEN.get(kind, ()):
        inner = {name: _layer(value) for name, value in fields.items()}
        layer, xs = kind_of(kind).model_validate(inner), tuple(map(tuple, shapes))
        assert takes(layer, xs), (kind, fields, shapes)
        yield layer, xs


def _layer(value: Any) -> Any:
    """A layer inside a layer, written as an entry."""
    if isinstance(value, dict):
        ((name, fields),) = value.items()
        return kind_of(name).model_validate(fields)
    return value


FIRST = {"data_format": "channels_first"}
WRITTEN: dict[str, list[tuple[Any, ...]]] = {
    "Conv1D": [
        ({"filters": 3, "kernel_size": 3, "padding": "causal", "dilation_rate": 2}, (9, 2)),
        ({"filters": 4, "kernel_size": 4, "padding": "same", "strides": 3}, (10, 2)),
        ({"filters": 4, "kernel_size": 3, "groups": 2, **FIRST}, (4, 7)),
        ({"filters": 2, "kernel_size": 3, "padding": 2, "padding_mode": "circular", **FIRST}, (3, 6)),
        ({"filters": 3, "kernel_size": 2, "lora_rank": 2, "lora_alpha": 3.0}, (5, 3)),
    ],
    "Conv2D": [
        ({"filters": 3, "kernel_size": 3, "padding": "same", "strides": 2}, (6, 7, 2)),
        ({"filters": 3, "kernel_size": [2, 4], "padding": "same", "strides": [1, 3]}, (5, 8, 2)),
        ({"filters": 2, "kernel_size": 3, "dilation_rate": 2, "padding": "same"}, (6, 5, 2)),
        ({"filters": 2, "kernel_size": 3, "dilation_rate": [1, 2]}, (4, 7, 2)),
        ({"filters": 4, "kernel_size": 3, "groups": 2, "strides": 2}, (7, 7, 4)),
        ({"filters": 4, "kernel_size": 3, "groups": 4, "padding": "same", **FIRST}, (4, 4, 5)),
        ({"filters": 2, "kernel_size": 3, "strides": 2, "padding": "same", **FIRST}, (3, 6, 5)),
        ({"filters": 2, "kernel_size": 3, "padding": [[1, 0], [0, 2]]}, (5, 4, 2)),
        ({"filters": 2, "kernel_size": 3, "padding": 1, "strides": 2, "use_bias": False}, (6, 5, 2)),
        ({"filters": 3, "kernel_size": 2, "activation": "relu"}, (4, 4, 2)),
        ({"filters": 3, "kernel_size": 2, "activation": "softmax"}, (4, 4, 2)),
        ({"filters": 3, "kernel_size": 2, "activation": "softmax", **FIRST}, (2, 4, 3)),
        ({"filters": 2, "kernel_size": 3, "padding": 2, "padding_mode": "reflect", **FIRST}, (2, 4, 5)),
        ({"filters": 2, "kernel_size": 3, "padding": [1, 2], "padding_mode": "replicate", "strides": 2, **FIRST}, (2, 4, 5)),
        ({"filters": 2, "kernel_size": 3, "padding": "same", "padding_mode": "circular", **FIRST}, (2, 4, 5)),
        ({"filters": 3, "kernel_size": 2, "lora_rank": 2}, (4, 4, 2)),
    ],
    "Conv3D": [
        ({"filters": 2, "kernel_size": [1, 2, 3], "padding": "same", "strides": [2, 1, 2]}, (3, 4, 5, 2)),
        ({"filters": 2, "kernel_size": 2, "dilation_rate": 2, **FIRST}, (2, 3, 4, 5)),
        ({"filters": 4, "kernel_size": 2, "groups": 2}, (2, 3, 3, 4)),
    ],
    "DepthwiseConv1D": [
        ({"kernel_size": 3, "padding": "same", "strides": 2, "depth_multiplier": 2}, (7, 3)),
        ({"kernel_size": 3, "dilation_rate": 2, **FIRST}, (3, 8)),
    ],
    "DepthwiseConv2D": [
        ({"kernel_size": 3, "padding": "same", "strides": 2, "depth_multiplier": 2}, (6, 7, 3)),
        ({"kernel_size": [2, 3], "depth_multiplier": 3, "activation": "relu", **FIRST}, (2, 4, 5)),
        ({"kernel_size": 2, "dilation_rate": 2, "padding": "same", "use_bias": False}, (5, 5, 2)),
        ({"kernel_size": 3, "padding": [[0, 1], [2, 1]]}, (4, 4, 2)),
    ],
    "SeparableConv1D": [
        ({"filters": 4, "kernel_size": 3, "padding": "causal", "dilation_rate": 2, "depth_multiplier": 2}, (6, 2)),
        ({"filters": 3, "kernel_size": 3, "padding": "same", "strides": 2}, (7, 3)),
    ],
    "SeparableConv2D": [
        ({"filters": 4, "kernel_size": 3, "padding": "same", "strides": 2, "depth_multiplier": 2}, (5, 6, 2)),
        ({"filters": 3, "kernel_size": 2, "activation": "tanh", **FIRST}, (3, 4, 4)),
        ({"filters": 3, "kernel_size": 2, "dilation_rate": 2, "use_bias": False}, (5, 4, 2)),
    ],
    "Conv1DTranspose": [
        ({"filters": 3, "kernel_size": 3, "strides": 2, "padding": "same"}, (5, 2)),
        ({"filters": 2, "kernel_size": 2, "strides": 3}, (4, 2)),
        ({"filters": 2, "kernel_size": 4, "strides": 3, "padding": "same", "output_padding": 1}, (4, 2)),
        ({"filters": 4, "kernel_size": 3, "strides": 2, "padding": 1, "output_padding": 1, "groups": 2, **FIRST}, (4, 5)),
    ],
    "Conv2DTranspose": [
        ({"filters": 2, "kernel_size": 3, "strides": 2, "padding": "same"}, (3, 4, 2)),
        ({"filters": 2, "kernel_size": 4, "strides": 2, "padding": "same", **FIRST}, (2, 3, 4)),
        ({"filters": 2, "kernel_size": [2, 3], "strides": [3, 1], "padding": "same"}, (3, 3, 2)),
        ({"filters": 2, "kernel_size": 2, "strides": 3}, (3, 2, 2)),
        ({"filters": 2, "kernel_size": 3, "strides": 2, "output_padding": 1}, (3, 2, 2)),
        ({"filters": 2, "kernel_size": 3, "strides": 2, "padding": "same", "output_padding": 1}, (3, 4, 2)),
        ({"filters": 2, "kernel_size": 4, "strides": 2, "padding": "same", "output_padding": 0}, (3, 4, 2)),
        ({"filters": 2, "kernel_size": 5, "strides": 3, "padding": "same", "output_padding": 2}, (3, 2, 2)),
        ({"filters": 2, "kernel_size": 1, "strides": 2, "padding": "same", "output_padding": 1}, (3, 2, 2)),
        ({"filters": 2, "kernel_size": 2, "dilation_rate": 2, "padding": "same"}, (3, 4, 2)),
        ({"filters": 2, "kernel_size": 3, "dilation_rate": 2}, (3, 3, 2)),
        ({"filters": 4, "kernel_size": 3, "strides": 2, "padding": 1, "groups": 2, **FIRST}, (4, 3, 4)),
        ({"filters": 2, "kernel_size": 3, "strides": 2, "padding": 1, "output_padding": [1, 0], **FIRST}, (2, 3, 4)),
        ({"filters": 2, "kernel_size": 3, "strides": 2, "padding": [[0, 1], [2, 1]], "activation": "relu"}, (4, 4, 2)),
    ],
    "Conv3DTranspose": [
        ({"filters": 2, "kernel_size": 2, "strides": [1, 2, 3], "padding": "same"}, (2, 2, 3, 2)),
        ({"filters": 2, "kernel_size": 2, "strides": 2, "padding": 1, "output_padding": 1, **FIRST}, (2, 2, 3, 2)),
    ],
    "MaxPooling1D": [({"pool_size": 3, "padding": "same"}, (8, 2)), ({"pool_size": 2, "strides": 3, **FIRST}, (2, 8))],
    "MaxPooling2D": [
        ({"pool_size": 3, "strides": 2, "padding": "same"}, (6, 7, 2)),
        ({"pool_size": 3, "strides": 2, "padding": 1}, (6, 7, 2)),
        ({"pool_size": 2, "ceil_mode": True}, (5, 5, 2)),
        ({"pool_size": 3, "strides": 2, "padding": 1, "ceil_mode": True}, (6, 6, 2)),
        ({"pool_size": 2, "dilation_rate": 2, "strides": 1, **FIRST}, (2, 5, 4)),
    ],
    "MaxPooling3D": [({"pool_size": [1, 2, 3], "padding": "same"}, (3, 4, 5, 2))],
    "AveragePooling1D": [
        ({"pool_size": 3, "strides": 2, "padding": "same"}, (8, 2)),
        ({"pool_size": 4, "strides": 3, "padding": 2, "ceil_mode": True}, (9, 2)),
    ],
    "AveragePooling2D": [
        ({"pool_size": 3, "strides": 2, "padding": "same"}, (6, 7, 2)),
        ({"pool_size": [2, 4], "padding": "same", **FIRST}, (2, 5, 5)),
        ({"pool_size": 3, "strides": 2, "padding": 1}, (6, 7, 2)),
        ({"pool_size": 2, "ceil_mode": True}, (5, 5, 2)),
        ({"pool_size": 3, "strides": 2, "padding": 1, "ceil_mode": True}, (6, 6, 2)),
    ],
    "AveragePooling3D": [
        ({"pool_size": 2, "padding": "same"}, (3, 3, 5, 2)),
        ({"pool_size": 2, "strides": 2, "padding": 1, **FIRST}, (2, 3, 4, 5)),
    ],
    "LPPooling1D": [({"pool_size": 3, "norm_type": 3.0, "strides": 2}, (7, 2)), ({"pool_size": 2, "ceil_mode": True}, (5, 2)), ({"pool_size": 2, "padding": [1, 0]}, (5, 2))],
    "LPPooling2D": [({"pool_size": 3, "strides": 2, "padding": "same"}, (4, 5, 2)), ({"pool_size": 2, "norm_type": 1.0}, (4, 5, 2)), ({"pool_size": [2, 3], "ceil_mode": True, **FIRST}, (2, 5, 4))],
    "LPPooling3D": [({"pool_size": 2, "norm_type": 4.0}, (2, 4, 5, 2))],
    "Dense": [
        ({"units": 5, "activation": "gelu"}, (7,)),
        ({"units": 3, "use_bias": False}, (2, 4, 3)),
        ({"units": 3, "lora_rank": 2, "lora_alpha": 1.5}, (4,)),
    ],
    "Flatten": [
        ({}, (2, 3, 4)),
        (FIRST, (2, 3, 4)),
        ({"start_axis": 2}, (2, 3, 4)),
        ({"start_axis": -3, "end_axis": -2}, (2, 3, 4)),
    ],
    "Activation": [({"activation": name}, (3, 5)) for name in ACTIVATIONS if name != "threshold"],
    "ReLU": [
        ({"max_value": 1.0}, (3, 6)),
        ({"negative_slope": 0.25}, (3, 6)),
        ({"threshold": 0.5}, (3, 6)),
        ({"max_value": 1.5, "negative_slope": 0.5, "threshold": 0.75}, (3, 6)),
    ],
    "LeakyReLU": [({}, (3, 6)), ({"negative_slope": 0.01}, (3, 6))],
    "ELU": [({"alpha": 0.5}, (3, 6))],
    "PReLU": [
        ({}, (3, 2)),
        ({"shared_axes": [1, 2]}, (3, 4, 2)),
        ({"shared_axes": [2]}, (3, 4, 2)),
        ({"num_parameters": 1}, (3, 4)),
        ({"num_parameters": 3}, (3, 4, 2)),
    ],
    "Softmax": [({"axis": 1}, (3, 4)), ({"axis": [1, 2]}, (3, 4, 2)), ({"axis": [-1, 1]}, (3, 2, 4))],
    "GLU": [({"axis": 1}, (4, 3)), ({}, (3, 6))],
    "BatchNormalization": [
        ({}, (3, 4, 2)),
        ({"axis": 1, "epsilon": 0.5}, (3, 4, 2)),
        ({"axis": -2}, (3, 4, 2)),
        ({"center": False}, (5,)),
        ({"scale": False}, (4, 3)),
        ({"center": False, "scale": False}, (4, 3)),
        ({"axis": 1, "track_statistics": False}, (2, 3, 3)),
    ],
    "LayerNormalization": [
        ({}, (3, 5)),
        ({"axis": 1, "epsilon": 0.5}, (4, 3)),
        ({"axis": [1, 2]}, (4, 3)),
        ({"axis": [1, 3], "scale": False}, (3, 2, 4)),
        ({"center": False}, (3, 5)),
        ({"rms_scaling": True}, (3, 5)),
    ],
    "GroupNormalization": [
        ({"groups": 2}, (3, 2, 4)),
        ({"groups": 3, "axis": 1, "epsilon": 0.25}, (6, 2, 2)),
        ({"groups": -1, "scale": False}, (4, 3)),
        ({"groups": 1, "center": False}, (2, 2, 4)),
        ({"groups": 2, "axis": 2}, (3, 4, 2)),
    ],
    "InstanceNormalization": [({}, (3, 2, 4)), ({"scale": True, "center": True, "epsilon": 0.1}, (2, 5))],
    "RMSNormalization": [({}, (3, 5)), ({"axis": [1, 2], "epsilon": 0.5}, (3, 2)), ({"scale": False, "epsilon": None}, (3, 5))],
    "UnitNormalization": [({}, (3, 5)), ({"axis": 1}, (3, 5)), ({"axis": [1, 2]}, (3, 5, 2))],
    "Normalization": [
        ({}, (3, 4)),
        ({"axis": 1}, (3, 4)),
        ({"axis": [1, 2]}, (3, 2)),
        ({"axis": None}, (3, 2)),
        ({"mean": 0.5, "variance": 2.0}, (4,)),
        ({"mean": [0.5, 1.0, -1.0], "variance": [1.0, 4.0, 0.25], "invert": True}, (2, 3)),
        ({"axis": 1, "mean": [0.5, 1.0], "variance": [2.0, 0.5]}, (2, 3)),
    ],
    "LocalResponseNormalization": [({"size": 3, "alpha": 0.5, "bias": 2.0}, (5, 2, 2)), ({"size": 2, "alpha": 1.0, "beta": 0.5}, (4, 3))],
    "Masking": [({"mask_value": 0.5}, (3, 2)), ({}, (4, 1))],
    "Rescaling": [({"scale": 0.25, "offset": -1.5}, (3, 4)), ({"scale": [1.0, 2.0, 3.0], "offset": [0.5, 0.0, -1.0]}, (2, 3))],
    "LayerScale": [({"init_values": 0.5, "projection_dim": 3}, (2, 2, 3))],
    "CustomScaleLayer": [({"scale": 0.25}, (2, 3), (2, 3))],
    "Add": [({}, (3, 4), (3, 4), (3, 4)), ({}, (3, 1, 2), (1, 4, 2)), ({}, (2, 3, 4), (4,))],
    "Subtract": [({}, (3, 4), (1, 4)), ({}, (4,), (3, 4))],
    "Multiply": [({}, (3, 4, 2), (1, 1, 2), (3, 1, 1)), ({}, (3, 2), (2,))],
    "Average": [({}, (3, 4), (3, 4), (3, 4)), ({}, (3, 1), (3, 4), (4,))],
    "Maximum": [({}, (3, 4), (1, 4), (3, 4)), ({}, (3, 4), (4,))],
    "Minimum": [({}, (3, 4), (1, 4), (3, 4)), ({}, (3, 4), (4,))],
    "Concatenate": [({"axis": 1}, (2, 3), (4, 3), (1, 3)), ({"axis": -2}, (2, 3, 2), (2, 1, 2))],
    "Dot": [
        ({"axes": 1}, (4,), (4,)),
        ({"axes": [2, 1]}, (3, 4), (4, 2)),
        ({"axes": -1, "normalize": True}, (3, 4), (2, 4)),
        ({"axes": [1, 3]}, (2, 3), (3, 2, 2)),
        ({"axes": [2, 1], "normalize": True}, (2, 3, 2), (3,)),
    ],
    "GlobalMaxPooling1D": [({"keepdims": True, **FIRST}, (3, 5))],
    "GlobalMaxPooling2D": [(FIRST, (3, 4, 5)), ({"keepdims": True}, (3, 4, 2))],
    "GlobalAveragePooling2D": [(FIRST, (3, 4, 5)), ({"keepdims": True}, (3, 4, 2))],
    "AdaptiveAveragePooling1D": [({"output_size": 3}, (7, 2)), ({"output_size": 5}, (3, 2))],
    "AdaptiveAveragePooling2D": [({"output_size": [3, 2]}, (7, 5, 2)), ({"output_size": [None, 4], **FIRST}, (2, 3, 6))],
    "AdaptiveAveragePooling3D": [({"output_size": [2, 1, 3]}, (3, 2, 5, 2))],
    "AdaptiveMaxPooling1D": [({"output_size": 3}, (7, 2)), ({"output_size": 5}, (3, 2))],
    "AdaptiveMaxPooling2D": [({"output_size": [3, 2]}, (7, 5, 2)), ({"output_size": [None, 4], **FIRST}, (2, 3, 6))],
    "AdaptiveMaxPooling3D": [({"output_size": [2, 1, 3]}, (3, 2, 5, 2))],
    "Reshape": [({"target_shape": [-1, 2]}, (3, 4)), ({"target_shape": [2, 3, 2]}, (12,))],
    "Unflatten": [({"axis": 1, "sizes": [2, -1]}, (6, 3)), ({"axis": -1, "sizes": [3, 1]}, (2, 3))],
    "Permute": [({"dims": [3, 1, 2]}, (2, 3, 4)), ({"dims": [2, 1]}, (2, 3))],
    "RepeatVector": [({"n": 3}, (4,))],
    "ZeroPadding1D": [({"padding": [1, 2]}, (3, 2)), ({"padding": 1, **FIRST}, (2, 3))],
    "ZeroPadding2D": [({"padding": [[1, 0], [2, 3]]}, (2, 3, 2)), ({"padding": [1, 2], **FIRST}, (2, 2, 3)), ({"padding": [[-1, 1], [0, -1]]}, (3, 3, 2))],
    "ZeroPadding3D": [({"padding": [[1, 0], [0, 1], [1, 1]], **FIRST}, (2, 2, 1, 2))],
    "Cropping1D": [({"cropping": [1, 2]}, (6, 2))],
    "Cropping2D": [({"cropping": [[1, 0], [0, 2]]}, (4, 5, 2)), ({"cropping": [1, 2], **FIRST}, (2, 4, 5))],
    "Cropping3D": [({"cropping": [[1, 0], [0, 1], [1, 1]], **FIRST}, (2, 3, 3, 4))],
    "UpSampling1D": [({"size": 3}, (3, 2))],
    "UpSampling2D": [
        *(({"size": [2, 3], "interpolation": way}, (3, 4, 2)) for way in ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5")),
        ({"size": 2, "interpolation": "bilinear", **FIRST}, (2, 3, 3)),
        ({"size": 3, "interpolation": "bilinear"}, (1, 2, 2)),
    ],
    "UpSampling3D": [({"size": [1, 2, 3], **FIRST}, (2, 1, 2, 2)), ({"size": 2, "interpolation": "bilinear"}, (2, 2, 3, 1))],
    "ExpandDims": [({"axis": 1}, (3, 2)), ({"axis": -2}, (3, 2))],
    "Squeeze": [({"axis": [1, -1]}, (1, 3, 1))],
    "Reduce": [({"function": name, "axis": axis, "keepdims": axis == -1}, (3, 4, 2)) for name in ("mean", "sum", "max", "min") for axis in (None, [1, 2], -1)],
    "ConstantPadding2D": [({"padding": [[1, 0], [2, -1]], "value": 1.5}, (2, 3, 2)), ({"padding": 1}, (2, 2, 2))],
    "ReplicationPadding2D": [({"padding": [[1, 0], [2, 3]]}, (2, 3, 2)), ({"padding": 1, **FIRST}, (2, 3, 2))],
    "ReflectionPadding2D": [({"padding": [[1, 0], [2, 3]]}, (2, 4, 2)), ({"padding": 1, **FIRST}, (2, 3, 2))],
    "CircularPadding2D": [({"padding": [[1, 0], [2, 3]]}, (2, 4, 2)), ({"padding": 1, **FIRST}, (2, 3, 2))],
    "Upsample": [
        *(({"size": 5, "mode": mode}, (3, 2)) for mode in ("nearest", "nearest-exact", "linear")),
        *(({"scale_factor": [2.0, 1.5], "mode": mode}, (3, 4, 2)) for mode in ("nearest", "nearest-exact", "bilinear", "bicubic")),
        *(({"size": [5, 3], "mode": mode, "align_corners": True, **FIRST}, (2, 3, 4)) for mode in ("bilinear", "bicubic")),
        ({"size": [2, 3], "mode": "bilinear"}, (5, 7, 1)),
        ({"scale_factor": 0.6, "mode": "bilinear"}, (5, 7, 1)),
        ({"scale_factor": 1.7, "mode": "bicubic", "align_corners": True}, (3, 4, 1)),
        ({"scale_factor": 1.3, "mode": "linear"}, (7, 1)),
        ({"size": [3, 2, 4], "mode": "trilinear", "align_corners": True}, (2, 3, 2, 1)),
        ({"scale_factor": 1.5, "mode": "trilinear"}, (2, 3, 2, 1)),
    ],
    "PixelShuffle": [({"upscale_factor": 2}, (2, 3, 8)), ({"upscale_factor": 3, **FIRST}, (9, 2, 2))],
    "PixelUnshuffle": [({"downscale_factor": 2}, (4, 6, 2)), ({"downscale_factor": 3, **FIRST}, (2, 3, 6))],
    "ChannelShuffle": [({"groups": 3}, (2, 2, 6)), ({"groups": 2, **FIRST}, (6, 2, 2))],
    "Unfold": [
        ({"kernel_size": [2, 3], "strides": 2, "padding": 1, "dilation_rate": [1, 2]}, (2, 5, 6)),
        ({"kernel_size": 3, "padding": "same", "strides": 2}, (2, 4, 5)),
    ],
    "Fold": [({"kernel_size": [2, 3], "output_size": [4, 5], "padding": 1, "strides": [1, 2]}, (12, 15))],
    "Resizing": [
        *(({"height": 5, "width": 3, "interpolation": way}, (3, 4, 2)) for way in ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5")),
        ({"height": 2, "width": 3, "interpolation": "bilinear", "antialias": True}, (5, 7, 1)),
        ({"height": 2, "width": 3, "interpolation": "bilinear"}, (5, 7, 1)),
        ({"height": 2, "width": 3, "interpolation": "nearest", **FIRST}, (2, 5, 7)),
        ({"height": 3, "width": 3, "interpolation": "bilinear", "crop_to_aspect_ratio": True}, (4, 7, 1)),
        ({"height": 3, "width": 4, "pad_to_aspect_ratio": True, "fill_value": 0.5}, (6, 5, 1)),
    ],
    "CenterCrop": [({"height": 3, "width": 2}, (6, 5, 2)), ({"height": 5, "width": 4}, (3, 6, 2)), ({"height": 2, "width": 2, **FIRST}, (2, 5, 3))],
    "RandomCrop": [({"height": 3, "width": 2}, (6, 5, 2))],
    "Embedding": [({"input_dim": 5, "output_dim": 3}, (4,)), ({"input_dim": 5, "output_dim": 3, "lora_rank": 2}, (2, 2)), ({"input_dim": 5, "output_dim": 3, "mask_zero": True}, (4,))],
    "ReversibleEmbedding": [({"input_dim": 5, "output_dim": 3, "tie_weights": False}, (4,))],
    "EinsumDense": [
        ({"equation": "abc,cd->abd", "output_shape": [None, 4], "bias_axes": "d", "activation": "relu"}, (2, 3)),
        ({"equation": "abc,cde->abde", "output_shape": [None, 2, 3], "bias_axes": "de"}, (2, 4)),
        ({"equation": "abc,cde->abde", "output_shape": [None, 2, 3], "bias_axes": "d"}, (2, 4)),
        ({"equation": "...x,xy->...y", "output_shape": [4], "bias_axes": "y", "lora_rank": 2}, (2, 2, 3)),
    ],
    "SimpleRNN": [
        ({"units": 3}, (4, 2)),
        ({"units": 3, "return_sequences": True, "return_state": True, "go_backwards": True}, (4, 2)),
        ({"units": 2, "activation": "relu", "use_bias": False, "return_sequences": True}, (3, 2)),
        ({"units": 3}, (4, 2), (3,)),
    ],
    "LSTM": [
        ({"units": 3}, (4, 2)),
        ({"units": 3, "return_sequences": True, "return_state": True}, (4, 2)),
        ({"units": 2, "return_sequences": True, "go_backwards": True, "use_bias": False}, (4, 3)),
        ({"units": 2, "activation": "relu", "recurrent_activation": "hard_sigmoid", "return_state": True}, (3, 2)),
        ({"units": 3, "return_sequences": True}, (4, 2), (3,), (3,)),
    ],
    "GRU": [
        ({"units": 3}, (4, 2)),
        ({"units": 3, "reset_after": False, "return_sequences": True}, (4, 2)),
        ({"units": 2, "return_sequences": True, "return_state": True, "go_backwards": True}, (4, 3)),
        ({"units": 2, "reset_after": False, "use_bias": False, "activation": "relu"}, (3, 2)),
        ({"units": 3, "return_sequences": True}, (4, 2), (3,)),
    ],
    "StackedRNN": [({"hidden_size": 3, "num_layers": 2, "bidirectional": True, "nonlinearity": "relu"}, (4, 2))],
    "StackedGRU": [({"hidden_size": 3, "num_layers": 2, "bidirectional": True}, (4, 2)), ({"hidden_size": 3, "use_bias": False}, (4, 2))],
    "StackedLSTM": [({"hidden_size": 4, "num_layers": 2, "bidirectional": True, "proj_size": 2}, (4, 3)), ({"hidden_size": 3, "num_layers": 2}, (4, 2))],
    "ConvLSTM1D": [
        ({"filters": 2, "kernel_size": 3, "padding": "same", "return_sequences": True}, (3, 5, 2)),
        ({"filters": 2, "kernel_size": 2, "strides": 2, "return_state": True}, (3, 6, 2)),
    ],
    "ConvLSTM2D": [
        ({"filters": 2, "kernel_size": [2, 3], "padding": "same", "go_backwards": True}, (3, 4, 3, 2)),
        ({"filters": 2, "kernel_size": 2, "dilation_rate": 2, "return_sequences": True, **FIRST}, (2, 2, 4, 5)),
        ({"filters": 2, "kernel_size": 3, "strides": 2, "padding": "same", "use_bias": False}, (2, 5, 4, 2)),
    ],
    "ConvLSTM3D": [({"filters": 1, "kernel_size": 2, "padding": "same"}, (2, 3, 2, 3, 2))],
    "TimeDistributed": [
        ({"layer": {"Conv2D": {"filters": 2, "kernel_size": 2, "activation": "relu"}}}, (2, 4, 3, 2)),
        ({"layer": {"LSTM": {"units": 2, "return_sequences": True}}}, (2, 3, 2)),
        ({"layer": {"BatchNormalization": {}}}, (2, 3, 2)),
    ],
    "Bidirectional": [
        *(({"layer": {"LSTM": {"units": 3, "return_sequences": True}}, "merge_mode": mode}, (4, 2)) for mode in ("concat", "sum", "mul", "ave", None)),
        ({"layer": {"GRU": {"units": 2, "return_state": True}}}, (4, 2)),
        ({"layer": {"LSTM": {"units": 3}}, "backward_layer": {"GRU": {"units": 2, "go_backwards": True}}}, (4, 2)),
        ({"layer": {"SimpleRNN": {"units": 2, "go_backwards": True, "return_sequences": True}}, "backward_layer": {"SimpleRNN": {"units": 3, "return_sequences": True}}}, (4, 2)),
    ],
    "SpectralNormalization": [({"layer": {"Conv2D": {"filters": 3, "kernel_size": 2}}, "power_iterations": 2}, (3, 3, 2)), ({"layer": {"Embedding": {"input_dim": 4, "output_dim": 3}}}, (3,))],
    "Attention": [
        ({}, (3, 4), (5, 4)),
        ({"use_scale": True}, (3, 4), (5, 2), (5, 4)),
        ({"score_mode": "concat", "use_scale": True}, (3, 4), (5, 4)),
        ({"return_attention_scores": True}, (3, 4), (5, 4)),
    ],
    "AdditiveAttention": [({}, (3, 4), (5, 4)), ({"use_scale": False}, (3, 4), (5, 2), (5, 4)), ({"return_attention_scores": True}, (3, 4), (5, 4))],
    "MultiHeadAttention": [
        ({"num_heads": 2, "key_dim": 3}, (3, 4), (5, 4)),
        ({"num_heads": 2, "key_dim": 3, "value_dim": 2, "output_shape": 5, "use_bias": False}, (3, 4), (5, 3), (5, 2)),
        ({"num_heads": 2, "key_dim": 2, "attention_axes": [1]}, (3, 2, 4), (4, 2, 4)),
        ({"num_heads": 2, "key_dim": 2, "attention_axes": [2]}, (2, 3, 4), (2, 3, 4)),
        ({"num_heads": 1, "key_dim": 2}, (2, 3, 4), (2, 3, 4)),
        ({"num_heads": 2, "key_dim": 3, "use_gate": True}, (3, 4), (3, 4)),
        ({"num_heads": 2, "key_dim": 3, "sliding_window": 2}, (5, 4), (5, 4)),
        ({"num_heads": 2, "key_dim": 3, "return_attention_scores": True}, (3, 4), (5, 4)),
    ],
    "GroupQueryAttention": [
        ({"head_dim": 2, "num_query_heads": 4, "num_key_value_heads": 2}, (3, 4), (5, 4)),
        ({"head_dim": 2, "num_query_heads": 2, "num_key_value_heads": 1, "use_gate": True, "use_bias": False}, (3, 4), (3, 4)),
        ({"head_dim": 2, "num_query_heads": 2, "num_key_value_heads": 2, "sliding_window": 2}, (5, 4), (5, 4)),
    ],
    "TransformerEncoderLayer": [({"d_model": 4, "nhead": 2, "dim_feedforward": 3, "norm_first": first, "activation": name}, (3, 4)) for first in (False, True) for name in ("relu", "gelu")],
    "TransformerDecoderLayer": [({"d_model": 4, "nhead": 2, "dim_feedforward": 3, "norm_first": first}, (3, 4), (2, 4)) for first in (False, True)],
}  # fmt: skip
"""By kind: the fields, then the shape of each input, without the batch."""
