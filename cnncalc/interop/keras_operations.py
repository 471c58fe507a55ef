"""Operations that a saved Keras model holds between its layers, as layers of the registry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..errors import Fault
from ..language import Text
from .keras_calls import Call
from .keras_names import BINARY_OPERATIONS, UNARY_OPERATIONS

OPERATION_MODULES = ("keras.src.ops", "keras.ops")
TENSORFLOW = ("TFOpLambda", "TensorFlowOpLayer", "SlicingOpLambda")


def is_operation(layer: dict[str, Any]) -> bool:
    """Whether an entry of a config is an operation, not a layer."""
    module = layer.get("module") or ""
    return layer["class_name"] in TENSORFLOW or module.startswith(OPERATION_MODULES)


def operation(layer: dict[str, Any], call: Call) -> dict[str, Any] | Fault:
    """The entry that an operation is, or the fault that it is none that is known."""
    config = layer["config"]
    name = str(config.get("function") or layer["class_name"])
    if name in UNARY_OPERATIONS:
        return {"Activation": {"activation": UNARY_OPERATIONS[name]}}
    if name in BINARY_OPERATIONS:
        return _binary(name, call)
    known = _KNOWN.get(name)
    entry = known(config, call) if known else None
    if entry is not None:
        return entry
    message = Text("{layer}: the operation {name} is not known", layer=config.get("name", name), name=name)
    return Fault("unknown-operation", message, config.get("name"), remedies=(DECLARE,))


DECLARE = Text(
    'declare it: give the layer the class_name "Custom" and the config {"output": [8, 8, 32], "params": 0}'
    ' ("output": "same" keeps the shape)'
)


def _binary(name: str, call: Call) -> dict[str, Any]:
    """A merge of two tensors, or a rescaling by a constant."""
    values = [*call.arguments, *(call.keywords[key] for key in ("x1", "x2", "x", "y") if key in call.keywords)]
    constants = [value for value in values if isinstance(value, (int, float)) and not isinstance(value, bool)]
    if not constants:
        return {BINARY_OPERATIONS[name]: {}}
    constant = constants[0]
    match BINARY_OPERATIONS[name]:
        case "Multiply" if "ivide" in name or "truediv" in name:
            return {"Rescaling": {"scale": 1 / constant if constant else 0.0}}
        case "Multiply":
            return {"Rescaling": {"scale": constant}}
        case "Add":
            return {"Rescaling": {"scale": 1.0, "offset": constant}}
        case "Subtract":
            return {"Rescaling": {"scale": 1.0, "offset": -constant}}
    return {"Activation": {"activation": "threshold"}}  # the larger or the smaller of a number and a constant


def _setting(config: dict[str, Any], call: Call, name: str, default: Any = None) -> Any:
    """What an operation was given, in its config (Keras 3) or in the call (Keras 2)."""
    return config.get(name, call.keywords.get(name, default))


def _reduced(function: str) -> Callable[[dict[str, Any], Call], dict[str, Any]]:
    def entry(config: dict[str, Any], call: Call) -> dict[str, Any]:
        axis, keep = _setting(config, call, "axis"), bool(_setting(config, call, "keepdims", False))
        maps = {(1, 2): {}, (2, 3): {"data_format": "channels_first"}}
        if function in POOLS and isinstance(axis, list) and tuple(axis) in maps:
            return {POOLS[function]: {"keepdims": keep, **maps[tuple(axis)]}}
        return {"Reduce": {"function": function, "axis": axis, "keepdims": keep}}

    return entry


POOLS = {"mean": "GlobalAveragePooling2D", "max": "GlobalMaxPooling2D"}
"""What a reduction of a map is called as a layer."""


def _transpose(config: dict[str, Any], call: Call) -> dict[str, Any] | None:
    axes = _setting(config, call, "axes") or _setting(config, call, "perm")
    return {"Permute": {"dims": list(axes[1:])}} if axes and axes[0] == 0 else None


def _padded(config: dict[str, Any], call: Call) -> dict[str, Any] | None:
    """Padding of the spatial axes alone, with zeros."""
    sides = _setting(config, call, "pad_width") or _setting(config, call, "paddings")
    if not sides or any(map(any, (sides[0], sides[-1]))) or _setting(config, call, "mode", "constant") != "constant":
        return None
    return {f"ZeroPadding{len(sides) - 2}D": {"padding": [list(pair) for pair in sides[1:-1]]}}


def _axis(kind: str) -> Callable[[dict[str, Any], Call], dict[str, Any] | None]:
    def entry(config: dict[str, Any], call: Call) -> dict[str, Any] | None:
        axis = _setting(config, call, "axis")
        return None if axis is None else {kind: {"axis": axis}}

    return entry


def _reshape(config: dict[str, Any], call: Call) -> dict[str, Any]:
    target = config.get("newshape") or config.get("shape") or call.keywords.get("shape") or call.arguments[-1]
    return {"Reshape": {"target_shape": list(target)[1:]}}


def _concatenate(config: dict[str, Any], call: Call) -> dict[str, Any]:
    return {"Concatenate": {"axis": _setting(config, call, "axis", -1)}}


_KNOWN: dict[str, Callable[[dict[str, Any], Call], dict[str, Any] | None]] = {
    **{name.capitalize(): _reduced(name) for name in ("mean", "sum", "max", "min", "prod")},
    **{f"math.reduce_{name}": _reduced(name) for name in ("mean", "sum", "max", "min", "prod")},
    "Transpose": _transpose,
    "transpose": _transpose,
    "Pad": _padded,
    "pad": _padded,
    "ExpandDims": _axis("ExpandDims"),
    "expand_dims": _axis("ExpandDims"),
    "Squeeze": _axis("Squeeze"),
    "squeeze": _axis("Squeeze"),
    "compat.v1.squeeze": _axis("Squeeze"),
    "Reshape": _reshape,
    "reshape": _reshape,
    "Concatenate": _concatenate,
    "concat": _concatenate,
}
