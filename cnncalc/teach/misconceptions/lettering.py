"""A case with letters in place of its numbers: a wrong rule run on it leaves its formula behind."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple, TypeGuard

from ...arithmetic import Dim, Shape
from ...derive.explain import output_letters
from ...derive.letters import Numbers, axis_letters, lettered
from ...expression import Expr, symbol
from ...layers import Layer
from ...layers.base import UnaryLayer
from .case import Case, Seen
from .values import Cell


class Lettered(NamedTuple):
    """A subject of letters, and the number behind each."""

    subject: Any
    numbers: Numbers


def letters_of(subject: Case | Cell) -> Lettered:
    """The twin of a case or a cell."""
    return _cell(subject) if isinstance(subject, Cell) else _case(subject)


def _case(case: Case) -> Lettered:
    twin = lettered(case.layer, case.inputs)
    numbers = dict(twin.numbers)
    facts = twin.layer.facts(twin.input_shapes)
    output = _output(case, facts.output, numbers)
    before = _before(case.before, numbers, 1)
    seen = _seen(case, numbers)
    image = tuple(
        _named(f"{letter}_0", n, numbers) for letter, n in zip(_axes(case, case.image), case.image, strict=True)
    )
    macs = twin.layer.macs(twin.input_shapes[0], output) if _has_macs(twin.layer) else facts.macs
    facts = facts._replace(output=output, macs=macs)
    batch: Any = _named("B", case.batch, numbers)
    return Lettered(replace(case, layer=twin.layer, inputs=twin.input_shapes, facts=facts, before=before, image=image,
                            seen=seen, batch=batch), numbers)  # fmt: skip


def _has_macs(layer: Layer) -> TypeGuard[UnaryLayer]:
    """Whether the layer counts its MACs from its input and its output, and not in a way of its own."""
    return isinstance(layer, UnaryLayer) and type(layer).macs is not UnaryLayer.macs


def _named(name: str, number: Dim, numbers: Numbers) -> Expr:
    numbers[name] = number
    return symbol(name)


def _axes(case: Case, shape: Shape) -> tuple[str, ...]:
    return axis_letters(case.layer, len(shape))


def _output(case: Case, formulas: Shape, numbers: Numbers) -> Shape:
    """The output by letters of its own where a rule derived it; H′ is easier to read than what it comes from."""
    axes = zip(output_letters(case.layer, len(formulas)), formulas, case.output, strict=True)
    return tuple(
        _named(letter, size, numbers) if isinstance(formula, Expr) and formula.op != "symbol" else formula
        for letter, formula, size in axes
    )


def _before(case: Case | None, numbers: Numbers, back: int) -> Case | None:
    """The layers before, as far as a rule looks: two back. Their inputs have a number behind the letter."""
    if case is None or back > 2 or not case.inputs:
        return case
    shape = tuple(_named(f"{a}_{back}", n, numbers) for a, n in zip(_axes(case, case.x), case.x, strict=True))
    return replace(case, inputs=(shape, *case.inputs[1:]), before=_before(case.before, numbers, back + 1))


def _seen(case: Case, numbers: Numbers) -> tuple[Seen, ...]:
    """r and j, with the axis where the axes differ."""
    if len(set(case.seen)) < 2:
        return tuple(Seen(_named("r", s.size, numbers), _named("j", s.jump, numbers)) for s in case.seen)
    names = [letter for letter in axis_letters(case.layer, len(case.seen) + 1) if letter != "C"]
    return tuple(
        Seen(_named(f"r_{name.lower()}", s.size, numbers), _named(f"j_{name.lower()}", s.jump, numbers))
        for name, s in zip(names, case.seen, strict=True)
    )


def _cell(cell: Cell) -> Lettered:
    """Letters for all numbers; padding stays what it is."""
    numbers: Numbers = {}
    patch = tuple(
        tuple(None if n is None else _named(f"x_{c}_{i}", n, numbers) for i, n in enumerate(channel))
        for c, channel in enumerate(cell.patch)
    )
    kernel = tuple(
        tuple(_named(f"w_{c}_{i}", n, numbers) for i, n in enumerate(channel)) for c, channel in enumerate(cell.kernel)
    )
    bias = cell.bias if cell.bias == 0 else _named("b", cell.bias, numbers)
    return Lettered(replace(cell, patch=patch, kernel=kernel, bias=bias), numbers)
