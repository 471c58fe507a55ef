"""Worksheets and keys in Markdown: the network without its numbers, the questions, room for answers."""

from __future__ import annotations

from collections.abc import Iterator

from ..language import Text
from .harmless import markdown_literal
from .markup import markdown_escaped, markdown_table
from .paper import LONGEST, Asked, Cells, Paper, aligned, legend

BLANK = "____"
BAR = r"\|"


def markdown(paper: Paper) -> str:
    """The whole sheet. What is filled into the last column, or behind `student:`, is read again by `cnncalc grade`."""
    return "\n".join(_parts(paper))


def _parts(paper: Paper) -> Iterator[str]:
    yield f"# {markdown_literal(paper.title, LONGEST)}\n"
    if paper.role == "worksheet":
        yield f"student: {paper.student or BLANK}\n"
    if paper.text:
        yield f"{paper.text}\n"
    if paper.network is not None:
        yield markdown_table(paper.network) + "\n"
    for asked in paper.asked:
        yield from _material(asked)
    yield from _questions(paper)


def _material(asked: Asked) -> Iterator[str]:
    """What an item needs beside the network: matrices, letters, choices. No colon: a line with one is an answer."""
    for title, matrix in asked.matrices:
        yield f"`{asked.item}` – {title}\n"
        yield _fenced(matrix) + "\n"
    for note in asked.notes:
        yield f"{markdown_escaped(note)}\n"
    if asked.letters:
        yield f"`{asked.item}` – {markdown_escaped(legend(asked.letters))}\n"
    if asked.options:
        yield f"`{asked.item}` – {', '.join(asked.options)}\n"


def _fenced(matrix: Cells) -> str:
    """A matrix as code, which stays aligned."""
    return "\n".join(["```text", *aligned(matrix), "```"])


def _questions(paper: Paper) -> Iterator[str]:
    titles = [str(title) for title in (Text("item"), Text("question"), Text("points"), Text("answer"))]
    yield _row(titles)
    yield "| --- | --- | ---: | --- |"
    for asked in paper.asked:
        filled = BLANK if asked.answer is None else markdown_escaped(asked.answer.words)
        yield _row([f"`{asked.item.replace('|', BAR)}`", markdown_literal(asked.words, LONGEST), asked.points, filled])


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
