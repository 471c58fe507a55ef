"""What somebody else sees in a network: the opinion of NumPy or of a framework, to hold against what is derived.

A witness runs the network and says of every layer what came out of it. Whoever can do that is one;
`verify` compares opinions and knows nothing of where they come from.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from .arithmetic import Shape
from .language import Text


class Convention(NamedTuple):
    """A difference between frameworks that is no disagreement, and how it is bridged."""

    name: str
    """A stable word for programs."""
    says: Text


Span = tuple[int, int]
"""A first and a last index, both among those meant."""


class Poke(NamedTuple):
    """One pixel of an input, and what it reaches."""

    source: str
    """The input."""
    pixel: tuple[int, ...]
    """Its place on the spatial axes."""
    reached: Mapping[str, tuple[Span, ...] | None]
    """By layer, a span per axis of its first output, the channels among them; None where nothing is reached."""


class Seen(NamedTuple):
    """A layer as a witness sees it; shapes are without the batch."""

    shapes: tuple[Shape, ...]
    """One per output."""
    trainable: int = 0
    non_trainable: int = 0
    conventions: tuple[Convention, ...] = ()
    """What had to be bridged for the numbers to be comparable."""
    macs: int | None = None
    """Products made in contractions; None if the witness does not count them."""
    on_padding: int | None = None
    """How many of these met a zero of the padding."""

    def to_dict(self) -> dict[str, Any]:
        """What is seen as schema 1 of the JSON output has it; a single output is `shape`, several are `shapes`."""
        shapes = [list(shape) for shape in self.shapes]
        return {
            **({"shape": shapes[0]} if len(shapes) == 1 else {"shapes": shapes}),
            "params": self.trainable + self.non_trainable,
            "trainable": self.trainable,
            "non_trainable": self.non_trainable,
            **({"macs": self.macs} if self.macs is not None else {}),
            **({"on_padding": self.on_padding} if self.on_padding is not None else {}),
            **({"conventions": [each.name for each in self.conventions]} if self.conventions else {}),
        }


class Refusal(NamedTuple):
    """A layer that the witness has, but does not take as it stands here; `reason` is in its own words."""

    reason: str

    def to_dict(self) -> dict[str, Any]:
        return {"refuses": self.reason}


Answer = Seen | Refusal


class Held(NamedTuple):
    """Bytes of real arrays, one example and 4 bytes a number."""

    weights: int
    inference_peak: int
    """The most bytes of outputs that were held at one time."""


class Opinion(NamedTuple):
    """Everything a witness says about a network."""

    witness: str
    """Its name, as `--against` has it."""
    version: str
    layers: Mapping[str, Answer]
    """By the name of the node; what hangs on a refused layer is missing."""
    pokes: tuple[Poke, ...] = ()
    """What was tried of receptive fields."""
    held: Held | None = None
    """The memory that it took; None if the witness does not measure it."""
