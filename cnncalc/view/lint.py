"""Whether an exercise can tell misconceptions apart: text and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from ..language import LANGUAGES, Text
from ..teach.misconceptions import CATALOGUE, arithmetic
from ..teach.plain import plain
from ..teach.written import said
from .width import fold

if TYPE_CHECKING:
    from ..teach.exercise import Exercise
    from ..teach.linting import Change, Group, Lint, Suggestion

WIDTH = 60
"""Cells of a line."""


class Drawn(NamedTuple):
    """What the combinations of an exercise's `variants:` are worth."""

    full: int
    """Those with a full score."""
    eligible: int
    """Those of them that can be worked out by hand, and are handed out."""
    tried: int
    total: int


class Report(NamedTuple):
    """All that is said of an exercise."""

    exercise: Exercise
    lint: Lint
    suggestion: Suggestion
    drawn: Drawn | None = None
    """None where the exercise has no variants."""


def lint_text(report: Report) -> str:
    """The score, what survives, what coincides, and which numbers would do."""
    return "\n".join(_folded(_lines(report)))


def _folded(lines: Iterator[tuple[int, object]]) -> Iterator[str]:
    for indent, line in lines:
        first, *rest = fold(str(line), WIDTH - indent)
        yield " " * indent + first
        yield from (" " * (indent + 2) + each for text in rest for each in fold(text, WIDTH - indent - 2))


def _lines(report: Report) -> Iterator[tuple[int, object]]:
    exercise, found, _, drawn = report
    if exercise.title:
        yield 0, said(exercise.title)
    yield 0, Text("judged: {n} of {all} items, by {codes} misconceptions", n=len(found.items), all=len(exercise.items), codes=len(found.codes))  # fmt: skip
    if found.codes:
        told = len(found.codes) - len(found.failing)
        yield 0, Text("score: {percent} ({told} of {all} are caught and told apart)", percent=percent(found.score), told=told, all=len(found.codes))  # fmt: skip
    yield from _survivors(found)
    for head, groups in (
        (Text("told apart by no item:"), found.groups),
        (Text("the same rule here, whatever the numbers:"), found.same),
    ):
        if groups:
            yield 0, head
            for group in groups:
                yield from _group(group, found)
    yield from _suggested(report)
    if drawn is not None:
        yield 0, Text("variants: {full} of {tried} combinations tell all apart, {eligible} of them by hand; there are {total}", full=drawn.full, tried=drawn.tried, eligible=drawn.eligible, total=drawn.total)  # fmt: skip


def _survivors(found: Lint) -> Iterator[tuple[int, object]]:
    if found.survivors:
        yield 0, Text("survive, since they give the right answer:")
    for code in found.survivors:
        yield 2, f"{code} {CATALOGUE[code].name}"
        for item in found.answers[code]:
            yield 4, _answers(found, code, item)


def _answers(found: Lint, code: str, item: str) -> str:
    """The item, and the answers that the misconception gives there, with the arithmetic."""
    entry, about = CATALOGUE[code], found.subjects[item].about
    return f"{item}: {str(Text(' or ')).join(arithmetic(entry, about, answer) for answer in found.answers[code][item])}"


def _group(group: Group, found: Lint) -> Iterator[tuple[int, object]]:
    for code in group.codes:
        yield 2, f"{code} {CATALOGUE[code].name}"
    shared = [item for item in group.items if any(item in found.answers[code] for code in group.codes)]
    for item in shared:
        answers = dict.fromkeys(answer for code in group.codes for answer in found.answers[code].get(item, ()))
        yield 4, f"{item}: {str(Text(' or ')).join(map(plain, answers))}"


def _suggested(report: Report) -> Iterator[tuple[int, object]]:
    change, tried = report.suggestion
    if report.lint.full:
        return
    if change is None:
        yield 0, Text("no numbers nearby are better ({n} changes tried)", n=tried)
        return
    if change.lint.full:
        yield 0, Text("numbers nearby that tell all apart ({n} changes tried):", n=tried)
    else:
        yield 0, Text("the best numbers nearby ({n} changes tried):", n=tried)
    yield 2, f"{changes(change)}: {percent(change.lint.score)}"
    if change.lint.failing:
        yield 4, Text("still: {codes}", codes=", ".join(change.lint.failing))


def changes(change: Change) -> str:
    """`conv2d.kernel_size 3 -> 5`."""
    return ", ".join(f"{number.name} {number.value} -> {value}" for number, value in change.numbers.items())


def percent(share: Fraction) -> str:
    """A share with one decimal, rounded down, so that only what is whole is 100%."""
    tenths = share * 1000 // 1
    return f"{tenths // 10}%" if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10}%"


def lint_json(report: Report) -> str:
    """Schema 1 of the JSON output."""
    _, found, (change, tried), drawn = report
    best = {"numbers": [_number(number, value) for number, value in change.numbers.items()], **_scored(change.lint)} if change else None  # fmt: skip
    written = {
        "schema": 1,
        "ok": found.full,
        **_scored(found),
        "items": list(found.items),
        "misconceptions": {code: {language: CATALOGUE[code].name.into(language) for language in LANGUAGES} for code in found.codes},
        "survivors": [{"code": code, "items": _told(found, code)} for code in found.survivors],
        "coinciding": [_coinciding(group) for group in found.groups],
        "same": [_coinciding(group) for group in found.same],
        "suggestion": {"tried": tried, "best": best},
        "variants": drawn._asdict() if drawn else None,
    }  # fmt: skip
    return json.dumps(written, indent=2, ensure_ascii=False)


def _scored(found: Lint) -> dict[str, Any]:
    return {"score": str(found.score), "percent": percent(found.score), "failing": list(found.failing)}


def _told(found: Lint, code: str) -> dict[str, str]:
    return {item: _answers(found, code, item).partition(": ")[2] for item in found.answers[code]}


def _coinciding(group: Group) -> dict[str, Any]:
    return {"codes": list(group.codes), "items": list(group.items)}


def _number(number: Any, value: int) -> dict[str, Any]:
    return {"name": number.name, "from": number.value, "to": value}
