"""NumPy's archives of arrays, whose headers are read before the arrays are."""

from __future__ import annotations

import zipfile
from functools import partial
from math import prod
from typing import Any

import numpy as np

from ....architecture.source import failure
from ....errors import Place
from ....language import Text
from ...arrays import Array
from .own import flat
from .stored import Contents, Stored

ENDING = ".npy"


def npz_contents(archive: zipfile.ZipFile, file: str) -> Contents:
    """The arrays of an archive, by name."""
    members = [member for member in archive.infolist() if member.filename.endswith(ENDING)]
    arrays = {member.filename.removesuffix(ENDING): _stored(archive, member, file) for member in members}
    return flat(arrays)


def _stored(archive: zipfile.ZipFile, member: zipfile.ZipInfo, file: str) -> Stored:
    with archive.open(member) as stream:
        shape, dtype = _header(stream)
    if dtype.hasobject:
        message = Text("{key} holds Python objects, which are never loaded", key=member.filename.removesuffix(ENDING))
        raise failure("objects-in-file", message, Place(file), Text("save arrays of numbers"))
    nbytes = prod(shape) * dtype.itemsize
    if not 0 <= nbytes <= member.file_size or any(n < 0 for n in shape):
        raise ValueError(f"{member.filename} is cut short")
    return Stored(shape, dtype.name, nbytes, partial(_read, archive, member))


def _header(stream: Any) -> tuple[tuple[int, ...], np.dtype[Any]]:
    version = np.lib.format.read_magic(stream)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, _, dtype = read(stream)
    return shape, dtype


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Array:
    with archive.open(member) as stream:
        return np.lib.format.read_array(stream, allow_pickle=False)
