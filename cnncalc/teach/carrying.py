"""Error carried forward: the key of an item, derived again from the student's own earlier answers.

Nobody writes down what depends on what: the graph of the network says it. An answer is carried only as a shape that
could be (right rank, positive axes, no axis of 1 where there is none), and only where it does not make the question trivial:
a value that becomes 0, or equal to the layer's input, is not carried (numbas/Numbas#368).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..arithmetic import LIMIT, Shape, prod
from ..derive import Row, Summary
from ..derive.memory import DTYPES, memory
from ..derive.memory import Memory as MemoryOf
from ..layers import Facts
from ..window import Window
from .items import Item
from .questions import Memory

Answers = Mapping[str, Any]
"""What was understood of a student's answers, by item."""

MAX_KEPT = 10_000
"""Layers on other inputs that are kept, of one exercise."""


class Carrier:
    """The network of an exercise, ready to be derived again from students' answers."""

    def __init__(self, summary: Summary) -> None:
        self.rows = {row.name: row for row in summary.rows}
        self.truths = {f"{row.name}.shape": row.output_shape for row in summary.rows}
        self.results = summary.architecture.outputs
        self._facts: dict[tuple[str, tuple[Shape, ...]], Facts | None] = {}

    def facts(self, row: Row, inputs: tuple[Shape, ...]) -> Facts | None:
        """What the layer makes of other inputs; None if it does not take them."""
        if inputs == row.input_shapes:
            return row.facts
        key = (row.name, inputs)
        if key not in self._facts:
            if len(self._facts) >= MAX_KEPT:
                self._facts.clear()
            self._facts[key] = row.layer.facts(inputs) if _takes(row, inputs) else None
        return self._facts[key]


