"""Answers with symbols in them: written as a student would, with what the symbols must be."""

from __future__ import annotations

from collections.abc import Iterator

from ..algebra import factored, same, simplified
from ..arithmetic import Demand, Dim, Shape, Symbolic
from ..layers import Layer
from ..layers.least import has_open_fields, open_fields
from .rows import Step


def is_open(layer: Layer, step: Step) -> bool:
    """Whether a layer or some answer of it has a symbol in it."""
    facts = step.facts
    if step.assumed or isinstance(facts.macs, Symbolic) or isinstance(step.trainable, Symbolic):
        return True
    sizes = (*facts.output, step.non_trainable) if not facts.others else (*facts.output, *sum(facts.others, ()))
    return any(isinstance(size, Symbolic) for size in sizes) or has_open_fields(layer)


def settled(layer: Layer, step: Step, *, simplify: bool) -> Step:
    """The step with the conditions on the layer's own fields and, where wanted, simplified."""
    assumed = (*open_fields(layer), *step.assumed)
    if not simplify:
        return step._replace(assumed=assumed, simplify=False)
    facts = step.facts
    return step._replace(
        facts=facts._replace(
            output=_shape(facts.output),
            weights={name: _shape(shape) for name, shape in facts.weights.items()},
            macs=factored(facts.macs),
            others=tuple(map(_shape, facts.others)),
        ),
        trainable=factored(step.trainable),
        non_trainable=factored(step.non_trainable),
        assumed=tuple(_distinct(assumed)),
    )


def _shape(shape: Shape) -> Shape:
    return tuple(map(simplified, shape))


def _distinct(demands: tuple[Demand, ...]) -> Iterator[Demand]:
    """Demands on symbols, without those that hold whatever the symbols are."""
    for demand in demands:
        if not _always(demand.left, demand.relation, demand.right):
            yield demand._replace(left=simplified(demand.left), right=simplified(demand.right))


def _always(left: Dim, relation: str, right: Dim) -> bool:
    difference = simplified(right - left)
    return same(left, right) or (relation == "<=" and isinstance(difference, int) and difference >= 0)
