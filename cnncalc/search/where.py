"""What is asked of a variant, as in `params < 1e6 and receptive_field >= 28`: parsed, and never run as code."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from ..architecture.variables import OPERATORS
from ..arithmetic import Dim
from ..errors import ArchitectureError, Fault, Place
from ..expression import Expr
from ..language import Text
from .plan import Claim

MAX_LENGTH = 1000
MAX_DEPTH = 50
MOST = Decimal(10) ** 30

Quantity = Dim | tuple[Dim, ...] | str
"""A number, a number per axis, or a word."""

RELATIONS: dict[type[ast.AST], str] = {
    ast.LtE: "<=", ast.Lt: "<", ast.GtE: ">=", ast.Gt: ">", ast.Eq: "==", ast.NotEq: "!=",
}  # fmt: skip
TURNED = {">=": "<=", ">": "<"}

HINTS: dict[type[ast.AST], Text] = {
    ast.Div: Text("numbers here are whole; divide with //"),
    ast.BitAnd: Text("write `and`"),
    ast.BitOr: Text("write `or`"),
}

_NOT_A_CONDITION = Text("this is not a condition such as params < 1e6")
_NO_CONDITION = Text("this is a number, not a condition; compare it, as in params < 1e6")
_NO_NUMBER = Text("a number is needed here, not a condition")
BY_ZERO = Text("this divides by zero")
_NO_WORD = Text("a word can only be compared with == and !=")
_ONLY = Text("there are numbers, names, + - * // %, comparisons, and, or, not, and brackets only")


class Where(NamedTuple):
    """A condition that was read, and holds nothing that is not known to be harmless."""

    text: str
    tree: ast.expr

    def names(self) -> tuple[str, ...]:
        """What it speaks of, each once: `params`, `conv2d.output[0]`."""
        return tuple(dict.fromkeys(_names(self.tree)))

    def claim(self, value_of: Callable[[str], Quantity]) -> Claim:
        """The condition of the quantities that `value_of` knows by name; of several axes, it must hold on each.

        Raises ArchitectureError, with the place, for what has no meaning; so may `value_of`.
        """
        return _Reader(self.text, value_of).claim(self.tree)


def read(text: str) -> Where:
    """The condition in `text`. Raises ArchitectureError if it is none."""
    if len(text) > MAX_LENGTH:
        raise _wrong(text[:60] + "…", None, Text("a condition may have at most {limit} characters", limit=MAX_LENGTH))
    text = " ".join(text.split())
    try:
        tree = ast.parse(text, mode="eval").body
    except SyntaxError as error:
        hints = [Text("write ==")] if "==" in (error.msg or "") else []
        raise _wrong(text, error.offset, _NOT_A_CONDITION, *hints) from None
    except (ValueError, MemoryError, RecursionError):
        raise _wrong(text, None, _NOT_A_CONDITION) from None
    _check_depth(text, tree)
    found = Where(text, tree)
    found.claim(lambda name: Expr("symbol", (name,)))
    return found


def dotted(node: ast.expr) -> str | None:
    """The name in `conv2d.output[0]`; None for anything else."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=attribute) if inner := dotted(value):
            return f"{inner}.{attribute}"
        case ast.Subscript(value=value, slice=index) if (inner := dotted(value)) and (number := _index(index)):
            return f"{inner}[{number}]"
    return None


def _index(node: ast.expr) -> str | None:
    match node:
        case ast.Constant(value=int(number)) if not isinstance(number, bool):
            return str(number)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(number))):
            return f"-{number}"
    return None


def _names(node: ast.AST) -> Iterator[str]:
    name = dotted(node) if isinstance(node, ast.expr) else None
    if name is not None:
        yield name
        return
    for child in ast.iter_child_nodes(node):
        yield from _names(child)


