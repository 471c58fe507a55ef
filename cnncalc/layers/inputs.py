"""The input: where shapes come from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from ..arithmetic import Demand, Shape
from .base import Facts, Layer, Scope
from .fields import Letter, Positive


class Input(Layer):
    """A tensor from outside; `shape` leaves the batch axis out."""

    shape: Annotated[tuple[Positive, ...], Letter()]

    def demands(self, xs: tuple[Shape, ...]) -> Iterator[Demand]:
        yield from ()

    def facts(self, xs: tuple[Shape, ...]) -> Facts:
        return Facts(self.shape, Scope.POINT, {}, 0)
