"""From a path to an Architecture, whatever the file is."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path as FilePath
from typing import Any

from ..architecture import Architecture, build
from ..architecture.build import InputShape
from ..architecture.files import contents, decoded, parse_text
from ..architecture.source import Source, failure
from ..errors import Place
from ..language import Text

HDF5 = b"\x89HDF"
ZIP = b"PK"


def load(
    path: str | os.PathLike[str], *, input: InputShape | None = None, variables: Mapping[str, Any] | None = None
) -> Architecture:
    """Read a network from a file; `-` is standard input.

    The file may be an architecture (YAML, JSON, TOML), a Keras model (`model.to_json()`, `.keras`), or
    Python source whose model is one `Sequential` of literals. `input` replaces the input's shape (or, as
    a mapping, the shapes of named inputs), in the order of the file itself: channels first for PyTorch.
    `variables` sets variables of an architecture file. Raises ArchitectureError with every fault found.
    """
    source = read(os.fspath(path))
    return build(source.data, source=source, input=input, variables=variables)


def builder(
    path: str | os.PathLike[str], *, input: InputShape | None = None, variables: Mapping[str, Any] | None = None
) -> Callable[[Mapping[str, Any]], Architecture]:
    """Read a file once, as `load` does; what is returned builds it with some variables set otherwise."""
    source = read(os.fspath(path))
    return lambda others: build(source.data, source=source, input=input, variables={**(variables or {}), **others})


def read(path: str) -> Source:
    """The file as the data of an architecture. Raises ArchitectureError."""
    file = "<stdin>" if path == "-" else path
    if _is_archive(path):
        from .keras_archive import read_archive  # noqa: PLC0415 - only the reader that the file needs

        return read_archive(path)
    content = contents(path, file)
    if content.startswith(HDF5):
        raise failure("hdf5", Text("HDF5 files are not read"), Place(file), _TO_KERAS)
    if content.startswith(ZIP):
        from .keras_archive import read_archive  # noqa: PLC0415 - only the reader that the file needs

        return read_archive(path, content)
    text = decoded(content, file)
    if not text.strip() and file.endswith((".py", ".keras")):
        raise failure("empty-file", Text("the file is empty"), Place(file))
    if file.endswith(".py"):
        from .python_source import read_python  # noqa: PLC0415 - only the reader that the file needs

        return read_python(text, file)
    if '"class_name"' in text and text.lstrip().startswith("{"):
        from .keras_config import read_config  # noqa: PLC0415 - only the reader that the file needs

        return read_config(text, file)
    return parse_text(text, file)


def _is_archive(path: str) -> bool:
    """Whether the file is a zip, whose weights may be too large to read."""
    try:
        with FilePath(path).open("rb") as stream:
            return path != "-" and stream.read(len(ZIP)) == ZIP
    except (OSError, ValueError):
        return False  # said in full when the file is read


_TO_KERAS = Text(
    "in Keras, write the config instead: open('model.json', 'w').write(keras.models.load_model('model.h5').to_json())"
)
