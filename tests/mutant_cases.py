"""Layers on small inputs: what NumPy saw of each, once, and what the rules say now."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from types import CodeType, FrameType
from typing import Any, NamedTuple

from hypothesis import HealthCheck, Phase, given, seed, settings
from strategies import cases
from test_witness import numbers, valid

from cnncalc.arithmetic import prod
from cnncalc.layers import FAMILIES, HOME
from cnncalc.layers import kind as kind_of
from cnncalc.layers.base import PaddedLayer
from cnncalc.witness.call import Call, Tally
from cnncalc.witness.dispatch import run_layer
from cnncalc.witness.store import Store
from cnncalc.witness.windows import sides

Shapes = tuple[tuple[int, ...], ...]


def _layer(name: str, **fields: Any) -> Any:
    return kind_of(name)(**fields)


DRAWN = 30
"""How many cases Hypothesis draws of a kind, before those are left out that are no layer on their input."""

RUN = {family: kinds.split() for family, kinds in FAMILIES.items() if find_spec(f"cnncalc.witness.forward.{family}")}
"""The families that the witness can run, and their kinds."""

BY_HAND: dict[str, list[tuple[dict[str, Any], Shapes]]] = {
    "AdaptiveAveragePooling2D": [({"output_size": [None, 3]}, ((7, 5, 2),))],
    "AdditiveAttention": [({"return_attention_scores": True}, ((3, 5, 4), (3, 7, 6), (3, 7, 4)))],
    "Attention": [
        ({"use_scale": True, "score_mode": "concat", "return_attention_scores": True}, ((5, 4), (7, 6), (7, 4))),
        ({}, ((3, 5, 4), (3, 7, 6), (3, 7, 4))),
    ],
    "BatchNormalization": [({"axis": 1, "track_statistics": False}, ((4, 5, 3),)), ({"axis": 2}, ((4, 5, 3),))],
    "Bidirectional": [
        ({"layer": _layer("GRU", units=2, return_state=True),
          "backward_layer": _layer("LSTM", units=3, go_backwards=True, return_state=True)}, ((5, 4),)),
        ({"layer": _layer("LSTM", units=2, trainable=False), "merge_mode": None,
          "backward_layer": _layer("LSTM", units=3, go_backwards=True)}, ((5, 4),)),
    ],
    "CenterCrop": [({"height": 3, "width": 9}, ((8, 6, 2),))],
    "Concatenate": [({"axis": 1}, ((2, 5, 4), (3, 5, 4))), ({"axis": 2}, ((5, 2, 4), (5, 3, 4), (5, 1, 4)))],
    "Conv1D": [({"filters": 2, "kernel_size": 4, "dilation_rate": 2, "padding": "causal"}, ((9, 3),))],
    "Conv2D": [
        ({"filters": 6, "kernel_size": [2, 3], "groups": 2, "data_format": "channels_first"}, ((4, 7, 8),)),
        ({"filters": 2, "kernel_size": [2, 3], "dilation_rate": [3, 1], "padding": "same"}, ((9, 8, 3),)),
        ({"filters": 2, "kernel_size": 2, "strides": 3, "padding": "same"}, ((6, 7, 3),)),
    ],
    "Conv2DTranspose": [
        ({"filters": 6, "kernel_size": [3, 5], "strides": 3, "padding": "same", "groups": 2}, ((5, 4, 4),)),
        ({"filters": 2, "kernel_size": [5, 2], "strides": 3, "padding": "same", "output_padding": [1, 2]}, ((5, 4, 3),)),
        ({"filters": 2, "kernel_size": [5, 2], "strides": 3, "padding": [[1, 0], [2, 1]], "output_padding": [2, 1]}, ((5, 4, 3),)),
    ],
    "Custom": [
        ({"params": 3, "non_trainable_params": 2, "trainable": False}, ((2, 3), (4,))),
        ({"output": [5, 6], "params": 3, "non_trainable_params": 2, "macs": 7}, ((2, 3), (4,))),
    ],
    "Dense": [({"units": 5, "lora_rank": 2}, ((3, 4),)), ({"units": 5, "lora_rank": 2, "use_bias": False}, ((4,),))],
    "Dot": [
        ({"axes": [1, 2]}, ((5, 2, 3), (7, 5, 4))),
        ({"axes": [2, 1]}, ((2, 5, 3), (5, 4, 7))),
        ({"axes": 1}, ((5,), (5,))),
    ],
    "EinsumDense": [
        ({"equation": "ab..., bcd -> acd...", "output_shape": [6, 5], "bias_axes": "d"}, ((4, 2, 3),)),
        ({"equation": "abc...,bcd->ad...", "output_shape": 5}, ((4, 3, 6, 2),)),
        ({"equation": "...ab,bcd->...acd", "output_shape": [None, 6, 5], "bias_axes": "ac"}, ((4, 2, 3),)),
        ({"equation": "abc,bcd->ad", "output_shape": 5, "bias_axes": "d", "lora_rank": 2}, ((4, 3),)),
    ],
    "Embedding": [({"input_dim": 7, "output_dim": 3, "lora_rank": 2}, ((4, 5),))],
    "EmbeddingBag": [({"input_dim": 7, "output_dim": 3}, ((4, 5),))],
    "ExpandDims": [({"axis": axis}, ((4, 5),)) for axis in (1, 2, 3, -1, -2, -3)],
    "Flatten": [({"start_axis": 2, "end_axis": 3}, ((2, 3, 4, 5),)), ({"end_axis": -2}, ((2, 3, 4),))],
    "Fold": [({"kernel_size": [2, 3], "strides": [1, 2], "output_size": [4, 7]}, ((30, 9),))],
    "FractionalMaxPooling2D": [
        ({"pool_size": 2, "output_ratio": 0.5}, ((9, 8, 3),)),
        ({"pool_size": [2, 3], "output_ratio": [0.4, 0.7]}, ((9, 8, 3),)),
    ],
    "GLU": [({"axis": 1}, ((4, 6, 5),)), ({"axis": 2}, ((3, 8, 5),))],
    "GroupNormalization": [({"axis": 1, "groups": 2, "scale": False}, ((4, 5, 3),))],
    "GroupQueryAttention": [
        ({"head_dim": 3, "num_query_heads": 4, "num_key_value_heads": 2, "use_gate": True, "return_attention_scores": True},
         ((5, 6), (7, 6), (7, 4))),
        ({"head_dim": 3, "num_query_heads": 4, "num_key_value_heads": 2, "return_attention_scores": True}, ((2, 5, 6), (2, 7, 6))),
    ],
    "LayerNormalization": [({"axis": [1, 3], "rms_scaling": True, "scale": False}, ((4, 5, 3),))],
    "LSTM": [({"units": 3, "return_state": True, "return_sequences": True}, ((5, 4),))],
    "MaxPooling2D": [({"pool_size": 2, "padding": 1, "ceil_mode": True}, ((4, 5, 3),))],
    "Maximum": [({}, ((5, 1, 3), (4, 1))), ({}, ((4, 1), (2, 1, 3), (1, 3))), ({}, ((1, 1), (1,)))],
    "MultiHeadAttention": [
        ({"num_heads": 2, "key_dim": 3, "value_dim": 4, "output_shape": [5, 2], "return_attention_scores": True},
         ((6, 5), (7, 8), (7, 9))),
        ({"num_heads": 2, "key_dim": 3}, ((6, 4, 5), (7, 3, 5))),
        ({"num_heads": 2, "key_dim": 3, "attention_axes": 1, "return_attention_scores": True}, ((6, 4, 5), (7, 4, 5))),
        ({"num_heads": 2, "key_dim": 3, "attention_axes": [2], "use_gate": True, "use_bias": False}, ((6, 4, 5), (6, 3, 5))),
    ],
    "Normalization": [({"axis": None}, ((4, 5, 3),)), ({"axis": [3, 1, -1]}, ((4, 5, 3),)), ({"mean": 1.0, "variance": 2.0}, ((4,),))],
    "PReLU": [({"num_parameters": 4}, ((4, 5),)), ({"shared_axes": [1, -1]}, ((4, 5, 3),))],
    "Reduce": [
        ({"function": "sum", "axis": [1, -1]}, ((4, 5, 3),)),
        ({"function": "sum", "axis": 2, "keepdims": True}, ((4, 5, 3),)),
        ({"function": "mean", "keepdims": True}, ((4, 5),)),
    ],
    "Reshape": [({"target_shape": [3, -1, 2]}, ((4, 6),)), ({"target_shape": [3, 8]}, ((4, 6),))],
    "SpectralNormalization": [({"layer": _layer("Embedding", input_dim=7, output_dim=3)}, ((5,),))],
    "StackedLSTM": [
        ({"hidden_size": 5, "proj_size": 2, "num_layers": 2, "bidirectional": True}, ((4, 3),)),
        ({"hidden_size": 5, "num_layers": 3, "use_bias": False}, ((4, 3),)),
    ],
    "TimeDistributed": [
        ({"layer": _layer("BatchNormalization")}, ((3, 5, 4),)),
        ({"layer": _layer("LSTM", units=2, return_state=True)}, ((3, 5, 4),)),
    ],
    "TransformerDecoderLayer": [({"d_model": 4, "nhead": 2, "dim_feedforward": 3, "use_bias": False}, ((5, 4), (3, 4)))],
    "Unflatten": [({"axis": 2, "sizes": [3, -1]}, ((2, 12, 5),)), ({"axis": -1, "sizes": [3, 2]}, ((2, 6),))],
    "Unfold": [({"kernel_size": [2, 3], "strides": [1, 2], "padding": [1, 0]}, ((2, 5, 7),))],
    "UpSampling2D": [({"size": [2, 3], "interpolation": "bilinear"}, ((4, 5, 2),))],
    "Upsample": [
        ({"size": [7, 9]}, ((4, 5, 2),)),
        ({"size": 7, "data_format": "channels_first"}, ((2, 4, 5),)),
        ({"scale_factor": [1.5, 2.5]}, ((5, 4, 2),)),
        ({"scale_factor": 2.5, "data_format": "channels_first"}, ((2, 4, 5),)),
    ],
}  # fmt: skip
"""What is rarely drawn: axes in the middle, several inputs, adapters, fields that need another."""


class Numbers(NamedTuple):
    """What there is to say of a layer."""

    outputs: Shapes
    weights: dict[str, tuple[int, ...]]
    learned: dict[str, bool]
    macs: int
    padding: Shapes | None


class Case(NamedTuple):
    """A layer, its inputs, what the witness saw, and the code of the functions that the rules run."""

    layer: Any
    shapes: Shapes
    seen: Numbers
    runs: frozenset[CodeType]


def seen(layer: Any, shapes: Shapes) -> Numbers:
    """What NumPy makes of it; no rule is asked."""
    store, tally = Store(), Tally()
    outputs = run_layer(layer, Call("x", store, tally, layer.trainable), *numbers(shapes or (layer.shape,)))
    made = store.of("x")
    return Numbers(
        tuple(output.shape[1:] for output in outputs),
        {name: weight.array.shape for name, weight in made.items()},
        {name: weight.learned for name, weight in made.items()},
        tally.macs,
        padding_seen(layer, shapes),
    )


def padding_seen(layer: Any, shapes: Shapes) -> Shapes | None:
    """What the witness puts around the map."""
    if not slides(layer):
        return None
    spatial = shapes[0][-layer.rank :] if layer.channels_first else shapes[0][-1 - layer.rank : -1]
    size = layer.pool_size if hasattr(layer, "pool_size") else layer.kernel_size
    rates = getattr(layer, "dilation_rate", (1,) * layer.rank)
    return sides(layer.padding, spatial, size, layer.strides, rates)


def slides(layer: Any) -> bool:
    """Whether the layer has windows over a padded map."""
    return isinstance(layer, PaddedLayer) and HOME[layer.kind()] in {"conv", "separable", "pool", "conv_lstm"}


def said(layer: Any, shapes: Shapes) -> Numbers:
    """What the rules say of it."""
    facts = layer.facts(shapes)
    learned = {name: layer.learns(name) for name in facts.weights}
    padding = None
    if slides(layer):
        spatial, _ = layer.split(shapes[0][-1 - layer.rank :])
        padding = tuple(window.pads(n) for window, n in zip(layer.windows(spatial), spatial, strict=True))
    found = Numbers((facts.output, *facts.others), facts.weights, learned, facts.macs, padding)
    assert all(type(n) is int for n in _flat((found.outputs, tuple(found.weights.values()), found.macs, padding or ())))
    return found


def _flat(numbers: Any) -> Iterator[Any]:
    if isinstance(numbers, tuple):
        for each in numbers:
            yield from _flat(each)
    else:
        yield numbers


def drawn(kind: str) -> list[tuple[Any, Shapes]]:
    """Layers of a kind and inputs that they take, the same in every run."""
    found = []

    @seed(kind)
    @settings(
        max_examples=DRAWN,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(cases(kind))
    def draw(case: tuple[Any, Shapes]) -> None:
        found.append(case)

    draw()
    return [case for case in found if small(*case)]


def small(layer: Any, shapes: Shapes) -> bool:
    """Whether the layer takes these inputs, and NumPy is quick with them."""
    if not valid(layer, shapes):
        return False
    facts = layer.facts(shapes)
    return sum(map(prod, facts.weights.values())) + facts.macs < 10**5


@cache
def cases_of(kind: str) -> tuple[Case, ...]:
    """All cases of a kind."""
    found = drawn(kind)
    layers = by_hand(kind) + found + [case for base in (found[0], found[-1]) for case in switched(*base)]
    return tuple(Case(layer, shapes, seen(layer, shapes), running(layer, shapes)) for layer, shapes in layers)


def switched(layer: Any, shapes: Shapes) -> list[tuple[Any, Shapes]]:
    """The layer with every switch thrown, one at a time."""
    switches = [name for name, value in layer if isinstance(value, bool)]
    others = [layer.model_copy(update={name: not getattr(layer, name)}) for name in switches]
    return [(other, shapes) for other in others if valid(other, shapes)]


def by_hand(kind: str) -> list[tuple[Any, Shapes]]:
    """Those that are written down; each must be a layer on its input."""
    found = [(_layer(kind, **fields), shapes) for fields, shapes in BY_HAND.get(kind, [])]
    assert all(valid(*case) for case in found), f"a case of {kind} does not fit its input"
    return found


def running(layer: Any, shapes: Shapes) -> frozenset[CodeType]:
    """The code that the rules run for a case."""
    found = set()

    def note(frame: FrameType, event: str, _: Any) -> None:
        if event == "call":
            found.add(frame.f_code)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        said(layer, shapes)
    finally:
        sys.setprofile(before)
    return frozenset(found)
