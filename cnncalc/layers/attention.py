"""Attention: every query is compared with every key, and the values are averaged by the result."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, field_validator

from ..arithmetic import Demand, Dim, Shape, prod
from ..language import Text
from .axes import axis_needs, listed, position
from .base import Facts, Layer, Scope, Weights
from .fields import Letter, Positive, Share, Switch

TWO_OR_THREE = Text("it takes a query and a value, and a key if that is another input")
SEQUENCES = Text("it takes inputs of at least 2 axes: positions and features")
SAME_POSITIONS = Text("key and value must have the same positions")
SAME_FEATURES = Text("query and key must have the same number of features")


class AttentionBase(Layer):
    """Query, value and key, in this order; the value is the key where none is given."""

    dropout: Share = 0.0
    return_attention_scores: Switch = False

    def scores(self, query: Shape, key: Shape) -> tuple[Shape, ...]:
        """The second output, where it is asked for."""
        return ((*query[:-1], key[-2]),) if self.return_attention_scores else ()

    def demands(self, xs: tuple[Shape, ...]) -> Iterator[Demand]:
        yield Demand(2, "<=", len(xs), TWO_OR_THREE, code="inputs")
        yield Demand(len(xs), "<=", 3, TWO_OR_THREE, code="inputs")
        for x in xs:
            yield Demand(2, "<=", len(x), SEQUENCES, code="rank")
        query, value, key = triple(xs)
        yield Demand(len(key), "==", len(value), SAME_POSITIONS, code="rank")
        for n, m in zip(key[:-1], value[:-1], strict=True):
            yield Demand(n, "==", m, SAME_POSITIONS)
        yield from self.needs(query, value, key)

    def needs(self, query: Shape, value: Shape, key: Shape) -> Iterator[Demand]:
        """What else must be true of the three."""
        yield from ()


def triple(xs: tuple[Shape, ...]) -> tuple[Shape, Shape, Shape]:
    """Query, value and key."""
    return xs[0], xs[1], xs[2] if len(xs) == 3 else xs[1]


class Attention(AttentionBase):
    """Dot-product attention without projections (Luong et al. 2015); its two products count as MACs."""

    use_scale: Switch = False
    score_mode: Literal["dot", "concat"] = "dot"

    def needs(self, query: Shape, value: Shape, key: Shape) -> Iterator[Demand]:
        yield Demand(query[-1], "==", key[-1], SAME_FEATURES)

    def facts(self, xs: tuple[Shape, ...]) -> Facts:
        query, value, key = triple(xs)
        pairs = prod(query[:-1]) * key[-2]
        macs = pairs * ((query[-1] if self.score_mode == "dot" else 0) + value[-1])
        return Facts((*query[:-1], value[-1]), Scope.WHOLE, self._weights(), macs, self.scores(query, key))

    def _weights(self) -> Weights:
        names = ["scale"] * self.use_scale + ["concat_score_weight"] * (self.score_mode == "concat")
        return dict.fromkeys(names, ())


class AdditiveAttention(AttentionBase):
    """Scores are sums of tanh(query + key), weighted by a learned scale (Bahdanau et al. 2015)."""

    use_scale: Switch = True

    def needs(self, query: Shape, value: Shape, key: Shape) -> Iterator[Demand]:
        yield Demand(query[-1], "==", key[-1], SAME_FEATURES)

    def facts(self, xs: tuple[Shape, ...]) -> Facts:
        query, value, key = triple(xs)
        weights: Weights = {"scale": (query[-1],)} if self.use_scale else {}
        macs = prod(query[:-1]) * key[-2] * ((query[-1] if self.use_scale else 0) + value[-1])
        return Facts((*query[:-1], value[-1]), Scope.WHOLE, weights, macs, self.scores(query, key))


class Heads(AttentionBase):
    """Attention between projections of the inputs, several heads at once, projected again at the end."""

    use_bias: Switch = True
    use_gate: Switch = False

    def sizes(self) -> tuple[Dim, Dim, Dim, Dim]:
        """Heads of the query, heads of key and value, features of a key, features of a value."""
        raise NotImplementedError

    def target(self, query: Shape) -> Shape:
        """The feature axes of the output."""
        return (query[-1],)

    def needs(self, query: Shape, value: Shape, key: Shape) -> Iterator[Demand]:
        yield Demand(len(query), "==", len(value), SAME_POSITIONS, code="rank")
        for axis in self.shared(query):
            yield Demand(query[axis], "==", value[axis], Text("the axes without attention must be equal"))

    def compared(self, query: Shape) -> tuple[int, ...]:
        """The axes of the inputs along which positions are compared."""
        return (len(query) - 2,)

    def shared(self, query: Shape) -> tuple[int, ...]:
        """The axes of the inputs, but the last, along which nothing is compared."""
        return tuple(axis for axis in range(len(query) - 1) if axis not in self.compared(query))

    def facts(self, xs: tuple[Shape, ...]) -> Facts:
        query, value, key = triple(xs)
        heads, _, key_dim, value_dim = self.sizes()
        weights = self._weights(query, value, key)
        asked, held = prod(query[:-1]), prod(value[:-1])
        projections = sum(
            (held if name.startswith(("key", "value")) else asked) * prod(shape)
            for name, shape in weights.items()
            if name.endswith("kernel")
        )
        others = prod(value[axis] for axis in self.compared(query))
        products = asked * others * heads * (key_dim + value_dim)
        output = (*query[:-1], *self.target(query))
        return Facts(output, Scope.WHOLE, weights, projections + products, self.scores(query, key))

    def scores(self, query: Shape, key: Shape) -> tuple[Shape, ...]:
        if not self.return_attention_scores:
            return ()
        pairs = tuple(x[axis] for x in (query, key) for axis in self.compared(query))
        return ((*(query[axis] for axis in self.shared(query)), self.sizes()[0], *pairs),)

    def _weights(self, query: Shape, value: Shape, key: Shape) -> Weights:
        heads, key_heads, key_dim, value_dim = self.sizes()
        projected = {"query": (query[-1], heads, key_dim)}
        if self.use_gate:
            projected["gate"] = (query[-1], heads, value_dim)
        projected |= {"key": (key[-1], key_heads, key_dim), "value": (value[-1], key_heads, value_dim)}
        target = self.target(query)
        weights: Weights = {}
        for name, kernel in projected.items():
            weights[f"{name}_kernel"] = kernel
            if self.use_bias:
                weights[f"{name}_bias"] = kernel[1:]
        weights["attention_output_kernel"] = (heads, value_dim, *target)
        return weights | ({"attention_output_bias": target} if self.use_bias else {})


class MultiHeadAttention(Heads):
    """Scaled dot-product attention in `num_heads` heads (Vaswani et al. 2017)."""

    num_heads: Annotated[Positive, Letter("h")]
    key_dim: Annotated[Positive, Letter("d_k")]
    value_dim: Annotated[Positive | None, Letter("d_v")] = None
    output_shape: Annotated[tuple[Positive, ...] | None, Letter()] = None
    attention_axes: Annotated[tuple[Annotated[int, Field(strict=True, ge=1)], ...] | None, Letter()] = None
    sliding_window: Annotated[Positive | None, Letter()] = None

    _axes = field_validator("attention_axes", "output_shape", mode="before")(listed)

    @classmethod
    def positional(cls) -> tuple[str, ...]:
        return ("num_heads", "key_dim", "value_dim")

    def needs(self, query: Shape, value: Shape, key: Shape) -> Iterator[Demand]:
        yield from axis_needs(self.attention_axes or (), query[:-1])
        yield from Heads.needs(self, query, value, key)

    def sizes(self) -> tuple[Dim, Dim, Dim, Dim]:
        return self.num_heads, self.num_heads, self.key_dim, self.key_dim if self.value_dim is None else self.value_dim

    def target(self, query: Shape) -> Shape:
        return self.output_shape or (query[-1],)

    def compared(self, query: Shape) -> tuple[int, ...]:
        """By default attention runs over all axes but the batch and the last."""
        if self.attention_axes is None:
            return tuple(range(len(query) - 1))
        return tuple(dict.fromkeys(position(axis, query) for axis in self.attention_axes))


class GroupQueryAttention(Heads):
    """Groups of query heads share a head of key and value (Ainslie et al. 2023)."""

    head_dim: Annotated[Positive, Letter("d")]
    num_query_heads: Annotated[Positive, Letter("h")]
    num_key_value_heads: Annotated[Positive, Letter("g")]
    sliding_window: Annotated[Positive | None, Letter()] = None

    @classmethod
    def positional(cls) -> tuple[str, ...]:
        return ("head_dim", "num_query_heads", "num_key_value_heads")

    def needs(self, query: Shape, value: Shape, key: Shape) -> Iterator[Demand]:
        rule = Text("num_key_value_heads must divide num_query_heads")
        yield Demand(self.num_query_heads % self.num_key_value_heads, "==", 0, rule)
        yield Demand(query[-1], "==", value[-1], Text("query and value must have the same number of features"))
        yield from Heads.needs(self, query, value, key)

    def sizes(self) -> tuple[Dim, Dim, Dim, Dim]:
        return self.num_query_heads, self.num_key_value_heads, self.head_dim, self.head_dim
