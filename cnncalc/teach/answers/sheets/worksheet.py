"""The worksheet: how one is written, and how a filled one is read. Both sides take the format from here.

A worksheet is Markdown. An item is a line `conv2d.shape: ____` or a row of a table `| item | answer |`; the student is
the line `student: ____`, or the name of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..characters import squeezed
from .columns import Names, rank_of
from .markdown import tables

__all__ = ["BLANK", "HEAD", "blank_line", "blank_row", "form_of"]

BLANK = "____"
HEAD = ("item", "answer")
ITEM = {"item", "題目", "題號", "項目", "question", "小題"}
ANSWER = {"answer", "答案", "作答", "回答", "answers", "youranswer", "你的答案"}

MARKER = re.compile(r"[-*+] |[0-9]{1,3}[.)] ")
MAX_NAME = 100


def blank_line(name: str) -> str:
    """A line to be filled in."""
    return f"{name}: {BLANK}"


def blank_row(*cells: str) -> str:
    """A row of a table whose last cell is to be filled in."""
    return "| " + " | ".join([*(cell.replace("|", "\\|") for cell in cells), BLANK]) + " |"


def form_of(text: str, names: Names) -> list[tuple[str, str]]:
    """What a filled worksheet says: names of items (or of the student) and texts, in its order."""
    return [(name, answer.strip("_ ")) for name, answer in (*_rows(text), *_lines(text, names))]


def is_form(header: list[str]) -> tuple[int, int] | None:
    """The columns of item and answer in a table of one student."""
    keys = [squeezed(title) for title in header]
    item = next((at for at, key in enumerate(keys) if key in ITEM), None)
    answer = next((at for at, key in enumerate(keys) if key in ANSWER), None)
    return None if item is None or answer is None else (item, answer)


def _rows(text: str) -> Iterator[tuple[str, str]]:
    for table in tables(text):
        if places := is_form(table[0][1]):
            item, answer = places
            for _, cells in table[1:]:
                if len(cells) > max(places) and cells[item]:
                    yield cells[item], cells[answer]


def _lines(text: str, names: Names) -> Iterator[tuple[str, str]]:
    """Lines that name an item or the student; any other line is prose."""
    for line in text.splitlines():
        head, parted, answer = line.replace("：", ":", 1).partition(":")
        head = head.strip()
        if not parted or "|" in line or len(head) > MAX_NAME:
            continue
        name = MARKER.sub("", head, count=1).strip("`* ")
        by_name = names.find(name)
        if (by_name and by_name[1] <= 2) or rank_of(name) is not None:
            yield name, answer.strip().strip("`")
