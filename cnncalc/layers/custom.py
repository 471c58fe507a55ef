"""A layer that cnncalc does not know, declared by what it does to shapes and counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import field_validator

from ..arithmetic import Demand, Shape
from .base import Facts, Layer, Scope, Weights
from .fields import Letter, Positive, Whole, is_zero


class Custom(Layer):
    """`output` is its output shape ("same": that of its first input); `params` are trainable."""

    output: Annotated[tuple[Positive, ...] | None, Letter()] = None
    params: Annotated[Whole, Letter("P", neutral=0)] = 0
    non_trainable_params: Annotated[Whole, Letter("P_n", neutral=0)] = 0
    macs: Annotated[Whole, Letter("M", neutral=0)] = 0
    class_name: str | None = None

    @field_validator("output", mode="before")
    @classmethod
    def _same(cls, value: Any) -> Any:
        return None if value == "same" else value

    def learns(self, weight: str) -> bool:
        return Layer.learns(self, weight) and weight == "weights"

    def demands(self, xs: tuple[Shape, ...]) -> Iterator[Demand]:
        yield from ()

    def facts(self, xs: tuple[Shape, ...]) -> Facts:
        counts = {"weights": self.params, "others": self.non_trainable_params}
        weights: Weights = {name: (count,) for name, count in counts.items() if not is_zero(count)}
        same = self.output is None
        return Facts(self.output or xs[0], Scope.POINT if same else Scope.MOVED, weights, self.macs)
