"""The arguments of PyTorch's modules: a signature is written as Python writes it."""

from __future__ import annotations

import ast
from functools import cache
from typing import Any, NamedTuple

COMMON = {"device": None, "dtype": None, "inplace": False}
"""Arguments that most modules take and no shape depends on."""


class Signature(NamedTuple):
    """The names of arguments in order, and the values of those that may be left out."""

    names: tuple[str, ...]
    defaults: dict[str, Any]
    open: bool
    """Whether further arguments are taken and dropped."""


@cache
def signature(text: str) -> Signature:
    """Parse `in_features, out_features, bias=True`."""
    function = ast.parse(f"def f({text}): pass").body[0]
    assert isinstance(function, ast.FunctionDef), "a signature is the head of a function"
    names = tuple(argument.arg for argument in function.args.args)
    values = [ast.literal_eval(default) for default in function.args.defaults]
    defaults = dict(zip(names[len(names) - len(values) :], values, strict=True))
    common = {name: value for name, value in COMMON.items() if name not in names}
    return Signature((*names, *common), {**defaults, **common}, function.args.vararg is not None)