class Carried:
    """One student's answers, followed through the network."""

    def __init__(self, carrier: Carrier, answers: Answers) -> None:
        self.carrier, self.answers = carrier, answers
        self._outputs: dict[str, tuple[Shape, ...]] | None = None

    @property
    def outputs(self) -> dict[str, tuple[Shape, ...]]:
        """By layer: the student's answer, else what follows from the answers before it, else the truth.

        Only where that is not the truth everywhere; else nothing.
        """
        if self._outputs is None:
            self._outputs = {}
            truths, answers = self.carrier.truths, self.answers
            if any(answers[name] != truths[name] for name in truths.keys() & answers.keys()):
                for row in self.carrier.rows.values():
                    self._outputs[row.name] = self._output(row)
        return self._outputs

    def inputs(self, row: Row) -> tuple[Shape, ...]:
        """The inputs of a layer, as the student has them."""
        outputs = self.outputs
        if not outputs:
            return row.input_shapes
        found = []
        for tensor in row.inputs:
            name, _, which = tensor.partition(":")
            found.append(outputs[name][int(which or 0)])
        return tuple(found)

    def value(self, item: Item) -> Any:
        """The key of an item from the student's own answers; None where nothing is carried."""
        row = self.carrier.rows.get(item.layer or "")
        if row is None:
            return self._total(item) or None  # a total of 0 would be given away
        if item.quantity == "receptive_field":
            return self._field(row)
        inputs = self.inputs(row)
        facts = self.carrier.facts(row, inputs)
        if facts is None or inputs == row.input_shapes:
            return None
        truth, carried = _quantity(item.quantity, row, row.facts), _quantity(item.quantity, row, facts)
        return None if trivial(carried, truth, inputs, row.input_shapes) else carried

    def _output(self, row: Row) -> tuple[Shape, ...]:
        answer = self.answers.get(f"{row.name}.shape")
        if answer == row.output_shape:
            return row.output_shapes
        if answer is not None and possible(answer, row.output_shape):
            return (tuple(answer), *row.facts.others)
        facts = self.carrier.facts(row, self.inputs(row))
        return row.output_shapes if facts is None else (facts.output, *facts.others)

    def _own(self, row: Row, quantity: str) -> Any:
        """A number of a layer: the student's answer, else what follows from the answers before, else the truth."""
        answer = self.answers.get(f"{row.name}.{quantity}")
        if type(answer) is int and answer >= 0:
            return answer
        facts = self.carrier.facts(row, self.inputs(row))
        return _quantity(quantity, row, facts or row.facts)

    def _total(self, item: Item) -> Any:
        """A total over the student's own numbers."""
        match item.quantity:
            case "total_params":
                return self._sum("params")
            case "total_macs":
                return self._sum("macs")
            case "trainable_params" | "non_trainable_params":
                return self._sum(item.quantity)
        return self._memory(item.question) if isinstance(item.question, Memory) else None

    def _memory(self, asked: Memory) -> Any:
        """Bytes, from the student's own shapes and parameters."""
        if asked.part == "inference_peak":
            return self._outputs_memory(asked).inference_peak if self.outputs else None
        size = DTYPES[asked.dtype]
        weights = self._answered("total_params", "params") * size
        if asked.part == "weights":
            return weights
        gradients = self._answered("trainable_params", "trainable_params") * size
        return weights + gradients + self._outputs_memory(asked).outputs

    def _outputs_memory(self, asked: Memory) -> MemoryOf:
        """What is derived of memory, with the student's shapes in the place of the layers' outputs."""
        rows = []
        for row in self.carrier.rows.values():
            output, *others = self.outputs.get(row.name, row.output_shapes)
            facts = row.facts._replace(output=output, others=tuple(others))
            rows.append(row._replace(step=row.step._replace(facts=facts)))
        return memory(rows, self.carrier.results, asked.dtype, asked.batch)

    def _answered(self, total: str, quantity: str) -> int:
        """The total that the student gave, else the sum over the student's numbers."""
        answer = self.answers.get(total)
        return answer if type(answer) is int and answer > 0 else self._sum(quantity)

    def _sum(self, quantity: str) -> int:
        """The sum over all layers; a layer whose weights all learn has as many trainable ones as it has."""
        total = 0
        for row in self.carrier.rows.values():
            asked = quantity
            if (
                quantity == "trainable_params"
                and not row.non_trainable
                and f"{row.name}.{quantity}" not in self.answers
            ):
                asked = "params"
            total += self._own(row, asked)
        return total

    def _field(self, row: Row) -> Any:
        """The student's field of the layer before, widened as this layer widens the true one."""
        before = (
            self.carrier.rows[row.inputs[0]] if len(row.inputs) == 1 and row.inputs[0] in self.carrier.rows else None
        )
        mine, true = _windows(row), _windows(before) if before else None
        if mine is None or true is None or before is None:
            return None
        name = f"{before.name}.receptive_field"
        own = self.answers.get(name)
        if name not in self.answers or not possible(own, true):
            own = self._field(before)
        if own is None or own == true:
            return None
        return tuple(size + wide - narrow for size, wide, narrow in zip(own, mine, true, strict=True))


def possible(answer: Any, truth: Shape) -> bool:
    """Whether an answer could be a shape in the place of `truth`, and no trivial one."""
    if not isinstance(answer, tuple) or len(answer) != len(truth):
        return False
    return all(type(n) is int and 0 < n <= LIMIT and (n > 1 or true == 1) for n, true in zip(answer, truth, strict=True))  # fmt: skip


def _takes(row: Row, inputs: tuple[Shape, ...]) -> bool:
    """Whether the layer's demands hold."""
    demands = row.layer.asked(inputs)
    return all(left == right if relation == "==" else left <= right for left, relation, right, *_ in demands)


def trivial(carried: Any, truth: Any, inputs: tuple[Shape, ...], true_inputs: tuple[Shape, ...]) -> bool:
    """Whether another input makes the question trivial, which it is not in truth."""
    if isinstance(carried, tuple):
        return not possible(carried, truth) or (carried == inputs[0] and truth != true_inputs[0])
    return bool(carried == 0 and truth != 0)


def _quantity(name: str, row: Row, facts: Facts) -> Any:
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


def _windows(row: Row) -> tuple[int, ...] | None:
    """The size of a layer's field on each axis, where plain windows made it."""
    field = row.receptive_field
    if field is None or not field.aligned or not all(isinstance(axis, Window) for axis in field.axes):
        return None
    return field.size
