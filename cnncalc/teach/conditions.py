"""Conditions that a network of the student's own must meet: `{params: "<= 100000", output: [10], layers: {Conv2D: ">= 2"}}`.

Relations are those of `limits:` in an architecture file, but a number alone is meant exactly here, and `2..5` is a range.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Any, NamedTuple

from pydantic_core import PydanticCustomError

from ..architecture import producer
from ..architecture.entries import Faults, shown
from ..arithmetic import Shape
from ..derive import Summary
from ..derive.limits import MEASURES as LIMITED
from ..derive.limits import RELATIONS, Limit, read
from ..errors import Path, nearest
from ..language import Text
from ..layers import HOME
from .quantities import OF_NETWORK, by_layer
from .written import value_of

RANGE = ".."
LAYERS = "layers"


class Condition(NamedTuple):
    """What must hold of one number, of every axis of a receptive field, or of a shape."""

    name: str
    """As in the file; a count of one kind of layer is `layers.Conv2D`."""
    bounds: tuple[Limit, ...] = ()
    shape: Shape | None = None

    @property
    def wanted(self) -> Text | str:
        """What is asked, in words."""
        if self.shape is not None:
            return "×".join(map(str, self.shape))
        told = [_wanted(each) for each in self.bounds]
        return told[0] if len(told) == 1 else Text("{least} and {most}", least=told[0], most=told[1])

    def holds(self, value: Any) -> bool:
        """Whether it holds of what was measured; None is what the network does not have."""
        if self.shape is not None or value is None:
            return bool(value == self.shape) and value is not None
        axes = value if isinstance(value, tuple) else (value,)
        return all(RELATIONS[each.relation](axis, each.bound) for each in self.bounds for axis in axes)


def _wanted(bound: Limit) -> Text:
    whole = int(bound.bound)
    number = f"{whole if whole == bound.bound else bound.bound:,}"
    match bound.relation:
        case "<=":
            return Text("at most {n}", n=number)
        case "<":
            return Text("less than {n}", n=number)
        case ">=":
            return Text("at least {n}", n=number)
        case ">":
            return Text("more than {n}", n=number)
    return Text("exactly {n}", n=number)


def _input(summary: Summary) -> Shape | None:
    """The shape of the one input."""
    shapes = list(summary.architecture.inputs.values())
    return shapes[0] if len(shapes) == 1 else None


def _depth(summary: Summary) -> int:
    """How many layers with weights and products lie behind each other on the longest way; VGG-16 has 16."""
    depths: dict[str, int] = {}
    for row in summary.rows:
        before = max((depths[producer(tensor)] for tensor in row.inputs), default=0)
        depths[row.name] = before + bool(row.facts.weights and row.facts.macs)
    return max(depths.values(), default=0)


def _kinds(summary: Summary, kind: str) -> int:
    return sum(row.kind == kind for row in summary.rows)


NUMBERS: dict[str, Callable[[Summary], Any]] = {
    "params": OF_NETWORK["total_params"],
    "trainable_params": OF_NETWORK["trainable_params"],
    "non_trainable_params": OF_NETWORK["non_trainable_params"],
    "macs": OF_NETWORK["total_macs"],
    "flops": lambda summary: LIMITED["flops"](summary)[0],
    "memory": lambda summary: LIMITED["memory"](summary)[0],
    "memory.weights": OF_NETWORK["memory.weights"],
    "memory.inference_peak": OF_NETWORK["memory.inference_peak"],
    "memory.training_sum": OF_NETWORK["memory.training_sum"],
    "receptive_field": OF_NETWORK["receptive_field"],
    LAYERS: lambda summary: len(by_layer(summary)),
    "depth": _depth,
}
SHAPES: dict[str, Callable[[Summary], Any]] = {"input": _input, "output": OF_NETWORK["output"]}
NAMES = (*NUMBERS, *SHAPES)


def measured(summary: Summary, name: str) -> Any:
    """The number or the shape that a condition is about; None where the network has none."""
    head, _, kind = name.partition(".")
    measure = NUMBERS.get(name) or SHAPES.get(name) or partial(_kinds, kind=kind)
    assert head == LAYERS or name in NAMES, "conditions() refuses other names"
    return measure(summary)


def met(wanted: tuple[Condition, ...], found: Sequence[tuple[str, Any]]) -> Fraction:
    """The share of the conditions that hold of what was measured."""
    return Fraction(sum(each.holds(value) for each, (_, value) in zip(wanted, found, strict=True)), len(wanted))


def conditions_of(must: Mapping[str, Any]) -> tuple[Condition, ...]:
    """The conditions of a question that was read without faults."""
    return conditions(must, (), Faults())


def conditions(must: Mapping[str, Any], path: Path, faults: Faults) -> tuple[Condition, ...]:
    """The conditions of a question; what cannot be read is noted at its place."""
    found: list[Condition] = []
    for name, written in must.items():
        here = (*path, name)
        if name == LAYERS and isinstance(written, dict):
            found += _by_kind(written, here, faults)
        elif name in NUMBERS:
            found += _bounded(name, written, here, faults)
        elif name in SHAPES:
            found += _shaped(name, written, here, faults)
        else:
            near = nearest(str(name), NAMES) or ", ".join(NAMES)
            faults.note("condition", Text("there is no condition named {name}", name=repr(name)), here, Text("did you mean {near}?", near=near))  # fmt: skip
    return tuple(found)


def _by_kind(written: Mapping[Any, Any], path: Path, faults: Faults) -> Iterator[Condition]:
    """How many layers of each kind there must be."""
    for kind, relation in written.items():
        if kind in HOME:
            yield from _bounded(f"{LAYERS}.{kind}", relation, (*path, kind), faults)
            continue
        near = nearest(str(kind), HOME)
        hints = [Text("did you mean {near}?", near=near)] if near else []
        faults.note("condition", Text("there is no layer kind {kind}", kind=repr(kind)), (*path, kind), *hints)


def _bounded(name: str, written: Any, path: Path, faults: Faults) -> Iterator[Condition]:
    bounds = tuple(_bounds(name, written))
    if bounds and None not in bounds:
        yield Condition(name, tuple(each for each in bounds if each))
        return
    message = Text('{name} takes a number, a relation such as "<= 1.2M" or a range such as 2..5, not {value}', name=name, value=shown(written))  # fmt: skip
    faults.note("condition", message, path)


def _bounds(name: str, written: Any) -> Iterator[Limit | None]:
    """The limits that a text stands for; None among them where it cannot be read."""
    text = str(written).strip()
    low, between, high = text.partition(RANGE)
    if isinstance(written, str) and between:
        yield read(name, f">= {low}")
        yield read(name, f"<= {high}")
    else:
        yield read(name, f"== {text}" if text[:1].isdigit() and type(written) in {int, str} else written)


def _shaped(name: str, written: Any, path: Path, faults: Faults) -> Iterator[Condition]:
    shape = _shape(written)
    if shape and all(type(axis) is int and axis > 0 for axis in shape):
        yield Condition(name, shape=shape)
        return
    message = Text("{name} takes a shape such as [28, 28, 1], not {value}", name=name, value=shown(written))
    faults.note("condition", message, path)


def _shape(written: Any) -> tuple[Any, ...]:
    """The axes that stand in the file; () where it is no value at all."""
    try:
        value = value_of(written)
    except PydanticCustomError:
        return ()
    return value if isinstance(value, tuple) else (value,)
