"""What a network runs on: its inputs and its weights, read or drawn, in numbers of one kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path as FilePath
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np

from ...architecture import Architecture, Node, producer
from ...errors import ArchitectureError, Fault
from ...language import Text
from ...layers import HOME, Layer
from ..arrays import Array, is_whole
from ..store import Store
from .images import read_image
from .matrices import TYPED
from .typed_weights import read_typed_weights
from .weight_files import read_weights

EXACT = {
    "inputs", "conv", "separable", "transposed", "dense", "pool", "global_pool", "dropout", "border", "shaping", "merge",
}  # fmt: skip
"""Families that take integers as they are."""

EXACT_ACTIVATIONS = {None, "linear", "relu", "relu6", "softmax", "sigmoid", "tanh"}


class Feed(NamedTuple):
    """A network's inputs, with a batch of one, and its weights."""

    inputs: dict[str, Array]
    store: Store
    seed: int
    image_drawn: bool
    note: Text | None = None
    """What a file of weights held besides, or that there is one."""

    @property
    def notes(self) -> tuple[Text, ...]:
        """What was drawn by chance, once the network has run and asked for its weights, and what was left over."""
        told = [self.note] if self.note else []
        if self.image_drawn:
            told.append(Text("the image is drawn with seed {seed}", seed=self.seed))
        if self.store.given is None and any(True for _ in self.store):
            told.append(Text("the weights are drawn with seed {seed}", seed=self.seed))
        return tuple(told)


def feed(
    architecture: Architecture,
    images: Sequence[str] = (),
    weights: str | None = None,
    *,
    seed: int = 0,
    resize: bool = False,
    raw: bool = False,
) -> Feed:
    """Read what is given; without images they are drawn, without weights these are.

    Integers stay integers where images and weights hold nothing else; all else becomes float32, or float64 where numbers
    were typed with fractions. Raises ArchitectureError for what cannot be read, does not fit, or cannot be run.
    """
    _can_run(architecture)
    files = _by_input(architecture, images)
    shapes = {name: tuple(map(int, shape)) for name, shape in architecture.inputs.items()}
    first = {node.name: _reads_channels_first(architecture, node) for node in architecture.nodes if node.name in shapes}
    found = {
        name: read_image(path, shapes[name], resize=resize, channels_first=first[name], raw=raw)
        for name, path in files.items()
    }
    image_drawn = not found and bool(shapes)
    found = found or {name: tenths(shape, name, seed) for name, shape in shapes.items()}
    given, note = _weights(weights, architecture)
    kind = _number_kind(architecture, found, given)
    inputs = {name: image[None].astype(kind) for name, image in found.items()}
    if given is not None:
        given = {
            layer: {name: array.astype(_wider(kind, array)) for name, array in own.items()}
            for layer, own in given.items()
        }
    store = Store(given, seed=seed, dtype=np.float32, file=weights)
    return Feed(inputs, store, seed, image_drawn, note)


def tenths(shape: tuple[int, ...], name: str, seed: int) -> Array:
    """Numbers from 0 to 1 that are short to write."""
    random = np.random.default_rng([seed, crc32(name.encode())])
    return random.integers(0, 11, shape).astype(np.float32) / np.float32(10)


READS_MASKS = ("recurrent", "conv_lstm", "attention")
"""Families that leave masked steps out, as wrappers of them and GlobalAveragePooling1D do."""


def _can_run(architecture: Architecture) -> None:
    """Refuse what would come out as other numbers than Keras's: declared layers, and masks that a later layer reads."""
    masked: set[str] = set()
    for node in architecture.nodes:
        if node.layer.kind() == "Custom":
            message = Text("{layer} is only declared: what it does to numbers is not known", layer=node.name)
            raise ArchitectureError([Fault("declared-only", message, layer=node.name, place=architecture.source.place(node.path))])  # fmt: skip
        sources = {producer(tensor) for tensor in node.inputs}
        if sources & masked and _reads_masks(node.layer):
            message = Text("{layer} leaves out the steps that a layer before it masks, which is not carried along here", layer=node.name)  # fmt: skip
            raise ArchitectureError([Fault("masks", message, layer=node.name, place=architecture.source.place(node.path))])  # fmt: skip
        if sources & masked or node.layer.kind() == "Masking" or getattr(node.layer, "mask_zero", False):
            masked.add(node.name)


