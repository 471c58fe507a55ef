"""Errors as people read them: what, where, with the line of the file, what led there, what to do."""

from __future__ import annotations

from collections.abc import Iterable

from ..errors import ArchitectureError, Fault, Place
from ..language import Text
from .width import cells

ERROR = Text("error")
AT = Text("at")
HELP = Text("help")
ANY = Text("help, any one of these")

MAX_EXCERPT = 100
MAX_FAULTS = 50


def faults_text(error: ArchitectureError) -> str:
    """Every fault of an error, one paragraph each."""
    shown = error.faults[:MAX_FAULTS]
    parts = ["\n".join(_paragraph(fault)) for fault in shown]
    if len(error.faults) > len(shown):
        parts.append(str(Text("… and {n} more errors", n=len(error.faults) - len(shown))))
    return "\n".join(parts)


def _paragraph(fault: Fault) -> Iterable[str]:
    place = fault.place or Place("")
    yield f"{ERROR}: {fault.message}"
    where = ":".join(str(part) for part in (place.file, place.line, place.column) if part)
    if where:
        yield f"  {AT} {where}"
    if place.excerpt is not None and place.line is not None:
        yield from _excerpt(place.excerpt, place.line, place.column or 1)
    yield from (f"  {text}" for text in fault.history)
    if len(fault.remedies) == 1:
        yield f"  {HELP}: {fault.remedies[0]}"
    elif fault.remedies:
        yield f"  {ANY}:"
        yield from (f"    - {remedy}" for remedy in fault.remedies)


def _excerpt(line: str, number: int, column: int) -> Iterable[str]:
    """The line with a caret below the column; of a very long line the part around it."""
    line = line.replace("\t", " ")
    start = max(0, column - MAX_EXCERPT // 2) if len(line) > MAX_EXCERPT else 0
    part = line[start : start + MAX_EXCERPT]
    lead, tail = "…" if start else "", "…" if start + MAX_EXCERPT < len(line) else ""
    margin = f"  {number} | "
    yield f"{margin}{lead}{part}{tail}"
    yield " " * (len(margin) + cells(lead + part[: column - 1 - start])) + "^"
