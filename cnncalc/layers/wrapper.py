"""Layers around another layer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field, WithJsonSchema, model_validator

from ..arithmetic import Demand, Shape
from ..language import Text
from ..window import Window
from .base import Facts, Layer, Mixed, Reading, Scope, Weights
from .fields import Nested, wrong
from .recurrence import STATES, Recurrent, same

ENTRY = WithJsonSchema({"type": ["string", "object"], "description": "a layer, written as an entry"})

HAS_STEPS = Text("it takes an input with a time axis in front")
SAME_STEPS = Text("all inputs must have the same number of steps")
MERGED = Text("both layers must put out the same shape, but for the last axis where it is joined")
HAS_KERNEL = re.compile(r"(Depthwise)?Conv\dD(Transpose)?|(Einsum)?Dense|(Reversible)?Embedding")
"""The kinds with an array that Keras calls `kernel` or `embeddings`."""


class Wrapper(Layer):
    """A layer that hands its input on to another; the weights are the inner layer's."""

    layer: Annotated[Layer, Nested(), ENTRY]
    """A file writes it as an entry: `layer: {Dense: 10}`."""

    def learns(self, weight: str) -> bool:
        return Layer.learns(self, weight) and self.layer.learns(weight)


class TimeDistributed(Wrapper):
    """The same layer, with the same weights, at every step of the first axis."""

    def demands(self, xs: tuple[Shape, ...]) -> Iterator[Demand]:
        for x in xs:
            yield Demand(2, "<=", len(x), HAS_STEPS, code="rank")
        for x in xs[1:]:
            yield Demand(x[0], "==", xs[0][0], SAME_STEPS, 0)
        for demand in self.layer.asked(_frames(xs)):
            yield demand if demand.axis is None else demand._replace(axis=demand.axis + 1)

    def facts(self, xs: tuple[Shape, ...]) -> Facts:
        steps, inner = xs[0][0], self.layer.facts(_frames(xs))
        others = tuple((steps, *shape) for shape in inner.others)
        return Facts((steps, *inner.output), self._reading(inner), inner.weights, steps * inner.macs, others)

    def _reading(self, inner: Facts) -> Reading:
        reading = inner.reading
        if isinstance(reading, tuple) and not getattr(self.layer, "channels_first", False):
            return (Window(), *reading)
        if isinstance(reading, Mixed):
            return Mixed(frozenset(axis + 1 for axis in reading.axes), Scope.MOVED)
        return Scope.POINT if reading is Scope.POINT else Scope.MOVED


def _frames(xs: tuple[Shape, ...]) -> tuple[Shape, ...]:
    """The inputs of one step."""
    return tuple(x[1:] for x in xs)


class Bidirectional(Wrapper):
    """A recurrent layer and its mirror image that reads the sequence from its end (Schuster and Paliwal 1997)."""

    merge_mode: Literal["concat", "sum", "mul", "ave"] | None = "concat"
    backward_layer: Annotated[Layer | None, Nested(), ENTRY] = None

    @model_validator(mode="after")
    def _two_directions(self) -> Bidirectional:
        back = self.mirror
        if not isinstance(self.layer, Recurrent) or not isinstance(back, Recurrent):
            raise wrong(Text("the layers must be recurrent, such as LSTM"))
        if (self.layer.return_sequences, self.layer.return_state) != (back.return_sequences, back.return_state):
            raise wrong(Text("both layers must have the same return_sequences and return_state"))
        if self.layer.go_backwards == (self.backward_layer is None or back.go_backwards):
            raise wrong(Text("one layer must read forwards and the other backwards: set go_backwards on one of them"))
        return self

    @property
    def mirror(self) -> Layer:
        """The layer that reads the sequence from its end."""
        return self.backward_layer or self.layer

    def learns(self, weight: str) -> bool:
        direction, _, name = weight.partition("_")
        inner = self.layer if direction == "forward" else self.mirror
        return Layer.learns(self, weight) and inner.learns(name)

    def demands(self, xs: tuple[Shape, ...]) -> Iterator[Demand]:
        ahead, back = self.layer, self.mirror
        assert isinstance(ahead, Recurrent), "no others are let in"
        assert isinstance(back, Recurrent), "no others are let in"
        if len(xs) != 1:
            yield Demand(len(xs), "==", 1 + ahead.states + back.states, STATES, code="inputs")
        first = 1 + ahead.states
        yield from ahead.asked(xs[:first])
        yield from back.asked((xs[0], *xs[first:]))
        if self.backward_layer and self.merge_mode:
            joined = -1 if self.merge_mode == "concat" else None
            one, other = (inner.facts(xs[:1]).output[:joined] for inner in (ahead, back))
            yield from same(one, other, MERGED)

    def facts(self, xs: tuple[Shape, ...]) -> Facts:
        ahead, back = self.layer.facts(xs[:1]), self.mirror.facts(xs[:1])
        weights: Weights = {f"forward_{name}": shape for name, shape in ahead.weights.items()}
        weights |= {f"backward_{name}": shape for name, shape in back.weights.items()}
        states = ahead.others + back.others
        outputs: tuple[Shape, ...] = (ahead.output, back.output)
        if self.merge_mode == "concat":
            outputs = ((*ahead.output[:-1], ahead.output[-1] + back.output[-1]),)
        elif self.merge_mode:
            outputs = (ahead.output,)
        return Facts(outputs[0], ahead.reading, weights, ahead.macs + back.macs, outputs[1:] + states)


class SpectralNormalization(Wrapper):
    """Divides the kernel by its largest singular value, which it estimates with a vector (Miyato et al. 2018)."""

    power_iterations: Annotated[int, Field(ge=1)] = 1

    def learns(self, weight: str) -> bool:
        return weight != "vector_u" and Wrapper.learns(self, weight)

    def demands(self, xs: tuple[Shape, ...]) -> Iterator[Demand]:
        yield from self.layer.asked(xs)

    def facts(self, xs: tuple[Shape, ...]) -> Facts:
        inner = self.layer.facts(xs)
        kernel = inner.weights.get("kernel") or inner.weights["embeddings"]
        return inner._replace(weights={**inner.weights, "vector_u": (1, kernel[-1])})

    @model_validator(mode="before")
    @classmethod
    def _has_a_kernel(cls, data: Any) -> Any:
        inner = data.get("layer") if isinstance(data, dict) else None
        if isinstance(inner, Layer) and not HAS_KERNEL.fullmatch(inner.kind()):
            raise wrong(Text("the layer must have a kernel or embeddings"))
        return data
