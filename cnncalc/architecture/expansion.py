"""From a list of entries to a graph of drafts: composites and blocks written out, names scoped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..arithmetic import Shape
from ..errors import Path
from ..language import Text
from ..layers import HOME
from ..layers import kind as kind_of
from .drafts import Draft, Reference, Scope, Tensor
from .entries import (
    COMPOSITES,
    Entry,
    Faults,
    LayerMaker,
    arguments,
    read_entry,
    shown,
    unknown_kind,
)
from .variables import ExpressionError, evaluate

MAX_LAYERS = 200_000
MAX_NESTING = 40


class Expander:
    """Writes out the entries of a file; `drafts` holds the layers in the order of the file."""

    def __init__(self, blocks: Mapping[str, Any], faults: Faults) -> None:
        self.blocks = blocks
        self.faults = faults
        self.drafts: list[Draft] = []
        self.maker = LayerMaker(faults)
        self._written = 0

    def input(self, name: str, shape: Shape, path: Path, scope: Scope) -> Draft | None:
        layer = self.maker.make(Entry("Input", {}, path), {"shape": list(shape)}, scope.variables)
        draft = Draft("Input", layer, path, [], name)
        self._name(name, draft, scope, path)
        self.drafts.append(draft)
        return draft

    def body(self, entries: Any, path: Path, incoming: Tensor, scope: Scope) -> Tensor:
        """Write out a list of entries, each fed by the one before; return the last one's output."""
        if not isinstance(entries, list):
            self.faults.note("layers", Text("takes a list of layers, not {value}", value=shown(entries)), path)
            return incoming
        if scope.depth > MAX_NESTING:
            message = Text("blocks are nested more than {limit} deep: does one call itself?", limit=MAX_NESTING)
            self.faults.note("too-deep", message, path)
            raise Overflow
        for index, value in enumerate(entries):
            entry = read_entry(value, (*path, index), self.faults)
            if entry is not None:
                incoming = self.entry(entry, incoming, scope)
        return incoming

    def entry(self, entry: Entry, incoming: Tensor, scope: Scope) -> Tensor:
        self._written += 1
        if self._written > MAX_LAYERS:
            message = Text("the file writes out to more than {limit} layers", limit=MAX_LAYERS)
            self.faults.note("too-many-layers", message, entry.path)
            raise Overflow
        if entry.kind in HOME:
            return self.layer(entry, incoming, scope)
        if entry.kind in COMPOSITES:
            return self.composite(entry, incoming, scope)
        if entry.kind in self.blocks:
            return self.block(entry, incoming, scope)
        unknown_kind(entry, self.blocks, self.faults)
        return incoming

    def layer(self, entry: Entry, incoming: Tensor, scope: Scope) -> Tensor:
        fields = arguments(entry, kind_of(entry.kind).positional(), self.faults)
        if fields is None:
            return incoming
        name, given = fields.pop("name", None), fields.pop("inputs", None)
        is_input = entry.kind == "Input"
        sources = [] if is_input else self.sources(given, entry, incoming, scope)
        layer = self.maker.make(entry, fields, scope.variables)
        draft = Draft(entry.kind, layer, entry.path, sources, repeated=scope.depth > 0)
        if name is not None:
            self._name(name, draft, scope, (*entry.path, "name"))
        self.drafts.append(draft)
        return draft

    def sources(self, given: Any, entry: Entry, incoming: Tensor, scope: Scope) -> list[Draft | Reference]:
        """What feeds an entry: the names under `inputs`, else the entry before."""
        if given is not None:
            wanted = given if isinstance(given, list) else [given]
            path = (*entry.path, "inputs")
            if wanted and all(isinstance(name, str) for name in wanted):
                return [Reference(name, scope, path) for name in wanted]
            message = Text("{kind}: inputs takes names of layers, not {value}", kind=entry.kind, value=shown(given))
            self.faults.note("inputs", message, path, layer=entry.kind)
        elif incoming is not None:
            return [incoming]
        else:
            message = Text("{kind} has nothing to read: with several inputs it must say `inputs:`", kind=entry.kind)
            self.faults.note("no-inputs", message, entry.path, layer=entry.kind)
        return []

    def composite(self, entry: Entry, incoming: Tensor, scope: Scope) -> Tensor:
        """Repeat, Residual, Branches or Shared."""
        first, allowed, needed = _COMPOSITE_FIELDS[entry.kind]
        fields = arguments(entry, (first,), self.faults)
        if fields is None or not self._complete(entry, fields, allowed, needed):
            return incoming
        if entry.kind == "Shared":
            return self.shared(entry, fields, incoming, scope)
        start = self._start(fields.get("inputs"), entry, incoming, scope)
        match entry.kind:
            case "Repeat":
                result = self.repeat(entry, fields, start, scope)
            case "Residual":
                result = self.residual(entry, fields, start, scope)
            case _:
                result = self.branches(entry, fields, start, scope)
        if fields.get("name") is not None and result is not None and result.wanted != fields["name"]:
            self._alias(fields["name"], result, scope, (*entry.path, "name"))
        return result

    def repeat(self, entry: Entry, fields: dict[str, Any], incoming: Tensor, scope: Scope) -> Tensor:
        times = self.number(fields["times"], scope, (*entry.path, "times"))
        if times is None:
            return incoming
        if times > MAX_LAYERS:
            message = Text("Repeat writes out {times} times; the limit is {limit} layers", times=times, limit=MAX_LAYERS)  # fmt: skip
            self.faults.note("too-many-layers", message, (*entry.path, "times"))
            return incoming
        before = len(self.faults)
        for _ in range(times):
            incoming = self.body(fields["layers"], (*entry.path, "layers"), incoming, scope.inner())
            if len(self.faults) > before:  # the next rounds would only say the same again
                break
            self._written += 1
        return incoming

    def residual(self, entry: Entry, fields: dict[str, Any], incoming: Tensor, scope: Scope) -> Tensor:
        main = self.body(fields["layers"], (*entry.path, "layers"), incoming, scope.inner())
        short = self.body(fields.get("shortcut") or [], (*entry.path, "shortcut"), incoming, scope.inner())
        return self._merge(Entry("Add", {}, entry.path), [short, main], fields.get("name"), scope)

    def branches(self, entry: Entry, fields: dict[str, Any], incoming: Tensor, scope: Scope) -> Tensor:
        lists = fields["branches"]
        if not isinstance(lists, list) or not lists:
            message = Text("branches takes a list of lists of layers, not {value}", value=shown(lists))
            self.faults.note("branches", message, (*entry.path, "branches"))
            return incoming
        at = (*entry.path, "branches")
        ends = [self.body(each, (*at, i), incoming, scope.inner()) for i, each in enumerate(lists)]
        merge = read_entry(fields.get("merge") or "Concatenate", (*entry.path, "merge"), self.faults)
        if merge is None:
            return incoming
        if HOME.get(merge.kind) != "merge":
            message = Text("merge takes a kind of merge, such as Concatenate or Add, not {kind}", kind=merge.kind)
            self.faults.note("merge", message, merge.path)
            return incoming
        return self._merge(merge, ends, fields.get("name"), scope)

    def shared(self, entry: Entry, fields: dict[str, Any], incoming: Tensor, scope: Scope) -> Tensor:
        """A layer used again, with the same weights on another input."""
        sources = self.sources(fields.get("inputs"), entry, incoming, scope)
        original = Reference(str(fields["layer"]), scope, (*entry.path, "layer"))
        draft = Draft("Shared", None, entry.path, sources, repeated=scope.depth > 0, shares=original)
        if fields.get("name") is not None:
            self._name(fields["name"], draft, scope, (*entry.path, "name"))
        self.drafts.append(draft)
        return draft

    def block(self, entry: Entry, incoming: Tensor, scope: Scope) -> Tensor:
        """A call of a block: its parameters become variables of its body."""
        block = self.blocks[entry.kind]
        parameters = block.get("parameters") or {}
        given = arguments(entry, tuple(parameters), self.faults)
        if given is None or not self._complete(entry, given, (*parameters, "inputs", "name"), ()):
            return incoming
        variables = dict(scope.variables)
        for name, default in parameters.items():
            chosen = given.get(name, default)
            if chosen is None:
                message = Text("{kind} needs {field}", kind=entry.kind, field=name)
                self.faults.note("missing-field", message, entry.path, layer=entry.kind)
                return incoming
            value = self.number(chosen, scope, (*entry.path, name), any_size=True)
            if value is None:
                return incoming
            variables[name] = value
        start = self._start(given.get("inputs"), entry, incoming, scope)
        result = self.body(block.get("layers"), ("blocks", entry.kind, "layers"), start, scope.inner(variables))
        if given.get("name") is not None and result is not None:
            self._alias(given["name"], result, scope, (*entry.path, "name"))
        return result

    def number(self, value: Any, scope: Scope, path: Path, *, any_size: bool = False) -> Any:
        """An integer of the file, or None with the fault noted."""
        try:
            value = evaluate(value, scope.variables) if isinstance(value, str) else value
        except ExpressionError as error:
            self.faults.note("expression", error.text, path)
            return None
        if any_size and not isinstance(value, (bool, float, list, dict)):
            return value
        if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
            return value
        message = Text("{field} takes a positive integer, not {value}", field=path[-1], value=shown(value))
        self.faults.note("bad-value", message, path)
        return None

    def _start(self, given: Any, entry: Entry, incoming: Tensor, scope: Scope) -> Tensor:
        """What a composite reads: `inputs: name` needs a name that is already there."""
        if given is None:
            return incoming
        around: Scope | None = scope
        while around is not None and isinstance(given, str):
            if given in around.names:
                return around.names[given]
            around = around.outer
        message = Text("{kind}: inputs takes the name of one layer above it, not {value}", kind=entry.kind, value=shown(given))  # fmt: skip
        self.faults.note("unknown-input", message, (*entry.path, "inputs"))
        return incoming

    def _merge(self, entry: Entry, ends: list[Tensor], name: Any, scope: Scope) -> Tensor:
        fields = arguments(entry, kind_of(entry.kind).positional(), self.faults)
        layer = self.maker.make(entry, fields, scope.variables) if fields is not None else None
        known = [end for end in ends if end is not None]
        draft = Draft(entry.kind, layer, entry.path, [*known], repeated=scope.depth > 0)
        if name is not None:
            self._name(name, draft, scope, (*entry.path, "name"))
        self.drafts.append(draft)
        return draft

    def _complete(
        self, entry: Entry, fields: dict[str, Any], allowed: tuple[str, ...], needed: tuple[str, ...]
    ) -> bool:
        """Whether a composite or block call has what it needs and no more."""
        before = len(self.faults)
        for name in fields:
            if name not in allowed:
                message = Text("{kind} has no field {field}", kind=entry.kind, field=repr(name))
                known = Text("it has {known}", known=", ".join(allowed))
                self.faults.note("unknown-field", message, (*entry.path, name), known, layer=entry.kind)
        for name in needed:
            if fields.get(name) is None:
                message = Text("{kind} needs {field}", kind=entry.kind, field=name)
                self.faults.note("missing-field", message, entry.path, layer=entry.kind)
        return len(self.faults) == before

    def _name(self, name: Any, draft: Draft, scope: Scope, path: Path) -> None:
        draft.wanted = str(name)
        self._alias(name, draft, scope, path)

    def _alias(self, name: Any, draft: Draft, scope: Scope, path: Path) -> None:
        if not isinstance(name, str) or not name.strip():
            self.faults.note("name", Text("a name must be a word, not {value}", value=shown(name)), path)
        elif ":" in name:
            message = Text("a name has no colon, which stands for a further output, as in lstm:1, not {value}", value=shown(name))  # fmt: skip
            self.faults.note("name", message, path)
        elif name in scope.names:
            self.faults.note("name-twice", Text("the name {name} is used twice", name=repr(name)), path)
        else:
            scope.names[name] = draft


class Overflow(Exception):
    """The file writes out to more than is allowed."""


_COMPOSITE_FIELDS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "Repeat": ("times", ("times", "layers", "inputs", "name"), ("times", "layers")),
    "Residual": ("layers", ("layers", "shortcut", "inputs", "name"), ("layers",)),
    "Branches": ("branches", ("branches", "merge", "inputs", "name"), ("branches",)),
    "Shared": ("layer", ("layer", "inputs", "name"), ("layer",)),
}
"""The first argument of each composite, all its fields, and those that it needs."""
