"""Expressions as SymPy's; the only module that knows it, loaded on demand."""

from __future__ import annotations

import operator
from functools import reduce
from typing import Any

try:
    import sympy
except ImportError:
    message = "SymPy is not installed here: python -m pip install 'cnncalc[symbols]'"
    raise ImportError(message) from None

from ..arithmetic import Dim
from ..expression import Expr

__all__ = ["to_sympy"]

OPERATIONS = {
    "sum": lambda *terms: sympy.Add(*terms),
    "product": lambda *factors: reduce(operator.mul, factors),
    "floor": lambda top, below: sympy.floor(top / below),
    "ceil": lambda top, below: sympy.ceiling(top / below),
    "mod": sympy.Mod,
    "max": sympy.Max,
    "min": sympy.Min,
}


def to_sympy(value: Dim) -> Any:
    """`value` as a SymPy expression; its symbols are positive integers."""
    if not isinstance(value, Expr):
        return sympy.Integer(value)
    if value.op == "symbol":
        return sympy.Symbol(value.args[0], integer=True, positive=True)
    return OPERATIONS[value.op](*map(to_sympy, value.args))
