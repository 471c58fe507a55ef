"""YAML as plain data, from the composed nodes, so that every value keeps its line and column."""

from __future__ import annotations

import re
from typing import Any

import yaml
from yaml.events import CollectionEndEvent, CollectionStartEvent
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from ..errors import ArchitectureError, Path
from ..language import Text
from .parser_words import reason
from .source import MAX_DEPTH, Source, failure, place_at

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

MAX_VALUES = 4_000_000
MAX_DIGITS = 1000

TRUE = {"yes", "true", "on"}
FALSE = {"no", "false", "off"}

BARE_MARK = re.compile(r"(?<=[-:,\[] )\?(?=\s*(?:[,\]}]|$|\s#))|(?<=\[)\?(?=\s*[,\]])", re.MULTILINE)
MARK = "\ue000"
"""Stands for a `?` that is a whole value, where YAML would begin a key; as long as one, so that columns stay."""


def parse_yaml(text: str, file: str) -> Source:
    """Read one YAML document; aliases and `<<` are followed, tags are refused, `?` is a value like any other."""
    root = compose(BARE_MARK.sub(MARK, text) if "?" in text else text, file)
    if root is None:
        return Source(None, file, text)
    data = _Reader(file, text).value(root, 0)
    return Source(data, file, text, lambda path: find(root, path))


def compose(text: str, file: str) -> Node | None:
    """The tree of nodes, or an error with the place of the mistake."""
    try:
        if _may_be_deep(text):
            _check_depth(text, file)
        node: Node | None = yaml.compose(text, Loader=Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = place_at(file, text, mark.line + 1, mark.column + 1) if mark else place_at(file, text, 1, 1)
        message = Text("this is not valid YAML: {reason}", reason=reason(error.problem or error.context or ""))
        raise failure("yaml-syntax", message, where, *_advice(where.excerpt or "")) from None
    except yaml.YAMLError as error:
        message = Text("this is not valid YAML: {reason}", reason=str(error).splitlines()[0])
        raise failure("yaml-syntax", message, place_at(file, text, 1, 1)) from None
    except RecursionError:
        raise _too_deep(file, text, 1, 1) from None
    return node


SAFE_DEPTH = 1000
"""Nesting that the C loader, which recurses, takes without harm on any thread."""


def _may_be_deep(text: str) -> bool:
    """Whether nesting could pass `SAFE_DEPTH`: each level needs a bracket, or one more column."""
    brackets = text.count("[") + text.count("{")
    return brackets > SAFE_DEPTH or max(map(len, text.splitlines()), default=0) > SAFE_DEPTH


def _check_depth(text: str, file: str) -> None:
    """Walk the events, which nest without recursion, before anything is composed."""
    depth = 0
    for event in yaml.parse(text, Loader=Loader):
        if isinstance(event, CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                mark: Any = event.start_mark
                raise _too_deep(file, text, mark.line + 1, mark.column + 1)
        elif isinstance(event, CollectionEndEvent):
            depth -= 1


def _advice(line: str) -> list[Text]:
    if "\t" in line:
        return [Text("YAML indents with spaces, not with tabs")]
    if line.count("[") != line.count("]") or line.count("{") != line.count("}"):
        return [Text("check that every bracket on this line or the one before is closed")]
    return []


def _too_deep(file: str, text: str, line: int, column: int) -> ArchitectureError:
    message = Text("values are nested more than {limit} deep", limit=MAX_DEPTH)
    return failure("too-deep", message, place_at(file, text, line, column))


class _Reader:
    """Turns nodes into plain data and keeps count, so that aliases cannot explode."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text
        self.left = MAX_VALUES

    def value(self, node: Node, depth: int) -> Any:
        self.left -= 1
        if self.left < 0:
            raise self.fault(node, "too-many-values", Text("the aliases expand to more than {limit} values", limit=MAX_VALUES))  # fmt: skip
        if depth > MAX_DEPTH:
            raise _too_deep(self.file, self.text, node.start_mark.line + 1, node.start_mark.column + 1)
        if isinstance(node, MappingNode):
            return self.mapping(node, depth)
        if isinstance(node, SequenceNode):
            return [self.value(item, depth + 1) for item in node.value]
        return self.scalar(node)

    def mapping(self, node: MappingNode, depth: int) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        own: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if key_node.tag == "tag:yaml.org,2002:merge":
                merged = self.merged(value_node, depth) | merged
                continue
            if not isinstance(key_node, ScalarNode):
                raise self.fault(key_node, "bad-key", Text("a key must be a plain word"))
            if key_node.value in own:
                raise self.fault(key_node, "key-twice", Text("the key {key} is written twice", key=key_node.value))
            own[key_node.value] = self.value(value_node, depth + 1)
        return merged | own

    def merged(self, node: Node, depth: int) -> dict[str, Any]:
        value = self.value(node, depth + 1)
        parts = value if isinstance(value, list) else [value]
        if not all(isinstance(part, dict) for part in parts):
            raise self.fault(node, "bad-merge", Text("`<<` merges mappings only"))
        return {key: item for part in reversed(parts) for key, item in part.items()}

    def scalar(self, node: Node) -> Any:
        text = node.value.replace(MARK, "?")
        match node.tag.removeprefix("tag:yaml.org,2002:"):
            case "str" | "timestamp" | "value":
                return text
            case "null":
                return None
            case "bool":
                return text.lower() in TRUE
            case "int":
                return self.integer(node, text)
            case "float":
                return _real(text)
        message = Text("the tag {tag} is not allowed: plain values only", tag=node.tag)
        raise self.fault(node, "tag", message)

    def integer(self, node: Node, text: str) -> Any:
        digits = text.replace("_", "")
        if len(digits) > MAX_DIGITS:
            raise self.fault(node, "number-too-long", Text("a number of {n} digits is too long", n=len(digits)))
        try:
            return int(digits, 0)
        except ValueError:  # 007 is 7; 12:30, which YAML 1.1 counts in sixties, stays text
            return int(digits) if digits.lstrip("+-").isdigit() else text

    def fault(self, node: Node, code: str, message: Text) -> ArchitectureError:
        mark = node.start_mark
        return failure(code, message, place_at(self.file, self.text, mark.line + 1, mark.column + 1))


def _real(text: str) -> Any:
    digits = text.replace("_", "").lower()
    if digits.lstrip("+-") in {".inf", ".nan"}:
        digits = digits.replace(".", "")
    try:
        return float(digits)
    except ValueError:
        return text


def find(root: Node, path: Path) -> tuple[int, int] | None:
    """The position of the value at `path`: of its key in a mapping, of the item in a list."""
    node, mark = root, root.start_mark
    for step in path:
        match node:
            case MappingNode(value=members):
                pair = next((pair for pair in members if pair[0].value == step), None)
                if pair is None:
                    return None
                mark, node = pair[0].start_mark, pair[1]
            case SequenceNode(value=items) if isinstance(step, int) and step < len(items):
                node = items[step]
                mark = node.start_mark
            case _:
                return None
    return mark.line + 1, mark.column + 1
