"""How a class did, for a terminal: bars of characters, every one with its number, within the width there is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from ..language import Text
from ..teach.plain import plain
from ..teach.statistics import ClassFindings
from .class_words import cause, causes, count, headline, percent, signed
from .harmless import harmless
from .width import GAP, cells, fold, pad

WIDTH = 80
WIDEST = 100
"""Wider terminals are not filled: long bars say no more."""
SHORTEST = 8
"""A bar that has less room is left out."""
LABEL = Fraction(3, 5)
"""Of the width, at most, for what stands before a bar."""


class Line(NamedTuple):
    """What a bar is of, how long it is (1 fills the room), and its number."""

    label: str
    share: Fraction
    told: str


def text(found: ClassFindings, title: str, language: str, width: int = WIDTH) -> str:
    """The summary; it names no student."""
    width = min(width, WIDEST)
    blocks = [fold(harmless(title), width), fold(_head(found, language), width)]
    for name, lines in _parts(found, language):
        if lines:
            blocks.append([*fold(name.into(language), width), *_bars(lines, width)])
    blocks += [[line for note in notes for line in fold(note, width)] for notes in [list(_notes(found, language))] if notes]  # fmt: skip
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _head(found: ClassFindings, language: str) -> str:
    return ", ".join(f"{name.into(language)} {value}" for name, value in headline(found))


def _parts(found: ClassFindings, language: str) -> Iterator[tuple[Text, list[Line]]]:
    most = max([1, *(each.students or 0 for each in found.bins)])
    marks = [Line(f"{percent(each.low)[:-2]}–{percent(each.high)}", Fraction(each.students or 0, most), count(each.students, found)) for each in found.bins]  # fmt: skip
    yield Text("Marks, by share of the points"), marks if found.mean is not None else []
    yield (
        Text("Questions: mean share of the points, item–rest correlation"),
        list(_questions(found)) if found.present else [],
    )
    yield Text("Commonest wrong answers"), list(_values(found, language))
    yield Text("Causes of mistakes"), [Line(cause(each.code, language), each.share, f"{each.students} ({percent(each.share)})") for each in found.codes]  # fmt: skip


def _questions(found: ClassFindings) -> Iterator[Line]:
    for item in found.items:
        correlation = "" if item.item_rest is None else signed(item.item_rest)
        told = f"{percent(item.facility):>5}{GAP}{correlation:>5}".rstrip()
        yield Line(harmless(item.item), item.facility or Fraction(0), told)


def _values(found: ClassFindings, language: str) -> Iterator[Line]:
    """Of every item the commonest one."""
    for item in found.items:
        for each in item.values[:1]:
            value = harmless(plain(each.value, language), 40)
            label = f"{harmless(item.item)} {value}: {causes(each.codes, language)}"
            yield Line(label, each.share, f"{each.students} ({percent(each.share)})")


def _bars(lines: Sequence[Line], width: int) -> Iterator[str]:
    """Labels, folded; bars; numbers. A label of several lines has its bar on the last one."""
    last = max(cells(line.told) for line in lines)
    left = width - last - 3 * len(GAP)
    first = min(max(cells(line.label) for line in lines), max(4, min(int(width * LABEL), left - SHORTEST)))
    room = left - first
    for line in lines:
        *above, label = fold(line.label, first)
        for part in above:
            yield GAP + part
        bar = "#" * _length(line.share, room)
        middle = pad(bar, room) + GAP if room >= SHORTEST else ""
        yield f"{GAP}{pad(label, first)}{GAP}{middle}{pad(line.told, last, right=True)}".rstrip()


def _length(share: Fraction, room: int) -> int:
    """What is there shows, be it ever so little."""
    return max(round(min(Fraction(1), share) * room), 1 if share > 0 else 0)


def _notes(found: ClassFindings, language: str) -> Iterator[str]:
    """What a teacher should look at."""
    named: dict[str, list[str]] = {}
    for item in found.items:
        for warning in item.warnings:
            named.setdefault(warning.into(language), []).append(harmless(item.item))
    for told, items in named.items():
        yield f"{told}: {', '.join(items)}"
    if found.undecided:
        yield Text("students with answers that wait for a decision: {n}", n=found.undecided).into(language)
