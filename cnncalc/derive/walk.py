"""Walk the graph once and ask every layer its questions.

Layers and shapes repeat in real networks, so the answers to equal questions are kept for the walk.
"""

from __future__ import annotations

from typing import NamedTuple

from ..architecture import Architecture, Node, producer
from ..arithmetic import Demand, Shape, Symbolic, prod
from ..expression import names
from ..language import Text
from ..layers import Layer, Weights
from .receptive import UNMOVED, Field, settle, source_field, through, union
from .rows import Row, Step
from .symbolic import is_open, settled

_NO_OUTPUT = Text("the layer that it reads must have so many outputs")
_SHARED = Text("a layer used again must get an input that its weights fit")
_UNKNOWN_AXIS = Text("an axis that a weight needs must be known")


class Failure(NamedTuple):
    """A layer that cannot take its input, and the demand that says why."""

    node: Node
    input_shapes: tuple[Shape, ...]
    which: int
    """Which of the layer's demands it is."""
    demand: Demand


class Walk(NamedTuple):
    """The rows that could be derived, and the layers that could not."""

    rows: tuple[Row, ...]
    failures: tuple[Failure, ...]
    conditions: tuple[Demand, ...]


class _Refused(Exception):
    def __init__(self, index: int, demand: Demand) -> None:
        self.index = index
        self.demand = demand


def walk(architecture: Architecture, *, simplify: bool = True) -> Walk:
    """Derive every layer that can be; what hangs on a failed one is left out.

    Expressions are simplified on the way, so that equal sizes look equal; or stay as the rules wrote them.
    """
    known: dict[tuple[int, tuple[Shape, ...]], Step] = {}
    shapes: dict[str, Shape] = {}
    fields: dict[str, Field] = {}
    weights: dict[str, Weights] = {}
    rows: list[Row] = []
    failures: list[Failure] = []
    conditions: dict[Demand, None] = {}
    channels_first = architecture.channels_first
    for node in architecture.nodes:
        name, layer, inputs, _, _ = node
        try:
            xs = (shapes[inputs[0]],) if len(inputs) == 1 else tuple([shapes[source] for source in inputs])
        except KeyError as missing:
            failures += _no_such_output(node, str(missing.args[0]), rows)
            continue
        key = (id(layer), xs)
        step = known.get(key)
        if step is None:
            try:
                step = known[key] = _ask(layer, xs, channels_first=channels_first)
                if is_open(layer, step):
                    step = known[key] = settled(layer, step, simplify=simplify)
            except _Refused as refusal:
                failures.append(Failure(node, xs, refusal.index, refusal.demand))
                continue
            conditions.update(dict.fromkeys(step.assumed))
        if node.shares and (refused := _misfit(step, weights.get(node.shares))):
            failures.append(Failure(node, xs, -1, refused))
            continue
        weights[name] = step.facts.weights
        facts, way = step[:2]
        if len(inputs) == 1:
            field = fields[inputs[0]]
        elif inputs:
            field = union([fields[source] for source in inputs], xs, facts.output, channels_first=channels_first)
        else:
            field = source_field(name, facts.output)
        if way is not UNMOVED:
            field = through(field, way)
        shapes[name], fields[name] = facts.output, field
        for number, other in enumerate(facts.others, start=1):
            shapes[f"{name}:{number}"], fields[f"{name}:{number}"] = other, field
        rows.append(Row(node, xs, step, field))
    failures += _outputs_that_lack(architecture, shapes, rows)
    return Walk(tuple(rows), tuple(failures), tuple(conditions))


def _misfit(step: Step, original: Weights | None) -> Demand | None:
    """The demand that a layer used again does not meet: its weights are there already, with their sizes."""
    if original is None or original == step.facts.weights:
        return None
    sizes = ((a, b) for name, shape in step.facts.weights.items() for a, b in zip(shape, original[name], strict=True))
    needed, present = next((a, b) for a, b in sizes if a != b)
    return Demand(needed, "==", present, _SHARED, code="shared")


def _outputs_that_lack(architecture: Architecture, shapes: dict[str, Shape], rows: list[Row]) -> list[Failure]:
    """The failures of outputs of the network that no derived layer has."""
    lacking = [tensor for tensor in architecture.outputs if tensor not in shapes]
    nodes = {node.name: node for node in architecture.nodes} if lacking else {}
    return [each for tensor in lacking for each in _no_such_output(nodes[producer(tensor)], tensor, rows)]


def _no_such_output(node: Node, tensor: str, rows: list[Row]) -> list[Failure]:
    """The failure of a layer that reads an output which a derived layer does not have."""
    source = next((row for row in reversed(rows) if row.name == producer(tensor)), None)
    if source is None:
        return []
    demand = Demand(int(tensor.partition(":")[2]) + 1, "<=", len(source.output_shapes), _NO_OUTPUT, code="no-output")
    return [Failure(node, (), -1, demand)]


def _ask(layer: Layer, xs: tuple[Shape, ...], *, channels_first: bool) -> Step:
    assumed = []
    for index, demand in enumerate(layer.asked(xs)):
        left, relation, right = demand[:3]
        if isinstance(left, Symbolic) or isinstance(right, Symbolic):
            if left != right:
                assumed.append(demand)
        elif left != right if relation == "==" else left > right:
            raise _Refused(index, demand)
    facts = layer.facts(xs)
    for shape in facts.weights.values():
        _refuse_unknown(shape)
    trainable = non_trainable = 0
    for name, shape in facts.weights.items():
        if layer.learns(name):
            trainable += prod(shape)
        else:
            non_trainable += prod(shape)
    way = settle(facts.reading, xs[0] if xs else facts.output, channels_first=channels_first)
    return Step(facts, way, trainable, non_trainable, tuple(assumed))


def _refuse_unknown(shape: Shape) -> None:
    """A weight needs to know its size: an axis that the file leaves open (null) will not do."""
    for size in shape:
        if isinstance(size, Symbolic) and any(name.startswith("?") for name in names(size)):
            raise _Refused(-1, Demand(size, "==", size, _UNKNOWN_AXIS, code="unknown-axis"))
