"""Tables in Markdown text, as rows of cells."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ....architecture.source import failure
from ....errors import Place
from ....language import Text
from .model import MAX_COLUMNS, Batch, Tell

__all__ = ["MarkdownTable", "tables"]

RULE = re.compile(r":?-+:?")
BAR = re.compile(r"(?<!\\)\|")
EMPHASIS = re.compile(r"(\*\*|__|`|\*|_)(?=\S)(.+)(?<=\S)\1", re.DOTALL)

Lines = list[tuple[int, list[str]]]
"""Line numbers from 1, and cells."""


def tables(text: str) -> list[Lines]:
    """Every table: its header, then its rows."""
    found: list[Lines] = []
    lines = text.splitlines()
    at = 0
    while at + 1 < len(lines):
        if "|" in lines[at] and _is_rule(lines[at + 1]):
            table = [(at + 1, _cells(lines[at]))]
            at += 2
            while at < len(lines) and "|" in lines[at]:
                table.append((at + 1, _cells(lines[at])))
                at += 1
            found.append(table)
        at += 1
    return found


def _is_rule(line: str) -> bool:
    """Whether the line is the one below a header: |---|:-:|"""
    return all(RULE.fullmatch(cell.strip()) for cell in line.strip().strip("|").split("|"))


def _cells(line: str) -> list[str]:
    line = line.strip().removeprefix("|")
    if line.endswith("|") and not line.endswith("\\|"):
        line = line[:-1]
    return [_bare(cell.strip().replace("\\|", "|")) for cell in BAR.split(line)]


def _bare(cell: str) -> str:
    """A cell without the marks of bold or code around all of it."""
    found = EMPHASIS.fullmatch(cell)
    return found[2] if found and found[1] not in found[2] else cell


class MarkdownTable:
    """A table with a row per student."""

    def __init__(self, file: str, lines: Lines) -> None:
        self.file = file
        (_, self.header), *self.lines = lines
        if len(self.header) > MAX_COLUMNS:
            raise failure("too-many-columns", Text("a sheet may have {limit} columns", limit=MAX_COLUMNS), Place(file))

    def batches(self, tell: Tell) -> Iterator[Batch]:
        for number, (_, cells) in enumerate(self.lines, start=2):
            yield Batch(number, [cells], self.file)
