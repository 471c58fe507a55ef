"""A worksheet in Markdown: the network without its numbers, the questions, room for answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ..language import Text
from ..teach.quantities import by_layer
from ..teach.questions import FeatureMap, Solve
from ..teach.wording import asked, plain
from ..teach.written import said
from .columns import settings_text
from .markup import markdown_escaped, markdown_table
from .table import Grid

if TYPE_CHECKING:
    from ..teach.exercise import Exercise
    from ..teach.key import Key

BLANK = "____"


def markdown(exercise: Exercise, keys: Mapping[str, Key]) -> str:
    """The whole sheet. What is filled into the last column, or behind `student:`, is read again by `cnncalc grade`."""
    return "\n".join(_parts(exercise, keys))


def _parts(exercise: Exercise, keys: Mapping[str, Key]) -> Iterator[str]:
    yield f"# {said(exercise.title) or Text('Exercise')}\n"
    yield f"student: {BLANK}\n"
    if exercise.text:
        yield f"{said(exercise.text)}\n"
    if exercise.summary is not None:
        yield markdown_table(_network(exercise, keys)) + "\n"
    for key in keys.values():
        yield from _material(key)
    yield from _questions(keys)


def _network(exercise: Exercise, keys: Mapping[str, Key]) -> Grid:
    """The layers and their settings; the input's shape is given."""
    summary = exercise.summary
    assert summary is not None, "asked by the caller"
    rows = [[name, "Input", plain(shape)] for name, shape in summary.architecture.inputs.items()]
    solved = [key.item.question for key in keys.values() if isinstance(key.item.question, Solve)]
    hidden = {each.layer: [other.field for other in solved if other.layer == each.layer] for each in solved}
    rows += [[row.name, row.kind, settings_text(row, hidden.get(row.name, ()))] for row in by_layer(summary).values()]
    return Grid([str(Text("layer")), str(Text("kind")), str(Text("settings"))], [False] * 3, rows)


def _material(key: Key) -> Iterator[str]:
    """What an item needs beside the network: matrices, letters, choices. No colon: a line with one is an answer."""
    question = key.item.question
    if isinstance(question, FeatureMap):
        yield f"`{key.item.id}` – {Text('image')}\n"
        yield _matrix(question.image) + "\n"
        yield f"`{key.item.id}` – {Text('filter')}\n"
        yield _matrix(question.filter) + "\n"
        how = Text("strides {strides}, padding {padding}, bias {bias}", strides=question.strides, padding=question.padding, bias=plain(question.bias))  # fmt: skip
        yield f"{how}\n"
    if key.letters:
        meant = ", ".join(f"{letter} = {meaning}" for letter, meaning in key.letters.items())
        yield f"`{key.item.id}` – {markdown_escaped(meant)}\n"
    if key.options:
        yield f"`{key.item.id}` – " + ", ".join(f"({chr(ord('A') + at)}) {plain(each)}" for at, each in enumerate(key.options)) + "\n"  # fmt: skip


def _matrix(matrix: Any) -> str:
    """A matrix as code, which stays aligned."""
    lines = [[plain(each) for each in row] for row in matrix]
    width = max(len(each) for line in lines for each in line)
    return "\n".join(["```text", *(" ".join(each.rjust(width) for each in line) for line in lines), "```"])


def _questions(keys: Mapping[str, Key]) -> Iterator[str]:
    titles = [str(title) for title in (Text("item"), Text("question"), Text("points"), Text("answer"))]
    yield _row(titles)
    yield "| --- | --- | ---: | --- |"
    for name, key in keys.items():
        yield _row([f"`{name}`", markdown_escaped(str(asked(key.item))), plain(key.item.points), BLANK])


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
