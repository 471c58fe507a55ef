"""An exercise: questions about a network, whose answers nobody types."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from ..architecture import Architecture
from ..architecture import load as load_architecture
from ..architecture.source import Source
from ..derive import Summary
from .items import Item
from .labels import Labels
from .written import Share, Value

Load = Callable[[str], Architecture]
"""From the path of a file to the network in it; raises ArchitectureError."""


class Marking(BaseModel):
    """How points are given where an answer is not simply right."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    carry_forward: Share = Fraction(1)
    """The share of the points for a right method on the student's own earlier, wrong answer."""
    per_axis: bool = Field(default=False, strict=True)
    """Whether single right axes of a shape, numbers of a map and conditions of a network give their part of the points."""
    other_layout: Literal["ask", "right", "wrong"] = "ask"
    """What a right shape is whose channels stand on the other side: for a person to decide, right or wrong."""


@dataclass(frozen=True, slots=True)
class Exercise:
    """What is asked, of which network, and how it is marked."""

    title: Mapping[str, str]
    text: Mapping[str, str]
    architecture: Architecture | None
    summary: Summary | None
    marking: Marking
    items: tuple[Item, ...]
    expect: Mapping[str, Value]
    """Published answers by item."""
    variants: Mapping[str, tuple[int, ...]]
    """The numbers that variables of the network are drawn from."""
    numbers: Mapping[str, int]
    """What variables of the network are set to, over its own values."""
    source: Source
    load: Load = load_architecture
    """What reads a network: that of the exercise, and those that students hand in."""
    labels: Mapping[str, Labels] = field(default_factory=dict)
    """True labels, by the file that a question names."""

    @property
    def points(self) -> Fraction:
        return sum((item.points for item in self.items), Fraction(0))
