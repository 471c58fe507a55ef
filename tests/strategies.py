"""What Hypothesis draws: layers of every registered kind, inputs that suit them, whole networks.

A kind's fields are drawn by name from `FIELDS`; a new field without an entry there fails
`test_house.py`, so a new layer is tested the moment it exists.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from cnncalc.layers import HOME
from cnncalc.layers import kind as kind_of
from cnncalc.layers.base import SpatialLayer
from cnncalc.layers.merge import Concatenate, Dot, ElementwiseMerge

RANK_BY_DIGIT = {"1": 1, "2": 2, "3": 3}


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
    "activation": lambda kind: choices("relu", "softmax", "linear"),
    "alpha": lambda kind: choices(1.0, 0.5),
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
    "interpolation": lambda kind: choices("nearest", "bilinear", "bicubic"),
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
    "padding": lambda kind: paddings(rank_of(kind), ("valid", "same")) if "Zero" not in kind else per_axis(rank_of(kind), 0, 3),
    "pool_size": lambda kind: per_axis(rank_of(kind), 1, 4),
    "rate": lambda kind: choices(0.25, 0.5),
    "rms_scaling": lambda kind: st.booleans(),
    "scale": lambda kind: choices(2.0) if kind == "Rescaling" else st.booleans(),
    "shape": lambda kind: st.lists(st.integers(1, 9), min_size=1, max_size=4),
    "shared_axes": lambda kind: choices(None, [1], [1, 2]),
    "size": lambda kind: per_axis(rank_of(kind), 1, 3),
    "stddev": lambda kind: choices(0.1),
    "strides": lambda kind: per_axis(rank_of(kind), 1, 3),
    "target_shape": lambda kind: choices([-1], [-1, 1], [1, -1]),
    "threshold": lambda kind: choices(0.0),
    "trainable": lambda kind: st.booleans(),
    "units": lambda kind: st.integers(1, 8),
    "use_bias": lambda kind: st.booleans(),
}  # fmt: skip


@st.composite
def fields_of(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    """Valid fields of a kind; optional ones are left out now and then."""
    found = {}
    for name, field in kind_of(kind).model_fields.items():
        if field.is_required() or draw(st.booleans()):
            found[name] = draw(FIELDS[name](kind))
    if kind == "GroupNormalization":
        found["groups"] = draw(choices(1, 2, -1))
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
    rank = rank_of(kind) if isinstance(layer, SpatialLayer) or "Spatial" in kind else 2
    return layer, (tuple(draw(st.lists(size, min_size=rank + 1, max_size=rank + 1))),)


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
