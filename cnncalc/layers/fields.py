"""What layer fields are made of: checked numbers, and the letter each has in a formula."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import floor
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import AfterValidator, Field, WithJsonSchema, WrapValidator
from pydantic_core import PydanticCustomError

from ..arithmetic import LIMIT, Dim, Symbolic
from ..errors import nearest
from ..language import Text


class Nested:
    """Marks a field that holds a layer: a file writes it as an entry."""


class Letter(NamedTuple):
    """Marks a field of integers, which a file may also give as a name or an expression.

    `name` is how formulas write it; without a name it stays out of them, and so does a field that
    holds its `neutral` value.
    """

    name: str | None = None
    neutral: int | None = None


class Least(NamedTuple):
    """Marks the least number in a field that has a door of its own."""

    ge: int


def wrong(text: Text) -> PydanticCustomError:
    """The error of a field, in words that are translated when shown."""
    return PydanticCustomError("cnncalc", "{text}", {"text": text})


def is_zero(value: Any) -> bool:
    """Whether a number is the int 0; a symbol is not."""
    return isinstance(value, int) and value == 0


def _or_symbol(value: Any, check: Callable[[Any], Any]) -> Any:
    return value if isinstance(value, Symbolic) else check(value)


def _integer_schema(minimum: int) -> WithJsonSchema:
    name = {"type": "string", "description": "the name of a variable, or an expression of names"}
    return WithJsonSchema({"anyOf": [{"type": "integer", "minimum": minimum, "maximum": LIMIT}, name]})


def _list_schema(description: str) -> WithJsonSchema:
    return WithJsonSchema({"type": ["integer", "string", "array"], "description": description})


Positive = Annotated[int, Field(strict=True, ge=1, le=LIMIT), WrapValidator(_or_symbol), _integer_schema(1)]
Whole = Annotated[int, Field(strict=True, ge=0, le=LIMIT), WrapValidator(_or_symbol), _integer_schema(0)]
Integer = Annotated[int, Field(strict=True, ge=-LIMIT, le=LIMIT), WrapValidator(_or_symbol), _integer_schema(-LIMIT)]
Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(strict=True, ge=1, le=10_000)]
"""How often something is repeated: it must be known, so it cannot be a symbol."""

Switch = Annotated[bool, Field(strict=True)]
DataFormat = Literal["channels_last", "channels_first"]

Axes = Annotated[tuple[Positive, ...], _list_schema("one number for all axes, or one per axis")]
OpenAxes = Annotated[
    tuple[Positive | None, ...], _list_schema("one number for all axes, or one per axis; null keeps an axis")
]
AXES_SCHEMA = _list_schema("an axis of both inputs, or one of each; the batch is axis 0")
Index = Annotated[int, Field(strict=True, ge=-LIMIT, le=LIMIT), _integer_schema(-LIMIT)]
"""A number that chooses an axis: which one must be known, so it cannot be a symbol."""

AxisList = Annotated[tuple[Index, ...], _list_schema("an axis, or a list of axes; the batch is axis 0")]
Pairs = tuple[tuple[int, int], ...]
Padding = Annotated[
    str | Pairs,
    Least(0),
    _list_schema('"valid", "same", "causal" (1D), a number, one per axis, or (before, after) per axis'),
]
PAIRS_SCHEMA = _list_schema("a number, one per axis, or (before, after) per axis")
PADDING_WORDS = ("valid", "same", "causal")

ONE: Any = 1
"""A default that the door turns into one number per axis."""


def one_per_axis(value: Any, rank: int) -> Any:
    """Spread a single number over `rank` axes; check the length of a list."""
    if isinstance(value, (int, Symbolic)) and not isinstance(value, bool):
        return (value,) * rank
    if isinstance(value, (list, tuple)) and len(value) != rank:
        raise wrong(Text("takes 1 number or a list of {rank}, not {value}", rank=rank, value=list(value)))
    return value


def pairs(value: Any, rank: int, minimum: int = 0) -> Pairs:
    """Normalise paddings and croppings to (before, after) per axis.

    One number stands for all sides. In 1D a flat pair is (before, after); in 2D and 3D a flat list is
    per axis and nested pairs are (before, after) per axis.
    """
    if _is_number(value):
        return ((_side(value, minimum),) * 2,) * rank
    if isinstance(value, (list, tuple)):
        if rank == 1 and len(value) == 2 and all(map(_is_number, value)):
            value = [value]
        if len(value) == rank and all(_is_number(v) or _is_pair(v) for v in value):
            sides = [(v, v) if _is_number(v) else v for v in value]
            return tuple((_side(a, minimum), _side(b, minimum)) for a, b in sides)
    example = {1: "2, [1, 2]", 2: "2, [1, 2], [[1, 1], [0, 2]]", 3: "2, [1, 1, 2], [[1, 1], [0, 2], [1, 1]]"}[rank]
    raise wrong(Text("takes numbers such as {example}, not {value}", example=example, value=value))


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, Symbolic)) and not isinstance(value, bool)


def _is_pair(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and len(value) == 2 and all(map(_is_number, value))


def _side(value: Any, minimum: int) -> Any:
    if isinstance(value, int) and not minimum <= value <= LIMIT:
        raise wrong(Text("takes numbers from {low} to {high}, not {value}", low=minimum, high=LIMIT, value=value))
    return value


def listed_numbers(value: Any) -> Any:
    """A lone number as a list of one."""
    return (value,) if isinstance(value, (int, float, Symbolic)) and not isinstance(value, bool) else value


def scaled(n: Dim, factor: float) -> Dim:
    """n x factor, rounded down: on a number as PyTorch does, in floating point; on a symbol as a fraction."""
    if isinstance(n, int):
        return floor(n * factor)
    exact = Fraction(str(factor))
    return n * exact.numerator // exact.denominator


ACTIVATIONS = (
    "celu", "elu", "exponential", "gelu", "hard_shrink", "hard_sigmoid", "hard_silu", "hard_swish", "hard_tanh",
    "leaky_relu", "linear", "log_sigmoid", "log_softmax", "mish", "relu", "relu6", "selu", "sigmoid", "silu",
    "soft_shrink", "softmax", "softplus", "softsign", "sparse_plus", "sparse_sigmoid", "sparsemax", "squareplus",
    "swish", "tanh", "tanh_shrink", "threshold",
)  # fmt: skip
"""Keras 3's activation functions that keep the shape (`glu`, which halves an axis, is not one)."""


def _known_activation(name: str | None) -> str | None:
    if name is None or name in ACTIVATIONS:
        return name
    near = nearest(name, ACTIVATIONS)
    if near:
        raise wrong(Text("{name} is unknown; did you mean {near}?", name=repr(name), near=near))
    raise wrong(Text("{name} is unknown; there are {all}", name=repr(name), all=", ".join(ACTIVATIONS)))


ActivationName = Annotated[str | None, AfterValidator(_known_activation)]
