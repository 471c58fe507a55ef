"""What Hypothesis draws: layers of every registered kind, inputs that suit them, whole networks.

A kind's fields are drawn by name from `FIELDS`; a new field without an entry there fails
`test_house.py`, so a new layer is tested the moment it exists.
"""

from __future__ import annotations

import os
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from cnncalc.layers import HOME
from cnncalc.layers import kind as kind_of
from cnncalc.layers.base import SpatialLayer
from cnncalc.layers.merge import Concatenate, Dot, ElementwiseMerge

RANK_BY_DIGIT = {"1": 1, "2": 2, "3": 3}

PER_KIND = settings(max_examples=int(os.environ.get("PER_KIND", "25")))
"""For tests that are run for each of 146 kinds; `PER_KIND=500 python -m pytest` looks longer."""


def rank_of(kind: str) -> int:
    """The spatial rank in a kind's name; 2 where it has none."""
    return next((RANK_BY_DIGIT[c] for c in kind if c in RANK_BY_DIGIT), 2)


def per_axis(rank: int, low: int, high: int) -> st.SearchStrategy[Any]:
    one = st.integers(low, high)
    return one | st.lists(one, min_size=rank, max_size=rank)


def paddings(rank: int, words: tuple[str, ...]) -> st.SearchStrategy[Any]:
    side = st.integers(0, 2)
    pair = st.lists(side, min_size=2, max_size=2)
    return st.sampled_from(words) | side | st.lists(pair, min_size=rank, max_size=rank)


