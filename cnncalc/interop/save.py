"""Writing a network to a file, in the form that the file's ending names; whole, or not at all."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from ..architecture import Architecture
from ..architecture.source import failure
from ..errors import Place
from ..language import Text
from .keras_writer import keras_config
from .yaml_writer import architecture_yaml

ENDINGS = (".yaml", ".yml", ".json")


def save(architecture: Architecture, path: str | os.PathLike[str], *, ending: str | None = None) -> None:
    """Write `architecture` to `path`: `.yaml` is an architecture file, `.json` a Keras model config;
    `ending` says it where the path does not.

    Raises ArchitectureError if the form cannot hold the network, or the file cannot be written.
    """
    target = Path(path)
    text = converted(architecture, ending or target.suffix.lower(), str(path))
    try:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=target.parent, delete=False, newline="\n") as file:
            file.write(text)
        Path(file.name).chmod(0o666 & ~_umask())
        Path(file.name).replace(target)
    except OSError as error:
        reason = error.strerror or str(error)
        raise failure("unwritable", Text("the file cannot be written: {reason}", reason=reason), Place(str(path))) from None  # fmt: skip


def converted(architecture: Architecture, ending: str, file: str = "") -> str:
    """The text of a file with this ending."""
    if ending in {".yaml", ".yml"}:
        return architecture_yaml(architecture)
    if ending == ".json":
        return json.dumps(keras_config(architecture), indent=1) + "\n"
    message = Text("a file ending in {ending} cannot be written", ending=repr(ending))
    hint = Text("there are {known}: .yaml for an architecture, .json for a Keras model", known=", ".join(ENDINGS))
    raise failure("unknown-form", message, Place(file), hint)


def _umask() -> int:
    """The mask of new files, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
