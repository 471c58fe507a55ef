"""Numbers to be found: every `?` of a file becomes a variable that is called like its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ..architecture import Architecture, Node
from ..architecture.entries import COMPOSITES, integer_fields
from ..architecture.source import Source
from ..errors import ArchitectureError, Fault, Path
from ..language import Text
from ..layers import HOME
from ..layers import kind as kind_of
from .knobs import Opened
from .places import expressions, open_names
from .ranges import Values

Build = Callable[[Source], Architecture]

MARKS = {"?", "？"}

RANGES = {
    "filters": (1, 4096), "units": (1, 4096), "kernel_size": (1, 31), "pool_size": (1, 31), "strides": (1, 16),
    "padding": (0, 16), "cropping": (0, 16), "output_padding": (0, 16), "dilation_rate": (1, 16), "size": (1, 31),
    "axis": (-4, 4), "axes": (-4, 4), "dims": (1, 4), "start_axis": (-4, 4), "end_axis": (-4, 4), "times": (1, 16),
}  # fmt: skip
"""Where each field is searched if nobody says otherwise."""
ELSE = (1, 1024)

LAST_FIELD = re.compile(r"(\w+)(?:\[\d+\])*$")


def named(source: Source, build: Build, axes: Sequence[str] = ()) -> tuple[Source, tuple[str, ...]]:
    """The source with a variable for every `?`, and the names of these, in the order of the file.

    `axes` are names that the input's shape has already. Raises ArchitectureError for a `?` where no integer can stand, and for whatever else is wrong.
    """
    if not isinstance(source.data, dict) or not isinstance(source.data.get("variables") or {}, dict):
        build(source)  # says what is wrong
        return source, ()
    marks = [path for path in _marks(source.data, ()) if path[0] != "variables"]
    loose = [path[1] for path in _marks(source.data, ()) if path[0] == "variables"]
    faults = [_no_integer(path, source) for path in marks if not _takes_integers(path)]
    if faults:
        raise ArchitectureError(faults)
    nodes = _example(source, marks, build).nodes if marks else ()
    names: dict[Path, str] = {}
    for path in marks:
        name = _name(path, nodes)
        names[path] = name if name not in names.values() else f"{name}#{len(names)}"
    variables = dict(source.data.get("variables") or {}) | dict.fromkeys((*loose, *axes, *names.values()))
    data = {**_renamed(source.data, names), **({"variables": variables} if variables else {})}
    return source.with_data(data), (*map(str, loose), *axes, *names.values())


def _marks(value: Any, path: Path) -> Iterator[Path]:
    """The paths of all `?`."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _marks(each, (*path, key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _marks(each, (*path, index))
    elif isinstance(value, str) and value.strip() in MARKS:
        yield path


def _takes_integers(path: Path) -> bool:
    """Whether the field at a path holds integers; parameters of blocks do."""
    words = [step for step in path if isinstance(step, str)]
    match words:
        case [*_, kind] if kind in HOME:
            return not integer_fields(kind).isdisjoint(kind_of(kind).positional()[:1])
        case [*_, kind, field] if kind in HOME:
            return field in integer_fields(kind)
        case [*_, kind, field] if kind in COMPOSITES:
            return field == "times"
        case ["input" | "inputs", *_] | ["layers" | "blocks", *_, _, _]:
            return True
    return False


def _no_integer(path: Path, source: Source) -> Fault:
    message = Text("no ? can stand here: {field} takes no integer", field=path[-1] if path else "–")
    return Fault("no-number", message, path=path, place=source.place(path))


def _example(source: Source, marks: list[Path], build: Build) -> Architecture:
    """The network with something in place of every `?`: variables where they can stand, else ones."""
    variables = {f"?{index}": None for index in range(len(marks))}
    renamed = _renamed(source.data, dict(zip(marks, variables, strict=True)))
    data = {**renamed, "variables": {**(source.data.get("variables") or {}), **variables}}
    data["variables"] = {name: None if str(value).strip() in MARKS else value for name, value in data["variables"].items()}  # fmt: skip
    try:
        return build(source.with_data(data))
    except ArchitectureError:
        return build(source.with_data(_renamed(data, dict.fromkeys(marks, 1))))


