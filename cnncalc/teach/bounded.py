"""What is worked out once and kept, in bounded room."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
One = TypeVar("One")
Rest = ParamSpec("Rest")


class Bounded(dict[Key, Value]):
    """`known[key]` is `make(key)`, made once; when it is full it forgets everything, so that it never grows."""

    def __init__(self, make: Callable[[Key], Value], room: int) -> None:
        super().__init__()
        self.make = make
        self.room = room

    def __missing__(self, key: Key) -> Value:
        value = self.make(key)
        if len(self) >= self.room:
            self.clear()
        self[key] = value
        return value


def keep(known: dict[Key, Value], key: Key, value: Value, room: int) -> Value:
    """The value, which is among the `room` known ones from now on."""
    if len(known) >= room:
        known.clear()
    known[key] = value
    return value


def once_for_each(room: int) -> Callable[[Callable[Concatenate[One, Rest], Value]], Callable[Concatenate[One, Rest], Value]]:  # fmt: skip
    """For a function of an object that many share, and further arguments: it is asked once for equal ones."""

    def kept(make: Callable[Concatenate[One, Rest], Value]) -> Callable[Concatenate[One, Rest], Value]:
        known: dict[Any, Value] = {}

        @wraps(make)
        def asked(each: One, /, *rest: Rest.args, **named: Rest.kwargs) -> Value:
            key = (each, rest, *named.items())
            found = known.get(key)
            return keep(known, key, make(each, *rest, **named), room) if found is None else found

        return asked

    return kept
