"""Answers that come through a pipe: a sheet is gone through twice, and a pipe only once."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

from ..errors import ArchitectureError
from ..teach.answers.decoding import MAX_BYTES


@contextmanager
def called(files: Mapping[str, str]) -> Iterator[None]:
    """Faults name files as they were given, not as they were copied."""
    try:
        yield
    except ArchitectureError as error:
        places = [fault.place and fault.place._replace(file=files.get(fault.place.file, fault.place.file)) for fault in error.faults]  # fmt: skip
        raise ArchitectureError([fault._replace(place=place) for fault, place in zip(error.faults, places, strict=True)]) from None  # fmt: skip


@contextmanager
def on_disk(path: str) -> Iterator[str]:
    """The path of a file that can be read again; of standard input (`-`) and of pipes a copy is made."""
    if path != "-" and (not os.path.lexists(path) or Path(path).is_file() or Path(path).is_dir()):
        yield path
        return
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "stdin"
        with nullcontext(sys.stdin.buffer) if path == "-" else Path(path).open("rb") as source:
            copy.write_bytes(source.read(MAX_BYTES + 1))  # one too many is refused when it is read
        yield str(copy)
