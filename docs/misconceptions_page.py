"""Writes docs/misconceptions.md from the catalogue (`make reference`); a test fails when it is out of date."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cnncalc.architecture import build
from cnncalc.derive import derive
from cnncalc.derive.explain import output_letters
from cnncalc.expression import SPACED, Expr, render
from cnncalc.layers import kind as kind_of
from cnncalc.teach.misconceptions import (
    FAMILIES,
    Case,
    Cell,
    Entry,
    Quantity,
    applicable,
    cases_of,
    formulas,
)
from cnncalc.teach.misconceptions.lettering import letters_of

PAGE = Path(__file__).with_name("misconceptions.md")

INPUT = [40, 48, 3]
CONV = {"filters": 8, "kernel_size": 3}
CHAINS: list[list[Any]] = [
    [{"Conv2D": CONV | {"strides": 2, "padding": 1}}, {"Conv2D": CONV | {"strides": 2}}, {"MaxPooling2D": 2}, "Flatten",
     {"Dense": 10}],
    [{"Conv2D": CONV}, {"MaxPooling2D": 2}, {"Conv2D": CONV}],
    [{"Conv2D": CONV | {"strides": 2, "padding": "same"}}],
    [{"Conv2D": CONV | {"dilation_rate": 2}}, {"Conv2D": CONV | {"dilation_rate": 2}}],
    [{"Conv2D": {"filters": 6, "kernel_size": 3, "groups": 3}}],
    [{"Conv2D": CONV | {"use_bias": False}}, "Flatten", {"Dense": {"units": 10, "use_bias": False}}],
    [{"Conv2D": {"filters": 1, "kernel_size": 3}}],
    [{"MaxPooling2D": {"pool_size": 2, "ceil_mode": True}}],
    [{"DepthwiseConv2D": {"kernel_size": 3, "depth_multiplier": 2}}],
    [{"SeparableConv2D": CONV | {"depth_multiplier": 2}}],
    [{"Conv2DTranspose": {"filters": 8, "kernel_size": 4, "strides": 2, "padding": 1}}],
    [{"Conv2DTranspose": {"filters": 8, "kernel_size": 3, "strides": 2, "padding": 1, "output_padding": 1}}],
    [{"Dense": 10}],
]  # fmt: skip
"""Networks in which most misconceptions apply; the first that fits shows the formula."""

ALONE: list[tuple[str, dict[str, Any], tuple[tuple[int, ...], ...]]] = [
    ("UpSampling2D", {"size": 2}, ((14, 15, 3),)),
    ("ZeroPadding2D", {"padding": 2}, ((14, 15, 3),)),
    ("Concatenate", {}, ((8, 9, 16), (8, 9, 32))),
    ("Add", {}, ((8, 9, 16), (8, 9, 16))),
    ("GlobalAveragePooling2D", {}, ((7, 8, 64),)),
    ("PixelShuffle", {"upscale_factor": 2}, ((7, 8, 64),)),
    ("BatchNormalization", {}, ((7, 8, 64),)),
    ("LayerNormalization", {}, ((10, 16),)),
    ("LSTM", {"units": 64}, ((10, 32),)),
    ("GRU", {"units": 64}, ((10, 32),)),
    ("Embedding", {"input_dim": 1000, "output_dim": 16}, ((20,),)),
    ("MultiHeadAttention", {"num_heads": 4, "key_dim": 8}, ((10, 16), (10, 16))),
]
"""Layers that stand alone."""

WORDS = {
    "sizes": "Sizes",
    "resizing": "Sizes: transposed convolution, upsampling, borders",
    "channels": "Channels and whole shapes",
    "reading": "How a shape is written",
    "convolution": "Parameters of convolutions",
    "separable": "Parameters of depthwise and separable convolutions",
    "dense": "Flatten and Dense",
    "others": "Pools, inputs, normalisation",
    "sequences": "Recurrence, tables, attention",
    "costs": "Operations",
    "receptive": "Receptive fields",
    "totals": "Totals",
    "values": "Single values",
}


def subjects() -> Iterator[Case | Cell]:
    """Everything that a rule is shown on."""
    for layers in CHAINS:
        yield from cases_of(derive(build({"input": INPUT, "layers": layers}), batch=32)).values()
    for name, fields, inputs in ALONE:
        layer = kind_of(name).model_validate(fields)
        yield Case(layer, inputs, layer.facts(inputs))
    yield Cell(kind_of("Conv2D").model_validate(CONV | {"activation": "relu"}), ((1, 2), (3, 4)), ((5, 6), (7, 8)), 9)
    yield Cell(kind_of("MaxPooling2D").model_validate({}), ((1, None),))


def page() -> str:
    shown = sorted(subjects(), key=lambda subject: subject.layer.kind() == "Input")
    parts = [
        "# Misconceptions\n\nWritten by `make reference` from the catalogue in `cnncalc/teach/misconceptions/`. The wrong rules are run on"
        " letters: H W input axes, C input channels, N input features, K S P D_r window, stride, padding per side and dilation, F filters,"
        " U units, G groups, M depth multiplier, B batch; r and j what the layer before sees and its jump. A prime marks the output, a"
        " number behind a letter a layer so many before, 0 the image. Where no formula stands, the rule picks among numbers that"
        " are there already, or rounds.\n"
    ]
    for family in FAMILIES:
        parts.append(f"## {WORDS[family.__name__.rpartition('.')[2]]}\n")
        parts.append("| code | misconception | the cause, as a student reads it | what is calculated | source |")
        parts.append("| --- | --- | --- | --- | --- |")
        parts += [_line(entry, shown) for entry in family.CODES]
        parts.append("")
    return "\n".join(parts)


def _line(entry: Entry, shown: list[Case | Cell]) -> str:
    cause = entry.feedback.into("en")
    return f"| {entry.code} | {entry.name.into('en')} | {cause} | {_formula(entry, shown)} | {entry.source} |"


def _formula(entry: Entry, shown: list[Case | Cell]) -> str:
    subject = next((each for each in shown if entry in applicable(each, entry.quantity)), None)
    if subject is None or not entry.lettered:
        return ""
    found = dict.fromkeys(_written(entry, formula, subject) for formula in formulas(entry, subject))
    return ", or ".join(f"`{text}`" for text in found)


def _written(entry: Entry, formula: Any, subject: Case | Cell) -> str:
    """A formula; of a shape only the axes that differ from the right ones, each kind once."""
    if not isinstance(formula, tuple) or isinstance(subject, Cell):
        return render(formula, SPACED)
    right = letters_of(subject).subject.output
    letters = output_letters(subject.layer, len(formula))
    if entry.quantity is Quantity.FIELD:
        return f"r′ = {render(formula[0], SPACED)}"
    if len(formula) != len(right):
        return f"({', '.join(render(axis, SPACED) for axis in formula)})"
    wrong = [(letter, axis) for letter, axis, other in zip(letters, formula, right, strict=True) if axis != other]
    first = wrong[:1] if len({_shape_of(axis) for _, axis in wrong}) == 1 else wrong
    return ", ".join(f"{letter} = {render(axis, SPACED)}" for letter, axis in first)


def _shape_of(axis: Any) -> str:
    """A formula without the names of its axes, to tell whether height and width are treated alike."""
    text = render(axis, SPACED)
    return text.replace("W", "H").replace("_w", "_h") if isinstance(axis, Expr) else text


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
