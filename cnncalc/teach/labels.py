"""Files of labels: one a row, or an id and a label, with or without titles; CSV or plain lines."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from ..architecture.source import failure
from ..errors import Place
from ..language import Text
from .answers.characters import squeezed
from .answers.decoding import encoding_of

MAX_LABELS = 10**6
MAX_DIFFERENT = 1000
"""Different true labels."""
MAX_COLUMNS = 20
MAX_LABEL = 100
"""Characters."""

LABEL = {"label", "labels", "class", "classes", "prediction", "predictions", "predicted", "pred", "target", "y", "ytrue",
         "ypred", "標籤", "類別", "預測", "預測標籤", "答案"}  # fmt: skip
ID = {"id", "ids", "index", "imageid", "image", "file", "filename", "name", "編號", "檔名", "圖片", "影像"}
WHOLE = re.compile(r"([+-]?[0-9]+)\.0*")


class Labels(NamedTuple):
    """Labels in the order of the file."""

    labels: tuple[str, ...]
    ids: tuple[str, ...] | None = None

    @property
    def digest(self) -> str:
        """A hash of what was read."""
        return sha256("\n".join(chain(self.labels, self.ids or ())).encode("utf-8")).hexdigest()


def read_labels(path: str) -> Labels:
    """The labels in a file, row by row. Raises ArchitectureError."""
    try:
        with Path(path).open(encoding=encoding_of(path), newline="") as stream:
            return _labels(_rows(stream, path), path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise failure("unreadable", Text("the file cannot be read: {reason}", reason=reason), Place(path)) from None


def true_labels(path: str) -> Labels:
    """The labels that others are held against. Raises ArchitectureError, also if ids are there twice."""
    found = read_labels(path)
    if len(set(found.labels)) > MAX_DIFFERENT:
        raise failure("labels", Text("there may be {limit} different labels", limit=MAX_DIFFERENT), Place(path))
    if found.ids is not None and len(set(found.ids)) < len(found.ids):
        raise failure("ids", Text("an id is there twice"), Place(path))
    return found


def _rows(stream: Iterator[str], path: str) -> Iterator[list[str]]:
    """The rows that are not blank; the sign between cells is what stands in the first line."""
    first = next((line for line in stream if line.strip()), "")
    sign = next((each for each in "\t;," if each in first), ",")
    try:
        for row in csv.reader(chain([first], stream), delimiter=sign):
            if any(cell.strip() for cell in row):
                yield row
    except csv.Error as error:
        raise failure("unreadable", Text("the file cannot be read: {reason}", reason=error), Place(path)) from None


def _labels(rows: Iterator[list[str]], path: str) -> Labels:
    first = next(rows, None)
    if first is None:
        raise failure("empty-file", Text("the file is empty"), Place(path))
    second = next(rows, None)
    place, by = _places(first, path)
    with_title = _is_header(first) or (second is not None and _looks_like_title(first, second, place))
    kept = chain([] if with_title else [first], [] if second is None else [second], rows)
    known: dict[str, str] = {}
    labels: list[str] = []
    ids: list[str] = []
    for number, row in enumerate(kept, start=1):
        if number > MAX_LABELS:
            raise failure("too-many-rows", Text("a file may have {limit} labels", limit=MAX_LABELS), Place(path))
        if len(row) != len(first) or not row[place].strip() or len(row[place]) > MAX_LABEL:
            raise failure("bad-row", Text("label {n} cannot be read: a row is a label, or an id and a label", n=number), Place(path))  # fmt: skip
        labels.append(known.setdefault(row[place], _plain(row[place])))
        if by is not None:
            ids.append(row[by].strip())
    if not labels:
        raise failure("empty-file", Text("the file has no labels"), Place(path))
    return Labels(tuple(labels), tuple(ids) if by is not None else None)


def _is_header(row: Sequence[str]) -> bool:
    return any(squeezed(cell) in LABEL | ID for cell in row)


def _looks_like_title(first: Sequence[str], second: Sequence[str], place: int) -> bool:
    """Whether a word stands above a number."""
    return place < len(second) and not _is_number(first[place]) and _is_number(second[place])


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"[+-]?[0-9]+(\.[0-9]*)?", text.strip()))


def _places(row: Sequence[str], path: str) -> tuple[int, int | None]:
    """The columns of the label and of the id."""
    if len(row) == 1:
        return 0, None
    labels = [at for at, cell in enumerate(row) if squeezed(cell) in LABEL]
    if len(row) == 2 and len(labels) != 1:
        return 1, 0
    if len(labels) != 1 or len(row) > MAX_COLUMNS:
        message = Text("a row is a label, or an id and a label; of more columns one must be titled `label`")
        raise failure("columns", message, Place(path))
    ids = [at for at, cell in enumerate(row) if squeezed(cell) in ID]
    return labels[0], 1 - labels[0] if len(row) == 2 else ids[0] if len(ids) == 1 else None


def _plain(label: str) -> str:
    """A label without blanks around it; 3.0 is 3."""
    label = label.strip()
    found = WHOLE.fullmatch(label)
    return found[1] if found else label
