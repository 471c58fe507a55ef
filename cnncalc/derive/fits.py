"""For which sizes the paths of a network line up, and for which its windows fit without a remainder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..algebra.domain import domain
from ..algebra.range import Range
from ..algebra.residues import room
from ..arithmetic import Demand
from ..expression import names, symbol
from ..language import Text
from ..window import Window
from .forms import AlignedBy
from .links import is_plain, plain, spatial
from .rows import Row

ANY = Range(1)
NEVER = Range(remainders=())
NO_REMAINDER = Text("the window must leave no remainder")
ONE_PIXEL = Text("an axis must hold at least one pixel")


def lines_up(rows: Sequence[Row], name: str) -> AlignedBy | None:
    """The sizes that the merges alone ask for; None where they ask for nothing, or for what nobody can solve."""
    asked = [
        (row.name, demand)
        for row in rows
        for demand in row.step.assumed
        if demand.code == "merge" and names(room(demand).expression()) == (name,)
    ]
    if not asked:
        return None
    together = domain([Demand(1, "<=", symbol(name), ONE_PIXEL), *(demand for _, demand in asked)])
    if together.rest and together.impossible is None:
        return None  # a demand that is not solved is told with the conditions
    found = NEVER if together.impossible else together.symbols[name]
    return None if found == ANY else AlignedBy(tuple(dict.fromkeys(layer for layer, _ in asked)), found)


def fits_exactly(rows: Sequence[Row], demands: Sequence[Demand], name: str, *, channels_first: bool) -> Range | None:
    """The valid sizes for which no window with a stride leaves a remainder; None where there is no such window.

    Asked are the windows over maps whose size follows from this symbol alone.
    """
    wanted = [demand for row in rows for demand in _remainders(row, name, channels_first=channels_first)]
    if not wanted:
        return None
    found = domain([*demands, *wanted])
    unsolved = any(demand.rule is NO_REMAINDER for demand in found.rest)
    if found.impossible is not None:
        return NEVER
    return None if unsolved else found.symbols[name]


def _remainders(row: Row, name: str, *, channels_first: bool) -> Iterator[Demand]:
    reading = row.facts.reading
    if not isinstance(reading, tuple) or len(row.input_shapes) != 1:
        return
    for way, n in zip(reading, spatial(row.input_shapes[0], channels_first=channels_first), strict=True):
        window = plain(way, n)
        if isinstance(window, Window) and is_plain(window) and window.stride != 1 and names(n) == (name,):
            assert window.padding is not None, "a plain window has constant padding"
            yield Demand((n + sum(window.padding) - window.extent) % window.stride, "==", 0, NO_REMAINDER)
