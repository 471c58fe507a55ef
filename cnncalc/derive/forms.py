"""What a closed form says: formulas, ranges and positions, for every axis of an output."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from ..algebra.domain import Domain
from ..algebra.range import Range
from ..arithmetic import Shape
from ..expression import evaluate
from .explain import Line
from .links import Link
from .rows import Row, plain

WINDOW_LETTERS = ("r", "j", "P", "P_1", "P_2")
"""The size, stride and padding of a link in formulas."""


class LinkForm(NamedTuple):
    """A link of the chain, and the size behind it by the size before it."""

    link: Link
    size: Line

    def to_dict(self) -> dict[str, Any]:
        """A link as JSON has it; a window only where it is one with constant padding."""
        window = self.link.window
        told = {"from": self.link.start, "to": self.link.end, "kind": self.kind}
        if window is not None:
            told |= {"size": plain(window.extent), "stride": plain(window.stride), "padding": plain(window.padding)}
        letters = {name: number for name, number in self.size.numbers.items() if name in WINDOW_LETTERS}
        return told | {"output": str(evaluate(self.size.formula, letters)), "at": plain(self.size.result)}

    @property
    def kind(self) -> str:
        """`window`, `same`, `ceil`, `spread`, `bins`, `resample`, or `paths` where paths differ."""
        way = self.link.way
        if way is None:
            return "paths"
        if self.link.window is not None:
            return "window"
        return {True: "ceil", False: "same", None: type(way).__name__.lower()}[getattr(way, "ceil_mode", None)]


class Drop(NamedTuple):
    """Positions of its own input that a layer never reads."""

    layer: str
    positions: tuple[int, ...]
    size: int


class AlignedBy(NamedTuple):
    """The sizes for which paths can be merged, and the merges that ask for it."""

    layers: tuple[str, ...]
    range: Range


class AxisForm(NamedTuple):
    """One axis of an output, or several that behave alike: formulas are then told of the first."""

    letters: tuple[str, ...]
    """The axes of the output: H, W."""
    symbol: str | None
    """The letter of the input in the formulas; None where the output has one size, or hangs on several axes."""
    links: tuple[LinkForm, ...]
    """() where positions cannot be followed."""
    output: Line
    at_hand: int | None
    """The size of the input's axis in the file."""
    valid: Range | None
    same_output: Range | None
    """All inputs with the same output as the one at hand."""
    left_over: Line | None
    """The pixels behind the last place of the one window, padding included."""
    unseen: tuple[int, ...] | None
    """Pixels of the input that no output sees; None where nobody can tell."""
    drops: tuple[Drop, ...]
    aligned: AlignedBy | None
    exact: Range | None
    """Where no window leaves a remainder; None where there is none that could."""

    def to_dict(self) -> dict[str, Any]:
        aligned = self.aligned and {"layers": list(self.aligned.layers), **self.aligned.range.to_dict()}
        return {
            "axes": list(self.letters),
            "links": [each.to_dict() for each in self.links],
            "output": str(self.output.formula),
            "at": {"input": self.at_hand, "output": plain(self.output.result)},
            "valid": self.valid and self.valid.to_dict(),
            "same_output": self.same_output and self.same_output.to_dict(),
            "left_over": self.left_over and plain(self.left_over.result),
            "never_seen": self.unseen if self.unseen is None else list(self.unseen),
            "never_read": [{"layer": each.layer, "positions": list(each.positions)} for each in self.drops],
            "lines_up": aligned,
            "no_remainder": self.exact and self.exact.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class ClosedForm:
    """A layer's output as a function of the size of the input."""

    row: Row
    """The layer, derived on letters."""
    inputs: dict[str, Shape]
    """The inputs that it depends on."""
    axes: tuple[AxisForm, ...]
    domain: Domain
    """Of the layer and all before it: a later padding hides no window that did not fit."""

    def to_dict(self) -> dict[str, Any]:
        return {
            "layer": self.row.name,
            "inputs": {name: plain(shape) for name, shape in self.inputs.items()},
            "output_shape": plain(self.row.output_shape),
            "axes": [axis.to_dict() for axis in self.axes],
            "conditions": self.domain.conditions(),
        }
