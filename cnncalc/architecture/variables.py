"""Names and expressions in integer fields: `F`, `2*F`, `n//2 - 1`. They are parsed, never run."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any

from ..arithmetic import Dim
from ..errors import nearest
from ..language import Text

MAX_LENGTH = 200

OPERATORS: dict[type[ast.AST], Callable[..., Dim]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}


class ExpressionError(ValueError):
    """An expression that has no value, with the reason in `text`."""

    def __init__(self, text: Text) -> None:
        super().__init__(text)
        self.text = text


def resolve(value: Any, variables: Mapping[str, Dim], words: tuple[str, ...] = ()) -> Any:
    """`value` with every string in it, however deep, replaced by the number it stands for."""
    if isinstance(value, str):
        if value.lower() in words:
            return value
        if words and value.isidentifier() and value not in variables:
            raise ExpressionError(_no_word(value, words, variables))
        return evaluate(value, variables)
    if isinstance(value, list):
        return [resolve(item, variables, words) for item in value]
    return value


def _no_word(value: str, words: tuple[str, ...], variables: Mapping[str, Dim]) -> Text:
    near = nearest(value, (*words, *variables))
    if near:
        return Text("{value} is neither a known word nor a variable; did you mean {near}?", value=value, near=near)
    known = ", ".join(words)
    return Text("{value} is neither a variable nor one of {known}", value=value, known=known)


def evaluate(text: str, variables: Mapping[str, Dim]) -> Dim:
    """The value of an expression of integers, names, + - * // % and brackets."""
    if text in variables:
        return variables[text]
    if text.strip() in {"?", "？"}:
        raise ExpressionError(Text("? stands for a number to be found, by `cnncalc solve`"))
    if len(text) > MAX_LENGTH:
        raise ExpressionError(Text("an expression may have at most {limit} characters", limit=MAX_LENGTH))
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise ExpressionError(Text("{text} is neither a number nor an expression of names", text=repr(text))) from None
    return _value(tree, text, variables)


def _value(node: ast.expr, text: str, variables: Mapping[str, Dim]) -> Dim:
    match node:
        case ast.Constant(value=int(number)) if not isinstance(number, bool):
            return number
        case ast.Name(id=name):
            return variables[name] if name in variables else _unknown(name, variables)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
            a, b = _value(left, text, variables), _value(right, text, variables)
            if type(op) in {ast.FloorDiv, ast.Mod} and isinstance(b, int) and b == 0:
                raise ExpressionError(Text("{text} divides by zero", text=repr(text)))
            return OPERATORS[type(op)](a, b)
        case ast.UnaryOp(op=op, operand=operand) if type(op) in OPERATORS:
            return OPERATORS[type(op)](_value(operand, text, variables))
        case ast.BinOp(op=ast.Div()):
            raise ExpressionError(Text("{text}: sizes are whole numbers; divide with //", text=repr(text)))
    message = Text("{text}: an expression has integers, names, + - * // % and brackets only", text=repr(text))
    raise ExpressionError(message)


def _unknown(name: str, variables: Mapping[str, Dim]) -> Dim:
    near = nearest(name, variables)
    if near:
        raise ExpressionError(Text("{name} is not set; did you mean {near}?", name=name, near=near))
    raise ExpressionError(Text("{name} is not set: list it under `variables:`", name=name))
