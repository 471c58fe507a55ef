"""The wrong options of a choice: what students who follow known misconceptions would answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..derive import Summary
from .misconceptions import CATALOGUE, JUDGMENT
from .quantities import Quantity
from .subjects import Subjects, axis_of, wrong_values

FAR = 100
"""How many times larger or smaller than the right number a wrong one may be before better ones are taken first."""

ORDER = {code: at for at, code in enumerate(CATALOGUE)}


def distractors(summary: Summary, of: str, about: Quantity, wanted: int) -> tuple[Any, ...]:
    """Up to `wanted` wrong answers to `of`, all different.

    Plausible ones come first, then those of misconceptions that were found in writing, in the catalogue's order; one
    per misconception as long as there are enough.
    """
    layer = about.row.name if about.row else None
    found = wrong_values(Subjects(summary).of(layer, about.name), axis_of(of))
    whole = {value: codes for value, codes in found.items() if is_whole(value)}
    ranked = sorted(whole, key=lambda value: (not plausible(value, about.value), *known(whole[value])))
    return tuple(different(ranked, whole))[:wanted]


def options(right: Any, wrong: tuple[Any, ...]) -> tuple[Any, ...]:
    """All in ascending order, which does not tell the right one."""
    return tuple(sorted((right, *wrong)))


def known(codes: tuple[str, ...]) -> tuple[bool, int]:
    """How well known the best-known of the causes is; the smaller, the better."""
    return min((CATALOGUE[code].source == JUDGMENT, ORDER[code]) for code in codes)


def different(ranked: list[Any], codes: Mapping[Any, tuple[str, ...]]) -> Iterator[Any]:
    """Those of other misconceptions than the ones before, then the rest."""
    used: set[str] = set()
    rest = []
    for value in ranked:
        if used.isdisjoint(codes[value]):
            used |= set(codes[value])
            yield value
        else:
            rest.append(value)
    yield from rest


def is_whole(value: Any) -> bool:
    """Whether the answer is a count, or a shape of sizes."""
    axes = value if isinstance(value, tuple) else (value,)
    return all(type(axis) is int and axis > 0 for axis in axes)


def plausible(value: Any, right: Any) -> bool:
    """Whether an answer looks as the right one does: as many axes, none of another order of size."""
    if not isinstance(value, tuple) or not isinstance(right, tuple):
        return type(value) is type(right) and right <= value * FAR and value <= right * FAR
    return len(value) == len(right) and all(map(plausible, value, right))