def _renamed(value: Any, names: dict[Path, Any], path: Path = ()) -> Any:
    """The data with something else at some paths."""
    if path in names:
        return names[path]
    if isinstance(value, dict):
        return {key: _renamed(each, names, (*path, key)) for key, each in value.items()}
    if isinstance(value, list):
        return [_renamed(each, names, (*path, index)) for index, each in enumerate(value)]
    return value


def _name(path: Path, nodes: tuple[Node, ...]) -> str:
    """A place as its reader would name it: `conv2d.padding`, `input[0]`, `Repeat.times`."""
    node = next((node for node in nodes if node.path and path[: len(node.path)] == node.path), None)
    if node is None:
        words = [str(step) for step in path if isinstance(step, str)]
        return ".".join(words[-2:])
    name, kind, rest = node.name, node.layer.kind(), path[len(node.path) :]
    if kind == "Input":
        return name + "".join(f"[{step}]" for step in rest if isinstance(step, int))
    fields: list[str | int] = []
    own: list[str | int] = []
    for step in rest:
        if step in HOME:  # a layer inside of this one
            fields, own, kind = [*fields, *(own or ["layer"])], [], str(step)
        else:
            own.append(step)
    if not own or isinstance(own[0], int):
        own.insert(0, kind_of(kind).positional()[0])
    fields += own
    return name + "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in fields)


def usual(name: str, knobs: Opened) -> Values:
    """The numbers among which an unknown is searched if nobody says otherwise: by the fields that hold it."""
    found = [RANGES.get(field, ELSE) for field in _fields(name, knobs)] or [ELSE]
    low, high = max(low for low, _ in found), min(high for _, high in found)
    if name in knobs.symbols:
        low = max(low, knobs.least(name))
    return Values([range(low, high + 1)])


def _fields(name: str, knobs: Opened) -> list[str]:
    last = LAST_FIELD.search(name)
    if last and last[1] in RANGES:
        return [last[1]]
    if name not in knobs.symbols:
        return []
    nodes = knobs.network(dict.fromkeys(knobs.structural, 1)).nodes if not knobs.structural else ()
    return [str(steps[0]) for node in nodes for steps, value in expressions(node.layer) if value == knobs.symbols[name]]


def axes_named(shape: Any) -> tuple[Any, tuple[str, ...]]:
    """A shape of `--input`, or several by name, with a name for every axis that is to be found; and these names."""
    if isinstance(shape, Mapping):
        pairs = {name: _named_axes(each, name) for name, each in shape.items()}
        return {name: axes for name, (axes, _) in pairs.items()}, tuple(n for _, found in pairs.values() for n in found)
    return _named_axes(shape, "input") if shape is not None else (None, ())


def _named_axes(shape: Sequence[Any], name: str) -> tuple[tuple[Any, ...], tuple[str, ...]]:
    axes = tuple(f"{name}[{axis}]" if n is None else n for axis, n in enumerate(shape))
    return axes, tuple(axis for axis, n in zip(axes, shape, strict=True) if n is None)


def all_open(knobs: Opened) -> None:
    """Raise an ArchitectureError if nothing is unknown, or if a number is neither known nor to be found."""
    source = knobs.as_written.source
    if not knobs.names:
        hint = Text("write ? in place of a number, or name one as in {example}", example="--unknown conv2d.filters")
        raise ArchitectureError([Fault("nothing-unknown", Text("nothing is unknown"), place=source.place(()), remedies=(hint,))])  # fmt: skip
    rest = [name for name in open_names(knobs.as_written) if name not in knobs.names]
    if rest:
        told = ", ".join("null" if name.startswith("?") else name for name in rest)
        hint = Text("say the numbers with --input and --set, or find them with --unknown")
        message = Text("these have no numbers: {names}", names=told)
        raise ArchitectureError([Fault("open-sizes", message, place=source.place(()), remedies=(hint,))])
