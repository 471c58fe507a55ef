"""What a sheet says of a student beside the answers: a name, and what gradebooks know the student by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from .answers.characters import squeezed
from .answers.sheets import Row, Sheet
from .answers.sheets.columns import CARRIED, STUDENT, rank_of

NUMBERS = {"idnumber": "idnumber", "身分識別碼": "idnumber", "id": "id", "sisloginid": "sisloginid"}
RANKS = {2: "username", 3: "email", 4: "name", 5: "last", 6: "first"}
"""Kinds by the places of their titles in `STUDENT`."""
CANVAS = {"id", "sisloginid", *CARRIED}

assert squeezed("SIS Login ID") in STUDENT[2], "the ranks are those of STUDENT"


class Known(NamedTuple):
    """What the sheets know students by."""

    own: str = ""
    """What stands in the column that says who the student is: a kind, or "" where its title does not say."""
    kinds: frozenset[str] = frozenset()

    def tells(self, student: str, details: Mapping[str, str]) -> bool:
        """Whether a kind of column says what the student is called by."""
        return bool(self.own) and student in details.values()


UNKNOWN = Known()


def kind_of(title: str) -> str:
    """`email`, `idnumber` and so on; "" for what no gradebook asks for."""
    key = squeezed(title)
    if key in CARRIED:
        return key
    return NUMBERS.get(key) or RANKS.get(rank_of(title) or 0, "")


def known_by(sheets: Sequence[Sheet]) -> Known:
    """What the gradebooks can be filled with."""
    kinds = {kind for sheet in sheets for kind in (*map(kind_of, sheet.details), _own(sheet)) if kind}
    return Known(_own(sheets[0]) if sheets else "", frozenset(kinds))


def of_sheet(sheet: Sheet) -> Callable[[Row], dict[str, str]]:
    """What to ask for a row: what is known of its student, by kind."""
    kinds, own = [kind_of(title) for title in sheet.details], _own(sheet)
    if not kinds:
        return lambda row: {own: row.student} if own else {}

    def person(row: Row) -> dict[str, str]:
        known = {kind: text.strip() for kind, text in zip(kinds, row.details, strict=True) if kind and text.strip()}
        if own:
            known[own] = row.student
        return _named(known) if "last" in known or "first" in known else known

    return person


def _own(sheet: Sheet) -> str:
    """What the student's column is; Canvas writes names under `Student`, beside its numbers."""
    if len(sheet.named) != 1:
        return "name"
    exported = bool(CANVAS & set(map(kind_of, sheet.details)))
    return "name" if exported and squeezed(sheet.named[0]) == "student" else kind_of(sheet.named[0])


def _named(known: dict[str, str]) -> dict[str, str]:
    """With a name in the order of its script."""
    last, first = known.pop("last", ""), known.pop("first", "")
    joined = f"{first} {last}".strip() if f"{first}{last}".isascii() else last + first
    return {"name": joined, **known}
