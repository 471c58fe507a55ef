"""An exercise checked, and its key: text and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..language import LANGUAGES, Text
from ..teach.plain import plain
from ..teach.questions import Claim
from ..teach.wording import answer, asked
from ..teach.written import said
from .width import cells, pad

if TYPE_CHECKING:
    from ..teach.confirm import Confirmation
    from ..teach.exercise import Exercise
    from ..teach.key import Key
    from ..teach.published import Difference

LONGEST = 60
"""Characters of a value; a matrix that takes more is told by its size."""


def check_text(exercise: Exercise, confirmation: Confirmation, wrong: Sequence[Difference]) -> str:
    """What was asked, what the witness says, and every published number that is wrong."""
    return "\n".join(_check_lines(exercise, confirmation, wrong))


def _check_lines(exercise: Exercise, confirmation: Confirmation, wrong: Sequence[Difference]) -> Iterator[str]:
    if exercise.title:
        yield said(exercise.title)
    yield str(Text("answers: {n}, points: {points}", n=len(exercise.items), points=plain(exercise.points)))
    yield from _witness_lines(confirmation)
    if exercise.expect:
        expected = len(exercise.expect)
        right = expected - sum(each.item in exercise.expect and each.of == each.item for each in wrong)
        yield str(Text("published numbers that agree: {right} of {n}", right=right, n=expected))
    for each in wrong:
        place = exercise.source.place(each.path)
        where = f" ({place.file}:{place.line})" if place and place.line else ""
        yield str(Text("WRONG: {told}", told=_told(each, exercise))) + where


def _witness_lines(confirmation: Confirmation) -> Iterator[str]:
    if confirmation.skipped is not None:
        yield str(Text("not confirmed by running: {reason}", reason=confirmation.skipped))
    found = confirmation.verification
    if found is not None and found.ok:
        versions = ", ".join(f"{name} {version}" for name, version in found.versions.items())
        yield str(Text("confirmed by running the network: {versions}", versions=versions))
    elif found is not None:
        layers = ", ".join(each.row.name for each in found.layers if not each.agrees)
        yield str(Text("WRONG: the witness sees something else in {layers}", layers=layers or found.name))
    for item, ok in confirmation.maps.items():
        if ok:
            yield str(Text("confirmed by running: {item}", item=item))
        else:
            yield str(Text("WRONG: the witness sees something else in {layers}", layers=item))


def _told(each: Difference, exercise: Exercise) -> Text:
    """What is published and what is so; of matrices of two sizes, the sizes and the first number."""
    item = next(item for item in exercise.items if item.id == each.item)
    if _is_matrix(each.derived) and _is_matrix(each.published):
        return Text(
            "{of} is {derived}, published is {published}; the first number is {first}, published is {stated}",
            of=each.of, derived=_size(each.derived), published=_size(each.published),
            first=plain(each.derived[0][0]), stated=plain(each.published[0][0]),
        )  # fmt: skip
    told = Text("{of} is {derived}, published is {published}", of=each.of, derived=plain(each.derived), published=plain(each.published))  # fmt: skip
    words = said(item.question.says) if isinstance(item.question, Claim) else ""
    return Text("{told} – “{words}”", told=told, words=words) if words else told


def _is_matrix(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and isinstance(value[0], tuple)


def _size(matrix: Any) -> str:
    return f"{len(matrix)}×{len(matrix[0])}"


def check_json(exercise: Exercise, confirmation: Confirmation, wrong: Sequence[Difference]) -> str:
    """Schema 1 of the JSON output."""
    verified = confirmation.verification
    found = {
        "schema": 1,
        "ok": confirmation.ok and not wrong,
        "exercise": described(exercise),
        "confirmed": confirmation.whole and confirmation.ok,
        "skipped": str(confirmation.skipped) if confirmation.skipped else None,
        "witness": verified.to_dict() if verified else None,
        "maps": dict(confirmation.maps),
        "published": len(exercise.expect),
        "differences": [_difference(each, exercise) for each in wrong],
    }
    return json.dumps(found, indent=2, ensure_ascii=False)


def _difference(each: Difference, exercise: Exercise) -> dict[str, Any]:
    place = exercise.source.place(each.path)
    return {
        "item": each.item,
        "of": each.of,
        "published": data(each.published),
        "derived": data(each.derived),
        "file": place.file if place else None,
        "line": place.line if place else None,
        "message": {language: _told(each, exercise).into(language) for language in LANGUAGES},
    }


def described(exercise: Exercise) -> dict[str, Any]:
    """What an exercise is: its titles and its items."""
    items = [{"item": item.id, "answer": item.answer, "points": str(item.points)} for item in exercise.items]
    return {"title": dict(exercise.title), "points": str(exercise.points), "items": items}


def data(value: Any) -> Any:
    """A value for JSON: shapes as lists; fractions, which JSON has not, as strings."""
    if isinstance(value, (tuple, list)):
        return [data(each) for each in value]
    if isinstance(value, Mapping):
        return {str(name): data(each) for name, each in value.items()}
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)


def key_text(exercise: Exercise, keys: Mapping[str, Key]) -> str:
    """A line per item: its name, its question, its answer. A long question moves its own answer only."""
    lines = [(name, str(asked(key.item)), str(answer(key))) for name, key in keys.items()]
    widths = [max((width for line in lines if (width := cells(line[i])) <= LONGEST), default=0) for i in range(2)]
    told = [f"{pad(name, widths[0])}  {pad(words, widths[1])}  {answer}" for name, words, answer in lines]
    return "\n".join([*([said(exercise.title), ""] if exercise.title else []), *told])


def key_json(exercise: Exercise, keys: Mapping[str, Key]) -> str:
    """Schema 1 of the JSON output."""
    found = {
        "schema": 1,
        "exercise": described(exercise),
        "key": {name: _key_data(key) for name, key in keys.items()},
    }
    return json.dumps(found, indent=2, ensure_ascii=False)


def _key_data(key: Key) -> dict[str, Any]:
    more = {"others": data(key.others), "correction": data(key.correction), "options": data(key.options)}
    return {"value": data(key.value), **{name: value for name, value in more.items() if value}}
