"""One entry of a layer list: its kind and arguments, and the layer they make.

An entry is `Flatten`, `MaxPooling2D: 2` or `Conv2D: {filters: 32, kernel_size: 3}`. Equal entries make
one layer object, so that a network of repeated blocks is validated and derived once per distinct layer.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from pydantic import ValidationError

from ..arithmetic import Dim
from ..errors import Fault, Path, nearest
from ..language import Text
from ..layers import HOME, Layer
from ..layers import kind as kind_of
from ..layers.fields import PADDING_WORDS, Letter, Nested
from .variables import ExpressionError, resolve

COMPOSITES = ("Repeat", "Residual", "Branches", "Shared")
WORDS = {"padding": PADDING_WORDS, "output": ("same",)}
"""Words that fields of integers take too."""

MAX_SHOWN = 60


class Entry(NamedTuple):
    """What one entry of a list says, before it means anything."""

    kind: str
    argument: Any
    path: Path


class Faults(list[Fault]):
    """The faults found so far; reading goes on after each, so that all are told together."""

    def note(self, code: str, message: Text, path: Path, *remedies: Text, layer: str | None = None) -> None:
        self.tell(Fault(code, message, layer, path, remedies=remedies))

    def tell(self, fault: Fault) -> None:
        """Note a fault once, though its block may be written out many times."""
        if fault not in self:
            self.append(fault)


def read_entry(value: Any, path: Path, faults: Faults) -> Entry | None:
    """The entry that `value` is, or None with the fault noted."""
    if isinstance(value, str):
        return Entry(value, {}, path)
    if isinstance(value, dict) and len(value) == 1:
        ((kind, argument),) = value.items()
        return Entry(str(kind), {} if argument is None else argument, (*path, kind))
    if isinstance(value, dict) and value:
        first, *others = value
        message = Text("an entry has one key, its kind; this one has {keys}", keys=", ".join(map(str, value)))
        hint = Text("indent {others} further, below {first}", others=", ".join(map(str, others)), first=first)
        faults.note("entry", message, path, hint)
    else:
        message = Text("an entry is a kind, alone or with its arguments, not {value}", value=shown(value))
        faults.note("entry", message, path, Text("write for example `Flatten` or `Dense: 10`"))
    return None


def shown(value: Any) -> str:
    """A value of the file, short enough for a message."""
    text = repr(value)
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"


class LayerMaker:
    """Makes validated layers, one object for all equal entries."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self._made: dict[tuple[str, str], Layer] = {}

    def make(self, entry: Entry, fields: dict[str, Any], variables: Mapping[str, Dim]) -> Layer | None:
        """The layer of a known kind with these fields, or None with the faults noted."""
        integers = integer_fields(entry.kind)
        good = all(self._nested(entry, fields, name, variables) for name in nested_fields(entry.kind))
        for name, value in fields.items():
            if name in integers and isinstance(value, (str, list)):
                try:
                    fields[name] = resolve(value, variables, WORDS.get(name, ()))
                except ExpressionError as error:
                    self.faults.note("expression", error.text, (*entry.path, name), layer=entry.kind)
                    good = False
        if not good:
            return None
        key = (entry.kind, _identity(fields))
        if key not in self._made:
            try:
                self._made[key] = kind_of(entry.kind).model_validate(fields)
            except ValidationError as error:
                for fault in field_faults(error, entry):
                    self.faults.tell(fault)
                return None
        return self._made[key]

    def _nested(self, entry: Entry, fields: dict[str, Any], name: str, variables: Mapping[str, Dim]) -> bool:
        """Make the layer that a field holds as an entry, in place; False with the fault noted if that fails."""
        value = fields.get(name)
        if value is None or isinstance(value, Layer):
            return True
        inner = read_entry(value, (*entry.path, name), self.faults)
        if inner is None:
            return False
        if inner.kind not in HOME:
            unknown_kind(inner, {}, self.faults)
            return False
        own = arguments(inner, kind_of(inner.kind).positional(), self.faults)
        if own is None:
            return False
        own.pop("name", None)
        fields[name] = self.make(inner, own, variables)
        return fields[name] is not None


def _identity(fields: dict[str, Any]) -> str:
    """Equal for equal fields; a layer in a field is one object for all equal entries already."""
    return repr({name: id(value) if isinstance(value, Layer) else value for name, value in fields.items()})


@cache
def nested_fields(kind: str) -> tuple[str, ...]:
    """The fields of a kind that hold a layer."""
    fields = kind_of(kind).model_fields.items()
    return tuple(name for name, field in fields if any(isinstance(m, Nested) for m in field.metadata))


