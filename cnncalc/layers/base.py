"""The questions every layer answers about itself; each answer is arithmetic on ints or symbols."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar, NamedTuple

from pydantic import BaseModel, ConfigDict, field_validator, model_validator

from ..arithmetic import Demand, Dim, Shape
from ..language import Text
from ..window import SAME, AxisReading, Window
from ..window import Padding as WindowPadding
from .fields import (
    DataFormat,
    Padding,
    Pairs,
    Switch,
    one_per_axis,
    pairs,
    wrong,
)
from .settings import BY_NAME, is_setting
from .spec import InputSpec

Weights = dict[str, Shape]
"""A layer's arrays by Keras's names, in Keras's order."""

SPATIAL_LETTERS = {0: (), 1: ("L",), 2: ("H", "W"), 3: ("D", "H", "W")}


# Rules stand here, not where they are demanded: texts are made once, demands for every layer.
ONE_INPUT = Text("it takes one input")
MAP_RULES = {
    1: Text("it takes an input of 2 axes: length and channels"),
    2: Text("it takes an input of 3 axes: height, width and channels"),
    3: Text("it takes an input of 4 axes: depth, height, width and channels"),
}
INPUT_GROUPS = Text("groups must divide the input channels")
REFLECTS = Text("a reflection must be smaller than the axis that it mirrors")
WRAPS = Text("circular padding may be at most as large as the axis that it repeats")
FILTER_GROUPS = Text("groups must divide the filters")


class Scope(Enum):
    """Which inputs an output sees where no window says so."""

    POINT = "the same position"
    WHOLE = "the whole input"
    MOVED = "positions that were rearranged"
    SEVERAL = "several inputs"
    UNKNOWN = "positions that no short pattern describes"


@dataclass(frozen=True, slots=True)
class Mixed:
    """Everything along `axes` is mixed: no more than a point where they hold the channels alone."""

    axes: frozenset[int]
    otherwise: Scope


Reading = tuple[AxisReading, ...] | Mixed | Scope
"""A reading per spatial axis, or what stands for all of them."""


class Facts(NamedTuple):
    """What a layer makes of its input shapes."""

    output: Shape
    reading: Reading
    weights: Weights
    macs: Dim
    others: tuple[Shape, ...] = ()
    """Further outputs after the first, such as the states of a recurrent layer."""


