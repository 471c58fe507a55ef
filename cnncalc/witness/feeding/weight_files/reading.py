"""From a file of weights and a network to the weights of every layer, or all that is wrong with them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import numpy as np

from ....architecture import Architecture
from ....errors import ArchitectureError, Fault, Place, nearest
from ....language import Text
from ...arrays import Array, shape_text
from .forms import MAX_BYTES, damage_told, opened
from .names import weight_names
from .stored import Contents, Found, Placed, is_ignored, owners

MAX_TOLD = 12
"""Names that a message holds."""

NUMBERS = frozenset(
    {"float16", "float32", "float64"} | {f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)}
)


class Weights(dict[str, dict[str, Array]]):
    """Arrays by layer and weight, as `Store(given=...)` takes them, and what the file held besides."""

    def __init__(self, arrays: dict[str, dict[str, Array]], unused: tuple[str, ...] = ()) -> None:
        super().__init__(arrays)
        self.unused = unused
        """What the file holds and no layer asks for."""

    @property
    def note(self) -> Text | None:
        """What the reader of a result should know."""
        return _unused(self.unused) if self.unused else None


def read_weights(path: str | os.PathLike[str], architecture: Architecture) -> Weights:
    """The weights of a network's layers from a file: `.npz`, `.keras`, `.weights.h5`, `.h5` or `.safetensors`.

    Raises ArchitectureError with all faults: a weight that the file lacks, objects instead of numbers, NaN or
    infinity, too much to read, or a file that cannot be read. Shapes are checked by the layers that ask for them.
    """
    file = os.fspath(path)
    with opened(file) as contents:
        placed = contents.place(architecture)
        unused = _left(contents, placed)
        _refuse([*_missing(architecture, placed, contents), *_unfit(placed)], unused, file)
        faults: list[Fault] = []
        arrays = {
            layer: {name: _read(file, layer, name, found, faults) for name, found in weights.items()}
            for layer, weights in placed.items()
        }
        _refuse(faults, unused, file)
    return Weights(arrays, unused)


def _refuse(faults: list[Fault], unused: tuple[str, ...], file: str) -> None:
    """Raise what is wrong; what nobody asked for may be what somebody misses."""
    if faults:
        history = (_unused(unused),) if unused else ()
        raise ArchitectureError([fault._replace(place=Place(file), history=history) for fault in faults])


def _left(contents: Contents, placed: Placed) -> tuple[str, ...]:
    used = {found.key for weights in placed.values() for found in weights.values()}
    return tuple(key for key in contents.arrays if key not in used and not is_ignored(key))


def _missing(architecture: Architecture, placed: Placed, contents: Contents) -> Iterator[Fault]:
    """The layers, and the single weights of layers, that the file does not have."""
    if not contents.arrays:
        yield Fault("no-weights", Text("the file holds no weights"))
        return
    for layer, of in owners(architecture).items():
        there = placed.get(layer, {})
        for name in weight_names(of) if there else ():
            if name not in there:
                message = Text("the weights of {layer} lack {name}; there are: {names}", layer=layer, name=name, names=", ".join(there))  # fmt: skip
                yield Fault("weight-missing", message, layer=layer)
        if not there:
            message = Text("the file has no weights of {layer} ({kind}); it has those of {names}", layer=layer, kind=of.kind(), names=_told(contents.layers))  # fmt: skip
            near = nearest(layer, contents.layers)
            hints = (Text("did you mean {near}?", near=near),) if near and near not in placed else ()
            yield Fault("weight-missing", message, layer=layer, remedies=hints)


def _unfit(placed: Placed) -> Iterator[Fault]:
    """What need not be read to be refused."""
    total = 0
    for layer, weights in placed.items():
        for name, found in weights.items():
            total += found.stored.nbytes
            if found.stored.dtype not in NUMBERS:
                message = Text("{name} of {layer} is of the type {dtype}, which is not read", name=name, layer=layer, dtype=found.stored.dtype)  # fmt: skip
                yield Fault("weight-type", message, layer=layer, remedies=(Text("save it as float32"),))
    if total > MAX_BYTES:
        message = Text("the weights would take {size} GiB, and at most {limit} GiB are read", size=round(total / 2**30, 1), limit=MAX_BYTES // 2**30)  # fmt: skip
        yield Fault("weights-too-large", message)


def _read(file: str, layer: str, name: str, found: Found, faults: list[Fault]) -> Array:
    """The array in the witness's layout, of the machine's byte order; halves are widened, which changes no number."""
    with damage_told(file):
        array: Any = found.stored.read()
    try:
        array = found.turn(array)
    except ValueError:
        shape = shape_text(found.stored.shape)
        message = Text("{key} has the shape {given}, which {name} of {layer} cannot have", key=found.key, given=shape, name=name, layer=layer)  # fmt: skip
        faults.append(Fault("weight-shape", message, layer=layer))
        return array
    dtype = array.dtype.newbyteorder("=")
    array = np.ascontiguousarray(array, np.float32 if dtype == np.float16 else dtype).reshape(array.shape)
    if odd := array.size - int(np.count_nonzero(np.isfinite(array))):
        message = Text("{n} of the {size} numbers in {name} of {layer} are NaN or infinite", n=odd, size=array.size, name=name, layer=layer)  # fmt: skip
        faults.append(Fault("weight-not-finite", message, layer=layer))
    return array


def _unused(keys: tuple[str, ...]) -> Text:
    return Text("the file holds what no layer asks for: {names}", names=_told(keys))


def _told(keys: tuple[str, ...]) -> str:
    more = f", … ({len(keys)})" if len(keys) > MAX_TOLD else ""
    return ", ".join(keys[:MAX_TOLD]) + more
