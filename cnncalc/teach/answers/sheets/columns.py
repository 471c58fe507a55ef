"""Which column is what: the student, an item, an attempt, a mark by hand.

An item is found by its name, then in another case or with other blanks, then inside a title (`2. conv2d.shape [1 point]`),
then by the number of Moodle's `Response 1` where there are as many as items. A title that fits two items fits none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ....errors import nearest
from ....language import Text
from ..characters import plain, squeezed
from .model import Remark

__all__ = ["Columns", "Names", "columns_of", "manual_of"]

STUDENT = (
    ("student", "studentid", "studentnumber", "學號", "學生", "學員", "sid"),
    ("id", "idnumber", "學生證號", "userid", "身分識別碼", "編號"),
    ("username", "user", "使用者", "使用者名稱", "使用者名稱(email)", "帳號", "login", "sisloginid"),
    ("email", "emailaddress", "mail", "電子郵件", "電子郵件地址", "電子郵件信箱", "信箱", "電郵"),
    ("name", "fullname", "studentname", "姓名", "全名", "學生姓名"),
    ("surname", "lastname", "姓", "姓氏"),
    ("firstname", "givenname", "名", "名字"),
)
"""Titles that say who it is, the best first."""

MAX_TITLE = 300
MAX_GUESSES = 50
"""Titles for which a name that is near is looked for."""

LAST, FIRST = 5, 6
ATTEMPT = {"attempt", "attemptnumber", "作答次數", "第幾次", "次數", "嘗試"}
TIME = {"timestamp", "時間戳記", "completed", "submittedat", "submissiontime", "完成", "完成於", "提交時間", "繳交時間"}
CARRIED = {"sisuserid", "section", "integrationid", "rootaccount"}
"""What Canvas knows its students by, beside the titles above."""
EXPORTED = re.compile(
    r"status|state|started(on)?|duration|timetaken|grade(/.*)?|score|totalscore|points?|分數|總分|成績(/.*)?|狀態|開始(於|時間)?|"
    r"所用時間|花費時間|institution|department|機構|部門|question\d+|right ?answer\d+"
)
"""What course systems write beside the answers."""

MANUAL = re.compile(r"(.*?)[.\s:_(\[]*\bmanual\b[)\]]*|()(?:人工|手動)(?:評分|給分)", re.IGNORECASE)
RESPONSE = re.compile(r"(?:response|回應|作答|作答反應|回答|答案)(\d{1,4})")
NUMBERED = re.compile(r"^(?:q|question|題目?|第)?\s*\d+\s*題?\s*[.,:)\]\-]\s*", re.IGNORECASE)
BRACKETED = re.compile(r"\[([^\[\]]+)\]\s*$")


class Names:
    """The items of an exercise, found under the titles that people and forms give them."""

    def __init__(self, items: Sequence[str], titles: Mapping[str, str] | None = None) -> None:
        self.items = tuple(items)
        self.by_name = {item: item for item in items} | {title.strip(): item for title, item in (titles or {}).items()}
        loose: dict[str, set[str]] = {}
        for title, item in self.by_name.items():
            loose.setdefault(squeezed(title), set()).add(item)
        self.loose = {key: found.pop() for key, found in loose.items() if len(found) == 1}
        inside = "|".join(re.escape(item.casefold()) for item in sorted(items, key=len, reverse=True))
        self.inside = re.compile(rf"(?<![\w.])(?:{inside})(?!\w|\.\w)") if items else re.compile("(?!)")

    def find(self, title: str) -> tuple[str, int] | None:
        """The item that a title means, and how directly (0 is by its very name)."""
        title = title.strip()
        if item := self.by_name.get(title):
            return item, 0
        bare = NUMBERED.sub("", plain(title))
        tries = [title, bare, *BRACKETED.findall(bare)]
        for how, each in enumerate(tries, start=1):
            if item := self.loose.get(squeezed(each)):
                return item, how
        inside = set(self.inside.findall(plain(title).casefold()))
        if len(inside) == 1 and (item := self.loose.get(squeezed(inside.pop()))):
            return item, 4
        return None

    def fit(self, header: Iterable[str]) -> int:
        """How many titles mean something."""
        return sum(self.find(title) is not None or rank_of(title) is not None for title in header)


def rank_of(title: str) -> int | None:
    """How well a column says who the student is, from 0."""
    key = squeezed(title)
    return next((rank for rank, titles in enumerate(STUDENT) if key in titles), None)


def manual_of(title: str) -> str | None:
    """What a column of marks by hand is for, in its own words; "" for the whole; None for other columns."""
    found = MANUAL.fullmatch(plain(title))
    return (found[1] or "") if found else None


class Columns(NamedTuple):
    """Where things stand in a row; columns count from 0."""

    student: tuple[int, ...]
    items: tuple[int | None, ...]
    details: dict[str, int]
    manual: dict[str, int]
    attempt: int | None
    time: int | None
    remarks: tuple[Remark, ...]


def columns_of(header: Sequence[str], names: Names, file: str, chosen: Mapping[str, str] | None = None) -> Columns:
    """What each column is; `chosen` maps titles to items (or to `student`) where the teacher says so."""
    return _Reader([title[:MAX_TITLE] for title in header], names, file, dict(chosen or {})).read()


class _Reader:
    def __init__(self, header: Sequence[str], names: Names, file: str, chosen: dict[str, str]) -> None:
        self.header = header
        self.names = names
        self.file = file
        self.chosen = chosen
        self.items: dict[str, tuple[int, int]] = {}
        self.people: list[tuple[int, int]] = []
        self.carried: list[int] = []
        self.manual: dict[str, int] = {}
        self.special: dict[str, int] = {}
        self.open: list[int] = []
        self.remarks: list[Remark] = []

    def read(self) -> Columns:
        for column, title in enumerate(self.header):
            self.place(column, title)
        self.by_number()
        for column in self.open:
            self.unknown(column)
        student = self.student()
        for item in self.names.items:
            if item not in self.items:
                self.tell(
                    "no-column", Text("there is no column for {item}: all its answers are blank", item=item), None
                )
        places = tuple(self.items[item][0] if item in self.items else None for item in self.names.items)
        others = [*(column for _, column in self.people if column not in student), *self.carried]
        details = {self.header[column]: column for column in others}
        return Columns(student, places, details, self.manual, self.special.get("attempt"), self.special.get("time"), tuple(self.remarks))  # fmt: skip

    def place(self, column: int, title: str) -> None:
        wanted = self.chosen.get(title)
        found = (wanted, -1) if wanted in self.names.items and wanted else self.names.find(title)
        key = squeezed(title)
        if wanted == "student":
            self.people.append((-1, column))
        elif (of := manual_of(title)) is not None and (not of or self.names.find(of)):
            self.manual.setdefault(self.names.find(of)[0] if of else "", column)  # type: ignore[index]
        elif found:
            self.item(column, *found)
        elif (rank := rank_of(title)) is not None:
            self.people.append((rank, column))
        elif key in CARRIED:
            self.carried.append(column)
        elif key in ATTEMPT or key in TIME:
            self.special.setdefault("attempt" if key in ATTEMPT else "time", column)
        else:
            self.open.append(column)

    def item(self, column: int, item: str, how: int) -> None:
        kept, left = column, None
        if item in self.items:
            other, other_how = self.items[item]
            kept, left = (column, other) if how < other_how else (other, column)
            how = min(how, other_how)
        self.items[item] = kept, how
        if left is not None:
            message = Text("{item} has two columns: {kept} is read, this one is not", item=item, kept=self.name(kept))
            self.tell("column-twice", message, left, loss=True)
        elif how > 1:
            self.tell("column-by-title", Text("this column was taken for {item}", item=item), column)

    def by_number(self) -> None:
        """Moodle's `Response 1` is the first item, where every item has one."""
        numbered = {column: int(found[1]) for column in self.open if (found := RESPONSE.fullmatch(squeezed(self.header[column])))}  # fmt: skip
        if not self.items and sorted(numbered.values()) == list(range(1, len(self.names.items) + 1)):
            for column, number in numbered.items():
                self.open.remove(column)
                self.item(column, self.names.items[number - 1], 5)

    def unknown(self, column: int) -> None:
        title = self.header[column]
        if not title:
            return
        if EXPORTED.fullmatch(squeezed(title)):
            self.tell("column-not-used", Text("this column is not used"), column)
        elif self.open.index(column) < MAX_GUESSES and (near := nearest(title, self.names.items)):
            self.tell("unmatched-column", Text("this column belongs to no item; did you mean {near}?", near=near), column, loss=True)  # fmt: skip
        else:
            self.tell("unmatched-column", Text("this column belongs to no item"), column, loss=True)

    def student(self) -> tuple[int, ...]:
        self.people.sort()
        if not self.people:
            return ()
        rank, column = self.people[0]
        twice = [other for other_rank, other in self.people[1:] if other_rank == rank and rank >= 0 and self.header[other] == self.header[column]]  # fmt: skip
        for other in twice:
            self.tell("column-twice", Text("two columns say who the student is: the first is read"), other, loss=True)
        if rank == LAST:
            return (column, *[other for other_rank, other in self.people if other_rank == FIRST][:1])
        return (column,)

    def name(self, column: int) -> str:
        return f"{self.header[column]} ({column + 1})"

    def tell(self, code: str, message: Text, column: int | None, *, loss: bool = False) -> None:
        self.remarks.append(Remark(code, message, self.file, column=None if column is None else self.name(column), loss=loss))  # fmt: skip
