"""Formulas as one Python function: for numbers that are put in again and again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..expression import Expr

__all__ = ["function"]


def function(values: Sequence[Any], names: Sequence[str]) -> Callable[..., tuple[Any, ...]]:
    """What takes a number for each name, in this order, and gives all values; a value is a number, a formula or a tuple of them.

    The names must be Python's. Raises TypeError for other values; what is made raises ZeroDivisionError for a divisor of 0.
    """
    text = f"lambda {', '.join(names)}: {_written(tuple(values))}"
    made: Callable[..., tuple[Any, ...]] = eval(text, {"max": max, "min": min})
    return made


def _written(value: Any) -> str:
    match value:
        case tuple():
            return "(" + "".join(f"{_written(each)}, " for each in value) + ")"
        case Expr("symbol", (name,)):
            return str(name)
        case Expr("sum", terms):
            return f"({' + '.join(map(_written, terms))})"
        case Expr("product", factors):
            return f"({' * '.join(map(_written, factors))})"
        case Expr("floor", (top, below)):
            return f"({_written(top)} // {_written(below)})"
        case Expr("ceil", (top, below)):
            return f"-(-{_written(top)} // {_written(below)})"
        case Expr("mod", (a, b)):
            return f"({_written(a)} % {_written(b)})"
        case Expr("max" | "min" as op, (a, b)):
            return f"{op}({_written(a)}, {_written(b)})"
        case int():
            return f"({value})"
    raise TypeError(value)
