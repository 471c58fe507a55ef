"""Writes docs/layers.md from the layer classes (`make reference`); a test fails when it is out of date."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo

from cnncalc.derive.explain import output_letters
from cnncalc.derive.letters import lettered
from cnncalc.expression import SPACED, render
from cnncalc.layers import FAMILIES, Layer
from cnncalc.layers import kind as kind_of
from cnncalc.layers.fields import Letter

PAGE = Path(__file__).with_name("layers.md")

SAMPLES: dict[str, dict[str, Any]] = {
    "Conv": {"filters": 7, "kernel_size": 3, "padding": 1, "strides": 2, "dilation_rate": 2},
    "DepthwiseConv": {"kernel_size": 3, "padding": 1, "strides": 2, "depth_multiplier": 2},
    "SeparableConv": {"filters": 7, "kernel_size": 3, "padding": 1, "strides": 2, "depth_multiplier": 2},
    "ConvTranspose": {"filters": 7, "kernel_size": 4, "padding": 1, "strides": 2, "output_padding": 1},
    "MaxPool": {"pool_size": 3, "strides": 2},
    "Pooling": {"pool_size": 3, "strides": 2},
    "GlobalPooling": {},
    "AdaptivePooling": {"output_size": 5},
    "FractionalMaxPooling": {"pool_size": 2, "output_size": 5},
    "Dense": {"units": 7},
    "Activation": {"activation": "relu"},
    "RandomZeros": {"rate": 0.5},
    "GaussianDropout": {"rate": 0.5},
    "GaussianNoise": {"stddev": 0.1},
    "SpatialDropout": {"rate": 0.5},
    "GroupNormalization": {"groups": 4},
    "Reshape": {"target_shape": [-1, 8]},
    "Permute": {"dims": [2, 1, 3]},
    "RepeatVector": {"n": 6},
    "Rescaling": {"scale": 2.0},
    "ZeroPadding": {"padding": 2},
    "Cropping": {"cropping": 2},
    "UpSampling": {"size": 3},
    "Dot": {"axes": -1},
    "ConvLSTM": {"filters": 7, "kernel_size": 3},
    "RNN": {"units": 7},
    "Stacked": {"hidden_size": 7},
    "MultiHeadAttention": {"num_heads": 2, "key_dim": 8},
    "GroupQueryAttention": {"head_dim": 8, "num_query_heads": 4, "num_key_value_heads": 2},
    "TransformerLayer": {"d_model": 16, "nhead": 2},
    "EinsumDense": {"equation": "abc,cd->abd", "output_shape": [None, 7], "bias_axes": "d"},
    "Table": {"input_dim": 100, "output_dim": 7},
    "TimeDistributed": {"layer": kind_of("Dense")(units=7)},
    "Bidirectional": {"layer": kind_of("LSTM")(units=7)},
    "SpectralNormalization": {"layer": kind_of("Dense")(units=7)},
    "LayerScale": {"projection_dim": 16},
    "Custom": {"output": [8, 8, 32], "params": 100},
    "SizedPicture": {"height": 12, "width": 14},
    "BorderPadding": {"padding": 2},
    "Upsample": {"scale_factor": 2.0},
    "PixelShuffle": {"upscale_factor": 2},
    "PixelUnshuffle": {"downscale_factor": 2},
    "ChannelShuffle": {"groups": 4},
    "Unfold": {"kernel_size": 3},
    "Fold": {"output_size": 8, "kernel_size": 2, "strides": 2},
    "Reduce": {"function": "mean", "axis": [1, 2]},
    "Squeeze": {"axis": [1]},
    "Unflatten": {"axis": -1, "sizes": [2, -1]},
}
"""Settings that let a kind show all its letters; a kind not named here needs none."""


SEQUENCE = (24, 16)
SHAPES: dict[str, tuple[tuple[int, ...], ...]] = {
    **dict.fromkeys(("Dense", "RepeatVector"), ((16,),)),
    **dict.fromkeys(FAMILIES["recurrent"].split() + FAMILIES["torch_recurrent"].split(), (SEQUENCE,)),
    **dict.fromkeys(FAMILIES["attention"].split(), (SEQUENCE, (20, 16))),
    **dict.fromkeys(("TransformerEncoderLayer", "TimeDistributed", "Bidirectional", "EinsumDense"), (SEQUENCE,)),
    "TransformerDecoderLayer": (SEQUENCE, (20, 16)),
    "SpectralNormalization": ((16,),),
    "Embedding": ((24,),),
    "ReversibleEmbedding": ((24,),),
    "EmbeddingBag": ((24,),),
    "CustomScaleLayer": ((24, 26, 16), (24, 26, 16)),
    "Fold": ((64, 16),),
    "Squeeze": ((1, 24, 16),),
}
"""The inputs of kinds that do not take one map."""


def sample(name: str) -> dict[str, Any]:
    """The settings for a kind: its own, else those of the class it comes from."""
    return next((SAMPLES[cls.__name__] for cls in kind_of(name).__mro__ if cls.__name__ in SAMPLES), {})


def inputs(name: str) -> tuple[tuple[int, ...], ...]:
    """Input shapes that a kind accepts."""
    shape = {"1": (24, 16), "3": (24, 26, 28, 16)}.get(next((c for c in name if c in "123"), ""), (24, 26, 16))
    if name in SHAPES:
        return SHAPES[name]
    if name.startswith("ConvLSTM"):
        return ((9, *shape),)
    if FAMILIES["merge"].split().count(name):
        return (shape, (*shape[:-1], 8)) if name == "Concatenate" else (shape, shape)
    return (shape,)


def page() -> str:
    parts = [
        "# Layers\n\nWritten by `make reference` from the classes; the formulas are the rules run on letters. Letters: H W D"
        " (L in 1D) input axes, C input channels, N input features, K S P D_r window, stride, padding per side and dilation, F"
        " filters, U units, G groups, M depth multiplier, O output size or output padding. A prime marks the output.\n"
    ]
    for family, kinds in FAMILIES.items():
        if family != "inputs":
            parts.append(f"## {family.replace('_', ' ').capitalize()}\n")
            parts += [section(name) for name in kinds.split()]
    return "\n".join(parts)


def section(name: str) -> str:
    layer = kind_of(name).model_validate(sample(name))
    fields = [_field(field, info) for field, info in type(layer).model_fields.items()]
    lines = [f"### {name}\n", _sentence(type(layer)), f"Fields: {', '.join(fields)}.\n"]
    twin = lettered(layer, inputs(name))
    facts = twin.layer.facts(twin.input_shapes)
    shape = zip(output_letters(layer, len(facts.output)), facts.output, strict=True)
    lines.append("```text")
    lines += [f"{letter} = {render(size, SPACED)}" for letter, size in shape]
    lines += [f"{weight}: {' × '.join(render(n, SPACED) for n in size)}" for weight, size in facts.weights.items()]
    if facts.macs != 0:
        lines.append(f"MACs = {render(facts.macs, SPACED)}")
    return "\n".join([*lines, "```\n"])


def _sentence(cls: type[Layer]) -> str:
    """The first paragraph of the nearest docstring of its own family."""
    for each in cls.__mro__:
        if each.__doc__ and each.__module__ == cls.__module__:
            return each.__doc__.split("\n\n")[0].replace("\n    ", " ") + "\n"
    return ""


def _field(name: str, info: FieldInfo) -> str:
    letter = next((m.name for m in info.metadata if isinstance(m, Letter) and m.name), None)
    text = f"`{name}`" + (f" ({letter})" if letter else "")
    return text if info.is_required() else f"{text} = {info.default!r}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
