"""Answers in YAML or JSON: a list of students, students by name, or one student's answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ....architecture.files import parse
from ....architecture.source import failure
from ....errors import Place
from ....language import Text
from ..decoding import text_of
from .columns import Names, rank_of
from .model import MAX_COLUMNS, Batch, Tell

__all__ = ["Forms", "answers_in", "read_data"]

MAX_FILE = 16 * 2**20
AROUND = ("answers", "students", "responses", "submissions")
FORMS = {".yaml": "yaml", ".yml": "yaml", ".json": "json"}


def read_data(path: str) -> Any:
    """The plain data of a YAML or JSON file, within the bounds of its reader."""
    text, _ = text_of(path, MAX_FILE)
    data = parse(text, path, FORMS[path[path.rfind(".") :].lower()]).data
    if data is None or data in ([], {}):
        raise failure("empty-file", Text("the file is empty"), Place(path))
    return data


def answers_in(data: Any, names: Names, file: str) -> list[dict[str, str]]:
    """One mapping of titles to texts for each student."""
    if isinstance(data, dict) and len(data) == 1 and (only := next(iter(data))) in AROUND:
        data = data[only]
    if isinstance(data, list) and all(isinstance(each, dict) for each in data):
        return [_flat(each) for each in data]
    if isinstance(data, dict):
        flat = _flat(data)
        if any(names.find(name) for name in flat) or not all(isinstance(each, dict) for each in data.values()):
            return [flat]
        return [{"student": str(student)} | _flat(answers) for student, answers in data.items()]
    message = Text("answers are a list of students, or students with their answers by name")
    raise failure("no-answers", message, Place(file))


def _flat(answers: dict[str, Any]) -> dict[str, str]:
    """Texts by name; `conv2d: {shape: ...}` is `conv2d.shape`."""
    flat: dict[str, str] = {}
    for name, value in answers.items():
        if isinstance(value, dict) and "layers" not in value:  # a network is one answer
            flat |= {f"{name}.{inner}": cell_text(each) for inner, each in value.items()}
        else:
            flat[name] = cell_text(value)
    return flat


def cell_text(value: Any) -> str:
    """A typed value as a student would have written it."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer() and abs(value) < 2**53:
            return str(int(value))
        case list() | dict():
            return json.dumps(value, ensure_ascii=False)
    return str(value)


class Forms:
    """A row for each mapping of titles to texts."""

    def __init__(self, file: str, forms: list[dict[str, str]], student: str | None = None) -> None:
        self.file = file
        self.header = list(dict.fromkeys(title for form in forms for title in form))
        if student is not None and not any(rank_of(title) == 0 for title in self.header):
            self.header.append("student")
            forms = [{"student": student} | form for form in forms]
        if len(self.header) > MAX_COLUMNS:
            raise failure("too-many-columns", Text("a sheet may have {limit} columns", limit=MAX_COLUMNS), Place(file))
        self.forms = forms

    def batches(self, tell: Tell) -> Iterator[Batch]:
        for number, form in enumerate(self.forms, start=2):
            yield Batch(number, [[form.get(title, "") for title in self.header]], self.file)