@cache
def integer_fields(kind: str) -> frozenset[str]:
    """The fields of a kind that hold integers, and may hold names and expressions."""
    fields = kind_of(kind).model_fields.items()
    return frozenset(name for name, field in fields if any(isinstance(m, Letter) for m in field.metadata))


def arguments(entry: Entry, positional: tuple[str, ...], faults: Faults) -> dict[str, Any] | None:
    """The arguments by name; one that stands alone is the first positional argument."""
    if isinstance(entry.argument, dict):
        named = {str(name): value for name, value in entry.argument.items()}
        if len(named) == 1 and named.keys() <= HOME.keys() and entry.kind in HOME and nested_fields(entry.kind):
            return {positional[0]: named}  # `TimeDistributed: {Dense: 10}`
        return named
    if positional:
        return {positional[0]: entry.argument}
    faults.note("arguments", Text("{kind} takes no argument", kind=entry.kind), entry.path)
    return None


def unknown_kind(entry: Entry, blocks: Mapping[str, Any], faults: Faults) -> None:
    """Note that there is no such kind, with the nearest that there is."""
    near = nearest(entry.kind, (*HOME, *COMPOSITES, *blocks))
    hints = [Text("did you mean {near}?", near=near)] if near else []
    faults.note("unknown-kind", Text("there is no layer kind {kind}", kind=repr(entry.kind)), entry.path, *hints)


def field_faults(error: ValidationError, entry: Entry) -> list[Fault]:
    """A fault for each of Pydantic's; a field that is missing because its name is mistyped is one fault."""
    details = error.errors(include_url=False)
    mistyped = {nearest(str(d["loc"][0]), _known_fields(entry)) for d in details if d["type"] == "extra_forbidden"}
    lone = [d for d in details if not (d["type"] == "missing" and d["loc"][0] in mistyped)]
    return [_field_fault(detail, entry) for detail in lone]


def _known_fields(entry: Entry) -> list[str]:
    return [*kind_of(entry.kind).model_fields, "name", "inputs"]


def _field_fault(detail: Any, entry: Entry) -> Fault:
    """A fault in our words for one of Pydantic's."""
    if not detail["loc"]:  # a rule over several fields
        return Fault("bad-value", Text("{kind}: {why}", kind=entry.kind, why=why(detail)), entry.kind, entry.path)
    field = str(detail["loc"][0])
    # Unions add the names of their members to the location; they are not in the file.
    location: Path = (field, *(step for step in detail["loc"][1:] if isinstance(step, int)))
    if detail["type"] == "extra_forbidden":
        return _unknown_field(field, entry)
    if detail["type"] == "missing":
        message = Text("{kind} needs {field}", kind=entry.kind, field=field)
        return Fault("missing-field", message, entry.kind, entry.path)
    message = Text("{kind}: {field} {why}", kind=entry.kind, field=field, why=why(detail))
    is_input = entry.kind == "Input" and entry.path[:1] in {("input",), ("inputs",)}  # the shape is all there is
    return Fault("bad-value", message, entry.kind, (*entry.path, *location[is_input:]))


def why(detail: Any) -> Text:
    """What Pydantic says of a value, in our words."""
    if detail["type"] == "cnncalc":
        told: Text = detail["ctx"]["text"]
        return told
    known = _WHY.get(detail["type"])
    value = shown(detail["input"])
    if known is None:
        return Text(_OTHERWISE.template, reason=detail["msg"], value=value)
    return Text(known.template, **(detail.get("ctx") or {}), value=value)


def _unknown_field(field: str, entry: Entry) -> Fault:
    known = _known_fields(entry)
    near = nearest(field, known)
    hint = Text("did you mean {near}?", near=near) if near else Text("it has {known}", known=", ".join(known))
    message = Text("{kind} has no field {field}", kind=entry.kind, field=repr(field))
    return Fault("unknown-field", message, entry.kind, (*entry.path, field), remedies=(hint,))


_INTEGER = Text("takes an integer, not {value}")
_NUMBER = Text("takes a number, not {value}")
_LIST = Text("takes a list, not {value}")
_WHY = {
    "int_type": _INTEGER,
    "int_parsing": _INTEGER,
    "int_from_float": _INTEGER,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "bool_type": Text("takes true or false, not {value}"),
    "string_type": Text("takes a word, not {value}"),
    "tuple_type": _LIST,
    "list_type": _LIST,
    "greater_than_equal": Text("must be at least {ge}, not {value}"),
    "less_than_equal": Text("must be at most {le}, not {value}"),
    "literal_error": Text("takes {expected}, not {value}"),
    "too_long": Text("takes a list of at most {max_length}, not {value}"),
    "too_short": Text("takes a list of at least {min_length}, not {value}"),
}
_OTHERWISE = Text("cannot be {value}: {reason}")
