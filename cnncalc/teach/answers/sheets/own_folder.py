"""A student's own folder: a file called `answers`, and files that are themselves answers, named after their items."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from pathlib import Path

from ....language import Text
from .columns import Names
from .model import Remark, Tell

__all__ = ["form_in"]

ANSWERS = {"answers", "answer", "worksheet", "答案", "作答", "學習單"}
MAX_FILES = 1000

Form = dict[str, str]


def form_in(folder: Path, names: Names, readable: Callable[[Path], bool], read: Callable[[Path], Form], tell: Tell) -> Form:  # fmt: skip
    """The texts by title; a file named after an item stands in its place, where nothing else is written there."""
    found = islice(folder.iterdir(), MAX_FILES)
    files = sorted(each for each in found if each.is_file() and not each.is_symlink() and each.name[0] not in ".~")
    sheets = [each for each in files if each.stem.casefold() in ANSWERS and readable(each)]
    for other in sheets[1:]:
        tell(Remark("other-file", Text("there are several files of answers: the first one is read"), str(other), student=folder.name, loss=True))  # fmt: skip
    form = read(sheets[0]) if sheets else {}
    for each in files:
        if each.stem in names.items and not form.get(each.stem, "").strip():
            form[each.stem] = each.name
    return form
