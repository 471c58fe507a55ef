"""The `.keras` archive: a zip with the config beside the weights, of which only the config is read."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import PurePosixPath

from ..architecture.files import MAX_BYTES, decoded
from ..architecture.source import Source, failure
from ..errors import Place
from ..language import Text
from .keras_config import read_config

CONFIG = "config.json"


def read_archive(path: str, content: bytes | None = None) -> Source:
    """The config in the archive at `path` (or in `content`, where that has been read)."""
    file = "<stdin>" if path == "-" else path
    try:
        with zipfile.ZipFile(BytesIO(content) if content is not None else path) as archive:
            _refuse_outsiders(archive, file)
            return read_config(_config(archive, file), file)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        message = Text("the archive is damaged or cut short: {reason}", reason=error)
        raise failure("damaged-archive", message, Place(file), Text("save or download it again")) from None


def _refuse_outsiders(archive: zipfile.ZipFile, file: str) -> None:
    """An archive with a path outside itself was not written by Keras."""
    for name in archive.namelist():
        path = PurePosixPath(name.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
            message = Text("the archive holds a path outside itself: {name}", name=repr(name))
            raise failure("archive-path", message, Place(file))


def _config(archive: zipfile.ZipFile, file: str) -> str:
    if CONFIG not in archive.namelist():
        message = Text("the archive holds no config.json, so it is not a Keras model")
        raise failure("not-keras", message, Place(file))
    with archive.open(CONFIG) as stream:
        content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        message = Text("the file is larger than {limit} MiB, the most that is read", limit=MAX_BYTES // 2**20)
        raise failure("file-too-large", message, Place(file))
    return decoded(content, file)
