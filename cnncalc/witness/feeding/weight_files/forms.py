"""Which kind of file it is, by its first bytes, and opening it."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from io import BytesIO
from pathlib import Path
from typing import Any

from ....architecture.files import MAX_BYTES as MAX_CONFIG
from ....architecture.source import failure
from ....errors import ArchitectureError, Place, nearest
from ....language import Text
from .hdf5 import hdf5_contents
from .npz import npz_contents
from .stored import Contents
from .tensors import safetensors_contents

HDF5 = b"\x89HDF"
ZIP = b"PK\x03\x04"
PICKLE = b"\x80"
TABLE = 8
"""Where the table of a safetensors file begins, behind its length."""

KERAS_WEIGHTS = "model.weights.h5"
KERAS_CONFIG = "config.json"

MAX_BYTES = 4 * 2**30
"""The most that is read of one file: eight times VGG16."""

KNOWN = Text("weights are read from .npz, .keras, .weights.h5, .h5 and .safetensors")
TO_SAFETENSORS = Text("in PyTorch, write them as safetensors.torch.save_file(model.state_dict(), 'model.safetensors')")


DAMAGE = (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, KeyError, TypeError, ValueError, IndexError, AttributeError)  # fmt: skip
"""What the libraries raise on a file that is not as it should be."""


@contextmanager
def damage_told(file: str) -> Iterator[None]:
    """An ArchitectureError in place of what a library says of a damaged file."""
    try:
        yield
    except ArchitectureError:
        raise
    except DAMAGE as error:
        message = Text("the file is damaged or cut short: {reason}", reason=str(error).partition("\n")[0])
        raise failure("damaged-weights", message, Place(file), Text("save or download it again")) from None


@contextmanager
def opened(file: str) -> Iterator[Contents]:
    """The contents of a file of weights, as long as it is open; an ArchitectureError if it is none, or damaged."""
    with ExitStack() as stack:
        start = _start(file)
        with damage_told(file):
            contents = stack.enter_context(_form(file, start, stack))
        yield contents


def _start(file: str) -> bytes:
    path = Path(file)
    if path.is_dir():
        raise failure("directory", Text("this is a directory, not a file"), Place(file))
    try:
        with path.open("rb") as stream:
            return stream.read(TABLE + 1)
    except FileNotFoundError:
        near = nearest(path.name, _beside(path))
        hints = (Text("did you mean {near}?", near=path.parent / near),) if near else ()
        raise failure("no-file", Text("there is no such file"), Place(file), *hints) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise failure("unreadable", Text("the file cannot be read: {reason}", reason=reason), Place(file)) from None


def _beside(path: Path) -> list[str]:
    return [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []


def _form(file: str, start: bytes, stack: ExitStack) -> AbstractContextManager[Contents]:
    if start.startswith(HDF5):
        return hdf5_contents(file)
    if start.startswith(ZIP):
        return _archive(stack.enter_context(zipfile.ZipFile(file)), file)
    if start[TABLE:] == b"{":
        return safetensors_contents(file)
    raise _unknown(file, TO_SAFETENSORS if start.startswith(PICKLE) else KNOWN)


def _archive(archive: zipfile.ZipFile, file: str) -> AbstractContextManager[Contents]:
    """NumPy's archive or Keras's; PyTorch's is a pickle, which could run anything."""
    names = archive.namelist()
    if KERAS_WEIGHTS in names:
        return hdf5_contents(file, _member(archive, KERAS_WEIGHTS, MAX_BYTES, file), _config(archive, file))
    if any(name.endswith("data.pkl") for name in names):
        raise _unknown(file, TO_SAFETENSORS)
    if any(name.endswith(".npy") for name in names):
        return nullcontext(npz_contents(archive, file))
    raise _unknown(file, KNOWN)


def _member(archive: zipfile.ZipFile, name: str, limit: int, file: str) -> BytesIO:
    """A member unpacked, of whatever size it says, up to a limit."""
    with archive.open(name) as stream:
        content = stream.read(min(archive.getinfo(name).file_size, limit) + 1)
    if len(content) > limit:
        message = Text("the weights would take {size} GiB, and at most {limit} GiB are read", size=round(archive.getinfo(name).file_size / 2**30, 1), limit=limit // 2**30)  # fmt: skip
        raise failure("weights-too-large", message, Place(file))
    return BytesIO(content)


def _config(archive: zipfile.ZipFile, file: str) -> Any:
    """The model's config, which knows the names that files of older versions lack."""
    if KERAS_CONFIG not in archive.namelist():
        return None
    return json.loads(_member(archive, KERAS_CONFIG, MAX_CONFIG, file).read())


def _unknown(file: str, hint: Text) -> ArchitectureError:
    return failure("not-weights", Text("this is not a file of weights that is read"), Place(file), hint)
