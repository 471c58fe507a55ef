"""Published answers, wherever an exercise writes them: under `expect:` by item, or with a question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from ..architecture.entries import Faults, shown
from ..errors import Path, nearest
from ..language import Text
from .checked import checked
from .items import Item
from .written import Stated, Value


class _Published(BaseModel):
    expect: Stated


def expected(written: Mapping[Any, Any], items: Sequence[Item], faults: Faults) -> dict[str, Value]:
    """The published answers by item; what names nothing, or is no value, is noted."""
    by_id = {item.id: item for item in items}
    found: dict[str, Value] = {}
    for name, value in written.items():
        if _known(name, by_id, ("expect", name), faults):
            _note(name, value, ("expect", name), found, faults)
    sharing = Counter(item.path for item in items)
    for item in items:
        value, path = item.question.expect, (*item.path, "expect")
        if value is None:
            continue
        if item.layer is not None and isinstance(value, dict):
            asked = [each.layer or "" for each in items if each.path == item.path]
            for name in value:
                _known(name, asked, (*path, name), faults)
            if item.layer in value:
                _note(item.id, value[item.layer], (*path, item.layer), found, faults)
        elif sharing[item.path] > 1:
            message = Text("expect of several layers takes a mapping by layer, not {value}", value=shown(value))
            faults.note("expect", message, path)
        else:
            _note(item.id, value, path, found, faults)
    return found


def _known(name: Any, known: Iterable[str], path: Path, faults: Faults) -> bool:
    if name in known:
        return True
    near = nearest(str(name), known)
    hints = [Text("did you mean {near}?", near=near)] if near else []
    faults.note("expect", Text("nothing called {name} is asked", name=repr(name)), path, *hints)
    return False


def _note(item: str, value: Any, path: Path, found: dict[str, Value], faults: Faults) -> None:
    published = checked(_Published, {"expect": value}, path, faults)
    if published is not None:
        found[item] = published.expect
