"""Budgets of an architecture file: `limits: {params: "<= 1.2M", receptive_field: ">= 14"}`."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from ..arithmetic import Symbolic
from ..errors import ArchitectureError, Fault, nearest
from ..language import Text
from .summary import Summary

RELATIONS: dict[str, Callable[[Any, Any], bool]] = {
    "<=": operator.le,
    "<": operator.lt,
    ">=": operator.ge,
    ">": operator.gt,
    "==": operator.eq,
}
SCALES = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12, "b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9,
          "kib": 2**10, "mib": 2**20, "gib": 2**30}  # fmt: skip
"""Factors by the letters behind a number, whatever their case."""

WRITTEN = re.compile(r"(<=|>=|==|<|>|≤|≥)?\s*([0-9][0-9_,]*(?:\.[0-9]+)?)\s*([A-Za-z]*)")


class Limit(NamedTuple):
    """A budget: what is measured, and what must hold of it."""

    name: str
    relation: str
    bound: Decimal
    text: str
    """As it was written."""


class Verdict(NamedTuple):
    """A limit and the number that it is held against; a receptive field has one per axis."""

    limit: Limit
    values: tuple[int, ...]

    @property
    def holds(self) -> bool:
        return all(RELATIONS[self.limit.relation](value, self.limit.bound) for value in self.values)

    def to_dict(self) -> dict[str, Any]:
        values = list(self.values) if self.limit.name == "receptive_field" else self.values[0]
        return {"limit": self.limit.name, "wanted": self.limit.text, "value": values, "holds": self.holds}


def _field(summary: Summary) -> tuple[Any, ...]:
    """The receptive field of the last layer that has one."""
    return next((row.receptive_field.size for row in reversed(summary.rows) if row.receptive_field), ())


MEASURES: dict[str, Callable[[Summary], tuple[Any, ...]]] = {
    "params": lambda summary: (summary.total_params,),
    "trainable": lambda summary: (summary.trainable_params,),
    "non_trainable": lambda summary: (summary.non_trainable_params,),
    "macs": lambda summary: (summary.total_macs,),
    "flops": lambda summary: (2 * summary.total_macs,),
    "memory": lambda summary: (summary.memory.weights + summary.memory.inference_peak,),
    "receptive_field": _field,
    "layers": lambda summary: (len(summary.rows),),
}
"""What can be limited; memory is the bytes of weights and of the inference peak together."""


def check(summary: Summary) -> tuple[Verdict, ...]:
    """Every limit of the file beside its number. Raises ArchitectureError for a limit that cannot be read or measured."""
    faults: list[Fault] = []
    verdicts = tuple(_verdicts(summary, faults))
    if faults:
        raise ArchitectureError(faults)
    return verdicts


def _verdicts(summary: Summary, faults: list[Fault]) -> Iterator[Verdict]:
    source = summary.architecture.source

    def note(name: str, message: Text, *remedies: Text) -> None:
        path = ("limits", name)
        faults.append(Fault("limit", message, path=path, place=source.place(path), remedies=remedies))

    for name, written in summary.architecture.limits.items():
        if name not in MEASURES:
            near = nearest(str(name), MEASURES) or ", ".join(MEASURES)
            note(name, Text("there is no limit named {name}", name=repr(name)), Text("did you mean {near}?", near=near))
            continue
        limit = read(name, written)
        if limit is None:
            note(name, Text('takes a relation and a number such as "<= 1.2M", not {value}', value=repr(written)))
            continue
        values = MEASURES[name](summary)
        if not values or any(isinstance(value, Symbolic) for value in values):
            note(name, Text("{name} of this network is no number", name=name), Text("say the numbers with --input and --set"))  # fmt: skip
            continue
        yield Verdict(limit, values)


def read(name: str, written: Any) -> Limit | None:
    """The limit in `<= 1.2M`, `>= 14` or `1200000`, which is a most; None if it is not one."""
    if isinstance(written, bool) or not isinstance(written, (int, str)):
        return None
    found = WRITTEN.fullmatch(str(written).strip())
    if found is None or found[3].lower() not in SCALES:
        return None
    relation = {"≤": "<=", "≥": ">=", None: "<="}.get(found[1], found[1])
    number = Decimal(re.sub("[_,]", "", found[2])) * SCALES[found[3].lower()]
    return Limit(name, relation, number, str(written))
