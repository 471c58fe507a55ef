"""From a file's data to an Architecture, with every fault of the file told together."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path as FilePath
from typing import Any

from ..arithmetic import Dim, Shape, Symbolic
from ..errors import ArchitectureError, Path, nearest
from ..expression import symbol
from ..language import Text
from .drafts import Draft, Reference, Scope
from .entries import Faults, shown
from .expansion import Expander, Overflow
from .files import read
from .graph import connect
from .model import Architecture
from .source import Source
from .variables import ExpressionError, evaluate

KEYS = ("name", "input", "inputs", "variables", "blocks", "layers", "outputs", "limits")

InputShape = Sequence[Any] | Mapping[str, Sequence[Any]]


def load(
    path: str | os.PathLike[str], *, input: InputShape | None = None, variables: Mapping[str, Any] | None = None
) -> Architecture:
    """Read an architecture file: YAML, JSON or TOML; `-` is standard input.

    `input` replaces the input's shape (or, as a mapping, the shapes of named inputs), and `variables`
    sets variables of the file. Raises ArchitectureError with every fault found.
    """
    source = read(os.fspath(path))
    return build(source.data, source=source, input=input, variables=variables)


def build(
    data: Any,
    *,
    source: Source | None = None,
    input: InputShape | None = None,
    variables: Mapping[str, Any] | None = None,
) -> Architecture:
    """The architecture that plain data describes; the arguments are those of `load`."""
    source = source or Source(data)
    faults = Faults()
    architecture = _Builder(data, faults).build(source, input, variables or {})
    if faults or architecture is None:
        raise ArchitectureError([fault.at(source.place(fault.path)) for fault in faults])
    return architecture


class _Builder:
    def __init__(self, data: Any, faults: Faults) -> None:
        self.data = data
        self.faults = faults

    def build(self, source: Source, given: InputShape | None, settings: Mapping[str, Any]) -> Architecture | None:
        if not self._is_architecture():
            return None
        variables = self._variables(settings)
        scope = Scope(_with_symbols(variables, given))
        expander = Expander(self._blocks(), self.faults)
        try:
            first = self._inputs(given, expander, scope)
            expander.body(self.data["layers"], ("layers",), first, scope)
        except Overflow:
            return None
        self._need_input(expander.drafts)
        made, outputs = connect(expander.drafts, self._outputs(scope), self.faults)
        name = str(self.data.get("name") or _stem(source.file))
        return Architecture(name, made, outputs, self.data.get("limits") or {}, source)

    def _is_architecture(self) -> bool:
        """Whether the data has the sections of an architecture; notes what it lacks."""
        if not isinstance(self.data, dict):
            message = Text(
                "an architecture is a mapping with `input` and `layers`, not {value}", value=shown(self.data)
            )
            self.faults.note("not-an-architecture", message, ())
            return False
        if not self.data.keys() & set(KEYS):
            message = Text("this is not an architecture: it has {keys}, and none of {known}", keys=shown(", ".join(map(str, self.data))), known=", ".join(KEYS))  # fmt: skip
            self.faults.note("not-an-architecture", message, ())
            return False
        for key in self.data:
            if key not in KEYS:
                near = nearest(str(key), KEYS)
                hint = Text("did you mean {near}?", near=near) if near else Text("it has {known}", known=", ".join(KEYS))  # fmt: skip
                self.faults.note("unknown-key", Text("an architecture has no {key}", key=repr(key)), (key,), hint)
        for key in ("variables", "blocks", "limits"):
            if not isinstance(self.data.get(key) or {}, dict):
                message = Text("{key} takes a mapping, not {value}", key=key, value=shown(self.data[key]))
                self.faults.note("bad-section", message, (key,))
                return False
        if "layers" not in self.data:
            self.faults.note("no-layers", Text("an architecture needs `layers`"), ())
            return False
        if not self.data["layers"]:
            self.faults.note("no-layers", Text("`layers` is empty"), ("layers",))
            return False
        return True

    def _variables(self, settings: Mapping[str, Any]) -> dict[str, Dim]:
        """The variables of the file, in order, with `--set` over them; null leaves a symbol."""
        listed: dict[str, Any] = self.data.get("variables") or {}
        for name in settings:
            if name not in listed:
                near = nearest(name, listed)
                hints = [Text("did you mean {near}?", near=near)] if near else []
                message = Text("there is no variable {name} to set", name=repr(name))
                self.faults.note("unknown-variable", message, ("variables",), *hints)
        values: dict[str, Dim] = {}
        for name, value in {**listed, **{k: v for k, v in settings.items() if k in listed}}.items():
            values[str(name)] = self._variable(str(name), value, values)
        return values

    def _variable(self, name: str, value: Any, earlier: Mapping[str, Dim]) -> Dim:
        if value is None:
            return symbol(name)
        try:
            value = evaluate(value, earlier) if isinstance(value, str) else value
        except ExpressionError as error:
            self.faults.note("expression", error.text, ("variables", name))
            return symbol(name)
        if isinstance(value, Symbolic) or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        message = Text("the variable {name} takes an integer, not {value}", name=name, value=shown(value))
        self.faults.note("bad-value", message, ("variables", name))
        return symbol(name)

    def _blocks(self) -> dict[str, Any]:
        blocks: dict[str, Any] = self.data.get("blocks") or {}
        good = {}
        for name, block in blocks.items():
            if _is_block(block):
                good[str(name)] = block
                continue
            message = Text("the block {name} takes `layers` and, if it has any, a mapping `parameters`", name=name)
            self.faults.note("block", message, ("blocks", name))
        return good

    def _inputs(self, given: InputShape | None, expander: Expander, scope: Scope) -> Draft | None:
        """The input drafts; the one tensor that flows on if there is just one."""
        wanted = self._input_shapes(given)
        drafts = [
            expander.input(name, shape, path, scope)
            for name, (value, path) in wanted.items()
            if (shape := self._shape(value, path)) is not None
        ]
        return drafts[0] if len(drafts) == 1 and len(wanted) == 1 else None

    def _input_shapes(self, given: InputShape | None) -> dict[str, tuple[Any, Path]]:
        """The inputs by name, each with its shape as written and where that is."""
        listed: dict[str, tuple[Any, Path]] = {}
        if "input" in self.data:
            listed["input"] = (self.data["input"], ("input",))
        several = self.data.get("inputs")
        if isinstance(several, dict):
            listed |= {str(name): (shape, ("inputs", name)) for name, shape in several.items()}
        elif several is not None:
            message = Text("inputs takes a mapping of names to shapes, not {value}", value=shown(several))
            self.faults.note("bad-section", message, ("inputs",))
        if given is None:
            return listed
        if not isinstance(given, Mapping):
            if len(listed) > 1:
                names = ", ".join(listed)
                message = Text("the network has several inputs ({names}): say which, as in {name}=32,32,3", names=names, name=next(iter(listed)))  # fmt: skip
                self.faults.note("which-input", message, ("inputs",))
                return listed
            given = {next(iter(listed), "input"): given}
        for name, shape in given.items():
            if listed and name not in listed:
                message = Text("there is no input named {name}; there is {names}", name=repr(name), names=", ".join(listed))  # fmt: skip
                self.faults.note("unknown-input", message, ("inputs",))
            else:
                listed[name] = (list(shape), listed[name][1] if name in listed else ("input",))
        return listed

    def _shape(self, value: Any, path: Path) -> Shape | None:
        """A shape; an unknown axis becomes a symbol that starts with a question mark."""
        axes = value if isinstance(value, list) else [value]
        if value is None:
            self.faults.note("input", Text("an input takes a shape such as [28, 28, 1]"), path)
            return None
        letters = {1: "N", 2: "LC", 3: "HWC", 4: "DHWC"}.get(len(axes), "N" * len(axes))
        return tuple(symbol(f"?{letters[i]}") if axis is None else axis for i, axis in enumerate(axes))

    def _need_input(self, drafts: list[Draft]) -> None:
        if not any(draft.kind == "Input" for draft in drafts) and not any(
            f.path[:1] == ("input",) for f in self.faults
        ):
            self.faults[:] = [fault for fault in self.faults if fault.code != "no-inputs"]
            hint = Text("add a line such as `input: [28, 28, 1]`, or give it as in --input 28,28,1")
            self.faults.note("no-input", Text("an architecture needs an input"), (), hint)

    def _outputs(self, scope: Scope) -> list[Reference]:
        """The names under `outputs:`, to be looked up like those under a layer's `inputs:`."""
        wanted = self.data.get("outputs", [])
        listed = wanted if isinstance(wanted, list) else [wanted]
        if not all(isinstance(name, str) for name in listed) or ("outputs" in self.data and not listed):
            message = Text("outputs takes names of layers, not {value}", value=shown(wanted))
            self.faults.note("outputs", message, ("outputs",))
            return []
        return [Reference(name, scope, ("outputs",)) for name in listed]


def _is_block(block: Any) -> bool:
    if not isinstance(block, dict) or "layers" not in block:
        return False
    return block.keys() <= {"parameters", "layers"} and isinstance(block.get("parameters") or {}, dict)


def _with_symbols(variables: Mapping[str, Dim], given: InputShape | None) -> dict[str, Dim]:
    """The variables, and a symbol for every new name among the axes of `--input H,W,3`."""
    shapes = list(given.values()) if isinstance(given, Mapping) else [given or ()]
    axes = [axis for shape in shapes for axis in shape if isinstance(axis, str) and axis.isidentifier()]
    return {axis: symbol(axis) for axis in axes} | dict(variables)


def _stem(file: str) -> str:
    return FilePath(file).stem if file and file != "<stdin>" else "network"
