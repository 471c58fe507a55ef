"""What a number must be for a field to take it: on ints the door checks it, of a symbol it is a condition."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, get_args

from ..arithmetic import LIMIT, Demand, Symbolic
from ..language import Text
from .base import Layer


@cache
def least(kind: type[Layer], field: str) -> int:
    """The least number that a field of the kind takes; -LIMIT where there is no other bound."""
    info = kind.model_fields[field]
    return next(_bounds([*info.metadata, info.annotation]), -LIMIT)


def _bounds(annotations: list[Any]) -> Iterator[int]:
    """Every `ge` in annotations, however deep: Positive, tuple[Positive, ...], Positive | None."""
    for annotation in annotations:
        bound = getattr(annotation, "ge", None)
        if isinstance(bound, int):
            yield bound
        yield from _bounds([*getattr(annotation, "metadata", ()), *get_args(annotation)])


def open_fields(layer: Layer) -> Iterator[Demand]:
    """What the symbols in the fields of a layer must be."""
    for field, value in layer:
        if isinstance(value, Layer):
            yield from open_fields(value)
        elif found := [*_symbols(value)]:
            bound = least(type(layer), field)
            rule = Text("{field} takes numbers from {least}", field=field, least=bound)
            yield from (Demand(bound, "<=", number, rule, code="field") for number in found if bound > -LIMIT)


PLAIN = frozenset({bool, float, int, str, type(None)})


def symbols_in(layer: Layer) -> Iterator[Symbolic]:
    """What stands in the fields of a layer in place of numbers, whatever the fields take."""
    for value in vars(layer).values():
        if isinstance(value, Layer):
            yield from symbols_in(value)
        elif type(value) not in PLAIN:
            yield from _symbols(value)


def has_open_fields(layer: Layer) -> bool:
    """Whether a field holds a symbol."""
    return next(symbols_in(layer), None) is not None


def _symbols(value: Any) -> Iterator[Symbolic]:
    if isinstance(value, Symbolic):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _symbols(each)
