"""What a person wrote into our sheet of marks, which is written anew: none of it is lost.

Marks by hand count, and win over those of the answer sheet. Other columns of theirs, and marks of questions that are not
asked any more, are carried over as they stand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pydantic_core import PydanticCustomError

from ..language import Text
from .answers.sheets import Remark, Row, read_sheet
from .answers.sheets.columns import Names, manual_of
from .answers.sheets.delimited import Delimited
from .gradebooks import TITLES
from .results import decimal
from .written import exact

Marks = Mapping[str, str]
"""Texts by item, or under "" for the whole; of other columns by title."""

BROKEN = {"student-twice", "long-row", "no-student", "bad-row", "open-quote"}
"""Remarks on rows that somebody must look at, since they hold marks."""


class Kept(NamedTuple):
    """A sheet of marks as it was found."""

    marks: Mapping[str, Marks] = {}
    """By student, as they are called now."""
    others: Mapping[str, Marks] = {}
    titles: tuple[str, ...] = ()
    """Columns that are carried over."""
    remarks: Sequence[Remark] = ()


def kept_marks(file: Path, items: Sequence[str], name: Callable[[str], str], *, hidden: bool = False) -> Kept:
    """What is in the sheet of marks, by what `name` makes of the student; nothing if there is no sheet.

    Where names are `hidden`, texts are not carried over, for they may say some.
    """
    if not file.exists():
        return Kept()
    titles = _others(str(file), Names(items))
    sheet = read_sheet(str(file), [*items, *titles])
    remarks = [remark for remark in sheet.remarks if remark.code in BROKEN]
    marks, others, lost = {}, {}, False
    for row in sheet:
        student = name(row.student)
        texts = {title: text for title, text in zip(titles, row.texts[len(items) :], strict=True) if text.strip()}
        given = dict(row.manual)
        if hidden:
            lost = lost or not all(map(_nameless, [*texts.values(), *given.values()]))
            texts, given = ({at: text for at, text in each.items() if _nameless(text)} for each in (texts, given))
        if given:
            marks[student] = given
        if texts:
            others[student] = texts
    if lost:
        message = Text("notes in the sheet of marks are left out, since they may name students")
        remarks.append(Remark("notes-left-out", message, str(file), loss=True))
    return Kept(marks, others, tuple(titles), remarks)


def _others(file: str, names: Names) -> list[str]:
    """Columns that a person added, and marks by hand of questions that are not asked any more."""
    header = list(dict.fromkeys(title for title in Delimited(file, names.fit).header if title))
    ours = {of for title in header if (of := manual_of(title))}
    return [
        title for title in header
        if title not in TITLES and title not in ours and not names.find(manual_of(title) or title)
    ]  # fmt: skip


def _nameless(text: str) -> bool:
    """Whether a text has no letters."""
    return not any(each.isalpha() for each in text)


def with_marks(
    rows: Iterable[tuple[Row, dict[str, str]]], kept: Mapping[str, Marks], file: str, items: int, tell: Callable[[Remark], None]
) -> Iterator[tuple[Row, dict[str, str]]]:  # fmt: skip
    """The rows with the kept marks, which win; students who have nothing but such marks come last."""
    left = dict(kept)
    for row, details in rows:
        marks = left.pop(row.student, None)
        if not marks:
            yield row, details
            continue
        new = {item: mark for item, mark in marks.items() if not same(row.manual.get(item), mark)}
        for item in new.keys() & row.manual.keys():
            message = Text("marked by hand with {here} here and with {kept} in {file}: {kept} counts", here=row.manual[item], kept=new[item], file=file)  # fmt: skip
            tell(Remark("manual-twice", message, row.file, row.number, item or "manual", row.student, loss=True))
        yield (row._replace(manual={**row.manual, **new}) if new else row), details
    for number, (student, marks) in enumerate(left.items(), start=1):
        message = Text("marked by hand, but not among the answers")
        tell(Remark("manual-without-answers", message, file, student=student))
        yield Row(student, ("",) * items, (), dict(marks), number, file), {}


def same(given: str | None, kept: str) -> bool:
    """Whether the kept mark is the given one, which our sheet may have rounded."""
    if given is None:
        return False
    try:
        return given == kept or decimal(exact(given)) == kept
    except PydanticCustomError:
        return False
