"""What items ask about, as the misconceptions see it: a layer on its inputs, or the network."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from ..derive import Summary
from .exercise import Exercise
from .misconceptions import Answer, Case, Network, Quantity, cases_of, network_of, values
from .quantities import INDEXED
from .questions import Memory, OfLayers, Question

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
    """What is asked about, and which of its numbers."""

    about: Case | Network
    quantity: Quantity

    @property
    def key(self) -> Answer | None:
        """The right answer; None where the layer has none."""
        return self.about.key(self.quantity)


class Subjects:
    """A derived network as the misconceptions see it; every layer, and the whole, is made once."""

    def __init__(self, summary: Summary | None) -> None:
        self._summary = summary
        self.cases = cases_of(summary) if summary else {}
        self._networks: dict[tuple[str, int], Network] = {}

    def of(self, layer: str | None, name: str, question: Question | None = None) -> Subject | None:
        """What is called `name`, of a layer or of the network; None for what no misconception knows.

        `question` says in which type and batch memory is counted.
        """
        if layer is not None:
            known = layer in self.cases and name in QUANTITIES
            return Subject(self.cases[layer], QUANTITIES[name]) if known else None
        if self._summary is None or name not in OF_NETWORK:
            return None
        counted = question if isinstance(question, Memory) else self._summary
        return Subject(self._network(self._summary, counted.dtype, counted.batch), Quantity(name))

    def _network(self, summary: Summary, dtype: str, batch: int) -> Network:
        if (dtype, batch) not in self._networks:
            self._networks[dtype, batch] = network_of(replace(summary, dtype=dtype, batch=batch))
        return self._networks[dtype, batch]


def subjects_of(exercise: Exercise) -> dict[str, Subject]:
    """What each item asks about, by item; without those that are no single shape or count, such as formulas and claims."""
    subjects = Subjects(exercise.summary)
    plain = [item for item in exercise.items if _is_plain(item.question)]
    found = {item.id: subjects.of(item.layer, item.quantity, item.question) for item in plain}
    return {item: subject for item, subject in found.items() if subject and subject.key is not None}


def _is_plain(question: Question) -> bool:
    return isinstance(question, (OfLayers, Memory)) or type(question) is Question


def axis_of(of: str) -> int | None:
    """The axis that `conv2d.shape[0]` names; None for a whole quantity."""
    found = INDEXED.fullmatch(of)
    return int(found[2]) if found else None


def wrong_values(subject: Subject | None, axis: int | None = None) -> dict[Answer, tuple[str, ...]]:
    """Every wrong answer with the codes that lead to it; of one axis of a shape, the wrong numbers there."""
    if subject is None:
        return {}
    found = values(subject.about, subject.quantity)
    return found if axis is None else _wrong_axes(subject, found, axis)


def _wrong_axes(subject: Subject, found: dict[Answer, tuple[str, ...]], axis: int) -> dict[Answer, tuple[str, ...]]:
    right = subject.key
    assert isinstance(right, tuple), "only shapes have axes"
    single: dict[Answer, tuple[str, ...]] = {}
    for shape, codes in found.items():
        if isinstance(shape, tuple) and len(shape) == len(right) and shape[axis] != right[axis]:
            single[shape[axis]] = tuple(dict.fromkeys((*single.get(shape[axis], ()), *codes)))
    return single
