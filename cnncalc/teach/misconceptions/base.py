"""What a misconception is: a wrong rule, run in the same arithmetic as the right one, with words for the student."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from ...arithmetic import Dim, Shape
from ...language import Text

Answer = Dim | Shape
"""A number (an int, or a Fraction where somebody forgot to round) or a shape; on letters, expressions."""

Answers = tuple[Answer, ...]
"""What a wrong rule gives: one answer, or several where students differ in the detail."""

JUDGMENT = "judgment"
"""The source of a misconception that was not found in writing: it is in the catalogue by judgment."""

Subject = TypeVar("Subject")
"""What a rule is asked about: a `Case`, a `Network` or a `Cell`."""


class Quantity(StrEnum):
    """What a question asks for; of a layer, of one number in a map, or of the network."""

    SHAPE = "shape"
    PARAMS = "params"
    TRAINABLE = "trainable"
    MACS = "macs"
    FIELD = "receptive_field"
    VALUE = "value"
    TOTAL_PARAMS = "total_params"
    TRAINABLE_PARAMS = "trainable_params"
    TOTAL_MACS = "total_macs"
    TOTAL_FLOPS = "total_flops"
    WEIGHTS_MEMORY = "memory.weights"
    TRAINING_MEMORY = "memory.training_sum"


def always(subject: object) -> bool:
    """For wrong rules that fit whatever the settings are."""
    return True


@dataclass(frozen=True, slots=True, eq=False)
class Misconception(Generic[Subject]):
    """One wrong rule.

    `wrong` gives the answers of a student who follows it, for subjects that `about` and `applies` choose. It may
    branch on words and switches of a layer, never on sizes, so that it runs on letters
    too, and on columns of many students' numbers; `applies` may look at sizes.
    It applies where the thing misunderstood is there at all (a stride above 1, a padding above 0), not only where
    the wrong answer differs from the right one: a right answer for a wrong reason is worth knowing.
    """

    code: str
    """Stable: it stands in feedback, logs and statistics."""
    quantity: Quantity
    about: tuple[type, ...]
    """Kinds of layer (`Case.about`), or `Network`."""
    name: Text
    feedback: Text
    """The cause, in a sentence."""
    hint: Text
    """What to ask oneself next; never the answer."""
    source: str
    """Where it was seen, else `JUDGMENT`."""
    wrong: Callable[[Subject], Answers]
    applies: Callable[[Subject], bool] = always
    lettered: bool = True
    """Whether the rule runs on letters, so that its arithmetic can be shown."""


Entry = Misconception[Any]
"""A misconception of whatever subject."""


def conceivable(answer: Answer) -> bool:
    """Whether somebody could hand this in: no size is below zero."""
    return min(answer, default=0) >= 0 if isinstance(answer, tuple) else True
