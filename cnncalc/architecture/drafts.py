"""Layers on their way to being nodes, and the names that a body of layers sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from ..arithmetic import Dim
from ..errors import Path
from ..layers import Layer


@dataclass(slots=True, eq=False)
class Draft:
    """A layer on its way to being a node: it still needs a unique name, and its inputs looked up."""

    kind: str
    layer: Layer | None
    path: Path
    sources: list[Draft | Reference]
    wanted: str | None = None
    repeated: bool = False
    """Whether it stands in a body that may be written out again, so that its name gets a number."""
    shares: Reference | None = None
    name: str = ""


@dataclass(slots=True)
class Scope:
    """The names that a body sees: its own, then those around it."""

    variables: Mapping[str, Dim]
    outer: Scope | None = None
    names: dict[str, Draft] = field(default_factory=dict)
    depth: int = 0

    def inner(self, variables: Mapping[str, Dim] | None = None) -> Scope:
        return Scope(self.variables if variables is None else variables, self, depth=self.depth + 1)


class Reference(NamedTuple):
    """A name under `inputs:`, with the scope to look it up in."""

    name: str
    scope: Scope
    path: Path


class Feed(NamedTuple):
    """One of the outputs of a draft."""

    draft: Draft
    output: int = 0

    @property
    def tensor(self) -> str:
        return f"{self.draft.name}:{self.output}" if self.output else self.draft.name


Tensor = Draft | None
"""What flows from one entry to the next; None before the first, or where several inputs wait."""
