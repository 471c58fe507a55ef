"""What all recurrent layers share: a sequence is read step by step, and the last state may be told too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from ..arithmetic import Demand, Dim, Shape
from ..language import Text
from .base import Facts, Layer, Reading, Weights
from .fields import ActivationName, Share, Switch

STATES = Text("it takes a sequence, alone or with all its initial states")
STATE_SHAPE = Text("an initial state must have the shape of the states")


class Recurrent(Layer):
    """A layer over the first axis of its input; `states` arrays go from step to step."""

    states: ClassVar[int] = 1

    activation: ActivationName = "tanh"
    use_bias: Switch = True
    dropout: Share = 0.0
    recurrent_dropout: Share = 0.0
    return_sequences: Switch = False
    return_state: Switch = False
    go_backwards: Switch = False

    def demands(self, xs: tuple[Shape, ...]) -> Iterator[Demand]:
        if len(xs) != 1:
            yield Demand(len(xs), "==", 1 + self.states, STATES, code="inputs")
        yield from self.needs(xs[0])
        for given in xs[1:]:
            yield from same(given, self.state(xs[0]), STATE_SHAPE)

    def facts(self, xs: tuple[Shape, ...]) -> Facts:
        x = xs[0]
        state = self.state(x)
        first = (x[0], *state) if self.return_sequences else state
        others = (state,) * self.states if self.return_state else ()
        return Facts(first, self.reading(x), self.weights(x), x[0] * self.step_macs(x), others)

    def needs(self, x: Shape) -> Iterator[Demand]:
        """What must be true of the sequence."""
        raise NotImplementedError

    def state(self, x: Shape) -> Shape:
        """The shape of one state, which is also the output of one step."""
        raise NotImplementedError

    def reading(self, x: Shape) -> Reading:
        raise NotImplementedError

    def weights(self, x: Shape) -> Weights:
        raise NotImplementedError

    def step_macs(self, x: Shape) -> Dim:
        """The multiply-accumulates of one step."""
        raise NotImplementedError


def same(a: Shape, b: Shape, rule: Text) -> Iterator[Demand]:
    """What two equal shapes have in common."""
    yield Demand(len(a), "==", len(b), rule, code="rank")
    for one, other in zip(a, b, strict=True):
        yield Demand(one, "==", other, rule)
