"""The exact form of a layer in Keras: its config, and layers before and after it where Keras needs several."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..arithmetic import Symbolic
from ..language import Text
from ..layers import Layer
from ..layers.base import OVER_LAST_AXIS
from .keras_layers import broken
from .keras_names import FOREIGN_FIELDS, FOREIGN_IN, KERAS_KINDS

NO_FORM = Text("Keras has no such layer")


class NotKeras(ValueError):
    """A layer that Keras cannot have, with the reason in `text`."""

    def __init__(self, text: Text) -> None:
        super().__init__(text)
        self.text = text


class Form(NamedTuple):
    """A layer of Keras."""

    kind: str
    config: dict[str, Any]
    main: bool = True
    """Whether it is the layer itself, not a padding before or a cropping after it."""


def never_negative(layer: Layer) -> bool:
    """Whether all that a layer puts out is 0 or more, so that zeros beside it change no maximum."""
    if layer.kind() == "ReLU":
        return bool(layer.negative_slope == 0 and layer.threshold >= 0)  # type: ignore[attr-defined]  # checked by kind
    return getattr(layer, "activation", None) in {"relu", "relu6", "sigmoid", "exponential", "softmax", "softplus"}


def keras_forms(layer: Layer, *, positive: bool = False) -> list[Form]:
    """The layers of Keras that together do what `layer` does; NotKeras if there are none.

    `positive` says that the input is never negative.
    """
    kind = layer.kind()
    if kind in RENAMED:
        return [RENAMED[kind](layer)]
    if kind not in KERAS_KINDS:
        raise NotKeras(NO_FORM)
    config = _fitted(layer, kind, _config(layer))
    padding = getattr(layer, "padding", None)
    if isinstance(padding, tuple) and kind.startswith("ConvLSTM"):
        if any(map(any, padding)):
            raise NotKeras(Text('padding takes "valid" or "same" in Keras, not {value}', value=_plain(padding)))
        config["padding"] = "valid"
    elif isinstance(padding, tuple) and kind.startswith(("Conv", "Depthwise", "Separable", "Average", "Max")):
        return _lawful(_explicit(layer, kind, config, positive=positive))
    return _lawful([Form(kind, config)])


def _lawful(forms: list[Form]) -> list[Form]:
    """The forms, none of which breaks a rule that Keras has and an architecture file has not."""
    for form in forms:
        for rule in broken(form.kind, form.config):
            raise NotKeras(rule)
    return forms


def _fitted(layer: Layer, kind: str, config: dict[str, Any]) -> dict[str, Any]:
    """The config, as the constructors take it that are more particular than the others."""
    if kind in NEED_FACTOR and not any("factor" in name for name in config):
        raise NotKeras(Text("Keras needs to know how strong it is: give it a factor"))
    if kind in LAST_ALONE and config.pop("data_format", None) == "channels_first":
        raise NotKeras(Text("Keras has it for channels last alone"))
    if kind.startswith("SpatialDropout"):
        del config["trainable"]  # it has no weights, and refuses the word
    if kind in {"UpSampling1D", "UpSampling3D"} and config.pop("interpolation") != "nearest":
        raise NotKeras(Text("Keras interpolates maps of two axes alone"))
    if kind == "UpSampling1D":
        (config["size"],) = config["size"]
    if kind in {"ZeroPadding1D", "Cropping1D"}:
        side = "padding" if kind == "ZeroPadding1D" else "cropping"
        (config[side],) = config[side]
    if kind.startswith("ZeroPadding"):
        _not_cropping(layer)
    return config


def _not_cropping(layer: Any) -> None:
    if any(side < 0 for pair in layer.padding for side in pair):
        raise NotKeras(Text("Keras pads with 0 pixels or more"))


LAST_ALONE = ("Cropping1D", "UpSampling1D", "SpatialDropout1D")
"""Kinds whose class has no `data_format`."""

NEED_FACTOR = (
    "RandomBrightness", "RandomContrast", "RandomHue", "RandomRotation", "RandomSaturation", "RandomSharpness",
    "RandomTranslation", "RandomZoom",
)  # fmt: skip
"""Kinds with a setting that Keras requires, though no shape depends on it."""


def _config(layer: Layer) -> dict[str, Any]:
    """The fields as Keras's constructor takes them."""
    kind = layer.kind()
    found: dict[str, Any] = {}
    for name, value in layer:
        if name in FOREIGN_FIELDS or any(name in fields for word, fields in FOREIGN_IN.items() if word in kind):
            default = type(layer).model_fields[name].default
            if name != "input_spec" and value != default and not _all(value, default):
                raise NotKeras(Text("Keras has no {field}", field=name))
        elif value is None and name == "data_format":
            continue
        else:
            found[name] = _plain(value)
    return found


