"""What a layer is in PyTorch: the modules that a counter meets in its place.

PyTorch has no `activation=`: where a layer holds one, it is counted as the module of its own that it is
there, after the layer. In the same way a SeparableConv2D is two convolutions, a GlobalAveragePooling2D is an
AdaptiveAvgPool2d, and every recurrent layer has PyTorch's two biases. A merge is an operator (`x + y`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from ..arithmetic import Dim, Shape, prod
from ..layers import HOME, Facts, Layer, Weights
from ..layers.axes import position
from .rows import Row

NONE: Weights = {}


class Operation(NamedTuple):
    """One module, run `times` times; `name` is PyTorch's, with the axes where a counter tells them apart."""

    name: str
    layer: Any
    x: Shape
    y: Shape
    macs: Dim = 0
    weights: Weights = NONE
    """What PyTorch's module would learn, without adapters and statistics."""
    times: Dim = 1
    line: Dim = 1
    """The entries that a softmax adds up."""

    @property
    def biased(self) -> bool:
        return "bias" in self.weights

    @property
    def params(self) -> Dim:
        return sum(prod(shape) for shape in self.weights.values())


Operations = tuple[Operation, ...]


def operations(row: Row) -> Operations:
    """The modules behind a row; a kind that has none in PyTorch is one operation with the kind's name."""
    return _behind(row.layer, row.input_shapes, row.facts)


def _behind(layer: Layer, xs: tuple[Shape, ...], facts: Facts) -> Operations:
    family = HOME.get(layer.kind(), "")
    found = MAKERS.get(family, _own)(layer, xs, facts)
    if family in ACTIVATED:
        found += _activated(getattr(layer, "activation", None), layer, facts.output)
    return found


def _own(layer: Any, xs: tuple[Shape, ...], facts: Facts) -> Operations:
    """No module of PyTorch's does this."""
    return (Operation(layer.kind(), layer, xs[0] if xs else (), facts.output, facts.macs),)


def _single(name: str) -> Callable[[Any, tuple[Shape, ...], Facts], Operations]:
    """A family of which every kind is the same module."""

    def make(layer: Any, xs: tuple[Shape, ...], facts: Facts) -> Operations:
        weights = _named(facts.weights, "kernel", "bias", "embeddings", "gamma", "beta", "scale")
        return (Operation(name, layer, xs[0] if xs else (), facts.output, facts.macs, weights),)

    return make


def _named(weights: Weights, *names: str) -> Weights:
    return {name: weights[name] for name in names if name in weights}


def _separable(layer: Any, xs: tuple[Shape, ...], facts: Facts) -> Operations:
    spatial, channels = layer.split(facts.output)[0], layer.split(xs[0])[1]
    between = layer.join(spatial, channels * layer.depth_multiplier)
    depthwise, pointwise = facts.weights["depthwise_kernel"], facts.weights["pointwise_kernel"]
    last = {"kernel": pointwise, **_named(facts.weights, "bias")}
    return (
        Operation("Conv", layer, xs[0], between, prod(spatial) * prod(depthwise), {"kernel": depthwise}),
        Operation("Conv", layer, between, facts.output, prod(spatial) * prod(pointwise), last),
    )


def _pool(layer: Any, xs: tuple[Shape, ...], facts: Facts) -> Operations:
    return (Operation("AvgPool" if "Average" in layer.kind() else "MaxPool", layer, xs[0], facts.output),)


def _adaptive(layer: Any, xs: tuple[Shape, ...], facts: Facts) -> Operations:
    name = f"AdaptiveAvgPool{layer.rank}d" if "Average" in layer.kind() else "AdaptiveMaxPool"
    return (Operation(name, layer, xs[0], facts.output),)


def _dense(layer: Any, xs: tuple[Shape, ...], facts: Facts) -> Operations:
    return _single("Linear" if layer.kind() == "Dense" else "Identity")(layer, xs, facts)


MODULES = {
    "relu": "ReLU", "relu6": "ReLU6", "leaky_relu": "LeakyReLU", "elu": "ELU", "gelu": "GELU", "silu": "SiLU",
    "swish": "SiLU", "softmax": "Softmax", "log_softmax": "LogSoftmax", "sigmoid": "Sigmoid", "tanh": "Tanh",
    "mish": "Mish", "hard_swish": "Hardswish", "hard_silu": "Hardswish", "hard_sigmoid": "Hardsigmoid",
    "softplus": "Softplus",
}  # fmt: skip
"""The module of a Keras activation; the others, celu and softsign among them, keep their name."""

ACTIVATED = {"conv", "separable", "transposed", "dense", "einsum"}
"""The families whose `activation=` comes after; that of a recurrent layer is inside its steps."""


def _activated(activation: str | None, layer: Layer, x: Shape) -> Operations:
    if activation in {None, "linear"}:
        return ()
    return (Operation(MODULES.get(str(activation), str(activation)), layer, x, x, line=x[-1] if x else 1),)


