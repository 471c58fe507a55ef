"""Questions with many right answers: a setting is tried on the network, and right if it gives what is wanted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from ..architecture import Architecture, Node
from ..architecture.entries import integer_fields
from ..derive import Summary, derive
from ..errors import ArchitectureError
from ..layers import Layer
from ..layers.fields import PADDING_WORDS
from .quantities import OF_NETWORK, quantity
from .questions import Question, Solve

LARGEST = 512
"""Up to which number settings are looked for."""
SHOWN = 5
"""The most settings that a key lists."""


def words(question: Solve) -> tuple[str, ...]:
    """The words that the field takes beside numbers."""
    return PADDING_WORDS if question.field == "padding" else ()


def gives(architecture: Architecture, question: Solve, value: Any) -> bool:
    """Whether the network with this setting is valid and has what is wanted."""
    summary = _with(architecture, question.layer, question.field, value)
    return summary is not None and _meets(summary, question)


def settings(architecture: Architecture, question: Solve) -> Iterator[int | str]:
    """The settings that give what is wanted: words, then numbers from 0 up to `LARGEST`."""
    numeric = question.field in integer_fields(_node(architecture, question.layer).layer.kind())
    candidates = (*words(question), *(range(LARGEST + 1) if numeric else ()))
    return (value for value in candidates if gives(architecture, question, value))


def hidden(questions: Iterable[Question], summary: Summary, layer: str) -> set[str]:
    """The fields of a layer that would tell an answer: those that are solved for, where the network has what is wanted."""
    solved = (each for each in questions if isinstance(each, Solve) and each.layer == layer)
    return {each.field for each in solved if _meets(summary, each)}


def _meets(summary: Summary, question: Solve) -> bool:
    return all(measured(summary, question.layer, name) == wanted for name, wanted in question.wanted.items())


def _with(architecture: Architecture, name: str, field: str, value: Any) -> Summary | None:
    """The network with another value in a field, derived; None if it is not valid."""
    try:
        return changed(architecture, name, field, value)
    except (ValidationError, ArchitectureError):
        return None


def changed(architecture: Architecture, name: str, field: str, value: Any) -> Summary:
    """The same. Raises ValidationError for a value that the field does not take, ArchitectureError if the network fails."""
    here = _node(architecture, name)
    fields: Mapping[str, Any] = {each: getattr(here.layer, each) for each in here.layer.model_fields_set}
    layer = type(here.layer).model_validate({**fields, field: value})
    return derive(architecture.with_layers(lambda node: _chosen(node, here, layer)))


def _chosen(node: Node, here: Node, changed: Layer) -> Layer:
    return changed if here.name in {node.name, node.shares} else node.layer


def _node(architecture: Architecture, name: str) -> Node:
    return next(node for node in architecture.nodes if node.name == name)


def measured(summary: Summary, layer: str, name: str) -> Any:
    """What the network has of a quantity that is wanted, by its name in `for:`."""
    return quantity(summary, name if name in OF_NETWORK else f"{layer}.{name}").value
