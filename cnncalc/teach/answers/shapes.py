"""Shapes: 26×26×32 in every way that people write it.

Axes are parted by × x * , ; 乘 "by" or blanks; brackets and the batch axis are left out; LeNet's `32@26×26` is read.
"""

from __future__ import annotations

import re
from typing import Any

from ...language import Text
from .numbers import GROUPED, axis
from .scalars import unlabelled
from .understood import Number, Unclear, Understood, written

__all__ = ["read_field", "read_shape", "shape_text"]

QUICK = re.compile(r"[0-9]{1,9}(?:[x,][0-9]{1,9}){1,7}")
BEFORE = re.compile(r"(?:torch\.Size|TensorShape|(?:output |input )?shape|size|形狀|輸出(?:形狀|大小|尺寸)?|大小|尺寸)[ :=]*", re.IGNORECASE)  # fmt: skip
AFTER = re.compile(r" ?(?:channels?|filters?|feature maps?|pixels?|px|units?|neurons?|個?(?:通道|濾波器|像素|神經元|特徵圖)|個|維)\.?$", re.IGNORECASE)  # fmt: skip
BRACKETS = str.maketrans(dict.fromkeys("()[]{}<>", " "))
SEPARATORS = re.compile(r" *(?:[xX*,;]|\bby\b) *", re.IGNORECASE)
NAMED = re.compile(r"(height|width|channels?|depth|[hwcdf]|高度?|寬度?|深度?|通道數?)[ :=]*(?=[0-9])", re.IGNORECASE)
ORDER = {"h": 0, "高": 0, "w": 1, "寬": 1, "c": 2, "d": 2, "f": 2, "深": 2, "通": 2}
BATCH = {"none", "?", "-1", "batch", "batch_size", "batchsize", "n", "b", "bs", "批次"}
DOUBT = re.compile(
    r"~|≈|≒|±|[約约]|大概|左右|可能|或|\b(?:about|approx\w*|around|maybe|perhaps|probably|or)\b", re.IGNORECASE
)
MIXED = re.compile(r"[0-9],[0-9]{3}(?![0-9])")
MAX_AXES = 8


def read_shape(text: str, rank: int | None = None) -> Understood:
    """The axes of a shape; `rank` is how many are expected, without the batch."""
    if len(text) < 10 and text.isdecimal() and text.isascii():
        return Understood("read", (int(text),), str(int(text)))
    if QUICK.fullmatch(text) and text[0] != "1":
        axes: tuple[Number, ...] = tuple(map(int, text.replace("x", ",").split(",")))
        _check_groups(text, rank)
        return Understood("read", axes, shape_text(axes))
    if DOUBT.search(text):
        raise Unclear("ambiguous", Text("this is not one definite shape: write one, as 28x28x1"))
    words = _without_words(text)
    _check_groups(words, rank)
    if words.count("@") == 1:
        return _maps_at_size(*words.split("@"))
    parts, note = _without_batch(_parts(words), rank)
    axes = tuple(map(_axis, parts))
    return Understood("read", axes, shape_text(axes), note)


def read_field(text: str, rank: int | None = None) -> Understood:
    """A receptive field; one number is its size along every axis, as books write it."""
    read = read_shape(text, rank)
    if rank is None or rank < 2 or not isinstance(read.value, tuple) or len(read.value) != 1:
        return read
    axes: tuple[Any, ...] = read.value * rank
    return read._replace(value=axes, reading=shape_text(axes))


def shape_text(axes: tuple[Number, ...]) -> str:
    """A shape as people read it."""
    return "×".join([str(each) if type(each) is int else written(each).replace(",", "") for each in axes])


def _without_words(text: str) -> str:
    text = unlabelled(text) if not NAMED.match(text) else text
    text = BEFORE.sub("", text)
    text = AFTER.sub("", text.rstrip(" .,;"))
    text = text.translate(BRACKETS).strip(" .;,")
    if "=" in text and not NAMED.search(text):
        raise Unclear("ambiguous", Text("there is more than a shape here: write one, as 28x28x1"))
    return _without_names(text)


def _without_names(text: str) -> str:
    """H=26, W=26, C=32 in this order is 26, 26, 32."""
    named = [ORDER[found[1][0].lower()] for found in NAMED.finditer(text)]
    if named != sorted(set(named)):
        raise Unclear(
            "ambiguous", Text("the axes are named in another order than height, width, channels: write 28x28x1")
        )
    return NAMED.sub(" ", text).strip() if named else text


def _check_groups(text: str, rank: int | None) -> None:
    """Whether a comma parts thousands or axes must be plain."""
    if "," not in text and rank != 1:
        return
    bare = text.strip()
    alone = rank == 1 and GROUPED.fullmatch(bare)
    if alone or (MIXED.search(bare) and re.search("[xX*@]", bare)):
        raise Unclear("ambiguous", Text("the comma or blank in {text} can part axes or thousands: write axes as 28x28x1, numbers without it", text=bare))  # fmt: skip


def _parts(text: str) -> list[str]:
    parts = SEPARATORS.split(text) if SEPARATORS.search(text) else text.split()
    parts = [part.strip() for part in parts]
    if not parts or len(parts) > MAX_AXES + 1:
        raise _unreadable()
    return parts


def _without_batch(parts: list[str], rank: int | None) -> tuple[list[str], Text | None]:
    first = parts[0].lower()
    of_one = first == "1" and rank is not None and len(parts) == rank + 1
    if len(parts) > 1 and (first in BATCH or of_one):
        return parts[1:], Text("without the batch axis")
    return parts, None


def _axis(part: str) -> Number:
    value = axis(part)
    if value is None:
        raise _unreadable()
    return value


def _maps_at_size(left: str, right: str) -> Understood:
    """32@26×26, as LeNet's paper draws it: feature maps at their size. Many axes on the left are the size."""
    maps, size = _parts(left), _parts(right)
    if len(maps) > 1:
        maps, size = size, maps
    if len(maps) != 1:
        raise _unreadable()
    axes = (*map(_axis, size), _axis(maps[0]))
    return Understood("read", axes, shape_text(axes))


def _unreadable() -> Unclear:
    return Unclear("unreadable", Text("this is not a shape: write its axes as 28x28x1"))
