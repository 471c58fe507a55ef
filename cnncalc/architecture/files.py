"""From a path to a Source: the bytes, within bounds, as text, in the form that the file has."""

from __future__ import annotations

import os
import sys
from pathlib import Path as FilePath

from ..errors import Place, nearest
from ..language import Text
from .source import Source, failure

MAX_BYTES = 16 * 2**20


_START = Text("start with an input and a layer: `input: [28, 28, 1]`, then `layers: [Flatten, Dense: 10]`")


def read(path: str, start: Text = _START) -> Source:
    """Read the architecture file at `path` (`-` is standard input)."""
    file = "<stdin>" if path == "-" else path
    return parse_text(decoded(contents(path, file), file), file, start)


def parse_text(text: str, file: str, start: Text = _START) -> Source:
    """The data of an architecture file: YAML, JSON or TOML by its ending, else by its look; `start` helps who has none yet."""
    if not text.strip():
        raise failure("empty-file", Text("the file is empty"), Place(file), start)
    source = parse(text, file, _format(file, text))
    if source.data is None:
        raise failure("empty-file", Text("the file holds only comments"), Place(file), start)
    return source


def contents(path: str, file: str) -> bytes:
    """The bytes of the file at `path`, which messages call `file`."""
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


def decoded(content: bytes, file: str) -> str:
    """The bytes as UTF-8 text."""
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
