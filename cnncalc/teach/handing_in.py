"""Students with what they handed in: rows of several sheets, names, and the marks that a person gave."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from pydantic_core import PydanticCustomError

from .answers.sheets import Row, Sheet, read_sheet
from .answers.sheets.columns import rank_of
from .results import decimal
from .written import exact

EMAIL, NAME, LAST, FIRST = 3, 4, 5, 6
"""Columns about persons, as `rank_of` numbers them."""

Marks = Mapping[str, str]
"""What a person gave, by item, or under "" for the whole."""


def handed_in(sheets: Iterable[Sheet]) -> Iterator[tuple[Row, dict[str, str]]]:
    """All rows, each with the student's name and email where the sheet has them."""
    for sheet in sheets:
        ranks = [rank_of(title) for title in sheet.details]
        for row in sheet:
            yield row, person(dict(zip(ranks, row.details, strict=True)))


def person(known: Mapping[int | None, str]) -> dict[str, str]:
    """A name in the order of its script, and an email; those that are there."""
    last, first = known.get(LAST, "").strip(), known.get(FIRST, "").strip()
    joined = f"{first} {last}".strip() if f"{first}{last}".isascii() else last + first
    found = {"name": known.get(NAME, "").strip() or joined, "email": known.get(EMAIL, "").strip()}
    return {what: text for what, text in found.items() if text}


def renamed(
    rows: Iterable[tuple[Row, dict[str, str]]], name: Callable[[str], str]
) -> Iterator[tuple[Row, dict[str, str]]]:
    """The rows without what says who it is, but for what `name` makes of the student."""
    for row, _ in rows:
        yield row._replace(student=name(row.student), details=()), {}


def kept_marks(file: Path, items: Sequence[str], name: Callable[[str], str]) -> dict[str, Marks]:
    """The marks that a person wrote into a sheet of ours, by what `name` makes of the student; none if there is no sheet."""
    if not file.exists():
        return {}
    return {name(row.student): row.manual for row in read_sheet(str(file), items) if row.manual}


def with_marks(
    rows: Iterable[tuple[Row, dict[str, str]]], kept: Mapping[str, Marks], file: str, items: int
) -> Iterator[tuple[Row, dict[str, str]]]:
    """The rows with the kept marks, which win; students who have nothing but such marks come last."""
    left = dict(kept)
    for row, details in rows:
        marks = left.pop(row.student, {})
        new = {item: mark for item, mark in marks.items() if not same(row.manual.get(item), mark)}
        yield (row._replace(manual={**row.manual, **new}) if new else row), details
    for number, (student, marks) in enumerate(left.items(), start=1):
        yield Row(student, ("",) * items, (), dict(marks), number, file), {}


def same(given: str | None, kept: str) -> bool:
    """Whether the kept mark is the given one, which our sheet may have rounded."""
    if given is None:
        return False
    try:
        return given == kept or decimal(exact(given)) == kept
    except PydanticCustomError:
        return False
