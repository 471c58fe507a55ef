"""Windows written out as columns (im2col), and columns added up to a map again (col2im)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar

from pydantic import field_validator

from ..arithmetic import Demand, Dim, Shape, prod
from ..language import Text
from ..window import Window
from .base import Facts, PaddedLayer, Scope
from .fields import ONE, Axes, Letter, Padding, one_per_axis

NONE: Any = 0


class Columns(PaddedLayer):
    """Channels come first; a column holds all channels of a window, one after the other."""

    rank: ClassVar = 2

    kernel_size: Annotated[Axes, Letter("K")]
    dilation_rate: Annotated[Axes, Letter("D_r", neutral=1)] = ONE
    padding: Annotated[Padding, Letter("P", neutral=0)] = NONE
    strides: Annotated[Axes, Letter("S")] = ONE

    @property
    def channels_first(self) -> bool:
        return True

    def windows(self, spatial: Shape) -> tuple[Window, ...]:
        return self.slide(self.padding, self.kernel_size, self.strides, self.dilation_rate)

    def positions(self, spatial: Shape) -> Dim:
        """How many windows there are."""
        return prod(window.count(n) for window, n in zip(self.windows(spatial), spatial, strict=True))


class Unfold(Columns):
    """(C, H, W) becomes (C x taps, windows)."""

    def facts(self, xs: tuple[Shape, ...]) -> Facts:
        ((c, *spatial),) = xs
        return Facts((c * prod(self.kernel_size), self.positions(tuple(spatial))), Scope.MOVED, {}, 0)


class Fold(Columns):
    """(C x taps, windows) becomes (C, H, W); where windows overlap, they are added."""

    output_size: Annotated[Axes, Letter("O")]

    _sizes = field_validator("output_size", mode="before")(lambda value: one_per_axis(value, 2))

    def needs(self, x: Shape) -> Iterator[Demand]:
        yield Demand(
            len(x), "==", 2, Text("it takes an input of 2 axes: columns of channels, and windows"), code="rank"
        )
        for axis, (window, n) in enumerate(zip(self.windows(self.output_size), self.output_size, strict=True)):
            yield window.demand(n, axis)._replace(axis=None)
        yield Demand(x[0] % prod(self.kernel_size), "==", 0, Text("the taps of a window must divide the columns"))
        rule = Text("the input must have as many windows as fit into output_size")
        yield Demand(x[1], "==", self.positions(self.output_size), rule)

    def facts(self, xs: tuple[Shape, ...]) -> Facts:
        ((columns, _),) = xs
        return Facts((columns // prod(self.kernel_size), *self.output_size), Scope.MOVED, {}, 0)
