"""An exercise on paper: what stands there, whatever it is written in. The network comes without what is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ..expression import Expr
from ..language import Text
from ..teach.items import Item
from ..teach.plain import plain
from ..teach.quantities import by_layer
from ..teach.questions import FeatureMap, MapValue
from ..teach.solving import hidden
from ..teach.wording import answer, asked, how_to
from ..teach.written import said
from .columns import settings_text
from .harmless import harmless
from .table import Grid

if TYPE_CHECKING:
    from ..teach.exercise import Exercise
    from ..teach.key import Key

Cells = list[list[str]]
"""A matrix as it is written."""

LONGEST = 500
"""Characters of a title or a question."""


class Answer(NamedTuple):
    """What is right, for a key."""

    words: str
    matrix: Cells | None = None
    formula: Expr | None = None


class Asked(NamedTuple):
    """One question with what it needs beside the network, and the room for its answer."""

    number: int
    item: str
    words: str
    points: str
    kind: str
    """What is to be written: shape, integer, real, matrix, formula, truth, choice, architecture, labels."""
    matrices: tuple[tuple[str, Cells], ...] = ()
    notes: tuple[str, ...] = ()
    letters: Mapping[str, str] = {}
    options: tuple[str, ...] = ()
    answer: Answer | None = None
    """Only on a key."""


class Paper(NamedTuple):
    """All of it, in one language."""

    title: str
    text: str
    """The teacher's own, which may have several lines."""
    points: str
    network: Grid | None
    asked: tuple[Asked, ...]
    role: Literal["worksheet", "key"]
    student: str = ""
    """Whose it is; nobody's where it has room for a name."""


def paper(
    exercise: Exercise, keys: Mapping[str, Key], role: Literal["worksheet", "key"] = "worksheet", student: str = ""
) -> Paper:
    """The exercise as a worksheet, or with its answers as a key."""
    asked = tuple(_asked(number, key, role) for number, key in enumerate(keys.values(), start=1))
    title = harmless(said(exercise.title), LONGEST) or str(Text("Exercise"))
    return Paper(
        title,
        said(exercise.text).strip(),
        plain(exercise.points),
        network(exercise),
        asked,
        role,
        harmless(student, LONGEST),
    )


SOURCE = 2
"""The column of what a layer reads."""


def network(exercise: Exercise) -> Grid | None:
    """The layers and their settings, without those that answer a question; what each reads, where that is not the one above."""
    if exercise.summary is None:
        return None
    inputs = exercise.summary.architecture.inputs
    asked = [item.question for item in exercise.items]
    rows = [[name, "Input", "", plain(shape)] for name, shape in inputs.items()]
    for row in by_layer(exercise.summary).values():
        settings = settings_text(row, hidden(asked, exercise.summary, row.name))
        rows.append([row.name, row.kind, ", ".join(row.inputs), settings])
    titles = [str(title) for title in (Text("layer"), Text("kind"), Text("reads"), Text("settings"))]
    if all(below[SOURCE] == above[0] for above, below in pairwise(rows)):
        for cells in (titles, *rows):
            del cells[SOURCE]
    return Grid(titles, [False] * len(titles), rows)


def _asked(number: int, key: Key, role: str) -> Asked:
    item, question = key.item, key.item.question
    picture = question if isinstance(question, FeatureMap) else None
    return Asked(
        number=number,
        item=item.id,
        words=harmless(str(asked(item)), LONGEST),
        points=plain(item.points),
        kind=item.answer,
        matrices=matrices(picture) if picture else (),
        notes=_notes(item, picture),
        letters=key.letters,
        options=tuple(f"({chr(ord('A') + at)}) {plain(each)}" for at, each in enumerate(key.options)),
        answer=_answer(key) if role == "key" else None,
    )


def _notes(item: Item, picture: FeatureMap | None) -> tuple[str, ...]:
    """What to know beside the question."""
    return tuple(str(note) for note in (how(picture) if picture else None, how_to(item)) if note is not None)


def legend(letters: Mapping[str, str], written: Callable[[str], str] = str, meant: Callable[[str], str] = str) -> str:
    """What the letters stand for, those of the input together: H, W, C of the layer's input, F = conv2d.filters."""
    inputs = ", ".join(written(letter) for letter, origin in letters.items() if origin == "input")
    first = [str(Text("{letters} of the layer's input", letters=inputs))] if inputs else []
    others = (f"{written(letter)} = {meant(origin)}" for letter, origin in letters.items() if origin != "input")
    return ", ".join([*first, *others])


def matrices(question: FeatureMap) -> tuple[tuple[str, Cells], ...]:
    """The picture and the filter."""
    return (str(Text("image")), written(question.image)), (str(Text("filter")), written(question.filter))


def how(question: FeatureMap) -> Text:
    """How the filter goes over the picture."""
    return Text("strides {strides}, padding {padding}, bias {bias}", strides=question.strides, padding=question.padding, bias=plain(question.bias))  # fmt: skip


def written(matrix: Any) -> Cells:
    return [[plain(each) for each in row] for row in matrix]


def _answer(key: Key) -> Answer:
    value = key.value
    matrix = written(value) if key.item.answer == "matrix" and not isinstance(key.item.question, MapValue) else None
    return Answer(str(answer(key)), matrix, value if isinstance(value, Expr) else None)


def aligned(matrix: Cells) -> list[str]:
    """The rows of a matrix as lines, one column below the other."""
    width = max(len(each) for row in matrix for each in row)
    return [" ".join(each.rjust(width) for each in row) for row in matrix]
