"""What of an exercise misconceptions can be about: single answers that are shapes and counts."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import Any, NamedTuple

from ...derive import Summary
from ..exercise import Exercise
from ..items import Item
from ..misconceptions import Answer, Case, Network, Quantity, cases_of, network_of
from ..questions import Memory, OfLayers, Question
from ..subjects import OF_NETWORK, QUANTITIES


class Subject(NamedTuple):
    """A layer or the network, and what is asked of it."""

    about: Case | Network
    quantity: Quantity

    @property
    def key(self) -> Answer | None:
        return self.about.key(self.quantity)


def subjects_of(exercise: Exercise) -> dict[str, Subject]:
    """What each item asks about, by item; without those that no misconception is about, such as formulas and claims."""
    if exercise.summary is None:
        return {}
    asked = _Asked(exercise.summary)
    found = {item.id: subject for item in exercise.items if (subject := asked.subject(item))}
    return {item: subject for item, subject in found.items() if subject.key is not None}


class _Asked:
    def __init__(self, summary: Summary) -> None:
        self.summary = summary
        self.cases = cases_of(summary)

    @cached_property
    def network(self) -> Network:
        """The whole network as it was derived, of which most totals are asked."""
        return network_of(self.summary)

    def subject(self, item: Item) -> Subject | None:
        question: Any = item.question
        if not (isinstance(question, (OfLayers, Memory)) or type(question) is Question):
            return None
        if item.layer is not None:
            quantity = QUANTITIES.get(item.quantity)
            return Subject(self.cases[item.layer], quantity) if quantity and item.layer in self.cases else None
        if item.quantity not in OF_NETWORK:
            return None
        if not isinstance(question, Memory):
            return Subject(self.network, Quantity(item.quantity))
        summary = replace(self.summary, dtype=question.dtype, batch=question.batch)
        return Subject(network_of(summary), Quantity(item.quantity))
