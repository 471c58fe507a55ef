"""A network with a student's own shapes in it: what each layer then reads, and makes of it.

Nobody writes down what depends on what: the graph of the network says it. An answer is taken over only as a shape that could
be: right rank, positive axes, no axis of 1 where there is none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from ..arithmetic import LIMIT, Shape, prod
from ..derive import Row, Summary
from ..layers import Facts
from .bounded import Bounded
from .items import Item
from .making import Made, Maker, maker

Answers = Mapping[str, Any]
"""What was understood of a student's answers, by `<layer>.<quantity>` or total; None is nothing."""

MAX_KEPT = 10_000
"""Layers on other inputs that are kept, of one exercise."""

TOTALS = ("params", "macs", "trainable_params", "non_trainable_params")
"""What is added up over all layers."""


class Part(NamedTuple):
    """What a layer adds to a total: the name of an answer to it, its quantity, and what that is in truth."""

    row: Row
    own: tuple[str, str, int]
    instead: tuple[str, str, int]
    """The same of the quantity that counts where nobody answered `own`."""


class Followed(NamedTuple):
    """The layers that have other inputs, or other outputs, than in truth."""

    inputs: dict[str, tuple[Shape, ...]]
    outputs: dict[str, tuple[Shape, ...]]


class Carrier:
    """The network of an exercise, ready to be derived again from students' answers."""

    def __init__(self, summary: Summary, names: Collection[str | None]) -> None:
        """`names` are those of the answers that are asked for."""
        self.rows = {row.name: row for row in summary.rows}
        self.results = summary.architecture.outputs
        self.asked = [row.name for row in summary.rows if f"{row.name}.shape" in names]
        """The layers whose shapes a student may answer."""
        self._shapes = [f"{name}.shape" for name in self.asked]
        self._sources = {row.name: [tensor.partition(":")[0] for tensor in row.inputs] for row in summary.rows}
        self._followed: Bounded[tuple[Any, ...], Followed] = Bounded(self._follow, MAX_KEPT)
        self.parts = {quantity: list(self._parts(quantity, names)) for quantity in TOTALS}
        self._makers: Bounded[str, Maker] = Bounded(
            lambda name: maker(self.rows[name].layer, self.rows[name].input_shapes), MAX_KEPT
        )
        self._made = Bounded(self._make, MAX_KEPT)

    def made(self, row: Row, inputs: tuple[Shape, ...]) -> Facts | Made | None:
        """What the layer makes of other inputs; None if it does not take them."""
        return row.facts if inputs == row.input_shapes else self._made[row.name, inputs]

    def _make(self, key: tuple[str, tuple[Shape, ...]]) -> Made | None:
        return self._makers[key[0]](key[1])

    def followed(self, answers: Answers) -> Followed:
        """What differs from the truth, from the student's shapes."""
        return self._followed[tuple(map(answers.get, self._shapes))]

    def _follow(self, shapes: tuple[Any, ...]) -> Followed:
        """A layer's output is the student's answer, else what follows from the answers before it, else the truth."""
        answers = dict(zip(self.asked, shapes, strict=True))
        outputs: dict[str, tuple[Shape, ...]] = {}
        changed: dict[str, tuple[Shape, ...]] = {}
        for name, row in self.rows.items():
            answer, inputs = answers.get(name), row.input_shapes
            if not outputs.keys().isdisjoint(self._sources[name]):
                inputs = tuple([_output_of(tensor, outputs, true) for tensor, true in zip(row.inputs, inputs, strict=True)])  # fmt: skip
            if inputs != row.input_shapes:
                changed[name] = inputs
            elif answer is None or answer == row.output_shape:
                continue
            output = self._output(row, answer, inputs)
            if output != row.output_shapes:
                outputs[name] = output
        return Followed(changed, outputs)

    def _output(self, row: Row, answer: Any, inputs: tuple[Shape, ...]) -> tuple[Shape, ...]:
        if answer == row.output_shape:
            return row.output_shapes
        if answer is not None and possible(answer, row.output_shape):
            return (tuple(answer), *row.facts.others)
        made = self.made(row, inputs)
        return row.output_shapes if made is None else (made.output, *made.others)

    def _parts(self, quantity: str, names: Collection[str | None]) -> Iterator[Part]:
        """The layers that have something to add, whatever their inputs, and those whose part is asked for.

        A layer whose weights all learn has as many trainable ones as it has.
        """
        for row in self.rows.values():
            instead = "params" if quantity == "trainable_params" and not row.non_trainable else quantity
            own, other = (
                (f"{row.name}.{each}", each, quantity_of(each, row, row.facts)) for each in (quantity, instead)
            )
            if own[2] or other[2] or own[0] in names or other[0] in names:
                yield Part(row, own, other)

    def reads(self, item: Item) -> frozenset[str]:
        """The answers (`<layer>.<quantity>`, or a total) that may change the item's own key."""
        if item.layer not in self.rows:
            asked = {"total_params": ("params",), "total_macs": ("macs",)}.get(item.quantity, TOTALS)
            return frozenset(
                [
                    "total_params",
                    "trainable_params",
                    *(f"{name}.{each}" for name in self.rows for each in ("shape", *asked)),
                ]
            )
        quantity = "receptive_field" if item.quantity == "receptive_field" else "shape"
        return frozenset(f"{name}.{quantity}" for name in self._before(self.rows[item.layer]))

    def _before(self, row: Row) -> set[str]:
        """The layers that lead to a layer."""
        found: set[str] = set()
        waiting = [row]
        while waiting:
            names = {source for tensor in waiting.pop().inputs if (source := tensor.partition(":")[0]) in self.rows}
            waiting += (self.rows[name] for name in names - found)
            found |= names
        return found


def _output_of(tensor: str, outputs: Mapping[str, tuple[Shape, ...]], true: Shape) -> Shape:
    name, _, which = tensor.partition(":")
    return outputs[name][int(which or 0)] if name in outputs else true


def possible(answer: Any, truth: Shape) -> bool:
    """Whether an answer could be a shape in the place of `truth`, and no trivial one."""
    if not isinstance(answer, tuple) or len(answer) != len(truth):
        return False
    return all(type(n) is int and 0 < n <= LIMIT and (n > 1 or true == 1) for n, true in zip(answer, truth, strict=True))  # fmt: skip


def quantity_of(name: str, row: Row, facts: Facts | Made) -> Any:
    """A quantity of a layer on given inputs; weights that are another layer's count there."""
    match name:
        case "shape":
            return facts.output
        case "macs":
            return facts.macs
    if row.shares:
        return 0
    return sum(prod(shape) for weight, shape in facts.weights.items() if _counts(name, row, weight))


def _counts(name: str, row: Row, weight: str) -> bool:
    return name == "params" or row.layer.learns(weight) == (name == "trainable_params")
