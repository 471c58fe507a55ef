"""Students with what they handed in: rows of several sheets, in which everybody counts once, and what else is known of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal

from ..language import Text
from .answers.handed import Handed, folder_of, handed
from .answers.sheets import Remark, Row, Sheet
from .items import FILES, Item
from .persons import of_sheet
from .variants import Variants


def handed_in(
    sheets: Sequence[Sheet], attempts: Literal["last", "first"] = "last", tell: Callable[[Remark], None] = lambda remark: None
) -> Iterator[tuple[Row, dict[str, str]]]:  # fmt: skip
    """All rows, each with what the sheet says of the student. Of one in several sheets the last counts, or the first; it is told."""
    elsewhere = _elsewhere(sheets, attempts) if len(sheets) > 1 else [{}]
    for sheet, counts in zip(sheets, elsewhere, strict=True):
        person = of_sheet(sheet)
        for row in sheet:
            if row.student in counts:
                message = Text(
                    "this student is in file {n} of the answers too, which counts", n=counts[row.student] + 1
                )
                tell(Remark("student-twice", message, row.file, row.number, student=row.student, loss=True))
                continue
            yield row, person(row)


def _elsewhere(sheets: Sequence[Sheet], attempts: str) -> list[dict[str, int]]:
    """For each sheet the students who count in another one, and in which."""
    found: list[dict[str, int]] = [{} for _ in sheets]
    counts: dict[str, int] = {}
    for at, sheet in enumerate(sheets):
        for row in sheet:
            before = counts.setdefault(row.student, at)
            if before != at and attempts == "last":
                found[before][row.student] = at
                counts[row.student] = at
            elif before != at:
                found[at][row.student] = before
    return found


def with_files(
    rows: Iterable[tuple[Row, dict[str, str]]], items: Sequence[Item]
) -> Iterable[tuple[Row, dict[str, str]]]:
    """The rows, with the files that students handed in where an item asks for one."""
    asked = [(at, item.id) for at, item in enumerate(items) if item.answer in FILES]
    return _filled(rows, asked) if asked else rows


def _filled(rows: Iterable[tuple[Row, dict[str, str]]], asked: Sequence[tuple[int, str]]) -> Iterator[tuple[Row, dict[str, str]]]:  # fmt: skip
    for row, details in rows:
        folder, texts = folder_of(row.file, row.student), list(row.texts)
        for at, item in asked:
            texts[at] = handed(texts[at], folder, item)
        yield row._replace(texts=tuple(texts)), details


def with_numbers(
    rows: Iterable[tuple[Row, dict[str, str]]], variants: Variants
) -> Iterator[tuple[Row, dict[str, str]]]:
    """The rows, each with the numbers that are drawn for its student."""
    for row, details in rows:
        yield row._replace(numbers=tuple(variants.of(row.student).numbers.items())), details


def renamed(
    rows: Iterable[tuple[Row, dict[str, str]]], name: Callable[[str], str]
) -> Iterator[tuple[Row, dict[str, str]]]:
    """The rows without what says who it is, but for what `name` makes of the student."""
    for row, _ in rows:
        texts = tuple(each.renamed("file") if isinstance(each, Handed) else each for each in row.texts)
        yield row._replace(student=name(row.student), details=(), texts=texts), {}
