"""Embeddings: a row of a learned table for every index."""

from __future__ import annotations

from typing import Annotated, ClassVar

from ..arithmetic import Shape
from .base import Reading, Scope, UnaryLayer, Weights
from .fields import Letter, Positive, Switch
from .lora import Adaptable


class Table(UnaryLayer, Adaptable):
    """Looks up `output_dim` numbers per entry in a table of `input_dim` rows; a look-up multiplies nothing."""

    adapted: ClassVar = "embeddings"

    input_dim: Annotated[Positive, Letter("V")]
    output_dim: Annotated[Positive, Letter("E")]
    mask_zero: Switch = False

    def output(self, x: Shape) -> Shape:
        return (*x, self.output_dim)

    def reading(self, x: Shape) -> Reading:
        return Scope.MOVED

    def weights(self, x: Shape) -> Weights:
        table = (self.input_dim, self.output_dim)
        return {"embeddings": table, **self.adapter(table)}


class Embedding(Table):
    """Looks up a row of `output_dim` numbers for every entry; a look-up multiplies nothing."""


class EmbeddingBag(Table):
    """The rows of all entries added up, averaged, or their largest (PyTorch)."""

    def output(self, x: Shape) -> Shape:
        return (*x[:-1], self.output_dim)

    def reading(self, x: Shape) -> Reading:
        return Scope.WHOLE


class ReversibleEmbedding(Table):
    """An Embedding that can also be run backwards, with a table of its own unless `tie_weights`."""

    tie_weights: Switch = True
    logit_soft_cap: float | None = None

    def weights(self, x: Shape) -> Weights:
        reverse: Weights = {} if self.tie_weights else {"reverse_embeddings": (self.output_dim, self.input_dim)}
        return {**Table.weights(self, x), **reverse}
