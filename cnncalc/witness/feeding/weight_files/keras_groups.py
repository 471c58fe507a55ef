"""Keras 3's files of weights: `layers/conv2d/vars/0`, by class and number, with the layer's name beside the variables.

keras/src/saving/saving_lib.py; the name is there since Keras 3.6, and before that only the config of an archive has it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from ....architecture import Architecture
from ....architecture.graph import snake_case
from ....architecture.source import failure
from ....errors import Place
from ....language import Text
from ....layers import HOME
from .matching import candidates, matched
from .names import heads, weight_names
from .stored import Arrays, Found, Placed, is_chain, is_ignored, owners, zeros

MODELS = ("Functional", "Sequential", "Model")
CLASSES = {"GroupQueryAttention": "GroupedQueryAttention"}
"""Where Keras's class is not called as the kind."""


class Group(NamedTuple):
    """What the file holds of one layer."""

    path: str
    names: tuple[str, ...]
    """The models around the layer and the layer itself; none where the file does not say them."""
    keys: dict[str, str]
    """The keys of its arrays by their paths inside the group."""


def place_groups(arrays: Arrays, groups: list[Group], file: str, architecture: Architecture) -> Placed:
    """By the layers' names; in a chain, where they do not fit, as Keras itself does it: by class and number."""
    layers, by_path = owners(architecture), {group.path: group for group in groups}
    found = matched({group.path: candidates(group.names, layers) for group in groups if group.names}, file)
    if len(found) < len(layers) and is_chain(architecture):
        counted = _counted(architecture)
        if counted.keys() == by_path.keys():
            found = counted
    if not found and not any(group.names for group in groups) and groups:
        message = Text("the file does not say the names of its layers, as Keras before 3.6 did not")
        raise failure("weights-without-names", message, Place(file), Text("read the .keras archive, or save the weights again in a newer Keras"))  # fmt: skip
    return {layer: _weights(layers[layer], by_path[path], arrays) for path, layer in found.items()}


def named_groups(arrays: Arrays, names: Mapping[str, str]) -> list[Group]:
    """The arrays of every layer; what stands behind the last `layers/...` is inside the layer."""
    found: dict[str, dict[str, str]] = {}
    for key in arrays:
        parts = key.split("/")
        if parts[0] == "layers" and not is_ignored(key):
            end = len(parts) - parts[::-1].index("layers") + 1
            inside = "/".join(part.removeprefix("_") for part in parts[end:])
            found.setdefault("/".join(parts[:end]), {})[inside] = key
    return [Group(path, _names(path, names), keys) for path, keys in found.items()]


def _names(path: str, names: Mapping[str, str]) -> tuple[str, ...]:
    """The names of the models around a layer, and its own: those of what stands behind a `layers`."""
    parts = path.split("/")
    around = ["/".join(parts[: at + 2]) for at, part in enumerate(parts) if part == "layers"]
    return tuple(names[each] for each in around) if all(each in names for each in around) else ()


def config_names(model: dict[str, Any], around: str = "") -> dict[str, str]:
    """The names of the layers in a config, by the groups that they have in the file."""
    seen: Counter[str] = Counter()
    found: dict[str, str] = {}
    for layer in model["config"]["layers"]:
        group = f"{around}layers/{_free(layer['class_name'], seen)}"
        found[group] = layer["config"]["name"]
        if layer["class_name"] in MODELS:
            found |= config_names(layer, f"{group}/")
    return found


def _counted(architecture: Architecture) -> dict[str, str]:
    """The layers of a chain by the groups that they would have."""
    seen: Counter[str] = Counter()
    kinds = {name: layer.kind() for name, layer in owners(architecture).items()}
    return {f"layers/{_free(CLASSES.get(kind, kind), seen)}": name for name, kind in kinds.items()}


def _free(kind: str, seen: Counter[str]) -> str:
    """The class's name in snake case; the second of its class has _1 behind it."""
    stem = snake_case(kind)
    seen[stem] += 1
    return stem if seen[stem] == 1 else f"{stem}_{seen[stem] - 1}"


def _weights(layer: Any, group: Group, arrays: Arrays) -> dict[str, Found]:
    where = places(layer)
    if layer.kind() == "TimeDistributed" and "/layer/layers/" in group.path:  # it was a chain of layers at every step
        where = places(layer.layer)
    keys = group.keys
    found = {name: Found(keys[place], arrays[keys[place]]) for name, place in where.items() if place in keys}
    return found | _adapters(layer, found)


def _adapters(layer: Any, found: dict[str, Found]) -> dict[str, Found]:
    """Keras adds an adapter to the kernel before it saves: read again, the adapter is zero."""
    kernel = found.get(getattr(layer, "adapted", ""))
    rank = getattr(layer, "lora_rank", None)
    if rank is None or kernel is None:
        return {}
    *rows, columns = kernel.stored.shape
    shapes = {"a": (*rows, rank), "b": (rank, columns)}
    return {f"lora_{layer.adapted}_{end}": Found("", zeros(shape)) for end, shape in shapes.items()}


def places(layer: Any) -> dict[str, str]:
    """Where Keras keeps each weight of the layer, inside the layer's group."""
    kind = layer.kind()
    if kind == "Bidirectional":
        both = {"forward": layer.layer, "backward": layer.backward_layer or layer.layer}
        return {f"{way}_{name}": f"{way}_layer/{place}" for way, inner in both.items() for name, place in places(inner).items()}  # fmt: skip
    if kind in {"TimeDistributed", "SpectralNormalization"}:
        inside = {name: f"layer/{place}" for name, place in places(layer.layer).items()}
        return inside | ({"vector_u": "vars/1"} if kind == "SpectralNormalization" else {})
    if kind in {"MultiHeadAttention", "GroupQueryAttention"}:
        parts = {part: f"{part.removeprefix('attention_')}_dense" for part in heads(layer)}
        ends = ("kernel", "bias")[: 1 + layer.use_bias]
        return {f"{part}_{end}": f"{place}/vars/{at}" for part, place in parts.items() for at, end in enumerate(ends)}
    around = "cell/" if HOME[kind] in {"recurrent", "conv_lstm"} else ""
    own = [name for name in weight_names(layer) if not name.startswith("lora_")]
    return {name: f"{around}vars/{at}" for at, name in enumerate(own)}
