"""Error carried forward: the key of an item, derived again from the student's own earlier answers.

A key is carried only where it does not make the question trivial: a value that becomes 0, or equal to the layer's input,
is not carried (numbas/Numbas#368).
"""

from __future__ import annotations

from typing import Any

from ..arithmetic import Shape
from ..derive import Row
from ..derive.memory import DTYPES, memory
from ..derive.memory import Memory as MemoryOf
from ..window import Window
from .following import Answers, Carrier, possible, quantity_of
from .items import Item
from .questions import Memory


class Carried:
    """One student's answers, followed through the network."""

    def __init__(self, carrier: Carrier, answers: Answers) -> None:
        self.carrier, self.answers = carrier, answers
        self.changed, self.outputs = carrier.followed(answers)
        """The inputs, and the outputs, of the layers that have others than in truth."""

    def inputs(self, row: Row) -> tuple[Shape, ...]:
        """The inputs of a layer, as the student has them."""
        return self.changed.get(row.name, row.input_shapes)

    def value(self, item: Item) -> Any:
        """The key of an item from the student's own answers; None where nothing is carried."""
        row = self.carrier.rows.get(item.layer or "")
        if row is None:
            return self._total(item) or None  # a total of 0 would be given away
        if item.quantity == "receptive_field":
            return self._field(row)
        inputs = self.inputs(row)
        made = self.carrier.made(row, inputs)
        if made is None or inputs == row.input_shapes:
            return None
        truth, carried = quantity_of(item.quantity, row, row.facts), quantity_of(item.quantity, row, made)
        return None if trivial(carried, truth, inputs, row.input_shapes) else carried

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
        """The sum over all layers of the student's answer, else of what follows from the answers before, else of the truth."""
        total, answers, carrier = 0, self.answers, self.carrier
        for part in carrier.parts[quantity]:
            name, asked, truth = part.own if answers.get(part.own[0]) is not None else part.instead
            answer = answers.get(name)
            if type(answer) is int and answer >= 0:
                total += answer
            elif part.row.name in self.changed:
                made = carrier.made(part.row, self.changed[part.row.name])
                total += truth if made is None else quantity_of(asked, part.row, made)
            else:
                total += truth
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
        if not possible(own, true):
            own = self._field(before)
        if own is None or own == true:
            return None
        return tuple(size + wide - narrow for size, wide, narrow in zip(own, mine, true, strict=True))


def trivial(carried: Any, truth: Any, inputs: tuple[Shape, ...], true_inputs: tuple[Shape, ...]) -> bool:
    """Whether another input makes the question trivial, which it is not in truth."""
    if isinstance(carried, tuple):
        return not possible(carried, truth) or (carried == inputs[0] and truth != true_inputs[0])
    return bool(carried == 0 and truth != 0)


def _windows(row: Row) -> tuple[int, ...] | None:
    """The size of a layer's field on each axis, where plain windows made it."""
    field = row.receptive_field
    if field is None or not field.aligned or not all(isinstance(axis, Window) for axis in field.axes):
        return None
    return field.size