def _reads_masks(layer: Layer) -> bool:
    inner = getattr(layer, "layer", layer)
    return HOME[inner.kind()] in READS_MASKS or inner.kind() == "GlobalAveragePooling1D"


def _by_input(architecture: Architecture, images: Sequence[str]) -> dict[str, str]:
    """The file of each input: `path` where there is one, `left=path` by name."""
    names = list(architecture.inputs)
    found: dict[str, str] = {}
    for image in images:
        name, sign, path = image.partition("=")
        if not (sign and name in names):
            name, path = _only(names, image), image
        if name in found:
            message = Text(
                "{name} is given two images: {first} and {second}", name=name, first=found[name], second=path
            )
            raise ArchitectureError(
                [Fault("which-input", message, remedies=(Text("give one --image for each input"),))]
            )
        found[name] = path
    missing = [name for name in names if name not in found]
    if found and missing:
        message = Text("no image is given for {names}", names=", ".join(missing))
        raise ArchitectureError([Fault("image-missing", message)])
    return found


def _only(names: Sequence[str], image: str) -> str:
    """The input that an image without a name belongs to."""
    if len(names) == 1:
        return names[0]
    file = image.rpartition("=")[2]
    message = Text("several inputs need names, as in {name}={file}", name=names[0] if names else "input", file=file)
    raise ArchitectureError([Fault("which-input", message, remedies=(Text("there are: {known}", known=", ".join(names)),))])  # fmt: skip


def _reads_channels_first(architecture: Architecture, input: Node) -> bool:
    """Whether the layers that read an input, or else any layer, have the channels first."""
    readers = [node.layer for node in architecture.nodes if input.name in node.inputs]
    said = [layer.channels_first for layer in readers if hasattr(layer, "channels_first")]
    return any(said) if said else architecture.channels_first


def _weights(path: str | None, architecture: Architecture) -> tuple[dict[str, dict[str, Array]] | None, Text | None]:
    """The weights in a file, and what is to be said of it."""
    if path is None:
        file = architecture.source.file
        return None, Text("weights in {file} are read with --weights {file}", file=file) if file.lower().endswith(
            ".keras"
        ) else None
    if FilePath(path).suffix.lower() in TYPED:
        return read_typed_weights(path, architecture), None
    found = read_weights(path, architecture)
    return found, found.note


def _number_kind(
    architecture: Architecture, images: Mapping[str, Array], given: Mapping[str, Mapping[str, Array]] | None
) -> Any:
    """int64 where all is whole and every layer leaves it so; else float32, or float64 where something is."""
    arrays = [*images.values(), *(array for own in (given or {}).values() for array in own.values())]
    drawn = given is None and _learns(architecture)
    if not drawn and all(map(is_whole, arrays)) and all(_is_exact(node.layer) for node in architecture.nodes):
        return np.int64
    return np.float64 if any(array.dtype == np.float64 for array in arrays) else np.float32


def _wider(kind: Any, array: Array) -> Any:
    """The type of a weight: that of the inputs, unless it holds more digits."""
    return np.result_type(kind, array.dtype) if array.dtype.kind == "f" else kind


def _learns(architecture: Architecture) -> bool:
    """Whether some kind of layer with weights is there."""
    return any(hasattr(node.layer, "use_bias") for node in architecture.nodes)


def _is_exact(layer: Layer) -> bool:
    """Whether the layer takes integers as they are, and so does its activation."""
    kind = layer.kind()
    takes = (HOME[kind] in EXACT and not kind.startswith("LP")) or kind in {"Activation", "Softmax"}
    return takes and getattr(layer, "activation", None) in EXACT_ACTIVATIONS
