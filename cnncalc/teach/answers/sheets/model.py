"""What every reader of answers gives: tables of texts, and remarks on what was found in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple, Protocol

from ....language import Text

__all__ = ["MAX_COLUMNS", "MAX_ROWS", "Batch", "Numbers", "Remark", "Remarks", "Row", "Table", "Tell"]

MAX_COLUMNS = 2000
MAX_ROWS = 2**20
"""As many as a spreadsheet has."""
MAX_REMARKS = 1000


class Remark(NamedTuple):
    """Something that a teacher should know of a sheet; the text names no student."""

    code: str
    """A stable word for programs, such as `student-twice`."""
    message: Text
    file: str
    row: int | None = None
    """As a spreadsheet counts, the header being row 1."""
    column: str | None = None
    """The column's title."""
    student: str | None = None
    loss: bool = False
    """Whether something that was written is not used."""


Tell = Callable[[Remark], None]


class Remarks(list[Remark]):
    """Remarks up to a limit, and how many more there were."""

    more = 0

    def tell(self, remark: Remark) -> None:
        if len(self) < MAX_REMARKS:
            self.append(remark)
        else:
            self.more += 1


class Batch(NamedTuple):
    """Rows of a table that follow one another, each under its header's titles."""

    number: int
    """Of the first row."""
    rows: list[list[str]]
    file: str


class Table(Protocol):
    """Rows of texts that can be read more than once, each time from the start."""

    file: str
    header: list[str]

    def batches(self, tell: Tell) -> Iterator[Batch]:
        """The rows below the header; what is wrong with them is told."""


Numbers = tuple[tuple[str, int], ...]
"""What variables of the network are set to."""


class Row(NamedTuple):
    """The answers of one student."""

    student: str
    texts: tuple[str, ...]
    """The raw answers, one per item of the sheet; "" where there is none."""
    details: tuple[str, ...]
    """What else the sheet says of the student, as `Sheet.details` names it: name, email."""
    manual: dict[str, str]
    """Marks given by hand: of an item, or (under "") of the whole."""
    number: int
    file: str
    numbers: Numbers = ()
    """The student's own numbers, by variable, where they were drawn."""