def choices(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


FIELDS: dict[str, Any] = {
    "activation": lambda kind: choices("relu", "softmax", "linear") if "Transformer" not in kind else choices("relu", "gelu"),
    "align_corners": lambda kind: choices(None, False, True),
    "alpha": lambda kind: choices(1.0, 0.5),
    "antialias": lambda kind: st.booleans(),
    "attention_axes": lambda kind: choices(None, [1], [2], [2, 1]),
    "axes": lambda kind: choices(-1),
    "axis": lambda kind: choices(-1),
    "ceil_mode": lambda kind: st.booleans(),
    "center": lambda kind: st.booleans(),
    "cropping": lambda kind: per_axis(rank_of(kind), 0, 2),
    "data_format": lambda kind: choices(None, "channels_last", "channels_first"),
    "depth_multiplier": lambda kind: st.integers(1, 3),
    "dilation_rate": lambda kind: per_axis(rank_of(kind), 1, 3),
    "dims": lambda kind: st.permutations([1, 2, 3]),
    "epsilon": lambda kind: choices(0.001),
    "filters": lambda kind: st.integers(1, 6),
    "groups": lambda kind: choices(1),
    "interpolation": lambda kind: choices("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"),
    "keepdims": lambda kind: st.booleans(),
    "kernel_size": lambda kind: per_axis(rank_of(kind), 1, 4),
    "max_value": lambda kind: choices(None, 6.0),
    "momentum": lambda kind: choices(0.99),
    "n": lambda kind: st.integers(1, 5),
    "negative_slope": lambda kind: choices(0.1),
    "noise_shape": lambda kind: choices(None),
    "normalize": lambda kind: st.booleans(),
    "offset": lambda kind: choices(0.0),
    "output_padding": lambda kind: choices(None, 0, 1),
    "output_size": lambda kind: per_axis(rank_of(kind), 1, 5),
    "padding": lambda kind: paddings(rank_of(kind), ("valid", "same")) if "Padding" not in kind else per_axis(rank_of(kind), 0, 3),
    "pool_size": lambda kind: per_axis(rank_of(kind), 1, 4),
    "rate": lambda kind: choices(0.25, 0.5),
    "rms_scaling": lambda kind: st.booleans(),
    "scale": lambda kind: choices(2.0) if kind == "Rescaling" else st.booleans(),
    "shape": lambda kind: st.lists(st.integers(1, 9), min_size=1, max_size=4),
    "shared_axes": lambda kind: choices(None, [1], [1, 2]),
    "size": lambda kind: per_axis(rank_of(kind), 1, 3) if kind.startswith("Up") else st.integers(1, 5),
    "stddev": lambda kind: choices(0.1),
    "strides": lambda kind: per_axis(rank_of(kind), 1, 3),
    "target_shape": lambda kind: choices([-1], [-1, 1], [1, -1]),
    "threshold": lambda kind: choices(0.0),
    "trainable": lambda kind: st.booleans(),
    "units": lambda kind: st.integers(1, 8),
    "use_bias": lambda kind: st.booleans(),
    "backward_layer": lambda kind: choices(None),
    "beta": lambda kind: choices(0.75),
    "bias": lambda kind: choices(1.0),
    "bias_axes": lambda kind: choices(None, "d"),
    "bidirectional": lambda kind: st.booleans(),
    "class_name": lambda kind: choices(None, "Mine"),
    "count_include_pad": lambda kind: st.booleans(),
    "divisor_override": lambda kind: choices(None, 3),
    "crop_to_aspect_ratio": lambda kind: st.booleans(),
    "d_model": lambda kind: choices(4, 8),
    "dim_feedforward": lambda kind: st.integers(1, 9),
    "downscale_factor": lambda kind: st.integers(1, 3),
    "dropout": lambda kind: choices(0.0, 0.2),
    "end_axis": lambda kind: choices(-1, 2),
    "equation": lambda kind: choices("abc,cd->abd", "abc,dce->adbe", "...x,xy->...y", "abc,bcd->ad", "ab...,bc->ac..."),
    "fill_mode": lambda kind: choices("constant"),
    "fill_value": lambda kind: choices(0.0, 0.5),
    "function": lambda kind: choices("mean", "max", "sum", "min", "prod"),
    "go_backwards": lambda kind: st.booleans(),
    "head_dim": lambda kind: st.integers(1, 5),
    "height": lambda kind: st.integers(1, 16),
    "hidden_size": lambda kind: st.integers(3, 8),
    "init_values": lambda kind: choices(1e-6),
    "input_dim": lambda kind: st.integers(1, 50),
    "input_spec": lambda kind: choices(None),
    "invert": lambda kind: st.booleans(),
    "key_dim": lambda kind: st.integers(1, 5),
    "l1": lambda kind: choices(0.1),
    "l2": lambda kind: choices(0.1),
    "layer": lambda kind: st.sampled_from(INNER[kind]).map(lambda entry: kind_of(entry[0])(**entry[1])),
    "logit_soft_cap": lambda kind: choices(None),
    "lora_alpha": lambda kind: choices(None, 0.5) if kind.startswith(("Conv", "Einsum")) else choices(None),  # Keras 3.15.1 drops it elsewhere
    "lora_rank": lambda kind: choices(None, 2),
    "macs": lambda kind: choices(0, 7),
    "mask_value": lambda kind: choices(0.0),
    "mask_zero": lambda kind: st.booleans(),
    "mean": lambda kind: choices(None, 0.5),
    "merge_mode": lambda kind: choices("concat", "sum", "mul", "ave", None),
    "mode": lambda kind: choices("nearest", "nearest-exact", "bilinear", "bicubic"),
    "nhead": lambda kind: choices(1, 2, 4),
    "non_trainable_params": lambda kind: choices(0, 5),
    "nonlinearity": lambda kind: choices("tanh", "relu"),
    "norm_first": lambda kind: st.booleans(),
    "norm_type": lambda kind: choices(1.0, 2.0),
    "num_heads": lambda kind: st.integers(1, 4),
    "num_key_value_heads": lambda kind: choices(1, 2),
    "num_layers": lambda kind: st.integers(1, 3),
    "num_parameters": lambda kind: choices(None, 1),
    "num_query_heads": lambda kind: choices(2, 4),
    "output": lambda kind: choices(None, [3, 4]),
    "output_dim": lambda kind: st.integers(1, 9),
    "output_ratio": lambda kind: choices(None, 0.5, [0.4] * rank_of(kind)),
    "output_shape": lambda kind: choices(None, 5) if kind == "MultiHeadAttention" else choices(None),
    "pad_to_aspect_ratio": lambda kind: st.booleans(),
    "padding_mode": lambda kind: choices("zeros", "reflect", "circular"),
    "params": lambda kind: choices(0, 3),
    "power_iterations": lambda kind: choices(1, 2),
    "proj_size": lambda kind: choices(0, 2),
    "projection_dim": lambda kind: choices(4),
    "recurrent_activation": lambda kind: choices("sigmoid"),
    "recurrent_dropout": lambda kind: choices(0.0, 0.1),
    "reset_after": lambda kind: st.booleans(),
    "return_attention_scores": lambda kind: st.booleans(),
    "return_sequences": lambda kind: st.booleans(),
    "return_state": lambda kind: st.booleans(),
    "scale_factor": lambda kind: choices(2.0, 1.5, [0.5], 0.7, [1.3, 2.6]),
    "score_mode": lambda kind: choices("dot", "concat"),
    "seed": lambda kind: choices(None),
    "sizes": lambda kind: choices([-1], [1, -1]),
    "sliding_window": lambda kind: choices(None, 2),
    "start_axis": lambda kind: choices(1, 2),
    "tie_weights": lambda kind: st.booleans(),
    "track_statistics": lambda kind: st.booleans(),
    "unit_forget_bias": lambda kind: st.booleans(),
    "upscale_factor": lambda kind: st.integers(1, 3),
    "use_gate": lambda kind: st.booleans(),
    "use_scale": lambda kind: st.booleans(),
    "value": lambda kind: choices(1.0, 0.5),
    "value_dim": lambda kind: choices(None, 3),
    "variance": lambda kind: choices(None, 1.0),
    "width": lambda kind: st.integers(1, 16),
}  # fmt: skip

INNER: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "TimeDistributed": [("Dense", {"units": 4}), ("Conv1D", {"filters": 3, "kernel_size": 2}), ("Flatten", {}), ("LSTM", {"units": 2})],
    "Bidirectional": [("LSTM", {"units": 3, "return_state": True}), ("GRU", {"units": 2, "return_sequences": True})],
    "SpectralNormalization": [("Dense", {"units": 4}), ("Conv2D", {"filters": 3, "kernel_size": 2})],
}  # fmt: skip
"""Layers to put into others."""


