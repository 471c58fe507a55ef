"""A Keras graph of layers, calls and models inside models, flattened to the entries of an architecture file.

A layer that is called again shares its weights; a model that is called is its layers, called.
"""

from __future__ import annotations

from typing import Any

from ..architecture.entries import Faults
from ..errors import Fault
from ..language import Text
from .keras_calls import Call, Key, calls, keys, tensors
from .keras_layers import Translator, batch_shape, class_name, layer_name
from .keras_operations import is_operation, operation

MODELS = ("Functional", "Model", "Sequential")


class Flattener:
    """Writes the entries of a model; `written` holds, beside each entry, its layer's name in the file."""

    def __init__(self) -> None:
        self.faults = Faults()
        self.entries: list[dict[str, Any]] = []
        self.written: list[str] = []
        self.inputs: dict[str, Any] = {}
        self._translator = Translator(self.faults)
        self._reserved: set[str] = set()
        self._taken: set[str] = set()
        self._originals: dict[int, str] = {}
        """The entry of the first call of each layer, by the identity of its config."""
        self._unknown: dict[str, Fault] = {}
        """Operations that are not known; only one that a layer reads is a fault, for masks are made of them too."""

    def network(self, model: dict[str, Any]) -> dict[str, Any]:
        """The data of an architecture file that means the model."""
        config = model["config"]
        named = config if isinstance(config, dict) else {}
        self._reserved = {layer_name(layer) for layer in _layers(model)}
        outputs = self._model(model, None, "")
        self._tell_unknown(outputs)
        data: dict[str, Any] = {"name": named.get("name") or "sequential", "layers": self.entries}
        if self.inputs:
            data["inputs"] = self.inputs
        if model["class_name"] != "Sequential":
            data["outputs"] = outputs
        return data

    def _model(self, model: dict[str, Any], given: list[str] | None, around: str) -> list[str]:
        """Write a model's layers, fed by the tensors `given`; return the tensors of its outputs.

        The outermost model is given None and makes inputs of its own; `around` is the model's name.
        """
        if model["class_name"] == "Sequential" and "input_layers" not in model["config"]:
            return self._sequential(model, given, around)
        return self._functional(model["config"], given, around)

    def _sequential(self, model: dict[str, Any], given: list[str] | None, around: str) -> list[str]:
        layers, current = _layers(model), given
        if given is None and layers and class_name(layers[0]) != "InputLayer":
            shape = _declared_shape(model, layers[0])
            current = [self._input("input", shape)] if shape else None
        for layer in layers:
            if class_name(layer) == "InputLayer":
                current = current or [self._input(layer_name(layer), batch_shape(layer["config"]))]
            else:
                current = self._called(layer, Call([], {}), current, around)[:1]
        return current or []

    def _functional(self, config: dict[str, Any], given: list[str] | None, around: str) -> list[str]:
        known: dict[tuple[str, int], list[str]] = {}
        own = [key.layer for key in keys(tensors(config["input_layers"]))]
        for layer in config["layers"]:
            if class_name(layer) == "InputLayer":
                name = layer_name(layer)
                place = own.index(name) if given is not None and name in own else -1
                known[name, 0] = [given[place] if given else self._input(name, batch_shape(layer["config"]))]
        waiting = [(layer, number, call) for layer in config["layers"] for number, call in enumerate(calls(layer))]
        while waiting:  # a layer that is called again stands where it is called first
            later = []
            for layer, number, call in waiting:
                if all(key[:2] in known for key in call.needed):
                    wanted = call.needed if is_operation(layer) else call.read  # an operation has no masks
                    read = [_tensor(key, known) for key in wanted]
                    known[layer_name(layer), number] = self._called(layer, call, read, around)
                else:
                    later.append((layer, number, call))
            if len(later) == len(waiting):
                self._note_lost(*later[0], known)
                return []
            waiting = later
        return [_tensor(key, known) for key in keys(tensors(config["output_layers"]))]

    def _called(self, layer: dict[str, Any], call: Call, read: list[str] | None, around: str) -> list[str]:
        """Write one call of a layer or of a model; return its outputs (a layer's first stands for all)."""
        name = layer_name(layer)
        if class_name(layer) in MODELS:
            return self._model(layer, read, name)
        if class_name(layer) == "TimeDistributed" and class_name(layer["config"]["layer"]) == "Sequential":
            return self._distributed(layer, read, name)
        if id(layer) in self._originals:
            shared = {"layer": self._originals[id(layer)]}
            return [self._write({"Shared": shared}, name, read, around)]
        entry = self._operation(layer, call, read) if is_operation(layer) else self._translator.entry(layer)
        if name in self._unknown:
            return [name]
        self._tell_unknown(read)
        if entry and call.keywords.get("return_attention_scores") is True:  # said where the layer is called
            next(iter(entry.values()))["return_attention_scores"] = True
        self._originals[id(layer)] = self._write(entry or {"Identity": {}}, name, read, around)
        return [self._originals[id(layer)]]

    def _operation(self, layer: dict[str, Any], call: Call, read: list[str] | None) -> dict[str, Any] | None:
        entry = operation(layer, call)
        if isinstance(entry, Fault):
            self._unknown[layer_name(layer)] = entry
            return None
        unread = next((tensor for tensor in read or () if tensor in self._unknown), None)
        if unread:  # what is made of an unknown tensor is unknown as well
            self._unknown[layer_name(layer)] = self._unknown[unread]
        return entry

    def _tell_unknown(self, read: list[str] | None) -> None:
        for tensor in read or ():
            if tensor in self._unknown:
                self.faults.tell(self._unknown[tensor])

    def _distributed(self, layer: dict[str, Any], read: list[str] | None, name: str) -> list[str]:
        """A chain at every step is a chain of layers, each at every step."""
        for inner in _layers(layer["config"]["layer"]):
            if class_name(inner) != "InputLayer":
                config = {"layer": inner, "name": layer_name(inner)}
                wrapped = {"class_name": "TimeDistributed", "config": config}
                if id(inner) in self._originals:
                    read = [
                        self._write({"Shared": {"layer": self._originals[id(inner)]}}, layer_name(inner), read, name)
                    ]
                    continue
                entry = self._translator.entry(wrapped) or {"Identity": {}}
                read = [self._write(entry, layer_name(inner), read, name)]
                self._originals[id(inner)] = read[0]
        return read or []

    def _write(self, entry: dict[str, Any], name: str, read: list[str] | None, around: str) -> str:
        ((kind, fields),) = entry.items()
        free = self._free(name, around)
        sources = {"inputs": read} if read else {}
        self.entries.append({kind: {"name": free, **sources, **fields}})
        self.written.append(name)
        return free

    def _free(self, name: str, around: str) -> str:
        """A name that nobody has: a layer inside a model gives way to those of the outermost one."""
        name = name.replace(":", "_")
        inner = f"{around}_{name}" if around else name
        free = name if name not in self._taken and (not around or name not in self._reserved) else inner
        number = 1
        while free in self._taken:
            free, number = f"{inner}_{number}", number + 1
        self._taken.add(free)
        return free

    def _input(self, name: str, shape: Any) -> str:
        free = self._free(name, "")
        self.inputs[free] = shape
        return free

    def _note_lost(self, layer: dict[str, Any], number: int, call: Call, known: dict[tuple[str, int], Any]) -> None:
        lost = next(key.layer for key in call.needed if key[:2] not in known)
        message = Text("{layer} reads {name}, which nothing in the config feeds", layer=layer_name(layer), name=lost)
        self.faults.note("unknown-input", message, (), layer=layer_name(layer))


def _layers(model: dict[str, Any]) -> list[dict[str, Any]]:
    config = model["config"]
    layers: list[dict[str, Any]] = config if isinstance(config, list) else config["layers"]
    return layers


def _tensor(key: Key, known: dict[tuple[str, int], list[str]]) -> str:
    """What a tensor of Keras is called: a model's outputs are tensors already, a layer's are numbered."""
    outputs = known[key.layer, key.call]
    if len(outputs) > 1 or key.output == 0:
        return outputs[key.output]
    return f"{outputs[0]}:{key.output}"


def _declared_shape(model: dict[str, Any], first: dict[str, Any]) -> list[Any] | None:
    """The input of a Sequential without an input layer: what its first layer or its build says."""
    config = model["config"]
    shape = batch_shape(first["config"])
    if shape is None and isinstance(config, dict):
        built = config.get("build_input_shape") or (model.get("build_config") or {}).get("input_shape")
        shape = built[1:] if built else None
    return shape
