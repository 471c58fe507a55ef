"""Symbols that keep the arithmetic done to them in the order it was written.

A rule run on symbols leaves its own formula behind: `(H - K) // S + 1` becomes `⌊(H − K)/S⌋ + 1`. Like
terms are gathered (`P + P` is `2·P`) and nothing else is rearranged, so that a student meets the formula
of the lecture. `str()` is compact, as JSON and tables have it: `⌊(H-3)/2⌋+1`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .arithmetic import (
    Dim,
    Symbolic,
    ceildiv,
    maximum,
    minimum,
    prod,
    register_maximum,
    register_minimum,
)

__all__ = [
    "COMPACT",
    "LATEX",
    "SPACED",
    "Expr",
    "Style",
    "evaluate",
    "factors_of",
    "names",
    "render",
    "symbol",
    "terms_of",
]


@dataclass(frozen=True, slots=True, repr=False)
class Expr(Symbolic):
    """An operation and its arguments; the arguments are ints and other expressions."""

    op: str
    args: tuple[Any, ...]
    _hash: int = field(init=False, compare=False)
    """Kept, since gathering terms asks for it again and again, down to the symbols each time."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.op, self.args)))

    def __hash__(self) -> int:
        return self._hash

    def __reduce__(self) -> tuple[Any, ...]:
        return Expr, (self.op, self.args)  # the hash of a text differs in every process

    def __add__(self, other: Dim) -> Dim:
        return _sum(terms_of(self) + terms_of(other))

    def __radd__(self, other: Dim) -> Dim:
        return _sum(terms_of(other) + terms_of(self))

    def __sub__(self, other: Dim) -> Dim:
        return self + -1 * other

    def __rsub__(self, other: Dim) -> Dim:
        return other + -1 * self

    def __neg__(self) -> Dim:
        match self:
            case Expr("floor", (top, below)) if _leads_negative(top):  # -(-a // b) rounds up
                return Expr("ceil", (-top, below))
        return -1 * self

    def __mul__(self, other: Dim) -> Dim:
        return _product(factors_of(self) + factors_of(other))

    def __rmul__(self, other: Dim) -> Dim:
        return _product(factors_of(other) + factors_of(self))

    def __floordiv__(self, other: Dim) -> Dim:
        return self if _is(other, 1) else Expr("floor", (self, other))

    def __rfloordiv__(self, other: Dim) -> Dim:
        return 0 if _is(other, 0) else Expr("floor", (other, self))

    @staticmethod
    def ceildiv(a: Dim, b: Dim) -> Dim:
        return a if _is(b, 1) or _is(a, 0) else Expr("ceil", (a, b))

    def __mod__(self, other: Dim) -> Dim:
        return 0 if _is(other, 1) else Expr("mod", (self, other))

    def __rmod__(self, other: Dim) -> Dim:
        return Expr("mod", (other, self))

    def __bool__(self) -> bool:
        message = f"{self} is neither true nor false until its symbols have numbers"
        raise TypeError(message)

    def __str__(self) -> str:
        return render(self)

    __repr__ = __str__


def total(values: Iterable[Dim]) -> Dim:
    """The sum of many numbers; like terms are gathered once, at the end."""
    return _sum(tuple(term for value in values for term in terms_of(value)))


def symbol(name: str) -> Expr:
    """A number known by its name only."""
    return Expr("symbol", (name,))


def evaluate(value: Dim, numbers: Mapping[str, Dim]) -> Dim:
    """Put numbers (ints, columns or other expressions) in for the symbols of `value`."""
    if not isinstance(value, Expr):
        return value
    if value.op == "symbol":
        return numbers.get(value.args[0], value)
    return _APPLY[value.op](*(evaluate(argument, numbers) for argument in value.args))


def names(value: Dim) -> tuple[str, ...]:
    """The symbols in `value`, each once, in the order in which they are written."""
    if not isinstance(value, Expr):
        return ()
    if value.op == "symbol":
        return value.args
    return tuple(dict.fromkeys(name for argument in value.args for name in names(argument)))


_APPLY: dict[str, Callable[..., Dim]] = {
    "sum": lambda *terms: sum(terms[1:], terms[0]),
    "product": lambda *factors: prod(factors),
    "floor": operator.floordiv,
    "ceil": ceildiv,
    "mod": operator.mod,
    "max": maximum,
    "min": minimum,
}


@register_maximum
def _(a: Expr, b: Dim) -> Dim:
    return a if a == b else Expr("max", (a, b))


@register_minimum
def _(a: Expr, b: Dim) -> Dim:
    return a if a == b else Expr("min", (a, b))


def _is(x: Dim, number: int) -> bool:
    return isinstance(x, int) and x == number


def terms_of(x: Dim) -> tuple[Dim, ...]:
    return x.args if isinstance(x, Expr) and x.op == "sum" else (x,)


def factors_of(x: Dim) -> tuple[Dim, ...]:
    return x.args if isinstance(x, Expr) and x.op == "product" else (x,)


def _split(term: Dim) -> tuple[int, Dim]:
    """Take 3·x apart as (3, x), and 7 as (7, 1)."""
    match term:
        case int():
            return term, 1
        case Expr("product", (int(number), *rest)):
            return number, _product(tuple(rest))
    return 1, term


