"""What grading found, as JSON, written student by student; and what there is to say of the sheets."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..language import Text
from ..teach.bounded import once_for_each
from ..teach.grading import fingerprints
from ..teach.statistics import findings
from ..teach.written import said
from .harmless import harmless

if TYPE_CHECKING:
    from ..teach.answers.sheets import Remark
    from ..teach.comparing import Change, Changes
    from ..teach.exercise import Exercise
    from ..teach.grading import Grader
    from ..teach.results import ItemResult, StudentResult

ROOM = 20_000
"""Answers that are kept as JSON."""

Name = Callable[[str], str]
"""What stands for a student."""

MOST_NOTES = 10
"""Notes of one kind on one file that a terminal shows."""


def title_of(exercise: Exercise) -> str:
    """The exercise's title, else the name of its file."""
    return said(exercise.title) or Path(exercise.source.file).stem


def origins(exercise: Exercise) -> dict[str, str]:
    """What the results follow from: hashes, and the version of this program."""
    return {**fingerprints(exercise), "cnncalc": version("cnncalc")}


def student_line(result: StudentResult, name: str = "") -> tuple[str, ...]:
    """A student, as JSON."""
    head = _dumped({**result.about(), "items": []}).removesuffix("]}")
    return (head + ", ".join(map(_item, result.items)) + "]}",)


@once_for_each(ROOM)
def _item(item: ItemResult) -> str:
    return _dumped(item.to_dict())


def with_before(line: str, change: Change | None) -> str:
    """A student as JSON, with what there was before where something changed."""
    return f'{line.removesuffix("}")}, "before": {_dumped(change.to_dict())}}}' if change else line


def json_lines(
    grader: Grader, students: Iterable[str], remarks: Iterable[Remark], name: Name, changes: Changes | None = None
) -> Iterator[str]:
    """Schema 1 of the JSON output, a line per student; nothing in it depends on when it was made.

    With `changes`, `gone` names who is not there any more.
    """
    yield f'{{"schema": 1, "exercise": {_dumped(origins(grader.exercise))},'
    yield '"students": ['
    separator = ""
    for student in students:
        yield separator + student
        separator = ","
    yield "],"
    if changes:
        yield f'"gone": {_dumped([change.student for change in changes.rest()])},'
    yield f'"remarks": {_dumped([_remark(each, name) for each in remarks])},'
    yield f'"summary": {_dumped(findings(grader.gathering, hide_below=1).to_dict())}}}'


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def notes(grader: Grader, remarks: Iterable[Remark], name: Name) -> Iterator[str]:
    """What a teacher should know of the sheets, a line each."""
    if grader.unread:
        yield f"{Text('note')}: {Text('marks by hand that are no numbers: {n}', n=grader.unread)}"
    kinds: Counter[tuple[str, str]] = Counter()
    for each in remarks:
        kinds[each.file, each.code] += 1
        if kinds[each.file, each.code] <= MOST_NOTES:
            yield _note(each, name)
    for (file, code), n in kinds.items():
        if n > MOST_NOTES:
            yield f"{Text('note')}: {harmless(file)}: {Text('{n} more notes like this: {code}', n=n - MOST_NOTES, code=code)}"


def _note(each: Remark, name: Name) -> str:
    where = ":".join(harmless(str(part)) for part in (each.file, each.row) if part is not None)
    who = f" ({harmless(name(each.student))})" if each.student is not None else ""
    column = f"{harmless(each.column, 60)}: " if each.column else ""
    return f"{Text('note')}: {where}: {column}{harmless(str(each.message), 500)}{who}"


def _remark(each: Remark, name: Name) -> dict[str, Any]:
    return {
        "code": each.code,
        "message": str(each.message),
        "file": each.file,
        "row": each.row,
        "column": each.column,
        "student": None if each.student is None else name(each.student),
        "loss": each.loss,
    }
