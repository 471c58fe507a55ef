"""Weights from a file that a program wrote."""

from __future__ import annotations

from io import BytesIO
from zipfile import BadZipFile, ZipFile

import numpy as np

from ..architecture import Architecture
from ..architecture.files import contents
from ..architecture.source import failure
from ..errors import Place
from ..language import Text
from .arrays import Array


def read_weights(path: str, architecture: Architecture) -> dict[str, dict[str, Array]]:
    """The arrays of an `.npz` by layer and weight; its keys are `conv2d/kernel`."""
    found: dict[str, dict[str, Array]] = {}
    content = contents(path, path)
    try:
        with ZipFile(BytesIO(content)) as archive:
            for entry in archive.namelist():
                layer, _, weight = entry.removesuffix(".npy").rpartition("/")
                with archive.open(entry) as stream:
                    found.setdefault(layer, {})[weight] = np.lib.format.read_array(stream, allow_pickle=False)
    except (BadZipFile, ValueError, EOFError) as error:
        message = Text("the weights cannot be read: {reason}", reason=str(error).splitlines()[0])
        raise failure("damaged", message, Place(path)) from None
    return found
