"""What is wanted of a network: `total_params=1199882`, `macs<=1e7`, `output=28,28,?`, `receptive_field=14`."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from math import ceil, floor
from typing import Any, NamedTuple

from ..arithmetic import Dim
from ..derive import Summary
from ..derive.limits import SCALES
from ..errors import ArchitectureError, Fault
from ..language import Text
from ..layers import Scope
from .measures import Measured, measure

WRITTEN = re.compile(r"\s*([^<>=≤≥]+?)\s*(<=|>=|==|=|<|>|≤|≥)\s*(.+?)\s*")
NUMBER = re.compile(r"([0-9][0-9_]*(?:\.[0-9]*)?(?:[eE][+-]?[0-9]{1,3})?)\s*([A-Za-z]*)")
GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+")
SIGNS = {"==": "=", "≤": "<=", "≥": ">="}
PER_AXIS = {"jump", "output", "receptive_field"}
OPEN = {"?", "？", "*", "_", "none"}

HOLDS: dict[str, Callable[[Any, Any], bool]] = {"=": operator.eq, "<=": operator.le, ">=": operator.ge}

FORM = Text('write a quantity and a number or a shape, as in "total_params=1199882", "macs<=1e7" or "output=28,28,32"')


class Want(NamedTuple):
    """A wish: the quantity, one of `=`, `<=`, `>=`, and the number for each axis; None wishes nothing of an axis."""

    name: str
    relation: str
    targets: tuple[int | None, ...]
    text: str
    """As it was written."""


class Goal(NamedTuple):
    """One number that is wanted: what it is now, as a number or an expression, and what it shall be."""

    name: str
    value: Dim
    relation: str
    target: int

    @property
    def quantity(self) -> str:
        """The name without the axis."""
        return self.name.partition("[")[0]

    def holds(self, value: Any) -> bool:
        return HOLDS[self.relation](Fraction(value), self.target)

    def misses(self, value: Any) -> Fraction:
        """By how much, as a share of the target."""
        return Fraction(0) if self.holds(value) else abs(Fraction(value) - self.target) / max(1, abs(self.target))


def parse(text: str) -> Want:
    """The wish in `text`. Raises ArchitectureError if it is none, or if nothing can be so."""
    found = WRITTEN.fullmatch(text)
    if found is None:
        raise _wrong(Text("{text} is no wish", text=repr(text)), FORM)
    name, relation, written = found[1], SIGNS.get(found[2], found[2]), found[3]
    if written.lstrip("([ ").startswith(("-", "−")):
        raise _wrong(Text("{name} is never negative", name=name))
    targets = tuple(_target(piece, relation, text) for piece in _pieces(_ungrouped(name, written)))
    if all(target is None for target in targets):
        raise _wrong(Text("{text} wishes for nothing", text=repr(text)), FORM)
    return Want(name, {"<": "<=", ">": ">="}.get(relation, relation), targets, text)


def nothing_wished(shape: str) -> bool:
    """Whether every axis of a shape is left open."""
    return all(piece.lower() in OPEN for piece in _pieces(shape))


def _ungrouped(name: str, written: str) -> str:
    """A lone number without the commas of 1,199,882; in a shape they part the axes."""
    alone = name.rpartition(".")[2] not in PER_AXIS
    return written.replace(",", "") if alone and GROUPED.fullmatch(written) else written


def _pieces(written: str) -> list[str]:
    return [piece.strip() for piece in re.split(r"[,×]|(?<=[\d?*_])[xX](?=[\d?*_])", written.strip("()[] "))]


def _target(piece: str, relation: str, text: str) -> int | None:
    """The number of one axis; a bound is rounded to the integers that keep it."""
    if piece.lower() in OPEN:
        return None
    found = NUMBER.fullmatch(piece)
    if found is None or found[2].lower() not in SCALES:
        raise _wrong(Text("{piece} in {text} is no number", piece=repr(piece), text=repr(text)), FORM)
    try:
        number = Decimal(found[1].replace("_", "")) * SCALES[found[2].lower()]
    except InvalidOperation:
        raise _wrong(Text("{piece} in {text} is no number", piece=repr(piece), text=repr(text)), FORM) from None
    match relation:
        case "<=":
            return floor(number)
        case "<":
            return ceil(number) - 1
        case ">=":
            return ceil(number)
        case ">":
            return floor(number) + 1
    if number != int(number):
        raise _wrong(Text("{text}: only whole numbers occur", text=text))
    return int(number)


def goals(want: Want, summary: Summary) -> list[Goal] | None:
    """The wish, axis by axis; None where only numbers, and no symbols, can tell.

    Raises ArchitectureError for an unknown quantity, a wrong number of axes, or one that is not there.
    """
    value = measure(summary, want.name)
    if value is None:
        if any(row.field is Scope.UNKNOWN for row in summary.rows):
            return None
        raise _wrong(Text("{name} is not there: all that is left sees the whole input", name=want.name))
    return list(goals_of(want, value))


def goals_of(want: Want, value: Measured) -> Iterator[Goal]:
    """The wish beside what was measured, axis by axis."""
    if not isinstance(value, tuple):
        if len(want.targets) > 1:
            raise _wrong(Text("{name} is one number, not {n}", name=want.name, n=len(want.targets)))
        value, names = (value,), [want.name]
    else:
        names = [f"{want.name}[{axis}]" for axis in range(len(value))]
    targets = want.targets * len(value) if len(want.targets) == 1 and not _is_shape(want.name) else want.targets
    if len(targets) != len(value):
        told = {"name": want.name, "n": len(value), "shape": ", ".join(map(str, value)), "given": len(targets)}
        raise _wrong(Text("{name} has {n} axes ({shape}), and {given} are wanted", **told))
    for name, each, target in zip(names, value, targets, strict=True):
        if target is not None:
            yield Goal(name, each, want.relation, target)


def _is_shape(name: str) -> bool:
    """Whether a quantity is a shape, for which one number cannot stand for all axes."""
    return name.rpartition(".")[2] == "output"


def _wrong(message: Text, *remedies: Text) -> ArchitectureError:
    return ArchitectureError([Fault("want", message, remedies=remedies)])