class _Reader:
    def __init__(self, text: str, value_of: Callable[[str], Quantity]) -> None:
        self.text = text
        self.value_of = value_of

    def claim(self, node: ast.expr) -> Claim:
        match node:
            case ast.BoolOp(op=op, values=values):
                return Claim("and" if isinstance(op, ast.And) else "or", tuple(map(self.claim, values)))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Claim("not", (self.claim(operand),))
            case ast.Compare(left=left, ops=ops, comparators=others):
                sides = [self.quantity(each) for each in (left, *others)]
                pairs = zip(sides, ops, sides[1:], others, strict=False)
                return _all([each for a, op, b, place in pairs for each in self._compared(a, op, b, place)])
        self.quantity(node)
        raise self._wrong(node, _NO_CONDITION)

    def quantity(self, node: ast.expr) -> Quantity:
        name = dotted(node)
        if name is not None:
            return self._named(name, node)
        match node:
            case ast.Constant(value=str(word)):
                return word
            case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
                return self._number(node, value)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
                return self._computed(type(op), node, self.quantity(left), self.quantity(right))
            case ast.UnaryOp(op=op, operand=operand) if type(op) in OPERATORS:
                return self._computed(type(op), node, self.quantity(operand))
            case ast.Compare() | ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
                raise self._wrong(node, _NO_NUMBER)
            case ast.BinOp(op=op) if type(op) in HINTS:
                raise self._wrong(node, _ONLY, HINTS[type(op)])
        raise self._wrong(node, _ONLY)

    def _named(self, name: str, node: ast.expr) -> Quantity:
        try:
            return self.value_of(name)
        except ArchitectureError as error:
            place = _place(self.text, self._column(node))
            raise ArchitectureError([fault.at(place) for fault in error.faults]) from None

    def _number(self, node: ast.expr, value: float) -> int:
        """1000, 1_000 or 1e3; no float rounds what was written."""
        written = Decimal(ast.get_source_segment(self.text, node) or 0) if isinstance(value, float) else Decimal(value)
        if written > MOST:
            raise self._wrong(node, Text("{number} is beyond 1e30", number=str(written)[:40]))
        if written != written.to_integral_value():
            raise self._wrong(node, Text("{number} is no whole number", number=str(written)))
        return int(written)

    def _computed(self, op: type[ast.AST], node: ast.expr, *values: Quantity) -> Quantity:
        if any(isinstance(value, str) for value in values):
            raise self._wrong(node, _NO_WORD)
        if op in {ast.FloorDiv, ast.Mod} and isinstance(values[1], int) and values[1] == 0:
            raise self._wrong(node, BY_ZERO)
        spread = self._spread(node, *values)
        return spread(OPERATORS[op])

    def _spread(self, node: ast.expr, *values: Quantity) -> Callable[[Callable[..., Any]], Any]:
        """How to apply an operation on every axis."""
        counts = {len(value) for value in values if isinstance(value, tuple)}
        if len(counts) > 1:
            raise self._wrong(node, Text("one side has {a} axes, the other {b}", a=min(counts), b=max(counts)))
        if not counts:
            return lambda apply: apply(*values)
        (count,) = counts
        rows = [[value[i] if isinstance(value, tuple) else value for value in values] for i in range(count)]
        return lambda apply: tuple(apply(*row) for row in rows)

    def _compared(self, a: Quantity, op: ast.cmpop, b: Quantity, node: ast.expr) -> list[Claim]:
        relation = RELATIONS.get(type(op))
        if relation is None:
            raise self._wrong(node, _ONLY)
        if isinstance(a, str) or isinstance(b, str):
            if relation not in {"==", "!="}:
                raise self._wrong(node, _NO_WORD)
            return [Claim("==", (int((a == b) == (relation == "==")), 1))]
        if relation in TURNED:
            a, b, relation = b, a, TURNED[relation]
        found = self._spread(node, a, b)(lambda x, y: Claim(relation, (x, y)))
        return [found] if isinstance(found, Claim) else list(found)

    def _wrong(self, node: ast.expr, message: Text, *hints: Text) -> ArchitectureError:
        return _wrong(self.text, self._column(node), message, *hints)

    def _column(self, node: ast.expr) -> int:
        """Counted in characters from 1; Python counts bytes from 0."""
        return len(self.text.encode()[: node.col_offset].decode()) + 1


def _all(claims: list[Claim]) -> Claim:
    return claims[0] if len(claims) == 1 else Claim("and", tuple(claims))


def _check_depth(text: str, tree: ast.AST) -> None:
    level: list[ast.AST] = [tree]
    for _ in range(MAX_DEPTH):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    if level:
        raise _wrong(text, None, Text("brackets and signs may be nested at most {limit} deep", limit=MAX_DEPTH))


def _place(text: str, column: int | None) -> Place:
    return Place("--where", 1, column, text)


def _wrong(text: str, column: int | None, message: Text, *hints: Text) -> ArchitectureError:
    return ArchitectureError([Fault("where", message, place=_place(text, column), remedies=hints)])
