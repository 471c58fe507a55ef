"""One text, as a student wrote it, to what was understood: tolerant, bounded, and never guessed.

>>> understand("（None，２６，２６，３２）", "shape").echo
'26×26×32 (without the batch axis)'
>>> understand("1,199,882 params", "integer").value
1199882
>>> understand("1.234", "integer").verdict
'ambiguous'
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from ...language import Text
from .characters import plain
from .formulas import read_formula
from .matrices import read_matrix
from .scalars import read_integer, read_real
from .shapes import read_field, read_shape
from .understood import BLANK, Unclear, Understood
from .words import read_choice, read_truth

__all__ = ["KINDS", "MAX_LENGTH", "Reader", "reader", "understand"]

MAX_LENGTH = 500
"""Characters of one answer."""

NOTHING = frozenset(
    {
        "",
        "-",
        "--",
        "---",
        ".",
        "...",
        "?",
        "??",
        "n/a",
        "na",
        "idk",
        "i don't know",
        "dont know",
        "don't know",
        "不知道",
        "不會",
        "無",
        "略",
        "空白",
    }
)
"""What stands in a cell for no answer."""

KINDS = ("shape", "field", "integer", "real", "matrix", "formula", "truth", "choice")


Reader = Callable[[str], Understood]
"""What understands the texts of one column; whatever the text, it returns."""


def understand(text: str, kind: str, *, rank: int | None = None, names: Collection[str] = ()) -> Understood:
    """What `text` says as an answer of `kind`, as `reader` says it."""
    return reader(kind, rank=rank, names=names)(text)


def reader(kind: str, *, rank: int | None = None, names: Collection[str] = ()) -> Reader:
    """What understands answers of `kind`, one of `KINDS`.

    `rank` is the number of axes expected of a shape, without the batch; `names` are the letters of a choice or the
    symbols of a formula.
    """
    read = _reader(kind, rank, tuple(names))
    one_axis = kind == "shape" and rank == 1

    def understood(text: str) -> Understood:
        if len(text) > MAX_LENGTH:
            return Understood("unreadable", note=Text("an answer may have at most {limit} characters", limit=MAX_LENGTH))  # fmt: skip
        answer = plain(text)
        if not answer[:1].isdigit() and answer.strip("_").casefold() in NOTHING:
            return BLANK
        try:
            return _one_axis(text, read(answer)) if one_axis else read(answer)
        except Unclear as unclear:
            return Understood(unclear.verdict, note=unclear.note)

    return understood


def _one_axis(text: str, read: Understood) -> Understood:
    """An answer of one axis: 12*12*64 may be worked out, or be a map that was not flattened."""
    if "*" in text and isinstance(read.value, tuple) and len(read.value) > 1:
        raise Unclear("ambiguous", Text("{text} can be a shape or a product: write axes as 28x28x1, a product as its number", text=plain(text)))  # fmt: skip
    return read


def _reader(kind: str, rank: int | None, names: Collection[str]) -> Reader:
    match kind:
        case "shape":
            return lambda text: read_shape(text, rank)
        case "field":
            return lambda text: read_field(text, rank)
        case "formula":
            return lambda text: read_formula(text, names)
        case "choice":
            return lambda text: read_choice(text, names)
    if kind not in READERS:
        raise ValueError(kind)
    return READERS[kind]


READERS = {"integer": read_integer, "real": read_real, "matrix": read_matrix, "truth": read_truth}
