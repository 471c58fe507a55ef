"""The layers of an `nn.Sequential(...)` call as entries of an architecture file."""

from __future__ import annotations

import ast
from typing import Any

from ..architecture.entries import Faults, shown
from ..errors import nearest
from ..language import Text
from .python_names import Constants, NotLiteral, Scope, dotted
from .torch_modules import MODULES, Unsupported
from .torch_signatures import Signature, signature

Entries = tuple[list[dict[str, Any]], list[ast.expr]]
"""Entries, and for each the call that it was."""


def torch_entries(call: ast.Call, scope: Scope, constants: Constants, faults: Faults) -> Entries:
    """The entries of all modules in a Sequential, those of Sequentials inside it among them."""
    reader = _Reader(scope, constants, faults)
    reader.container(call, "")
    return reader.entries, reader.nodes


STACKS = ("TransformerEncoder",)


class _Reader:
    def __init__(self, scope: Scope, constants: Constants, faults: Faults) -> None:
        self.scope = scope
        self.constants = constants
        self.faults = faults
        self.entries: list[dict[str, Any]] = []
        self.nodes: list[ast.expr] = []

    def container(self, call: ast.Call, prefix: str) -> None:
        """The children of a Sequential: modules in order, or an OrderedDict of named ones."""
        children: list[tuple[str | None, ast.expr]] = [(None, child) for child in call.args]
        if len(call.args) == 1 and isinstance(call.args[0], ast.Call):
            children = self._named(call.args[0]) or children
        for number, (name, child) in enumerate(children):
            known = name or (str(number) if prefix else None)
            self._child(child, f"{prefix}{known}" if known else None)
        if call.keywords:
            self._note(call, Text("Sequential takes modules, not keywords"))

    def _named(self, call: ast.Call) -> list[tuple[str | None, ast.expr]]:
        """The items of `OrderedDict([("conv", ...), ...])`; none if it is something else."""
        if dotted(call.func, self.scope).rpartition(".")[2] != "OrderedDict" or len(call.args) != 1:
            return []
        match call.args[0]:
            case ast.List(elts=pairs) | ast.Tuple(elts=pairs):
                items = [pair.elts for pair in pairs if isinstance(pair, ast.Tuple) and len(pair.elts) == 2]
            case ast.Dict(keys=names, values=values):
                items = [[name, value] for name, value in zip(names, values, strict=True) if name]
            case _:
                return []
        return [(str(name.value), value) for name, value in items if isinstance(name, ast.Constant)]

    def _child(self, node: ast.expr, name: str | None) -> None:
        if not isinstance(node, ast.Call):
            self._note(node, Text("a Sequential takes modules written out, not {code}", code=shown_code(node)))
            return
        full = dotted(node.func, self.scope)
        module = full.rpartition(".")[2]
        if full.startswith("torch.") and module == "Sequential":
            self.container(node, f"{name}." if name else "")
        elif full.startswith("torch.") and module in STACKS:
            self._stack(node, name)
        elif full.startswith("torch.") and module in MODULES:
            self._module(module, node, name)
        else:
            self._unknown(module or shown_code(node.func), node)

    def _stack(self, call: ast.Call, name: str | None) -> None:
        """The layer in `TransformerEncoder(layer, num_layers)`, so many times, and a norm after it."""
        given = dict(zip(("encoder_layer", "num_layers", "norm"), call.args, strict=False))
        given |= {str(keyword.arg): keyword.value for keyword in call.keywords}
        times = self._value(given["num_layers"]) if "num_layers" in given else None
        if "encoder_layer" not in given or not isinstance(times, int) or times < 1:
            self._note(call, Text("a stack takes a layer and num_layers"))
            return
        for number in range(times):
            self._child(given["encoder_layer"], f"{name}.layers.{number}" if name else None)
        if isinstance(given.get("norm"), ast.Call):
            self._child(given["norm"], f"{name}.norm" if name else None)

    def _module(self, module: str, call: ast.Call, name: str | None) -> None:
        rule = MODULES[module]
        given = self._arguments(signature(rule.signature), module, call)
        if given is None:
            return
        try:
            made = rule.entries(given)
        except Unsupported as why:
            self._note(call, Text("{module}: {why}", module=module, why=why.text))
            return
        for entry in made:
            ((kind, fields),) = entry.items()
            named = {"name": name} if name and entry is made[-1] else {}
            self.entries.append({kind: {**fields, **named}})
            self.nodes.append(call)

    def _arguments(self, expected: Signature, module: str, call: ast.Call) -> dict[str, Any] | None:
        """The arguments by name, with defaults; None with the fault noted."""
        before = len(self.faults)
        given: dict[str, Any] = {}
        if len(call.args) > len(expected.names) and not expected.open:
            self._note(call, Text("{module} takes at most {n} arguments", module=module, n=len(expected.names)))
        pairs = [*zip(expected.names, call.args, strict=False), *((each.arg, each.value) for each in call.keywords)]
        for name, node in pairs:
            if name not in expected.names and not expected.open:
                near = nearest(str(name), expected.names)
                hints = [Text("did you mean {near}?", near=near)] if near else []
                self._note(call, Text("{module} has no argument {name}", module=module, name=repr(name)), *hints)
            elif name in given:
                self._note(call, Text("{module} got {name} twice", module=module, name=name))
            else:
                given[str(name)] = self._value(node)
        missing = [name for name in expected.names if name not in given and name not in expected.defaults]
        if missing:
            self._note(call, Text("{module} needs {field}", module=module, field=missing[0]))
        return {**expected.defaults, **given} if len(self.faults) == before else None

    def _value(self, node: ast.expr) -> Any:
        try:
            return self.constants.value(node)
        except NotLiteral as wrong:
            code = shown_code(wrong.node)
            self._note(node, Text("{code} is not a literal; source is read, never run", code=code))
            return None

    def _unknown(self, module: str, node: ast.Call) -> None:
        near = nearest(module, MODULES)
        hints = [Text("did you mean {near}?", near=near)] if near else []
        declare = Text("write the network as an architecture file and declare the layer there: Custom: {output: [32, 8, 8], params: 0}")  # fmt: skip
        self._note(node, Text("there is no module {module} in the table of torch.nn", module=module), *hints, declare)

    def _note(self, node: ast.expr, message: Text, *remedies: Text) -> None:
        self.faults.note("source", message, ("layers", len(self.nodes)), *remedies)
        self.nodes.append(node)
        self.entries.append({"Identity": {}})


def shown_code(node: ast.expr) -> str:
    """An expression as it was written, short enough for a message."""
    return shown(ast.unparse(node)).strip("'\"")
