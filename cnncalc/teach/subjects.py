"""What an item asks about, as the misconceptions see it: a layer on its inputs, or the network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from ..derive import Summary
from .misconceptions import Answer, Case, Network, Quantity, network_of, values
from .quantities import INDEXED
from .questions import Memory, Question

QUANTITIES = {
    "shape": Quantity.SHAPE,
    "params": Quantity.PARAMS,
    "trainable_params": Quantity.TRAINABLE,
    "macs": Quantity.MACS,
    "receptive_field": Quantity.FIELD,
}
"""Of layers; of the whole network they are called as the items are."""

OF_NETWORK = {each.value for each in Quantity} - {each.value for each in QUANTITIES.values()}


class Subject(NamedTuple):
    """What is asked about, and which of its numbers; nothing where no misconception knows it."""

    about: Case | Network | None = None
    quantity: Quantity | None = None


def subject_of(
    summary: Summary, cases: Mapping[str, Case], layer: str | None, name: str, question: Question | None = None
) -> Subject:
    """The subject called `name`, of a layer or of the network; `question` says in which type and batch memory is counted."""
    if layer is None and name in OF_NETWORK:
        asked = summary
        if isinstance(question, Memory):
            asked = replace(summary, dtype=question.dtype, batch=question.batch)
        return Subject(network_of(asked), Quantity(name))
    if layer is None or layer not in cases or name not in QUANTITIES:
        return Subject()
    return Subject(cases[layer], QUANTITIES[name])


def axis_of(of: str) -> int | None:
    """The axis that `conv2d.shape[0]` names; None for a whole quantity."""
    found = INDEXED.fullmatch(of)
    return int(found[2]) if found else None


def wrong_values(subject: Subject, axis: int | None = None) -> dict[Answer, tuple[str, ...]]:
    """Every wrong answer with the codes that lead to it; of one axis of a shape, the wrong numbers there."""
    if subject.about is None or subject.quantity is None:
        return {}
    found = values(subject.about, subject.quantity)
    if axis is None:
        return found
    right = subject.about.key(subject.quantity)
    assert isinstance(right, tuple), "only shapes have axes"
    single: dict[Answer, tuple[str, ...]] = {}
    for shape, codes in found.items():
        if isinstance(shape, tuple) and len(shape) == len(right) and shape[axis] != right[axis]:
            single[shape[axis]] = tuple(dict.fromkeys((*single.get(shape[axis], ()), *codes)))
    return single
