"""One network of a sweep: its quantities by name, as expressions of what is varied, and what it demands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from ..algebra import simplified
from ..arithmetic import LIMIT, Demand, Dim
from ..derive import Summary
from ..errors import ArchitectureError, Fault, nearest
from ..expression import symbol
from ..language import Text
from .bounds import Interval
from .knobs import Opened
from .measures import measure
from .measures import names as measured
from .plan import Claim, Planner
from .ranges import Value, Values
from .where import Quantity

DIVIDES = Text("a number would be divided by zero")


class Rule(NamedTuple):
    """What must hold of a variant."""

    claim: Claim
    repeats: Claim
    """Whether an axis of 1 may be repeated instead: then only numbers tell what follows."""
    reason: Text
    """How to say that it does not hold."""


class Case:
    """The network for one value of each structural knob; the other knobs are symbols.

    Raises ArchitectureError if there is no such network.
    """

    def __init__(self, opened: Opened, fixed: Mapping[str, Value], vary: Mapping[str, Values]) -> None:
        self.opened, self.fixed = opened, dict(fixed)
        self.summary = opened.summary(fixed)
        self.conditions = opened.conditions(fixed)
        symbols = {name: values for name, values in vary.items() if name in opened.symbols}
        self.symbols = {name: symbols[name] for name in _by_first_use(self.summary, symbols)}

    def planner(self) -> Planner:
        return Planner({name: Interval(*values.bounds) for name, values in self.symbols.items()})

    def quantity(self, name: str) -> Quantity | None:
        """What a name stands for; None for what no expression can say."""
        return symbol(name) if name in self.symbols else quantity(self.summary, self.fixed, name)

    def rules(self) -> Iterator[Rule]:
        """What must hold, in the order of the layers."""
        where = {demand: row.name for row in reversed(self.summary.rows) for demand in row.step.assumed}
        for demand in self.conditions:
            sides = (demand.left, demand.right)
            ones = tuple(Claim("==", (side, 1)) for side in sides) if demand.code == "merge" else ()
            yield Rule(Claim(demand.relation, sides), Claim("or", ones), _reason(demand, where.get(demand)))


def quantity(summary: Summary, known: Mapping[str, Value], name: str) -> Quantity | None:
    """A number, one per axis, or a word: what is measured of the network, or a value that was put in."""
    if name in known:
        return known[name]
    try:
        return measure(summary, name)
    except ArchitectureError as error:
        near = nearest(name, known) if name not in measured(summary) else None
        hints = (Text("did you mean {near}?", near=near),) if near else error.first.remedies
        raise ArchitectureError([error.first._replace(place=None, remedies=hints)]) from None


def told(name: str, value: Quantity | None) -> Quantity:
    """A quantity that must be there. Raises ArchitectureError if it is not."""
    if value is None:
        raise ArchitectureError([Fault("no-number", Text("this network has no {name}", name=name))])
    return value


def number(name: str, value: Quantity) -> Dim:
    """A quantity that can be put in order; of equal axes the one number."""
    if isinstance(value, str):
        message = Text("{name} is a word, and cannot be made small or large", name=name)
        raise ArchitectureError([Fault("goal", message)])
    if not isinstance(value, tuple):
        return value
    if len(set(value)) == 1:
        return value[0]
    message = Text("{name} has {n} axes: say which, as in {name}[0]", name=name, n=len(value))
    raise ArchitectureError([Fault("goal", message)])


def flat(name: str, value: Quantity | None) -> dict[str, Any]:
    """A quantity as columns: `output[0]`, `output[1]` for several axes."""
    if isinstance(value, tuple):
        return {f"{name}[{axis}]": each for axis, each in enumerate(value)}
    return {name: value}


def _by_first_use(summary: Summary, symbols: Mapping[str, Values]) -> Sequence[str]:
    """Names in the order in which the layers need them, so that the last changes fastest."""
    planner = Planner(dict.fromkeys(symbols, Interval(1, LIMIT)))
    first: dict[str, int] = {}
    for place, row in enumerate(summary.rows):
        sizes = [*row.output_shape, *(size for shape in row.weights.values() for size in shape)]
        bits = reduce(or_, (planner.steps[planner.add(size)].symbols for size in sizes), 0)
        for name in symbols:
            if bits & planner.bits[name]:
                first.setdefault(name, place)
    return sorted(symbols, key=lambda name: first.get(name, -1))


def _reason(demand: Demand, layer: str | None) -> Text:
    written = str(demand._replace(left=simplified(demand.left), right=simplified(demand.right)))
    rule: Any = demand.rule
    if layer is None:
        return Text("{rule}: {demand}", rule=rule, demand=written)
    return Text("{layer}: {rule}: {demand}", layer=layer, rule=rule, demand=written)
