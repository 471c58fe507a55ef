"""Data of a file as a model, with every fault in our words and at its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from ..architecture.entries import Faults, why
from ..errors import Fault, Path, nearest
from ..language import Text

Model = TypeVar("Model", bound=BaseModel)


def checked(model: type[Model], data: Any, path: Path, faults: Faults) -> Model | None:
    """The data as a model, or None with the faults noted."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        details = error.errors(include_url=False)
        known = [field.alias or name for name, field in model.model_fields.items()]
        mistyped = {nearest(str(each["loc"][0]), known) for each in details if each["type"] == "extra_forbidden"}
        for each in details:
            if each["type"] != "missing" or each["loc"][0] not in mistyped:
                faults.tell(_fault(each, known, path))
        return None


def unknown_keys(data: Mapping[str, Any], known: Iterable[str], faults: Faults) -> None:
    """Note the keys of a section that it does not have."""
    for key in data:
        if key not in known:
            faults.tell(_unknown(str(key), [*known], ()))


def _fault(detail: Any, known: list[str], path: Path) -> Fault:
    steps = [step for step in detail["loc"] if isinstance(step, int) or step in known]
    if detail["type"] == "extra_forbidden":
        return _unknown(str(detail["loc"][0]), known, path)
    if detail["type"] == "missing":
        return Fault("missing-field", Text("`{field}` is missing", field=steps[-1]), path=path)
    if not steps:
        return Fault("bad-value", why(detail), path=path)
    return Fault("bad-value", Text("{field} {why}", field=steps[0], why=why(detail)), path=(*path, *steps))


def _unknown(key: str, known: list[str], path: Path) -> Fault:
    near = nearest(key, known)
    hint = Text("did you mean {near}?", near=near) if near else Text("there is {names}", names=", ".join(known))
    return Fault("unknown-key", Text("there is no {key} here", key=repr(key)), path=(*path, key), remedies=(hint,))
