"""The kinds of question, each with the fields that a file may give it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from ..derive.memory import DTYPES
from ..language import Text
from ..layers.fields import wrong
from .written import Exact, Points, Share, Stated, Wording

NAMES = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
ONE = Fraction(1)


def _names(value: Any) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else [value]
    if not listed or not all(isinstance(name, str) for name in listed):
        raise wrong(Text("takes names of layers, or all, not {value}", value=repr(value)))
    return tuple(listed)


def _matrix(value: Any) -> Any:
    """Rows of numbers of one length; the numbers are checked afterwards."""
    rows = value if isinstance(value, list) else []
    if not rows or not all(isinstance(row, list) and row and len(row) == len(rows[0]) for row in rows):
        raise wrong(Text("takes a matrix: rows of numbers, equally long"))
    return value


Names = Annotated[tuple[str, ...], BeforeValidator(_names), WithJsonSchema(NAMES)]
Matrix = Annotated[tuple[tuple[Exact, ...], ...], BeforeValidator(_matrix)]
Step = Annotated[int, Field(strict=True, ge=1)]
Side = Annotated[int, Field(strict=True, ge=0)]
MAX_PADDING = 100
MAX_PRODUCTS = 1_000_000
"""Of a feature map: it is worked out in exact numbers."""


class Question(BaseModel):
    """What all questions have."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ask: str
    id: str | None = None
    """The name of the item, where the question has one item only."""
    points: Points = ONE
    """Of each item."""
    text: Wording = {}
    expect: Any = None
    """The published answer; of several layers, by the name of the layer."""


class OfLayers(Question):
    """A number or a shape of layers; without `layers`, of the whole network where that has it."""

    layers: Names = ()
    layer: str | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> OfLayers:
        if self.layers and self.layer:
            raise wrong(Text("takes `layer` or `layers`, not both"))
        return self

    @property
    def chosen(self) -> tuple[str, ...]:
        return (self.layer,) if self.layer else self.layers


class Memory(Question):
    """Bytes: of the weights, of what is alive at once, or of training."""

    part: Literal["weights", "inference_peak", "training_sum"] = "weights"
    dtype: Literal[*DTYPES] = "float32"  # type: ignore[valid-type]  # the names in the table
    batch: Step = 1


class Formula(Question):
    """A formula in letters, such as K²·C·F + F; any that is equal is right."""

    of: str


class Solve(Question):
    """A setting of one field that gives what is wanted; every one that does is right."""

    layer: str
    field: str
    wanted: Annotated[Mapping[str, Stated], Field(alias="for", min_length=1)]


class FeatureMap(Question):
    """What a filter makes of an image: the whole map."""

    image: Matrix
    filter: Matrix
    strides: Step = 1
    padding: Literal["valid", "same"] | Annotated[int, Field(strict=True, ge=0, le=MAX_PADDING)] = "valid"
    bias: Exact = 0
    tolerance: Exact = 0

    @model_validator(mode="after")
    def _is_small(self) -> FeatureMap:
        around = 2 * (self.padding if isinstance(self.padding, int) else 0)
        places = (len(self.image) + around) * (len(self.image[0]) + around)
        if places * len(self.filter) * len(self.filter[0]) > MAX_PRODUCTS:
            raise wrong(Text("takes a picture and a filter of at most {limit} products", limit=MAX_PRODUCTS))
        return self


class MapValue(FeatureMap):
    """One number of such a map."""

    at: tuple[Side, Side] = (0, 0)


class Design(Question):
    """A network of the student's own that must meet conditions."""

    must: Annotated[Mapping[str, Any], Field(min_length=1)]


class Claim(Question):
    """A statement that is true or false."""

    of: str
    value: Stated
    says: Wording = {}
    published: bool = False
    """Whether course material says so; then a false one is reported."""


class Choice(Question):
    """One of several; without `options`, made of what students are known to get wrong."""

    of: str
    options: Annotated[tuple[Stated, ...], Field(max_length=26)] = ()
    distractors: Annotated[int, Field(strict=True, ge=1, le=25)] = 3
    """How many wrong options are made where none are written."""


class Predictions(Question):
    """Labels that the student's model predicts, held against a file of true ones."""

    labels: str
    accuracy: Share = Fraction(0)
    """The least that is right."""


KINDS: dict[str, type[Question]] = {
    "shape": OfLayers,
    "params": OfLayers,
    "trainable_params": OfLayers,
    "non_trainable_params": OfLayers,
    "macs": OfLayers,
    "receptive_field": OfLayers,
    "total_params": Question,
    "total_macs": Question,
    "memory": Memory,
    "formula": Formula,
    "solve": Solve,
    "feature_map": FeatureMap,
    "value": MapValue,
    "architecture": Design,
    "claim": Claim,
    "choice": Choice,
    "predictions": Predictions,
}
"""The class of each `ask`."""
