"""JSON and TOML as plain data; positions are looked up only when a fault needs one."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

from ..errors import ArchitectureError, Path
from ..language import Text
from .parser_words import reason
from .source import MAX_DEPTH, Source, failure, place_at


def parse_json(text: str, file: str) -> Source:
    """Read a JSON document; a key written twice is an error."""

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            keys = [key for key, _ in pairs]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise failure("key-twice", Text("the key {key} is written twice", key=twice), place_at(file, text, 1, 1))
        return found

    try:
        data = json.loads(text, object_pairs_hook=members)
    except json.JSONDecodeError as error:
        message = Text("this is not valid JSON: {reason}", reason=reason(error.msg))
        raise failure("json-syntax", message, place_at(file, text, error.lineno, error.colno)) from None
    except RecursionError:
        raise _too_deep(file, text) from None
    except ArchitectureError:
        raise
    except ValueError as error:  # an integer of more digits than Python converts
        message = Text("this is not valid JSON: {reason}", reason=error)
        raise failure("json-syntax", message, place_at(file, text, 1, 1)) from None
    _check_depth(data, file, text)
    return Source(data, file, text, lambda path: _in_json(text, path))


def _in_json(text: str, path: Path) -> tuple[int, int] | None:
    """JSON is YAML but for its tabs, and YAML's nodes know where they stand."""
    from .yaml_reader import compose, find  # noqa: PLC0415 - for faults only

    try:
        root = compose(text.replace("\t", " "), "")
    except ArchitectureError:
        return None
    return find(root, path) if root else None


def parse_toml(text: str, file: str) -> Source:
    """Read a TOML document."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        why, line, column = _toml_position(str(error), text)
        message = Text("this is not valid TOML: {reason}", reason=reason(why))
        raise failure("toml-syntax", message, place_at(file, text, line, column)) from None
    except RecursionError:
        raise _too_deep(file, text) from None
    _check_depth(data, file, text)
    return Source(data, file, text, lambda path: _in_toml(text, path))


def _toml_position(message: str, text: str) -> tuple[str, int, int]:
    found = re.fullmatch(r"(.*) \(at line (\d+), column (\d+)\)", message)
    if found:
        return found[1], int(found[2]), int(found[3])
    return message.removesuffix(" (at end of document)"), max(1, len(text.splitlines())), 1


def _in_toml(text: str, path: Path) -> tuple[int, int] | None:
    """The line of an entry: the n-th `[[layers]]` and, below it, the key that is meant."""
    lines = text.splitlines()
    start = 0
    match path:
        case (str(table), int(index), *_):
            headers = [i for i, line in enumerate(lines) if line.strip() == f"[[{table}]]"]
            if index >= len(headers):
                return None
            start = headers[index]
            ends = [*headers[index + 1 :], len(lines)]
            lines = lines[: ends[0]]
    if not path:
        return 1, 1
    if isinstance(path[-1], str):
        key = re.compile(rf"\b{re.escape(path[-1])}\b\"?\s*=|^\s*\[+{re.escape(path[-1])}\]")
        for number in range(start, len(lines)):
            if found := key.search(lines[number]):
                return number + 1, found.start() + 1
        return None
    return start + 1, 1


def _check_depth(data: Any, file: str, text: str) -> None:
    level = [data]
    for _ in range(MAX_DEPTH + 1):
        level = [
            child
            for value in level
            if isinstance(value, (dict, list))
            for child in (value.values() if isinstance(value, dict) else value)
        ]
        if not level:
            return
    raise _too_deep(file, text)


def _too_deep(file: str, text: str) -> ArchitectureError:
    message = Text("values are nested more than {limit} deep", limit=MAX_DEPTH)
    return failure("too-deep", message, place_at(file, text, 1, 1))
