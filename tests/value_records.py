"""Recorded values: the inputs and weights that a framework was given, and what it put out.

A file is an .npz of three arrays: `index` is JSON (layers or networks, and the shapes of all that follows),
`eighths` all inputs and weights in a row as multiples of 1/8, `floats` all outputs in a row.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from math import prod
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from cnncalc.architecture import Architecture, build
from cnncalc.interop.yaml_writer import settings
from cnncalc.layers import Layer

Array = Any
Arrays = dict[str, Array]
DATA = Path(__file__).parent / "data"
FILES = {"keras": DATA / "values_keras.npz", "torch": DATA / "values_torch.npz"}
NETWORKS = DATA / "values_networks.npz"


class Record(NamedTuple):
    """One layer that a framework has run."""

    layer: Layer
    inputs: list[Array]
    weights: Arrays
    outputs: list[Array]


class NetworkRecord(NamedTuple):
    """A network that a framework has run, with the outputs of every layer."""

    architecture: Architecture
    inputs: Arrays
    weights: dict[str, Arrays]
    outputs: dict[str, list[Array]]


def is_exact(arrays: Iterable[Array]) -> bool:
    """Whether all numbers are multiples of 1/8 that are small enough to be recorded."""
    return all(np.array_equal(8 * x, (8 * x).astype(np.int16)) for x in arrays)


def save(path: Path, records: Iterable[Record], framework: str) -> None:
    """Write records of layers; the same records make the same bytes."""
    file = _Writer(framework)
    for record in records:
        entry = {"kind": record.layer.kind(), "fields": settings(record.layer)}
        entry |= {"inputs": file.exact(record.inputs), "weights": file.exact_by_name(record.weights)}
        entry |= {"outputs": file.floats(record.outputs)}
        assert settings(_layer(entry)) == settings(record.layer), f"{record.layer!r} does not survive being written"
        file.add(entry)
    file.write(path)


def load(path: Path) -> list[Record]:
    """The records of a file, in order."""
    file = _Reader(path)
    return [
        Record(
            _layer(entry),
            file.exact(entry["inputs"]),
            file.exact_by_name(entry["weights"]),
            file.floats(entry["outputs"]),
        )
        for entry in file.entries
    ]


def save_networks(path: Path, records: Iterable[tuple[Any, NetworkRecord]], framework: str) -> None:
    """Write networks, each with the data that it is built of."""
    file = _Writer(framework)
    for data, record in records:
        entry = {"data": data, "inputs": file.exact_by_name(record.inputs)}
        entry |= {"weights": {node: file.exact_by_name(each) for node, each in record.weights.items()}}
        entry |= {"outputs": {node: file.floats(each) for node, each in record.outputs.items()}}
        file.add(entry)
    file.write(path)


def load_networks(path: Path) -> dict[str, NetworkRecord]:
    """The networks of a file by name."""
    file = _Reader(path)
    found = {}
    for entry in file.entries:
        inputs = file.exact_by_name(entry["inputs"])
        weights = {node: file.exact_by_name(each) for node, each in entry["weights"].items()}
        outputs = {node: file.floats(each) for node, each in entry["outputs"].items()}
        architecture = build(entry["data"])
        found[architecture.name] = NetworkRecord(architecture, inputs, weights, outputs)
    return found


def _layer(entry: dict[str, Any]) -> Layer:
    """The layer of a case, read as an architecture file is."""
    names = [f"x{number}" for number in range(len(entry["inputs"]))]
    shapes = {name: list(shape[1:]) for name, shape in zip(names, entry["inputs"], strict=True)}
    return build({"inputs": shapes, "layers": [{entry["kind"]: {**entry["fields"], "inputs": names}}]}).nodes[-1].layer


class _Writer:
    """Takes arrays in the order in which they will be read, and gives their shapes."""

    def __init__(self, framework: str) -> None:
        self._framework = framework
        self._entries: list[Any] = []
        self._exact, self._floats = [np.zeros(0)], [np.zeros(0)]

    def exact(self, arrays: Iterable[Array]) -> list[Any]:
        found = list(arrays)
        assert is_exact(found), "inputs and weights are small multiples of 1/8"
        self._exact += [8 * x.ravel() for x in found]
        return [x.shape for x in found]

    def exact_by_name(self, arrays: Arrays) -> dict[str, Any]:
        return dict(zip(arrays, self.exact(arrays.values()), strict=True))

    def floats(self, arrays: Iterable[Array]) -> list[Any]:
        found = list(arrays)
        self._floats += [x.ravel() for x in found]
        return [x.shape for x in found]

    def add(self, entry: Any) -> None:
        self._entries.append(entry)

    def write(self, path: Path) -> None:
        text = json.dumps({"framework": self._framework, "entries": self._entries}, separators=(",", ":"))
        np.savez_compressed(
            path,
            index=np.frombuffer(text.encode(), np.uint8),
            eighths=np.concatenate(self._exact).astype(np.int16),
            floats=np.concatenate(self._floats).astype(np.float32),
        )


class _Reader:
    """Gives arrays of these shapes, one after the other."""

    def __init__(self, path: Path) -> None:
        with np.load(path, allow_pickle=False) as packed:
            self.entries = json.loads(packed["index"].tobytes())["entries"]
            self._exact = _Row(packed["eighths"].astype(np.float32) / 8)
            self._floats = _Row(packed["floats"])

    def exact(self, shapes: Iterable[Any]) -> list[Array]:
        return [self._exact.next(shape) for shape in shapes]

    def exact_by_name(self, shapes: dict[str, Any]) -> Arrays:
        return {name: self._exact.next(shape) for name, shape in shapes.items()}

    def floats(self, shapes: Iterable[Any]) -> list[Array]:
        return [self._floats.next(shape) for shape in shapes]


class _Row:
    """Numbers in a row, taken from the front."""

    def __init__(self, numbers: Array) -> None:
        self._numbers, self._at = numbers, 0

    def next(self, shape: Iterable[int]) -> Array:
        wanted = tuple(shape)
        start, self._at = self._at, self._at + prod(wanted)
        return self._numbers[start : self._at].reshape(wanted)
