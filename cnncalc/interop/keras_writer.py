"""An Architecture as the config of a Keras 3 Functional model."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..architecture import Architecture, Node, producer
from ..arithmetic import Symbolic
from ..errors import ArchitectureError, Fault
from ..language import Text
from .keras_forms import Form, NotKeras, keras_forms, never_negative

MODULES = {
    "LayerScale": "keras.src.applications.convnext",
    "CustomScaleLayer": "keras.src.applications.inception_resnet_v2",
}
"""Classes of `keras.applications`, which are not among Keras's layers."""

SEPARATE = ("MultiHeadAttention", "GroupQueryAttention")
"""Kinds that take their inputs as arguments of their own, not as a list."""


class Place(NamedTuple):
    """Where Keras has a tensor: its layer and which of the layer's calls."""

    layer: str
    call: int


def keras_config(architecture: Architecture) -> dict[str, Any]:
    """The config, as `keras.models.model_from_json` reads it.

    Raises ArchitectureError for every layer that Keras has no exact form of, and for symbols.
    """
    writer = _Writer(architecture)
    faults = [fault for node in architecture.nodes if (fault := writer.add(node))]
    if faults:
        raise ArchitectureError([fault.at(architecture.source.place(fault.path)) for fault in faults])
    config = {
        "name": architecture.name,
        "trainable": True,
        "layers": list(writer.layers.values()),
        "input_layers": [[name, 0, 0] for name in architecture.inputs],
        "output_layers": [writer.history(tensor) for tensor in architecture.outputs],
    }
    return {
        "module": "keras.src.models.functional",
        "class_name": "Functional",
        "config": config,
        "registered_name": "Functional",
    }


class _Writer:
    def __init__(self, architecture: Architecture) -> None:
        self.layers: dict[str, dict[str, Any]] = {}
        self._layers = {node.name: node.layer for node in architecture.nodes}
        self._places: dict[str, Place] = {}

    def add(self, node: Node) -> Fault | None:
        """Write a node; the fault if Keras cannot have it."""
        try:
            if node.shares:
                self._again(node)
            elif node.layer.kind() == "Input":
                self._input(node)
            else:
                self._layer(node)
        except NotKeras as why:
            message = Text("{layer} ({kind}): {why}", layer=node.name, kind=node.layer.kind(), why=why.text)
            self._places[node.name] = Place(node.name, 0)
            return Fault("not-keras", message, node.name, node.path)
        return None

    def _input(self, node: Node) -> None:
        shape = [None, *map(_size, node.layer.shape)]  # type: ignore[attr-defined]  # an Input has a shape
        self.layers[node.name] = _saved("InputLayer", {"name": node.name, "batch_shape": shape, "dtype": "float32"}, node.name, [])  # fmt: skip
        self._places[node.name] = Place(node.name, 0)

    def _layer(self, node: Node) -> None:
        """One layer, with what must stand before and after it for the same function."""
        positive = len(node.inputs) == 1 and never_negative(self._layers[producer(node.inputs[0])])
        forms = keras_forms(node.layer, positive=positive)
        main = next(i for i, form in enumerate(forms) if form.main)
        tensors = list(node.inputs)
        for index, form in enumerate(forms):
            name = (
                node.name if index == len(forms) - 1 else self._free(f"{node.name}_{'pad' if index < main else 'full'}")
            )
            arguments = [self._tensor(tensor) for tensor in tensors]
            self.layers[name] = _written(form, name, arguments)
            self._places[name] = Place(name, 0)
            tensors = [name]

    def _again(self, node: Node) -> None:
        """Another call of a layer, which Keras keeps with the first."""
        original = self.layers[str(node.shares)]
        if node.shares in self._places and len(keras_forms(node.layer)) > 1:
            raise NotKeras(Text("a layer that Keras must write as several cannot be shared"))
        call = _call(original["class_name"], [self._tensor(tensor) for tensor in node.inputs])
        original["inbound_nodes"].append(call)
        self._places[node.name] = Place(str(node.shares), len(original["inbound_nodes"]) - 1)

    def _free(self, name: str) -> str:
        while name in self._layers or name in self.layers:
            name += "_"
        return name

    def history(self, tensor: str) -> list[Any]:
        """A tensor as Keras counts it: layer, call, output."""
        place = self._places[producer(tensor)]
        return [place.layer, place.call, int(tensor.partition(":")[2] or 0)]

    def _tensor(self, tensor: str) -> dict[str, Any]:
        config = {"shape": [None], "dtype": "float32", "keras_history": self.history(tensor)}
        return {"class_name": "__keras_tensor__", "config": config}


def _written(form: Form, name: str, tensors: list[dict[str, Any]]) -> dict[str, Any]:
    return _saved(form.kind, {"name": name, **form.config}, name, [_call(form.kind, tensors)])


def _call(kind: str, tensors: list[dict[str, Any]]) -> dict[str, Any]:
    """One call of a layer: one tensor, a list of them, or several arguments."""
    if kind in SEPARATE:
        return {"args": tensors, "kwargs": {}}
    if (len(tensors) > 1 and "LSTM" in kind) or (kind in {"GRU", "SimpleRNN", "Bidirectional"} and len(tensors) > 1):
        return {"args": tensors[:1], "kwargs": {"initial_state": tensors[1:]}}
    merges = kind in LISTS or len(tensors) > 1
    return {"args": [tensors] if merges else tensors, "kwargs": {}}


LISTS = ("Add", "Average", "Concatenate", "Maximum", "Minimum", "Multiply", "Subtract", "Dot")
"""Kinds that take a list even of one tensor."""


def _saved(kind: str, config: dict[str, Any], name: str, calls: list[dict[str, Any]]) -> dict[str, Any]:
    own = kind in MODULES
    return {
        "module": MODULES.get(kind, "keras.layers"),
        "class_name": kind,
        "config": config,
        "registered_name": kind if own else None,
        "name": name,
        "inbound_nodes": calls,
    }


def _size(n: Any) -> int | None:
    """An axis of an input; an unknown one is None."""
    if isinstance(n, int):
        return n
    if isinstance(n, Symbolic) and str(n).startswith("?"):
        return None
    raise NotKeras(Text("a Keras file needs numbers, and {symbol} is a symbol", symbol=n))
