"""HDF5 as Keras writes it; what a file keeps in another file is not followed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import IO, Any

from ....architecture.source import failure
from ....errors import Place
from ....language import Text
from .keras_groups import config_names, named_groups, place_groups
from .keras_legacy import place_legacy
from .stored import Contents, Stored

LEGACY = "model_weights"
"""Where Keras 2 keeps the weights of a whole model; in a file of weights alone they stand outermost."""


@contextmanager
def hdf5_contents(file: str, stream: IO[bytes] | None = None, config: dict[str, Any] | None = None) -> Iterator[Contents]:  # fmt: skip
    """The arrays of the file, or of an archive's member; `config` is the model's, where the archive has one."""
    try:
        import h5py  # noqa: PLC0415 - an extra, needed for these files alone
    except ImportError:
        message = Text("this file is read with {package}, which is not installed here", package="h5py")
        hint = Text("install it: {command}", command="python -m pip install 'cnncalc[h5]'")
        raise failure("missing-extra", message, Place(file), hint) from None
    with h5py.File(stream or file, "r") as opened:
        yield _contents(opened, config, h5py.Dataset, file)


def _contents(opened: Any, config: dict[str, Any] | None, dataset: type, file: str) -> Contents:
    items: dict[str, Any] = {"": opened}
    opened.visititems(lambda path, item: items.update({_text(path): item}))  # never through a link to another file
    base = LEGACY if LEGACY in items else ""
    inside = {path.removeprefix(base).strip("/"): item for path, item in items.items() if path.startswith(base)}
    arrays = {path: _stored(path, item, file) for path, item in inside.items() if isinstance(item, dataset)}
    if layers := _listed(inside[""], "layer_names"):
        weights = {layer: _listed(inside[layer], "weight_names") for layer in layers}
        there = {layer: [name for name in names if f"{layer}/{name}" in arrays] for layer, names in weights.items()}
        there = {layer: names for layer, names in there.items() if names}
        return Contents(arrays, tuple(there), partial(place_legacy, arrays, there, file))
    named = {path: item for path, item in inside.items() if path not in arrays and "name" in item.attrs}
    names = {path.removesuffix("/vars"): _text(item.attrs["name"]) for path, item in named.items()}
    if config and not names:
        names = config_names(config)
    groups = named_groups(arrays, names)
    told = tuple("/".join(group.names) or group.path for group in groups)
    return Contents(arrays, told, partial(place_groups, arrays, groups, file))


def _stored(path: str, item: Any, file: str) -> Stored:
    if item.external or item.is_virtual:
        message = Text("{key} keeps its numbers in another file, which is not opened", key=path)
        raise failure("numbers-elsewhere", message, Place(file))
    dtype = "bfloat16" if "dtype" in item.attrs else item.dtype.name
    return Stored(tuple(item.shape or ()), dtype, item.size * item.dtype.itemsize, partial(item.__getitem__, ()))


def _listed(group: Any, name: str) -> list[str]:
    """A list of names; one too long for an attribute is in parts, `layer_names0` and so on."""
    if name in group.attrs:
        return [_text(each) for each in group.attrs[name]]
    found: list[str] = []
    number = 0
    while f"{name}{number}" in group.attrs:
        found += map(_text, group.attrs[f"{name}{number}"])
        number += 1
    return found


def _text(value: Any) -> str:
    """The text of a name; a UnicodeError where it is none."""
    return (value if isinstance(value, bytes) else str(value).encode()).decode()
