"""A file's text as plain data, with the position of every value at hand.

Files come from strangers: size, nesting and alias expansion are bounded, and nothing in them is run.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path as FilePath
from typing import Any

from ..errors import ArchitectureError, Fault, Path, Place, nearest
from ..language import Text

MAX_BYTES = 16 * 2**20
MAX_DEPTH = 64

Locator = Callable[[Path], tuple[int, int] | None]
"""Finds the line and column (from 1) of a path in the data."""


class Source:
    """Plain data and where it stands: `place` finds the position of a path when a fault needs it."""

    def __init__(self, data: Any, file: str = "", text: str = "", locate: Locator = lambda path: None) -> None:
        self.data = data
        self.file = file
        self.text = text
        self._locate = locate

    def place(self, path: Path) -> Place | None:
        """The position of `path`, or of the nearest value around it."""
        if not self.file:
            return None
        for length in range(len(path), -1, -1):
            if position := self._locate(path[:length]):
                return place_at(self.file, self.text, *position)
        return Place(self.file)


def place_at(file: str, text: str, line: int, column: int) -> Place:
    """A place with the line's own text."""
    lines = text.splitlines()
    return Place(file, line, column, lines[line - 1] if 0 < line <= len(lines) else None)


def failure(code: str, message: Text, place: Place, *remedies: Text) -> ArchitectureError:
    """The error for a file that cannot be read at all."""
    return ArchitectureError([Fault(code, message, place=place, remedies=remedies)])


def read(path: str) -> Source:
    """Read the file at `path` (`-` is standard input): YAML, JSON or TOML by its ending, else by its look."""
    file = "<stdin>" if path == "-" else path
    text = _decoded(_bytes(path, file), file)
    if not text.strip():
        raise failure("empty-file", Text("the file is empty"), Place(file), _START)
    source = parse(text, file, _format(file, text))
    if source.data is None:
        raise failure("empty-file", Text("the file holds only comments"), Place(file), _START)
    return source


_START = Text("start with an input and a layer: `input: [28, 28, 1]`, then `layers: [Flatten, Dense: 10]`")


def _bytes(path: str, file: str) -> bytes:
    if path == "-":
        content = sys.stdin.buffer.read(MAX_BYTES + 1)
    else:
        if os.path.isdir(path):  # noqa: PTH112 - unlike Path, it takes any string, even with a zero byte
            raise failure("directory", Text("this is a directory, not a file"), Place(file))
        try:
            with FilePath(path).open("rb") as stream:
                content = stream.read(MAX_BYTES + 1)
        except FileNotFoundError:
            raise failure("no-file", Text("there is no such file"), Place(file), *_similar(path)) from None
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise failure("unreadable", Text("the file cannot be read: {reason}", reason=reason), Place(file)) from None
    if len(content) > MAX_BYTES:
        message = Text("the file is larger than {limit} MiB, the most that is read", limit=MAX_BYTES // 2**20)
        raise failure("file-too-large", message, Place(file))
    return content


def _similar(path: str) -> tuple[Text, ...]:
    wanted = FilePath(path)
    try:
        present = [entry.name for entry in wanted.parent.iterdir()]
    except OSError:
        return ()
    near = nearest(wanted.name, present)
    return (Text("did you mean {near}?", near=wanted.parent / near),) if near else ()


def _decoded(content: bytes, file: str) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        message = Text("the file is not UTF-8 text (byte {byte} on line {line})", byte=error.start + 1, line=line)
        raise failure("not-text", message, Place(file), Text("save it as UTF-8")) from None
    if "\0" in text:
        raise failure("not-text", Text("the file is binary, not text"), Place(file))
    return text


def _format(file: str, text: str) -> str:
    ending = FilePath(file).suffix.lower()
    if ending in {".yaml", ".yml"}:
        return "yaml"
    if ending in {".json", ".toml"}:
        return ending[1:]
    first = next(line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("#"))
    if first.startswith("{"):
        return "json"
    return "toml" if first.startswith("[") or "=" in first.split(":")[0] else "yaml"


def parse(text: str, file: str, form: str) -> Source:
    """Parse `text` in one of the three forms."""
    if form == "yaml":
        from .yaml_reader import parse_yaml  # noqa: PLC0415 - only the reader that is needed

        return parse_yaml(text, file)
    from .json_toml import parse_json, parse_toml  # noqa: PLC0415 - only the reader that is needed

    return parse_json(text, file) if form == "json" else parse_toml(text, file)
