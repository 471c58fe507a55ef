"""Layers written as calls, `Conv2D(32, 5, padding=?) | MaxPooling2D(2)`, as the data of an architecture.

The text is parsed as Python and never run. A `?` stands for a number to be found.
"""

from __future__ import annotations

import ast
import os
import re
from typing import Any

from ..architecture.entries import nested_fields, shown
from ..architecture.source import Source
from ..errors import ArchitectureError, Fault, nearest
from ..language import Text
from ..layers import HOME
from ..layers import kind as kind_of
from .keras_names import ALIASES
from .python_names import Constants, NotLiteral, Scope, dotted

QUOTED = re.compile(r"""('[^']*'|"[^"]*")""")
CALL = re.compile(r"\s*[\w.]+\(")
MAX_LENGTH = 10_000

EXAMPLE = Text(
    "write it as in {example}", example='"Conv2D(filters=32, kernel_size=5, padding=?) : 28,28,3 -> 28,28,32"'
)
_SCOPE, _CONSTANTS = Scope({}), Constants({})


QUESTION = re.compile(
    r"\s*(?P<layers>.+?)\s*:\s*(?P<input>[^:()]*?|\([^:()]*\))\s*(?:(?:->|→)\s*(?P<output>.*?)\s*)?", re.DOTALL
)


def is_question(text: str) -> bool:
    """Whether a text is a question and no path of a file."""
    return "->" in text or "→" in text or (CALL.match(text) is not None and not os.path.exists(text))  # noqa: PTH110 - takes any string


def question(text: str) -> tuple[Source, str | None]:
    """`LAYERS : INPUT -> OUTPUT` as the data of an architecture, and the output as written.

    Raises ArchitectureError for what is none.
    """
    found = QUESTION.fullmatch(text)
    if found is None or not found["input"]:
        raise wrong(Text("this is no question: {text}", text=shown(text)), EXAMPLE)
    axes = [_axis(axis) for axis in re.split(r"[,×]|(?<=[\d?])[xX](?=[\d?])", found["input"].strip("()[] "))]
    return Source({"name": "question", "input": axes, "layers": entries(found["layers"])}), found["output"]


def _axis(text: str) -> int | str:
    text = text.strip()
    if not text:
        raise wrong(Text("an input takes a shape such as [28, 28, 1]"), EXAMPLE)
    return int(text) if re.fullmatch("[0-9]{1,20}", text) else text


def entries(text: str) -> list[dict[str, Any]]:
    """The entries of layers in call syntax, one after the other between bars. Raises ArchitectureError."""
    if len(text) > MAX_LENGTH:
        raise wrong(Text("the layers have more than {limit} characters", limit=MAX_LENGTH))
    try:
        tree = ast.parse(_with_quoted_marks(text.strip()), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise wrong(Text("these are no calls of layers: {text}", text=shown(text)), EXAMPLE) from None
    return [_entry(node) for node in _chain(tree)]


def _with_quoted_marks(text: str) -> str:
    """Every `?` outside of quotes as the string "?", which Python can parse."""
    pieces = QUOTED.split(text)
    return "".join(piece if index % 2 else re.sub("[?？]", '"?"', piece) for index, piece in enumerate(pieces))


def _chain(node: ast.expr) -> list[ast.expr]:
    """The calls between bars, in order."""
    calls = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        calls.append(node.right)
        node = node.left
    return [node, *reversed(calls)]


def _entry(node: ast.expr) -> dict[str, Any]:
    if isinstance(node, (ast.Name, ast.Attribute)):  # Flatten
        node = ast.Call(node, [], [])
    written = dotted(node.func, _SCOPE).rpartition(".")[2] if isinstance(node, ast.Call) else ""
    if not isinstance(node, ast.Call) or not written:
        raise wrong(Text("{code} is no layer", code=shown(ast.unparse(node))), EXAMPLE)
    kind = ALIASES.get(written, written)
    if kind not in HOME:
        near = nearest(kind, (*HOME, *ALIASES))
        raise wrong(Text("there is no layer kind {kind}", kind=repr(kind)), *([Text("did you mean {near}?", near=near)] if near else []))  # fmt: skip
    return {kind: _fields(kind, node)}


def _fields(kind: str, call: ast.Call) -> dict[str, Any]:
    names = kind_of(kind).positional()
    if len(call.args) > len(names):
        raise wrong(Text("{kind} takes at most {n} arguments by position", kind=kind, n=len(names)))
    given = [*zip(names, call.args, strict=False), *((keyword.arg or "**", keyword.value) for keyword in call.keywords)]
    fields: dict[str, Any] = {}
    for name, node in given:
        if name in fields:
            raise wrong(Text("{kind}: {field} is given twice", kind=kind, field=name))
        fields[name] = _entry(node) if name in nested_fields(kind) else _value(node)
    return fields


def _value(node: ast.expr) -> Any:
    try:
        return _listed(_CONSTANTS.value(node))
    except NotLiteral as error:
        raise wrong(Text("{code} is not a literal; source is read, never run", code=shown(ast.unparse(error.node)))) from None  # fmt: skip


def _listed(value: Any) -> Any:
    return [_listed(each) for each in value] if isinstance(value, (tuple, list)) else value


def wrong(message: Text, *remedies: Text) -> ArchitectureError:
    """The error for a question that cannot be read."""
    return ArchitectureError([Fault("question", message, remedies=remedies)])