def _all(value: Any, default: Any) -> bool:
    return isinstance(value, tuple) and all(each == default for each in value)


def _plain(value: Any) -> Any:
    """A value as JSON has it; a layer inside as its own config."""
    if isinstance(value, Layer):
        (form,) = keras_forms(value)
        return {"module": "keras.layers", "class_name": form.kind, "config": form.config, "registered_name": None}
    if isinstance(value, Symbolic):
        raise NotKeras(Text("a Keras file needs numbers, and {symbol} is a symbol", symbol=value))
    return [_plain(each) for each in value] if isinstance(value, (tuple, list)) else value


def _explicit(layer: Any, kind: str, config: dict[str, Any], *, positive: bool) -> list[Form]:
    """Padding in numbers: zeros before a convolution, a cut after a transposed one; Keras itself has words alone."""
    shared = {"data_format": layer.data_format} if layer.data_format else {}
    config = {**config, "padding": "valid"}
    sides = _plain(layer.padding)
    if kind.endswith("Transpose"):
        return _cut(layer, kind, config, shared)
    if not any(side for pair in sides for side in pair):
        return [Form(kind, config)]
    if kind.startswith("Max") and not positive:
        raise NotKeras(Text("Keras pads a maximum by words alone, and zeros before it could be the largest numbers"))
    rank = layer.rank
    zeros = {"padding": sides[0] if rank == 1 else sides, **shared}
    return [Form(f"ZeroPadding{rank}D", zeros, main=False), Form(kind, config)]


def _cut(layer: Any, kind: str, config: dict[str, Any], shared: dict[str, Any]) -> list[Form]:
    """The full result, cut as PyTorch cuts it."""
    cuts = []
    extras = layer.output_padding or (0,) * layer.rank
    for spread, (before, after), extra in zip(layer.windows(()), layer.padding, extras, strict=True):
        surplus = max(spread.stride - spread.extent, 0)
        cuts.append([before, after + surplus - extra])
    if any(side < 0 for pair in cuts for side in pair):
        raise NotKeras(Text("Keras has no output_padding beyond what the padding cuts off"))
    config = {**config, "output_padding": None}
    if not any(side for pair in cuts for side in pair):
        return [Form(kind, config)]
    if layer.channels_first and layer.activation in OVER_LAST_AXIS:
        raise NotKeras(Text("{activation} would see the pixels that are cut off after it", activation=layer.activation))
    cropping = _fitted(layer, f"Cropping{layer.rank}D", {"cropping": cuts, **shared})
    return [Form(kind, config), Form(f"Cropping{layer.rank}D", cropping, main=False)]


def _zeros(layer: Any) -> Form:
    if layer.value != 0:
        raise NotKeras(Text("Keras pads with zeros alone"))
    _not_cropping(layer)
    sides = _plain(layer.padding)
    form = {"padding": sides[0] if layer.rank == 1 else sides}
    return Form(f"ZeroPadding{layer.rank}D", form | ({"data_format": layer.data_format} if layer.data_format else {}))


def _instances(layer: Any) -> Form:
    return Form("GroupNormalization", {"groups": -1, "axis": 1, "epsilon": layer.epsilon, "center": layer.center, "scale": layer.scale, "trainable": layer.trainable})  # fmt: skip


RENAMED = {
    "InstanceNormalization": _instances,
    **dict.fromkeys(("ConstantPadding1D", "ConstantPadding2D", "ConstantPadding3D"), _zeros),
}
"""Kinds that Keras has under another name."""
