"""Where a framework's numbers are known not to be those that the witness puts out, and who means what.

The witness follows what Keras 3 documents. Keras's backends do not agree everywhere; "keras on torch" stands for
one of them. Measured with Keras 3.15.1 on TensorFlow 2.21, JAX 0.10.2 and PyTorch 2.13.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import Any

from cnncalc.layers import Layer


def always(layer: Any) -> bool:
    return True


def is_bicubic(layer: Any) -> bool:
    return bool(layer.interpolation == "bicubic" and not getattr(layer, "antialias", False))


def scales_its_adapter(layer: Any) -> bool:
    return layer.lora_rank is not None and layer.lora_alpha not in {None, layer.lora_rank}


def is_not_last(layer: Any) -> bool:
    """Whether axes in front are normalised; of those counted from the front nobody knows without the input."""
    return set(layer.axis) != set(range(-len(layer.axis), 0))


KNOWN: list[tuple[str, str, Callable[[Any], bool], str]] = [
    ("keras", "Activation", lambda layer: layer.activation == "sparsemax",
     "Keras adds up every partial sum of the support, not the last alone: its outputs do not add up to 1"),
    ("keras", "Dense|(Reversible)?Embedding", scales_its_adapter,
     "Keras forgets lora_alpha when these are built: enable_lora is called with the rank alone"),
    ("keras", "RandomCrop", always, "at rest Keras hands the picture on uncropped, against its documentation and its own shapes"),
    ("keras on torch", "AveragePooling[123]D", lambda layer: layer.padding == "same",
     "where the padding is uneven, this backend repeats the edge and counts it; the others count the map alone"),
    ("keras on torch", "LayerNormalization", is_not_last,
     "this backend normalises the last axes, whichever are asked for, or refuses"),
    ("keras on torch", "UpSampling2D|Resizing", is_bicubic, "the cubic has a slope of -0.75 in PyTorch, of -0.5 elsewhere"),
    ("keras on torch", "UpSampling2D|Resizing", lambda layer: layer.interpolation.startswith("lanczos"), "this backend has none"),
    ("keras on tensorflow", "UpSampling2D|Resizing", lambda layer: layer.interpolation == "bicubic",
     "TensorFlow looks the cubic up in a table of 1024 places: within 0.001"),
    ("torch", "LayerNormalization", lambda layer: layer.rms_scaling,
     "Keras divides by the deviation, PyTorch by the root mean square"),
    ("torch", "UpSampling2D|Resizing", is_bicubic, "the cubic has a slope of -0.75 in PyTorch, of -0.5 in Keras"),
    ("torch", "FractionalMaxPooling[23]D", always, "random even at rest"),
]  # fmt: skip
"""Framework, kinds, which layers, and what the difference is."""


def differs(framework: str, layer: Layer) -> bool:
    """Whether the values of this layer are known to differ in the framework as it runs here."""
    return any(applies(layer) for applies in _known(framework, layer.kind()))


def always_differs(framework: str, kind: str) -> bool:
    """Whether no layer of this kind can be compared."""
    return always in _known(framework, kind)


def _known(framework: str, kind: str) -> list[Callable[[Any], bool]]:
    here = {framework, f"{framework} on {os.environ.get('KERAS_BACKEND')}"}
    return [applies for asked, kinds, applies, _ in KNOWN if asked in here and re.fullmatch(kinds, kind)]
