"""Normalisation: a scale and a shift per channel, learned, and statistics, remembered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar

from pydantic import Field, field_validator, model_validator

from ..arithmetic import Demand, Shape, prod
from ..language import Text
from .axes import axis_needs, listed, position
from .base import Mixed, Reading, Scope, UnaryLayer, Weights
from .fields import AxisList, Index, Letter, Positive, Switch, wrong
from .over_axes import OverAxes


class BatchNormalization(UnaryLayer):
    """Scale, shift and two moving statistics per channel; Keras counts all four."""

    statistics: ClassVar = frozenset({"moving_mean", "moving_variance"})

    axis: Annotated[Index, Letter()] = -1
    momentum: float = 0.99
    epsilon: float = 0.001
    center: Switch = True
    scale: Switch = True
    track_statistics: Switch = True

    @field_validator("axis", mode="before")
    @classmethod
    def _lone_axis(cls, value: object) -> object:
        """Keras 2 saved the axis as a list of one."""
        return value[0] if isinstance(value, list) and len(value) == 1 else value

    def needs(self, x: Shape) -> Iterator[Demand]:
        yield from axis_needs((self.axis,), x)

    def weights(self, x: Shape) -> Weights:
        channels = (x[position(self.axis, x)],)
        learned = ["gamma"] * self.scale + ["beta"] * self.center
        moving = ["moving_mean", "moving_variance"] * self.track_statistics
        return dict.fromkeys((*learned, *moving), channels)

    def reading(self, x: Shape) -> Reading:
        """Without statistics to remember, those of the map at hand are used (PyTorch)."""
        return Scope.POINT if self.track_statistics else Scope.WHOLE


class LayerNormalization(OverAxes):
    """Scale and shift over the normalised axes of one example."""

    epsilon: float = 0.001
    center: Switch = True
    scale: Switch = True
    rms_scaling: Switch = False

    def weights(self, x: Shape) -> Weights:
        learned = ["gamma"] * (self.scale or self.rms_scaling) + ["beta"] * (self.center and not self.rms_scaling)
        return dict.fromkeys(learned, self.chosen(x))


class GroupNormalization(UnaryLayer):
    """Normalises groups of channels over the whole map (Wu and He 2018)."""

    groups: Annotated[Positive | Annotated[int, Field(ge=-1, le=-1)], Letter("G")] = 32
    axis: Annotated[Index, Letter()] = -1
    epsilon: float = 0.001
    center: Switch = True
    scale: Switch = True

    def needs(self, x: Shape) -> Iterator[Demand]:
        yield from axis_needs((self.axis,), x)
        if self.groups != -1:  # -1: one channel per group
            channels = x[position(self.axis, x)]
            yield Demand(channels % self.groups, "==", 0, Text("groups must divide the channels"), code="groups")

    def reading(self, x: Shape) -> Reading:
        return Scope.WHOLE

    def weights(self, x: Shape) -> Weights:
        learned = ["gamma"] * self.scale + ["beta"] * self.center
        return dict.fromkeys(learned, (x[position(self.axis, x)],))


class InstanceNormalization(UnaryLayer):
    """Normalises every channel of every example over its map (Ulyanov et al. 2016); channels come first."""

    epsilon: float = 1e-5
    center: Switch = False
    scale: Switch = False

    def needs(self, x: Shape) -> Iterator[Demand]:
        yield Demand(2, "<=", len(x), Text("it takes a map: channels and spatial axes"), code="rank")
        yield Demand(2, "<=", prod(x[1:]), Text("a map of one pixel has no spread to normalise"))

    def reading(self, x: Shape) -> Reading:
        return Scope.WHOLE

    def weights(self, x: Shape) -> Weights:
        learned = ["gamma"] * self.scale + ["beta"] * self.center
        return dict.fromkeys(learned, (x[0],))


class RMSNormalization(OverAxes):
    """Divides by the root mean square and scales (Zhang and Sennrich 2019)."""

    epsilon: float | None = 1e-6
    scale: Switch = True

    def weights(self, x: Shape) -> Weights:
        return {"scale": self.chosen(x)} if self.scale else {}


class UnitNormalization(OverAxes):
    """Divides by the length along some axes; nothing is learned."""


class Normalization(UnaryLayer):
    """Subtracts a mean and divides by a deviation, which are given or were counted from data before training."""

    statistics: ClassVar = frozenset({"mean", "variance", "count"})

    axis: Annotated[AxisList | None, Letter()] = (-1,)
    mean: Any = None
    variance: Any = None
    invert: Switch = False

    _axes = field_validator("axis", mode="before")(listed)

    @model_validator(mode="after")
    def _both_or_none(self) -> Normalization:
        if (self.mean is None) != (self.variance is None):
            raise wrong(Text("takes mean and variance together, or neither"))
        return self

    def needs(self, x: Shape) -> Iterator[Demand]:
        yield from axis_needs(self.axis or (), x)

    def weights(self, x: Shape) -> Weights:
        if self.mean is not None:
            return {}
        kept = tuple(x[axis] for axis in sorted({position(axis, x) for axis in self.axis or ()}))
        return {"mean": kept, "variance": kept, "count": ()}


class LocalResponseNormalization(UnaryLayer):
    """Divides by the activity of neighbouring channels (Krizhevsky et al. 2012); channels come first."""

    size: Annotated[Positive, Letter()] = 5
    alpha: float = 1e-4
    beta: float = 0.75
    bias: float = 1.0

    def reading(self, x: Shape) -> Reading:
        return Mixed(frozenset({0}), Scope.UNKNOWN)
