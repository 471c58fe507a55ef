"""The layers of a `keras.Sequential([...])` call, and of the `model.add(...)` after it, as entries."""

from __future__ import annotations

import ast
from typing import Any

from ..architecture.entries import Faults
from ..language import Text
from ..layers import kind as kind_of
from .keras_layers import Translator
from .keras_names import ALIASES, KERAS_KINDS
from .python_names import Constants, NotLiteral, Scope, dotted
from .torch_source import Entries, shown_code

CALLABLE = ("layer", "backward_layer")
INPUT = {"input_shape", "batch_input_shape", "input_dim"}


def keras_entries(call: ast.Call, added: list[ast.expr], scope: Scope, constants: Constants, faults: Faults) -> Entries:
    """The entries of all layers in a Sequential and of those added to it."""
    reader = _Reader(scope, constants, faults)
    listed = [argument for argument in call.args[:1] if isinstance(argument, (ast.List, ast.Tuple))]
    listed += [k.value for k in call.keywords if k.arg == "layers" and isinstance(k.value, (ast.List, ast.Tuple))]
    if call.args and not listed:
        reader.note(call.args[0], Text("Sequential takes a list of layers written out, not {code}", code=shown_code(call.args[0])))  # fmt: skip
    for node in [*(each for whole in listed for each in whole.elts), *added]:
        reader.layer(node)
    return reader.entries, reader.nodes


class _Reader:
    def __init__(self, scope: Scope, constants: Constants, faults: Faults) -> None:
        self.scope = scope
        self.constants = constants
        self.faults = faults
        self.entries: list[dict[str, Any]] = []
        self.nodes: list[ast.expr] = []
        self._translator = Translator(faults)

    def layer(self, node: ast.expr) -> None:
        """Write the entry of one layer, after an input that it declares."""
        saved = self._saved(node)
        if saved is None:
            return
        shape = _declared(saved["config"])
        if saved["class_name"] in {"Input", "InputLayer"}:
            self._write({"Input": {"shape": shape or []}}, node)
            return
        if shape is not None and not self.entries:
            self._write({"Input": {"shape": shape}}, node)
        if saved["class_name"] == "Sequential":
            for each in saved["config"].get("layers", ()):
                self._translated(each, node)
            return
        self._translated(saved, node)

    def _translated(self, saved: dict[str, Any], node: ast.expr) -> None:
        before = len(self.faults)
        name = saved["config"].pop("name", None)
        entry = self._translator.entry(saved)
        self.faults[before:] = [fault._replace(path=("layers", len(self.entries))) for fault in self.faults[before:]]
        ((kind, fields),) = (entry or {"Identity": {}}).items()
        self._write({kind: {**fields, **({"name": name} if name else {})}}, node)

    def _write(self, entry: dict[str, Any], node: ast.expr) -> None:
        self.entries.append(entry)
        self.nodes.append(node)

    def _saved(self, node: ast.expr) -> dict[str, Any] | None:
        """The call of a layer's class as a config would hold it; None with the fault noted."""
        if not isinstance(node, ast.Call):
            self.note(node, Text("a Sequential takes layers written out, not {code}", code=shown_code(node)))
            return None
        kind = dotted(node.func, self.scope).rpartition(".")[2]
        names = self._parameters(kind)
        config: dict[str, Any] = {}
        if len(node.args) > len(names):
            self.note(node, Text("{kind} takes at most {n} arguments by position", kind=kind, n=len(names)))
            return None
        given = [*zip(names, node.args, strict=False), *((each.arg or "**", each.value) for each in node.keywords)]
        for name, value in given:
            config[name] = self._value(name, value)
        return {"class_name": kind, "config": config}

    def _parameters(self, kind: str) -> tuple[str, ...]:
        """The names of a class's arguments in order."""
        known = ALIASES.get(kind, kind)
        if known == "Input":
            return ("shape",)
        return kind_of(known).positional() if known in KERAS_KINDS else ("first",) * 9

    def _value(self, name: str, node: ast.expr) -> Any:
        if name in CALLABLE:
            return self._saved(node)
        if name.endswith("activation") and not isinstance(node, ast.Constant):
            function = node.func if isinstance(node, ast.Call) else node
            return {"class_name": dotted(function, self.scope).rpartition(".")[2] or shown_code(node)}
        if isinstance(node, ast.Call):  # an initializer, a regularizer: no shape depends on it
            return None
        try:
            value = self.constants.value(node)
        except NotLiteral as wrong:
            self.note(node, Text("{code} is not a literal; source is read, never run", code=shown_code(wrong.node)))
            return None
        return list(value) if isinstance(value, tuple) else value

    def note(self, node: ast.expr, message: Text) -> None:
        """Note a fault at an expression."""
        self.faults.note("source", message, ("layers", len(self.nodes)))
        self._write({"Identity": {}}, node)


def _declared(config: dict[str, Any]) -> list[Any] | None:
    """The input that a layer declares, without the batch; it is taken out of the config."""
    batched = config.pop("batch_input_shape", None) or config.pop("batch_shape", None)
    shape = config.pop("input_shape", None) or config.pop("shape", None)
    if shape is None and batched is not None:
        shape = batched[1:]
    return [shape] if isinstance(shape, int) else shape
