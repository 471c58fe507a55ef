"""Scaling by constants and by learned numbers, as the networks of `keras.applications` do it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from ..arithmetic import Demand, Shape
from ..language import Text
from .base import Facts, Layer, Scope, UnaryLayer, Weights
from .fields import Letter, Positive


class Rescaling(UnaryLayer):
    """x * scale + offset, with constants."""

    scale: float | list[float]
    offset: float | list[float] = 0.0


class LayerScale(UnaryLayer):
    """A learned factor per channel (Touvron et al. 2021), as in ConvNeXt."""

    projection_dim: Annotated[Positive, Letter("C_p")]
    init_values: float = 1e-6

    def needs(self, x: Shape) -> Iterator[Demand]:
        rule = Text("projection_dim must be the channels of the input")
        yield Demand(x[-1], "==", self.projection_dim, rule, len(x) - 1)

    def weights(self, x: Shape) -> Weights:
        return {"gamma": (self.projection_dim,)}


class CustomScaleLayer(Layer):
    """The first input plus `scale` times the second, as in Inception-ResNet."""

    scale: float = 1.0

    def demands(self, xs: tuple[Shape, ...]) -> Iterator[Demand]:
        yield Demand(len(xs), "==", 2, Text("{kind} takes {n} inputs", kind=self.kind(), n=2), code="inputs")
        rule = Text("the inputs must have the same shape")
        yield Demand(len(xs[0]), "==", len(xs[1]), rule, code="rank")
        for axis, (a, b) in enumerate(zip(*xs, strict=True)):
            yield Demand(b, "==", a, rule, axis, "merge")

    def facts(self, xs: tuple[Shape, ...]) -> Facts:
        return Facts(xs[0], Scope.POINT, {}, 0)