def _sum(terms: tuple[Dim, ...]) -> Dim:
    """Gather like terms in the order in which each first appeared; the constant goes last."""
    tally: dict[Dim, int] = {}
    for coefficient, base in map(_split, terms):
        tally[base] = tally.get(base, 0) + coefficient
    constant = tally.pop(1, 0)
    kept = [_product((number, *factors_of(base))) for base, number in tally.items() if number]
    kept += [constant] if constant or not kept else []
    return kept[0] if len(kept) == 1 else Expr("sum", tuple(kept))


def _product(factors: tuple[Dim, ...]) -> Dim:
    """Gather the number in front; hand it to the terms of a lone sum."""
    number = prod(factor for factor in factors if isinstance(factor, int))
    rest = [factor for factor in factors if not isinstance(factor, int)]
    match number, rest:
        case (0, _) | (_, []):
            return number
        case 1, [only]:
            return only
        case _, [Expr("sum", terms)]:
            return _sum(tuple(number * term for term in terms))
    return Expr("product", (*([number] if number != 1 else []), *rest))


def _leads_negative(x: Dim) -> bool:
    return _split(terms_of(x)[0])[0] < 0


class Style(NamedTuple):
    """How an output language writes an expression."""

    times: str
    plus: str
    minus: str
    mod: str
    group: tuple[str, str]
    floor: tuple[str, str]
    ceil: tuple[str, str]
    call: dict[str, str]
    fraction: Callable[[str, str], str] | None = None
    """Stacks numerator over denominator; without it they stand side by side."""


COMPACT = Style("·", "+", "-", " mod ", ("(", ")"), ("⌊", "⌋"), ("⌈", "⌉"), {"max": "max", "min": "min"})
SPACED = COMPACT._replace(plus=" + ", minus=" − ")
LATEX = Style(
    r" \cdot ", " + ", " - ", r" \bmod ", (r"\left(", r"\right)"), (r"\left\lfloor ", r" \right\rfloor"),
    (r"\left\lceil ", r" \right\rceil"), {"max": r"\max", "min": r"\min"}, lambda a, b: rf"\frac{{{a}}}{{{b}}}",
)  # fmt: skip


def render(value: Dim, style: Style = COMPACT, show: Callable[[str], str] = str, *, tight: bool = False) -> str:
    """Write `value` as a student would; `show` may write a number for each name.

    `tight` brackets what would fall apart as a factor.
    """
    match value:
        case Expr("symbol", (name,)):
            return _guarded(show(name), style) if tight else show(name)
        case Expr("floor", (top, below)):
            return style.floor[0] + _over(top, below, style, show) + style.floor[1]
        case Expr("ceil", (top, below)):
            return style.ceil[0] + _over(top, below, style, show) + style.ceil[1]
        case Expr("max" | "min" as name):
            return f"{style.call[name]}({', '.join(render(each, style, show) for each in _flat(name, value))})"
        case Expr("mod", (a, b)):
            below = render(b, style, show, tight=True)
            if isinstance(b, Expr) and b.op == "product" and not below.startswith(style.group[0]):
                below = below.join(style.group)  # a mod 2·b would be read as (a mod 2)·b
            text = render(a, style, show, tight=True) + style.mod + below
            return text.join(style.group) if tight else text
        case Expr("product", (int(number), *_)) if number < 0:
            text = style.minus.strip() + _term(-1 * value, style, show)
            return text.join(style.group) if tight else text
        case Expr("product", factors):
            return style.times.join(render(factor, style, show, tight=True) for factor in factors)
        case Expr("sum", terms):
            first = next((term for term in terms if _split(term)[0] > 0), terms[0])  # 29 - k, not -k + 29
            others = (term for term in terms if term is not first)
            text = _term(first, style, show) + "".join(_signed(term, style, show) for term in others)
            return text.join(style.group) if tight else text
    return _guarded(str(value), style) if tight else str(value)


def _flat(op: str, value: Dim) -> list[Dim]:
    """What max(max(a, b), c) is the largest of: a, b and c."""
    if isinstance(value, Expr) and value.op == op:
        return [each for argument in value.args for each in _flat(op, argument)]
    return [value]


def _guarded(text: str, style: Style) -> str:
    """A negative number as a factor needs brackets."""
    return text.join(style.group) if text.startswith("-") else text


def _signed(term: Dim, style: Style, show: Callable[[str], str]) -> str:
    coefficient, _ = _split(term)
    sign, size = (style.minus, -1 * term) if coefficient < 0 else (style.plus, term)
    text = _term(size, style, show)
    return sign + _guarded(text, style)


def _term(term: Dim, style: Style, show: Callable[[str], str]) -> str:
    return render(term, style, show, tight=isinstance(term, Expr) and term.op == "mod")


def _over(top: Dim, below: Dim, style: Style, show: Callable[[str], str]) -> str:
    if style.fraction:
        return style.fraction(render(top, style, show), render(below, style, show))
    upper = render(top, style, show, tight=isinstance(top, Expr) and top.op in {"sum", "mod"})
    lower = render(below, style, show, tight=True)
    return f"{upper}/{lower.join(style.group) if style.times in lower else lower}"
