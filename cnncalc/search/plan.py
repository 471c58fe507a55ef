"""Expressions and comparisons as one list of steps, each done once, with the type of number that holds it.

Bounds prove what a step needs: a number below 2^22 is exact in a float32, with its quotients rounded down, below
2^51 in a float64, and both are faster than int64; what might not fit into int64 is computed in Python's integers.
A comparison that the bounds decide costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import IntEnum
from typing import Any, NamedTuple

from ..arithmetic import Dim
from ..errors import ArchitectureError, Fault
from ..expression import Expr
from ..language import Text
from . import bounds
from .bounds import Interval, exactly


class Kind(IntEnum):
    """How a column is kept; each holds what the ones before it hold."""

    truth = 0
    single = 1
    double = 2
    long = 3
    object = 4


CAPACITY = {Kind.single: 2**22, Kind.double: 2**51, Kind.long: 2**63 - 1}
"""The largest absolute value for which every operation of a plan is exact. Floats have a bit to spare, so that a
quotient that is no integer is never rounded up to one."""

_GIVE = Text("vary it, or give it a number with --input or --set")


class Claim(NamedTuple):
    """What is true or false of numbers: `<=`, `<`, `==`, `!=` of two, or `and`, `or`, `not` of claims."""

    op: str
    args: tuple[Any, ...]


class Step(NamedTuple):
    """One operation on earlier steps."""

    op: str
    args: tuple[int, ...]
    value: int | str
    """The number or the name of a step without arguments."""
    symbols: int
    """A bit for every symbol that it depends on: 1 is the first one."""
    bounds: Interval
    kind: Kind


class Plan(NamedTuple):
    """Steps in order of computation, and which of them were asked for."""

    steps: tuple[Step, ...]
    results: tuple[int, ...]


_BOUNDS: dict[str, Callable[[Interval, Interval], Interval]] = {
    "add": bounds.add, "sub": bounds.subtract, "mul": bounds.multiply, "floor": bounds.floor, "ceil": bounds.ceil,
    "mod": bounds.modulo, "max": bounds.largest, "min": bounds.smallest,
}  # fmt: skip

_DECIDED: dict[str, Callable[[Interval, Interval], tuple[bool, bool]]] = {
    "<=": lambda a, b: (a.high <= b.low, a.low > b.high),
    "<": lambda a, b: (a.high < b.low, a.low >= b.high),
    "==": lambda a, b: (a.low == a.high == b.low == b.high, a.high < b.low or b.high < a.low),
    "!=": lambda a, b: (a.high < b.low or b.high < a.low, a.low == a.high == b.low == b.high),
}
"""Whether a comparison always holds, and whether it never does."""


class Planner:
    """Gathers steps; `symbols` says between which numbers each symbol lies, the one that changes slowest first."""

    def __init__(self, symbols: Mapping[str, Interval]) -> None:
        self.symbols = dict(symbols)
        self.bits = {name: 1 << place for place, name in enumerate(symbols)}
        self.steps: list[Step] = []
        self.guards: dict[int, None] = {}
        """The steps that say that a divisor is not 0."""
        self._known: dict[tuple[str, tuple[int, ...], int | str], int] = {}
        self._lowered: dict[int, tuple[Any, int]] = {}

    def add(self, target: Dim | Claim) -> int:
        """The step that computes `target`. However deep it is, Python's stack is not used for it."""
        waiting = [target]
        while waiting:
            top = waiting[-1]
            missing = [] if id(top) in self._lowered else [x for x in _parts(top) if id(x) not in self._lowered]
            if missing:
                waiting += missing
                continue
            if id(top) not in self._lowered:
                self._lowered[id(top)] = top, self._lower(top)
            waiting.pop()
        return self._at(target)

    def both(self, *claims: int) -> int:
        """The step that says whether all of these steps hold."""
        return self._claim("and", list(claims))

    def either(self, *claims: int) -> int:
        """The step that says whether one of these steps holds."""
        return self._claim("or", list(claims))

    def plan(self, results: tuple[int, ...]) -> Plan:
        """The steps that `results` need, and no others."""
        needed = set(results)
        for index in range(len(self.steps) - 1, -1, -1):
            if index in needed:
                needed.update(self.steps[index].args)
        places = {index: place for place, index in enumerate(sorted(needed))}
        kept = (self.steps[index] for index in places)
        steps = tuple(step._replace(args=tuple(places[each] for each in step.args)) for step in kept)
        return Plan(steps, tuple(places[index] for index in results))

    def _at(self, part: Any) -> int:
        return self._lowered[id(part)][1]

    def _lower(self, target: Any) -> int:
        match target:
            case Expr("symbol", (name,)):
                return self._emit("symbol", value=name)
            case Expr("sum", terms):
                return self._sum(terms)
            case Expr("product", factors):
                return self._product(factors)
            case Expr("floor" | "ceil" | "mod" as op, (a, b)):
                return self._emit(op, self._at(a), self._divisor(self._at(b)))
            case Expr(op, (a, b)):
                return self._emit(op, self._at(a), self._at(b))
            case Claim(op, args):
                return self._claim(op, [self._at(each) for each in args])
        return self._emit("number", value=int(target))

    def _sum(self, terms: tuple[Dim, ...]) -> int:
        """Terms that change slowly first, so that their sums are shared; a constant joins the last term."""
        constant = sum(term for term in terms if isinstance(term, int))
        number = self._emit("number", value=constant)
        (leads, total), *others = sorted(map(self._signed, (t for t in terms if not isinstance(t, int))), key=self._slow_first)  # fmt: skip
        if leads < 0:
            total = self._emit("sub", number, total)
        elif constant and others:
            sign, last = others.pop()
            others.append((sign, self._emit("add" if sign > 0 else "sub", last, number)))
        elif constant:
            total = self._emit("add", total, number)
        for sign, step in others:
            total = self._emit("add" if sign > 0 else "sub", total, step)
        return total

    def _signed(self, term: Dim) -> tuple[int, int]:
        match term:
            case Expr("product", (int(number), *rest)) if number < 0:
                return -1, self._product((-number, *rest))
        return 1, self._at(term)

    def _slow_first(self, signed: tuple[int, int]) -> tuple[int, int]:
        sign, step = signed
        return self.steps[step].symbols, -sign

    def _product(self, factors: tuple[Dim, ...]) -> int:
        numbers = [self._emit("number", value=factor) for factor in factors if isinstance(factor, int)]
        rest = [self._at(factor) for factor in factors if not isinstance(factor, int)]
        first, *others = numbers + sorted(rest, key=lambda step: self.steps[step].symbols)
        for step in others:
            first = step if self.steps[first].bounds == (1, 1) else self._emit("mul", first, step)
        return first

    def _divisor(self, step: int) -> int:
        """A divisor that is never 0, and the guard that refuses the rows in which it would be."""
        if 0 not in self.steps[step].bounds:
            return step
        self.guards[self._claim("!=", [step, self._emit("number", value=0)])] = None
        return self._emit("nonzero", step)

    def _claim(self, op: str, args: list[int]) -> int:
        if op in _DECIDED:
            a, b = (self.steps[each].bounds for each in args)
            always, never = _DECIDED[op](a, b)
            return self._truth(always) if always or never else self._emit(op, *self._alike(args, Kind.single))
        decided = [self.steps[each].value for each in args if self.steps[each].op == "number"]
        if op == "not":
            return self._truth(not decided[0]) if decided else self._emit(op, *args)
        deciding = op == "or"
        if deciding in decided:
            return self._truth(deciding)
        first, *others = [each for each in args if self.steps[each].op != "number"] or [self._truth(not deciding)]
        for step in others:
            first = first if first == step else self._emit(op, first, step)
        return first

    def _truth(self, value: int) -> int:
        return self._emit("number", value=bool(value))

    def _emit(self, op: str, *args: int, value: int | str = 0) -> int:
        """The step that does this, which may be there already; what can have one value only is a number."""
        key = (op, args, value if not isinstance(value, bool) else f"?{value}")
        if key not in self._known:
            self._known[key] = self._made(op, args, value)
        return self._known[key]

    def _made(self, op: str, args: tuple[int, ...], value: int | str) -> int:
        found = self._bounds(op, args, value)
        truth = isinstance(value, bool) or op in _DECIDED or op in {"and", "or", "not"}
        if op != "number" and not truth and found.low == found.high:
            return self._emit("number", value=found.low)
        kind = Kind.truth if truth else _kind(found)
        if op in _BOUNDS or op == "nonzero":
            kind = max(kind, *(self.steps[each].kind for each in args))
            args = self._alike(list(args), kind)
        symbols = self.bits[str(value)] if op == "symbol" else 0
        for each in args:
            symbols |= self.steps[each].symbols
        self.steps.append(Step(op, args, value, symbols, found, kind))
        return len(self.steps) - 1

    def _alike(self, args: list[int], least: Kind) -> tuple[int, ...]:
        """The arguments as columns of one kind; a lone number is of any."""
        kind = max(least, *(self.steps[each].kind for each in args))
        return tuple(each if self._fits(each, kind) else self._cast(each, kind) for each in args)

    def _fits(self, step: int, kind: Kind) -> bool:
        return self.steps[step].op == "number" or self.steps[step].kind == kind

    def _cast(self, step: int, kind: Kind) -> int:
        key = ("cast", (step,), int(kind))
        if key not in self._known:
            old = self.steps[step]
            self.steps.append(Step("cast", (step,), int(kind), old.symbols, old.bounds, kind))
            self._known[key] = len(self.steps) - 1
        return self._known[key]

    def _bounds(self, op: str, args: tuple[int, ...], value: int | str) -> Interval:
        if op == "symbol":
            if value not in self.symbols:
                raise ArchitectureError([Fault("open", Text("{name} has no number", name=value), remedies=(_GIVE,))])
            return self.symbols[str(value)]
        if op == "number":
            return exactly(int(value))
        within = [self.steps[each].bounds for each in args]
        if op in _BOUNDS:
            return _BOUNDS[op](*within)
        return bounds.nonzero(within[0]) if op == "nonzero" else Interval(0, 1)


def _parts(target: Any) -> Iterator[Any]:
    """What a step for `target` reads."""
    if isinstance(target, (Expr, Claim)) and target.op != "symbol":
        yield from target.args


def _kind(found: Interval) -> Kind:
    return next((kind for kind, most in CAPACITY.items() if found.size <= most), Kind.object)