class Layer(BaseModel):
    """A layer kind: fields as Keras names them, and the causes that numbers follow from.

    The engine asks `asked` first (the declared input and then `demands`) and, where all of it holds,
    `facts`; they take one shape per input.
    Positional arguments follow the order of the fields of the kind itself.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    statistics: ClassVar[frozenset[str]] = frozenset()
    """The names of weights that no gradient changes."""

    trainable: Switch = True
    input_spec: InputSpec | None = None

    @classmethod
    def kind(cls) -> str:
        return cls.__name__

    @classmethod
    def positional(cls) -> tuple[str, ...]:
        """The fields in the order of the Keras constructor."""
        return tuple(name for name in cls.model_fields if name not in BY_NAME)

    @classmethod
    def keeps(cls, setting: str) -> bool:
        """Whether the kind keeps a setting of this name that is not among its fields."""
        return False

    def learns(self, weight: str) -> bool:
        """Whether training changes the weight of this name."""
        return self.trainable and weight not in self.statistics

    @model_validator(mode="before")
    @classmethod
    def _without_training_settings(cls, data: Any) -> Any:
        """Drop what a Keras config says about training and number types: no shape depends on it."""
        if isinstance(data, dict):
            return {key: value for key, value in data.items() if key in cls.model_fields or not is_setting(key)}
        return data

    def asked(self, xs: tuple[Shape, ...]) -> Iterator[Demand]:
        """All that must hold: of the layer and, where it was declared for some input, of that."""
        if self.input_spec is not None and xs:
            yield from self.input_spec.demands(xs[0])
        yield from self.demands(xs)

    def demands(self, xs: tuple[Shape, ...]) -> Iterator[Demand]:
        raise NotImplementedError

    def facts(self, xs: tuple[Shape, ...]) -> Facts:
        raise NotImplementedError


OVER_LAST_AXIS = frozenset({"log_softmax", "softmax", "sparsemax"})
"""Activations of a number and of all others on the last axis."""


class UnaryLayer(Layer):
    """A layer with one input; the defaults describe one that changes nothing."""

    def demands(self, xs: tuple[Shape, ...]) -> Iterator[Demand]:
        yield Demand(len(xs), "==", 1, ONE_INPUT, code="inputs")
        yield from self.needs(xs[0])

    def facts(self, xs: tuple[Shape, ...]) -> Facts:
        (x,) = xs
        y = self.output(x)
        return Facts(y, self.reading(x), self.weights(x), self.macs(x, y))

    def needs(self, x: Shape) -> Iterator[Demand]:
        """What must be true of the input, most basic first."""
        yield from ()

    def output(self, x: Shape) -> Shape:
        return x

    def reading(self, x: Shape) -> Reading:
        return Scope.POINT

    def weights(self, x: Shape) -> Weights:
        return {}

    def macs(self, x: Shape, y: Shape) -> Dim:
        """Multiply-accumulates of contractions; bias, activation, norm and pooling count 0."""
        return 0


class SpatialLayer(UnaryLayer):
    """A layer that knows which axes are spatial and which holds the channels."""

    model_config = ConfigDict(validate_default=True)

    rank: ClassVar[int]
    data_format: DataFormat | None = None

    @field_validator(
        "kernel_size", "strides", "dilation_rate", "output_padding", "pool_size", "output_size", "size",
        mode="before", check_fields=False,
    )  # fmt: skip
    @classmethod
    def _one_per_axis(cls, value: Any) -> Any:
        return one_per_axis(value, cls.rank)

    def needs(self, x: Shape) -> Iterator[Demand]:
        yield Demand(len(x), "==", self.rank + 1, MAP_RULES[self.rank], code="rank")
        spatial, _ = self.split(x)
        first = 1 if self.channels_first else 0
        for axis, (window, n) in enumerate(zip(self.windows(spatial), spatial, strict=True)):
            yield window.demand(n, first + axis)

    @property
    def channels_first(self) -> bool:
        return self.data_format == "channels_first"

    def split(self, x: Shape) -> tuple[Shape, Dim]:
        """Take a shape apart as (spatial axes, channels)."""
        return (x[1:], x[0]) if self.channels_first else (x[:-1], x[-1])

    def join(self, spatial: Shape, channels: Dim) -> Shape:
        return (channels, *spatial) if self.channels_first else (*spatial, channels)

    def windows(self, spatial: Shape) -> tuple[AxisReading, ...]:
        """How each spatial axis is read."""
        raise NotImplementedError

    def channels(self, c: Dim) -> Dim:
        """The channels of the output, for `c` in the input."""
        return c

    def facts(self, xs: tuple[Shape, ...]) -> Facts:
        (x,) = xs
        spatial, c = self.split(x)
        windows = self.windows(spatial)
        y = self.map(tuple([window.count(n) for window, n in zip(windows, spatial, strict=True)]), self.channels(c))
        return Facts(y, self.reads(spatial, windows), self.weights(x), self.macs(x, y))

    def reads(self, spatial: Shape, windows: tuple[AxisReading, ...]) -> Reading:
        """With channels first, a softmax mixes everything along the last spatial axis."""
        mixed = self.channels_first and getattr(self, "activation", None) in OVER_LAST_AXIS
        return Scope.WHOLE if mixed else self.pattern(spatial, windows)

    def pattern(self, spatial: Shape, windows: tuple[AxisReading, ...]) -> Reading:
        """What the windows read, where they tell it all."""
        return windows

    def map(self, sizes: Shape, channels: Dim) -> Shape:
        """The output, of which the windows have settled the sizes."""
        return self.join(sizes, channels)


class PaddedLayer(SpatialLayer):
    """A layer whose windows slide over padded axes."""

    words: ClassVar[tuple[str, ...]] = ("valid", "same")

    @field_validator("padding", mode="plain", check_fields=False)
    @classmethod
    def _normal_padding(cls, value: Any) -> str | Pairs:
        if isinstance(value, str):
            word = value.lower()
            if word in cls.words:
                return word
            words = ", ".join(cls.words)
            raise wrong(Text("takes {words} or numbers, not {value}", words=words, value=repr(value)))
        return pairs(value, cls.rank)

    def slide(self, padding: Padding, sizes: Shape, strides: Shape, rates: Shape) -> tuple[Window, ...]:
        """One window per axis."""
        paddings = self.paddings(padding, sizes, rates)
        return tuple(map(Window, sizes, strides, rates, paddings))

    def paddings(self, padding: Padding, sizes: Shape, rates: Shape) -> tuple[WindowPadding, ...]:
        """The padding of each axis, as its window wants it."""
        match padding:
            case "same":
                return (SAME,) * self.rank
            case "valid":
                return ((0, 0),) * self.rank
            case "causal":  # only the past is seen: all padding comes before
                return tuple((rate * (size - 1), 0) for size, rate in zip(sizes, rates, strict=True))
        assert not isinstance(padding, str), "the door lets no other word in"
        return padding
