"""Why a network fails: the rule with its numbers, what led there, and remedies that were tried."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from ..architecture import Architecture, producer
from ..arithmetic import SIGNS, Dim
from ..errors import Fault
from ..expression import SPACED, Expr, render
from ..language import Text
from ..window import Window
from .letters import lettered
from .remedies import remedies
from .rows import Row
from .walk import Failure, Walk

MAX_STEPS = 12


def diagnose(architecture: Architecture, found: Walk) -> list[Fault]:
    """A fault per layer that failed, the first with remedies for the whole network."""
    rows = {row.name: row for row in found.rows}
    faults = []
    for number, failure in enumerate(found.failures):
        cures = remedies(architecture, failure) if number == 0 else ()
        node = failure.node
        fault = Fault(
            failure.demand.code,
            _message(failure),
            node.name,
            node.path,
            architecture.source.place(node.path),
            tuple(_history(failure, rows)),
            tuple(cures),
        )
        faults.append(fault)
    return faults


def _message(failure: Failure) -> Text:
    """The rule, its formula, the numbers, and the axis they are of."""
    demand, node = failure.demand, failure.node
    layer = f"{node.name} ({node.layer.kind()})"
    if demand.code == "merge":
        return _merge_message(failure, layer)
    if demand.code == "unknown-axis":
        return Text("{layer}: {rule}, and {size} is not", layer=layer, rule=demand.rule, size=demand.left)
    where = "" if demand.axis is None else f" ({axis_name(failure, demand.axis)})"
    return Text("{layer}: {rule}: {numbers} is false{where}", layer=layer, rule=demand.rule, numbers=_numbers(failure), where=where)  # fmt: skip


def _numbers(failure: Failure) -> str:
    """The comparison as formula, with numbers put in, and worked out: `K ≤ H + 2·P: 7 ≤ 3 + 2·1`."""
    sign = SIGNS[failure.demand.relation]
    worked = f"{failure.demand.left} {sign} {failure.demand.right}"
    if failure.which < 0:  # not a demand of the layer itself
        return worked
    twin = lettered(failure.node.layer, failure.input_shapes)
    formula = next(islice(twin.layer.asked(twin.input_shapes), failure.which, None))

    def side(value: Dim, numbers: dict[str, Dim] | None) -> str:
        return render(value, SPACED, (lambda name: str(numbers[name])) if numbers is not None else str)

    if not isinstance(formula.left, Expr) and not isinstance(formula.right, Expr):
        return worked
    letters = f"{side(formula.left, None)} {sign} {side(formula.right, None)}"
    filled = f"{side(formula.left, twin.numbers)} {sign} {side(formula.right, twin.numbers)}"
    return f"{letters}, {filled}" if filled == worked else f"{letters}, {filled}, {worked}"


def _merge_message(failure: Failure, layer: str) -> Text:
    """Which axis, and which two layers bring different sizes."""
    demand = failure.demand
    rank = max(map(len, failure.input_shapes))

    def bringer(size: Dim) -> str:
        for name, x in zip(failure.node.inputs, failure.input_shapes, strict=True):
            if demand.axis is None:
                if size in x:
                    return name
            elif demand.axis - (rank - len(x)) >= 0 and x[demand.axis - (rank - len(x))] == size:
                return name
        return failure.node.inputs[0]

    return Text(
        "{layer}: {rule}: {axis} is {a} from {first} but {b} from {second}",
        layer=layer,
        rule=demand.rule,
        axis=axis_name(failure, demand.axis) if demand.axis is not None else Text("the axis"),
        a=demand.right,
        first=bringer(demand.right),
        b=demand.left,
        second=bringer(demand.left),
    )


AXES = {
    1: (Text("features"),),
    2: (Text("length"), Text("channels")),
    3: (Text("height"), Text("width"), Text("channels")),
    4: (Text("depth"), Text("height"), Text("width"), Text("channels")),
}


def axis_name(failure: Failure, axis: int) -> Text:
    """What people call the axis of an input."""
    rank = max(map(len, failure.input_shapes))
    names = AXES.get(rank)
    if names is None:
        return Text("axis {axis}", axis=axis + 1)
    if getattr(failure.node.layer, "channels_first", False):
        names = (names[-1], *names[:-1])
    return names[axis]


def _history(failure: Failure, rows: dict[str, Row]) -> Iterator[Text]:
    """How the axis that is too small became so, from the input on."""
    axis = failure.demand.axis
    if axis is None or failure.demand.code != "window" or not failure.node.inputs:
        return
    trail = _trail(rows, producer(failure.node.inputs[0]), axis)
    steps = [f"{row.output_shape[axis]} {row.name}" for row in trail]
    if len(steps) > MAX_STEPS:
        steps = [*steps[:2], "…", *steps[3 - MAX_STEPS :]]
    if len(steps) > 1:
        yield Text("{axis} on the way: {steps}", axis=axis_name(failure, axis), steps=" → ".join(steps))
    halved = [row.name for row in trail if _stride(row, axis) == 2]
    if halved:
        yield Text("the map was halved at {layers}", layers=", ".join(halved))


def _trail(rows: dict[str, Row], name: str, axis: int) -> list[Row]:
    """The rows from the input to `name` at which the axis changed."""
    trail: list[Row] = []
    rank = len(rows[name].output_shape)
    while True:
        row = rows[name]
        if len(row.output_shape) != rank:
            break
        if not row.inputs or row.input_shapes[0][axis : axis + 1] != (row.output_shape[axis],):
            trail.append(row)
        if not row.inputs:
            break
        name = producer(row.inputs[0])
    return trail[::-1]


def _stride(row: Row, axis: int) -> Dim:
    reading = row.facts.reading
    place = axis - 1 if getattr(row.layer, "channels_first", False) else axis
    if not isinstance(reading, tuple) or not 0 <= place < len(reading):
        return 1
    way = reading[place]
    return way.stride if isinstance(way, Window) else 1
