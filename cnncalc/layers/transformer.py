"""The layers of the transformer (Vaswani et al. 2017) as PyTorch has them: attention, two Dense layers, norms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar

from pydantic import field_validator

from ..arithmetic import Demand, Dim, Shape, prod
from ..language import Text
from .base import Facts, Layer, Scope, Weights
from .fields import Letter, Positive, Share, Switch

SEQUENCE = Text("it takes inputs of 2 axes: positions and features")
WIDTH = Text("the features must be d_model")


class TransformerLayer(Layer):
    """Self-attention, in a decoder attention to the encoder's output too, then a feed-forward part."""

    reads: ClassVar[int] = 1

    d_model: Annotated[Positive, Letter("E")]
    nhead: Annotated[Positive, Letter("h")]
    dim_feedforward: Annotated[Positive, Letter("F")] = 2048
    dropout: Share = 0.1
    activation: Any = "relu"
    norm_first: Switch = False
    use_bias: Switch = True

    @field_validator("activation", mode="before")
    @classmethod
    def _name(cls, value: Any) -> Any:
        return str(value)

    def demands(self, xs: tuple[Shape, ...]) -> Iterator[Demand]:
        rule = Text("{kind} takes {n} inputs", kind=self.kind(), n=self.reads)
        yield Demand(len(xs), "==", self.reads, rule, code="inputs")
        yield Demand(self.d_model % self.nhead, "==", 0, Text("nhead must divide d_model"))
        for x in xs:
            yield Demand(len(x), "==", 2, SEQUENCE, code="rank")
            yield Demand(x[-1], "==", self.d_model, WIDTH)

    def facts(self, xs: tuple[Shape, ...]) -> Facts:
        weights = self._weights()
        own = xs[0][0]
        macs = own * self._products("linear") + self._attention(own, own)
        if self.reads == 2:
            macs = macs + self._attention(own, xs[1][0])
        return Facts(xs[0], Scope.WHOLE, weights, macs)

    def _attention(self, own: Dim, other: Dim) -> Dim:
        """Four projections, of which key and value are of the other sequence, and two products."""
        square = self.d_model * self.d_model
        return 2 * own * square + 2 * other * square + 2 * own * other * self.d_model

    def _products(self, start: str) -> Dim:
        return sum(prod(shape) for name, shape in self._weights().items() if name.startswith(start) and len(shape) == 2)

    def _weights(self) -> Weights:
        width, inner = self.d_model, self.dim_feedforward
        found: Weights = {}
        for name in ("self_attn", "multihead_attn")[: self.reads]:
            found |= {f"{name}.in_proj_weight": (3 * width, width), f"{name}.in_proj_bias": (3 * width,)}
            found |= {f"{name}.out_proj.weight": (width, width), f"{name}.out_proj.bias": (width,)}
        found |= {"linear1.weight": (inner, width), "linear1.bias": (inner,)}
        found |= {"linear2.weight": (width, inner), "linear2.bias": (width,)}
        for number in range(1, self.reads + 2):
            found |= {f"norm{number}.weight": (width,), f"norm{number}.bias": (width,)}
        return {name: shape for name, shape in found.items() if self.use_bias or not name.endswith("bias")}


class TransformerEncoderLayer(TransformerLayer):
    """Self-attention and feed-forward."""


class TransformerDecoderLayer(TransformerLayer):
    """Two inputs: the decoder's own sequence, and the encoder's output."""

    reads = 2