@st.composite
def fields_of(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    """Valid fields of a kind; optional ones are left out now and then."""
    found = {}
    for name, field in kind_of(kind).model_fields.items():
        if field.is_required() or draw(st.booleans()):
            found[name] = draw(FIELDS[name](kind))
    if kind == "GroupNormalization":
        found["groups"] = draw(choices(1, 2, -1))
    if kind == "Normalization":
        found |= {"variance": None if found.get("mean") is None else 1.0, "mean": found.get("mean")}
    if kind == "EinsumDense":
        found["output_shape"] = {"abd": [None, 5], "adbe": [3, None, 2], "...y": [6], "ad": 5, "ac...": 5}[
            found["equation"].split("->")[1]
        ]
        if "..." in found["equation"]:
            found["bias_axes"] = draw(choices(None, found["equation"].replace("...", "")[-1]))
    if kind == "MultiHeadAttention" and 2 in (found.get("attention_axes") or ()):
        found.pop("sliding_window", None)  # Keras has windows along the first axis alone
    if kind == "Upsample":
        found.pop(draw(choices("size", "scale_factor")), None)
        if not found.keys() & {"size", "scale_factor"}:
            found["scale_factor"] = 2.0
        if found.get("mode", "nearest").startswith("nearest"):
            found.pop("align_corners", None)
    if kind.startswith("FractionalMax"):
        found.pop(draw(choices("output_ratio", "output_size")), None)
        if found.get("output_ratio") is None:
            found["output_size"] = found.get("output_size", 2)
    if kind == "Resizing" and found.get("crop_to_aspect_ratio"):
        found.pop("pad_to_aspect_ratio", None)  # Keras takes one of them
    if kind == "Fold":
        found |= {"kernel_size": 2, "strides": 2, "output_size": [8, 8], "padding": 0, "dilation_rate": 1}
    if kind == "Flatten":
        found["end_axis"] = -1
    if kind == "LayerScale":
        found["projection_dim"] = 4
    if kind == "Bidirectional":
        back = found["layer"].model_copy(update={"go_backwards": True, "activation": "relu", "trainable": False})
        found["backward_layer"] = draw(choices(None, back))
    return found


@st.composite
def cases(draw: st.DrawFn, kind: str | None = None) -> tuple[Any, tuple[tuple[int, ...], ...]]:
    """A layer of any kind and input shapes of the right rank; they may still be too small for it."""
    kind = kind or draw(st.sampled_from(sorted(HOME)))
    layer = kind_of(kind).model_validate(draw(fields_of(kind)))
    size = st.integers(1, 14)
    if kind == "Input":
        return layer, ()
    if isinstance(layer, (ElementwiseMerge, Concatenate)):
        count = 2 if getattr(layer, "arity", None) else draw(st.integers(1, 3))
        shape = tuple(draw(st.lists(size, min_size=1, max_size=4)))
        last = [draw(size) if isinstance(layer, Concatenate) else shape[-1] for _ in range(count)]
        return layer, tuple((*shape[:-1], n) for n in last)
    if isinstance(layer, Dot):
        shape = tuple(draw(st.lists(size, min_size=1, max_size=3)))
        return layer, (shape, shape)
    if kind == "RepeatVector":
        return layer, ((draw(size),),)
    shapes = draw(special(kind, layer))
    if shapes is not None:
        return layer, shapes
    rank = rank_of(kind) if isinstance(layer, SpatialLayer) or "Spatial" in kind else 2
    return layer, (tuple(draw(st.lists(size, min_size=rank + 1, max_size=rank + 1))),)


@st.composite
def special(draw: st.DrawFn, kind: str, layer: Any) -> tuple[tuple[int, ...], ...] | None:
    """The inputs of kinds that take sequences, several inputs, or numbers that must fit; None for the rest."""
    size = st.integers(1, 9)
    steps, width = draw(size), draw(size)
    family = HOME[kind]
    if kind.startswith("ConvLSTM"):
        return ((steps, *(draw(st.integers(4, 9)) for _ in range(rank_of(kind) + 1))),)
    if family == "recurrent" or kind == "Bidirectional":
        one, copies = (layer.layer, 2) if kind == "Bidirectional" else (layer, 1)
        return ((steps, width), *((one.units,),) * draw(choices(0, copies * one.states)))
    if family == "torch_recurrent" or kind == "EinsumDense":
        return ((steps, width),)
    if family == "attention":
        return draw(query_value_key(kind, layer))
    if family == "transformer":
        return ((steps, layer.d_model), (draw(size), layer.d_model))[: layer.reads]
    if kind == "TimeDistributed":
        return (
            ((steps, draw(st.integers(2, 9)), width),)
            if layer.layer.kind() in {"Conv1D", "LSTM"}
            else ((steps, width, 3),)
        )
    if kind == "SpectralNormalization":
        return ((draw(st.integers(2, 9)), draw(st.integers(2, 9)), width),)
    if family == "embedding":
        return ((steps,),)
    if kind == "CustomScaleLayer":
        return ((steps, width), (steps, width))
    if kind == "LayerScale":
        return ((steps, width, 4),)
    if kind == "PixelShuffle":
        channels = width * layer.upscale_factor * layer.upscale_factor
        return ((channels, steps, 5),) if layer.channels_first else ((steps, 5, channels),)
    if kind == "PixelUnshuffle":
        sides = (steps * layer.downscale_factor, 2 * layer.downscale_factor)
        return ((width, *sides),) if layer.channels_first else ((*sides, width),)
    if kind == "Squeeze":
        return (tuple(1 if axis + 1 in layer.axis or axis - 3 in layer.axis else steps for axis in range(3)),)
    if kind == "GLU":
        return ((steps, 2 * width),)
    if kind == "Fold":
        return ((4 * width, 16),)
    return None


@st.composite
def query_value_key(draw: st.DrawFn, kind: str, layer: Any) -> tuple[tuple[int, ...], ...]:
    """Sequences, or maps of which some axes are compared; two inputs, or three of their own widths."""
    size = st.integers(1, 7)
    axes = getattr(layer, "attention_axes", None)
    alone = kind == "GroupQueryAttention" or (getattr(layer, "sliding_window", None) and axes is None)
    rank = 2 if axes and 2 in axes else 1 if alone else draw(st.integers(1, 2))
    compared = (axes or range(1, rank + 1)) if kind == "MultiHeadAttention" else (rank,)
    asked = draw(st.lists(size, min_size=rank, max_size=rank))
    held = tuple(draw(size) if axis in compared else n for axis, n in enumerate(asked, start=1))
    width, other = draw(size), draw(size)
    if draw(st.booleans()):
        return (*asked, width), (*held, width)
    return (*asked, width), (*held, width if alone else other), (*held, width)


CHAIN = ("Conv2D", "DepthwiseConv2D", "SeparableConv2D", "Conv2DTranspose", "MaxPooling2D", "AveragePooling2D",
         "BatchNormalization", "Activation", "ZeroPadding2D", "UpSampling2D", "Dropout", "Dense",
         "AdaptiveAveragePooling2D")  # fmt: skip


@st.composite
def networks(draw: st.DrawFn) -> dict[str, Any]:
    """The data of an architecture file: a chain of layers on a map, now and then with a branch."""

    def entries(most: int) -> list[Any]:
        kinds = draw(st.lists(st.sampled_from(CHAIN), min_size=1, max_size=most))
        found = []
        for kind in kinds:
            fields = draw(fields_of(kind))
            fields.pop("data_format", None)
            found.append({kind: fields})
        return found

    layers = entries(4)
    if draw(st.booleans()):
        pointwise = [{"Conv2D": {"filters": 3, "kernel_size": 3, "padding": "same"}}]
        layers.append({"Residual": {"layers": pointwise, "shortcut": [{"Conv2D": {"filters": 3, "kernel_size": 1}}]}})
        layers += entries(2)
    side = st.integers(6, 40)
    return {"input": [draw(side), draw(side), draw(st.integers(1, 4))], "layers": layers}
