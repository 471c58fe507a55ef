"""Operations that a saved Keras model holds between its layers, as layers of the registry."""

from __future__ import annotations

from typing import Any

from ..architecture.entries import Faults
from ..language import Text
from .keras_calls import Call
from .keras_names import BINARY_OPERATIONS, UNARY_OPERATIONS

OPERATION_MODULES = ("keras.src.ops", "keras.ops")
TENSORFLOW = ("TFOpLambda", "TensorFlowOpLayer", "SlicingOpLambda")


def is_operation(layer: dict[str, Any]) -> bool:
    """Whether an entry of a config is an operation, not a layer."""
    module = layer.get("module") or ""
    return layer["class_name"] in TENSORFLOW or module.startswith(OPERATION_MODULES)


def operation(layer: dict[str, Any], call: Call, faults: Faults) -> dict[str, Any] | None:
    """The entry that an operation is; None with the fault noted if it is none that is known."""
    config = layer["config"]
    name = str(config.get("function") or layer["class_name"])
    if name in UNARY_OPERATIONS:
        return {"Activation": {"activation": UNARY_OPERATIONS[name]}}
    if name in BINARY_OPERATIONS:
        return _binary(name, call)
    known = _KNOWN.get(name)
    if known is not None:
        return known(config, call)
    message = Text("{layer}: the operation {name} is not known", layer=config.get("name", name), name=name)
    faults.note("unknown-operation", message, (), DECLARE, layer=config.get("name"))
    return None


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


def _mean(config: dict[str, Any], call: Call) -> dict[str, Any] | None:
    axis = config.get("axis", call.keywords.get("axis"))
    keep = bool(config.get("keepdims", call.keywords.get("keepdims", False)))
    if axis in ([1, 2], [2, 3]):
        first = {"data_format": "channels_first"} if axis == [2, 3] else {}
        return {"GlobalAveragePooling2D": {"keepdims": keep, **first}}
    return {"GlobalAveragePooling1D": {"keepdims": keep}} if axis in (1, [1]) else None


def _reshape(config: dict[str, Any], call: Call) -> dict[str, Any]:
    target = config.get("newshape") or config.get("shape") or call.keywords.get("shape") or call.arguments[-1]
    return {"Reshape": {"target_shape": list(target)[1:]}}


def _concatenate(config: dict[str, Any], call: Call) -> dict[str, Any]:
    return {"Concatenate": {"axis": config.get("axis", call.keywords.get("axis", -1))}}


_KNOWN = {
    "Mean": _mean,
    "math.reduce_mean": _mean,
    "Reshape": _reshape,
    "reshape": _reshape,
    "Concatenate": _concatenate,
    "concat": _concatenate,
}
