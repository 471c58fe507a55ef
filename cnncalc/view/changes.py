"""What changed since the class was graded before: a table, and a few lines for a terminal, which name no student."""

from __future__ import annotations

from collections.abc import Iterator

from ..language import Text, current
from ..teach.comparing import Change, Changes, ItemChange, Verdict
from ..teach.defusing import defused
from ..teach.gradebooks import BOM, csv_line, written_mark
from ..teach.outcomes import VERDICTS
from .harmless import harmless

MOST_ITEMS, MOST_WAYS = 20, 3
"""Items that are told, and ways of each in which a verdict changed."""


def head() -> str:
    """The titles of the table."""
    return BOM + csv_line(["student", "item", "score before", "score", "verdict before", "verdict", "why"])


def lines(change: Change) -> str:
    """A row for the student's mark, and one for every answer behind it."""
    student = defused(change.student)
    whole = ["", written_mark(change.before), written_mark(change.after), "", "", str(change.why or "")]
    return "".join(csv_line([student, *cells]) for cells in [whole, *map(_cells, change.items)])


def told(changes: Changes, hide_below: int = 1) -> Iterator[str]:
    """What changed, in numbers; nothing if nothing did."""
    if not changes.any:
        return
    reason = f" ({changes.reason})" if changes.reason else ""
    yield f"{Text('Since it was graded before')}{reason}:"
    yield "  " + str(Text("students whose marks changed: {n}, up {up}, down {down}", n=changes.students, up=changes.up, down=changes.down))  # fmt: skip
    if changes.new or changes.gone:
        yield "  " + str(Text("students who are new: {new}, who are gone: {gone}", new=changes.new, gone=changes.gone))
    for item, ways in list(changes.items.items())[:MOST_ITEMS]:
        common = sorted(ways.items(), key=lambda way: (-way[1], way[0]))[:MOST_WAYS]
        told_ways = "; ".join(
            f"{_word(before)} → {_word(after)} {n}" for (before, after), n in common if n >= hide_below
        )
        yield f"  {harmless(item)}: {told_ways}"
    if len(changes.items) > MOST_ITEMS:
        yield "  " + str(Text("and {n} more questions", n=len(changes.items) - MOST_ITEMS))


def _cells(change: ItemChange) -> list[str]:
    before, after = change.before, change.after
    scores = [written_mark(each.score if each else None) for each in (before, after)]
    return [defused(change.item), *scores, _verdict(before), _verdict(after), str(change.why)]


def _verdict(verdict: Verdict | None) -> str:
    return _word(verdict.verdict) if verdict else ""


def _word(verdict: str) -> str:
    found = next((text for name, text in VERDICTS.items() if name == verdict), None)
    return found.into(current()) if found else harmless(verdict, 20)
