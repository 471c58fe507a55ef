"""How an answer is worked out: formula, numbers put in, result, as `cnncalc explain` shows it."""

from __future__ import annotations

from collections.abc import Iterator

from ..derive import Summary
from ..derive.explain import explain
from ..derive.memory import DTYPES
from ..expression import SPACED, names
from ..teach.exercise import Exercise
from ..teach.hinting import about_of, lines_of
from ..teach.key import Key
from ..teach.maps import feature_map, sides, windows
from ..teach.plain import plain
from ..teach.quantities import Quantity
from ..teach.questions import FeatureMap, MapValue, Memory, Solve
from .explanation import chain
from .width import cells, pad

MOST_PRODUCTS = 30
"""Of one number in a map; more are not read."""


def working(exercise: Exercise, key: Key) -> list[str]:
    """The lines of arithmetic behind a right answer; none where it is not arithmetic."""
    question, summary = key.item.question, exercise.summary
    if isinstance(question, FeatureMap):
        return list(_of_map(question))
    if summary is None or isinstance(question, Solve):
        return []
    if isinstance(question, Memory):
        bytes_each = DTYPES[question.dtype]
        return [f"{summary.total_params:,}·{bytes_each} = {plain(key.value)}"] if question.part == "weights" else []
    about = about_of(key, summary)
    return _of_layer(about, summary) if about.row else _of_network(about, summary)


def _of_layer(about: Quantity, summary: Summary) -> list[str]:
    """What the letters are, then a line per number."""
    assert about.row is not None, "asked by the caller"
    explanation = explain(summary, about.row.name)[0]
    lines = lines_of(explanation, about.name)
    used = {letter for line in lines for letter in names(line.formula)}
    given = ", ".join(f"{each.letter} = {each.value}" for each in explanation.given if each.letter in used)
    width = max((cells(line.name) for line in lines), default=0)
    return [*([given] if given else []), *(f"{pad(line.name, width)} = {' = '.join(chain(line, SPACED))}" for line in lines)]  # fmt: skip


def _of_network(about: Quantity, summary: Summary) -> list[str]:
    """The sum of what the layers have."""
    part = {"total_params": "params", "total_macs": "macs", "trainable_params": "trainable", "non_trainable_params": "non_trainable"}.get(about.name)  # fmt: skip
    summands = [value for row in summary.rows if part and (value := getattr(row, part)) != 0]
    return [f"{' + '.join(map(plain, summands))} = {plain(about.value)}"] if len(summands) > 1 else []


def _of_map(question: FeatureMap) -> Iterator[str]:
    """The products behind the number that is asked for, or behind the first."""
    row, column = question.at if isinstance(question, MapValue) else (0, 0)
    rows, columns = sides(question.image)
    (top, left) = (at * window.stride - window.pads(size)[0] for at, window, size in zip((row, column), windows(question), (rows, columns), strict=True))  # fmt: skip
    products = [
        f"{_factor(weight)}·{_factor(question.image[top + i][left + j])}"
        for i, line in enumerate(question.filter)
        for j, weight in enumerate(line)
        if 0 <= top + i < rows and 0 <= left + j < columns
    ]
    if 0 < len(products) <= MOST_PRODUCTS:
        bias = [] if question.bias == 0 else [_factor(question.bias)]
        yield f"[{row}, {column}]: {' + '.join([*products, *bias])} = {plain(feature_map(question)[row][column])}"


def _factor(number: object) -> str:
    """A number in a product."""
    text = plain(number)
    return f"({text})" if text.startswith("-") or "/" in text else text