def _activation(layer: Any, xs: tuple[Shape, ...], facts: Facts) -> Operations:
    (x,) = xs
    match layer.kind():
        case "Activation":
            return _activated(layer.activation, layer, x)
        case "ReLU":
            bounded = layer.max_value is not None
            plain = not layer.threshold and not (bounded and (layer.negative_slope or layer.max_value != 6))
            name = "ReLU6" if bounded else "LeakyReLU" if layer.negative_slope else "ReLU"
            return (Operation(name if plain else "other bounds", layer, x, x),)
        case "PReLU":
            return (Operation("PReLU", layer, x, x, weights=facts.weights),)
        case "Softmax":
            return (Operation("Softmax", layer, x, x, line=prod(x[position(axis, x)] for axis in layer.axis)),)
    return (Operation(layer.kind(), layer, x, facts.output),)


def _normalization(layer: Any, xs: tuple[Shape, ...], facts: Facts) -> Operations:
    match layer.kind():
        case "BatchNormalization":
            name = "BatchNorm" if layer.track_statistics else "BatchNormUntracked"
        case "LayerNormalization":
            name = "RMSNorm" if layer.rms_scaling else "LayerNorm"
        case "GroupNormalization":
            name = "InstanceNorm" if isinstance(layer.groups, int) and layer.groups < 0 else "GroupNorm"
        case "RMSNormalization":
            name = "RMSNorm"
        case other:
            name = other
    return _single(name)(layer, xs, facts)


def _upsampling(layer: Any, xs: tuple[Shape, ...], facts: Facts) -> Operations:
    if not hasattr(layer, "interpolation"):  # padding and cropping
        return _single("Identity")(layer, xs, facts)
    linear = {1: "Linear1d", 2: "Bilinear2d", 3: "Trilinear3d"}
    way = linear[layer.rank] if layer.interpolation == "bilinear" else f"{layer.interpolation.title()}{layer.rank}d"
    return (Operation(f"Upsample{way}", layer, xs[0], facts.output),)


def _augmentation(layer: Any, xs: tuple[Shape, ...], facts: Facts) -> Operations:
    """Random changes are for training; a Resizing is an upsampling to a size."""
    if layer.kind() == "Resizing" and not (layer.crop_to_aspect_ratio or layer.pad_to_aspect_ratio):
        return _upsampling(layer, xs, facts)
    if layer.kind() in {"Resizing", "CenterCrop", "RandomCrop"}:
        return _own(layer, xs, facts)
    return _single("Identity")(layer, xs, facts)


def _recurrent(layer: Any, xs: tuple[Shape, ...], facts: Facts) -> Operations:
    """PyTorch has a bias for the input and one for the state, and so many more parameters than Keras."""
    kernels = _named(facts.weights, "kernel", "recurrent_kernel")
    bias: Weights = {"bias": (2, kernels["kernel"][-1])} if layer.use_bias else {}
    return (Operation(layer.kind(), layer, xs[0], facts.output, facts.macs, {**kernels, **bias}),)


def _wrapper(layer: Any, xs: tuple[Shape, ...], facts: Facts) -> Operations:
    match layer.kind():
        case "TimeDistributed":
            frames = tuple(x[1:] for x in xs)
            found = _behind(layer.layer, frames, layer.layer.facts(frames))
            return tuple(each._replace(times=each.times * xs[0][0]) for each in found)
        case "Bidirectional":
            both = (layer.layer, layer.mirror)
            return tuple(each for one in both for each in _behind(one, xs[:1], one.facts(xs[:1])))
    return _behind(layer.layer, xs, layer.layer.facts(xs))


def _attention(layer: Any, xs: tuple[Shape, ...], facts: Facts) -> Operations:
    """Self-attention as `nn.MultiheadAttention` has it; nothing else was recorded."""
    special = ("use_gate", "output_shape", "attention_axes", "sliding_window")
    alike = len(set(xs)) == 1 and len(xs[0]) == 2 and not any(getattr(layer, name, None) for name in special)
    if layer.kind() != "MultiHeadAttention" or not alike:
        return _own(layer, xs, facts)
    weights = {name: shape for name, shape in facts.weights.items() if name.endswith("bias")}
    return (Operation("MultiheadAttention", layer, xs[0], facts.output, facts.macs, weights),)


def _merge(layer: Any, xs: tuple[Shape, ...], facts: Facts) -> Operations:
    if layer.kind() in {"Maximum", "Minimum"} or getattr(layer, "normalize", False):
        return _own(layer, xs, facts)
    return _single("MatMul" if layer.kind() == "Dot" else "Identity")(layer, xs, facts)


MAKERS: dict[str, Callable[[Any, tuple[Shape, ...], Facts], Operations]] = {
    "conv": _single("Conv"),
    "separable": lambda layer, xs, facts: (
        _separable(layer, xs, facts) if "Separable" in layer.kind() else _single("Conv")(layer, xs, facts)
    ),
    "transposed": _single("ConvTranspose"),
    "dense": _dense,
    "pool": _pool,
    "global_pool": _adaptive,
    "activation": _activation,
    "normalization": _normalization,
    "resizing": _upsampling,
    "augmentation": _augmentation,
    "embedding": _single("Embedding"),
    "recurrent": _recurrent,
    "wrapper": _wrapper,
    "attention": _attention,
    "merge": _merge,
    # nothing in these is a module that multiplies when a network is used, not trained
    **dict.fromkeys(("inputs", "identity", "dropout", "noise", "shaping", "scaling"), _single("Identity")),
}
"""What a kind is, by family."""
