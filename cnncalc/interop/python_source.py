"""Python source whose model is one `Sequential` of literals, read as a syntax tree: nothing is run.

The source is searched for `nn.Sequential(...)` (PyTorch), `keras.Sequential([...])`, and for a Keras
`Sequential()` that layers are added to. Names of numbers, strings and tuples that the module sets before
may stand among the arguments.
"""

from __future__ import annotations

import ast
import warnings
from pathlib import Path as FilePath
from typing import Any

from ..architecture.entries import Faults
from ..architecture.source import Source, failure, place_at
from ..errors import ArchitectureError, Path, Place
from ..language import Text
from .keras_source import keras_entries
from .python_names import Constants, Scope, dotted
from .torch_source import torch_entries

MAX_NODES = 200_000


def read_python(text: str, file: str) -> Source:
    """Read the model in `text`; the data of the source is that of an architecture file."""
    tree = _parsed(text, file)
    scope = Scope.of(tree)
    found = _sequentials(tree, scope)
    if len(found) != 1:
        raise _not_one(found, text, file)
    call, name = found[0]
    constants = Constants.of(tree)
    faults = Faults()
    if dotted(call.func, scope).startswith("torch."):
        entries, nodes = torch_entries(call, scope, constants, faults)
        data: dict[str, Any] = {"name": FilePath(file).stem, "layers": entries}
    else:
        added = _added(tree, name)
        entries, nodes = keras_entries(call, added, scope, constants, faults)
        data = {"name": FilePath(file).stem, "layers": entries}
    source = Source(data, file, text, lambda path: _position(path, nodes))
    if faults:
        raise ArchitectureError([fault.at(source.place(fault.path)) for fault in faults])
    return source


def _parsed(text: str, file: str) -> ast.Module:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # odd escapes in somebody's strings are not ours to tell
            tree = ast.parse(text)
    except SyntaxError as error:
        message = Text("this is not Python: {reason}", reason=error.msg)
        raise failure("python-syntax", message, place_at(file, text, error.lineno or 1, error.offset or 1)) from None
    except (ValueError, RecursionError, MemoryError):
        raise failure("too-deep", Text("this source is nested too deeply"), Place(file)) from None
    return tree


def _sequentials(tree: ast.Module, scope: Scope) -> list[tuple[ast.Call, str | None]]:
    """The outermost calls of a Sequential, each with the name that it is assigned to."""
    found: list[tuple[ast.Call, str | None]] = []

    def visit(node: ast.AST, target: str | None) -> None:
        if isinstance(node, ast.Call) and dotted(node.func, scope).rpartition(".")[2] == "Sequential":
            found.append((node, target))
            return
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            target = node.targets[0].id
        for child in ast.iter_child_nodes(node):
            visit(child, target)

    try:
        visit(tree, None)
    except RecursionError:
        return []
    return found


def _added(tree: ast.Module, name: str | None) -> list[ast.expr]:
    """The arguments of every `name.add(...)`, in order."""
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute))
    adds = [
        call
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and call.func.attr == "add"
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == name
        and call.args
    ]
    return [call.args[0] for call in sorted(adds, key=lambda call: (call.lineno, call.col_offset))]


def _not_one(found: list[tuple[ast.Call, str | None]], text: str, file: str) -> ArchitectureError:
    if not found:
        message = Text("there is no Sequential in this source")
        hint = Text("only a model that is one Sequential of literal arguments can be read from source")
        return failure("no-sequential", message, Place(file), hint)
    second = found[1][0]
    message = Text("there are {n} Sequential models in this source; it may hold one", n=len(found))
    return failure("several-sequentials", message, place_at(file, text, second.lineno, second.col_offset + 1))


def _position(path: Path, nodes: list[ast.expr]) -> tuple[int, int] | None:
    """Where the call of an entry stands, or the argument of it that is meant."""
    match path:
        case ("layers", int(index), *rest) if index < len(nodes):
            node: ast.AST = nodes[index]
            if isinstance(node, ast.Call) and rest:
                node = next((keyword.value for keyword in node.keywords if keyword.arg == rest[-1]), node)
            return getattr(node, "lineno", 1), getattr(node, "col_offset", 0) + 1
    return None
