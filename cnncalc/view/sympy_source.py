"""A symbolic summary as Python source for SymPy."""

from __future__ import annotations

import re
from keyword import iskeyword
from typing import Any

from ..derive import Summary
from ..expression import COMPACT, names, render
from .columns import validity

PYTHON = COMPACT._replace(
    times="*", mod=" % ", floor=("floor(", ")"), ceil=("ceiling(", ")"), call={"max": "Max", "min": "Min"}
)

TAKEN = frozenset(
    ["Max", "Min", "ceiling", "floor", "symbols", "output_shapes", "params", "macs", "total_params", "total_macs"]
)


def sympy_source(summary: Summary) -> str:
    """Shapes, parameters and MACs as SymPy expressions; the symbols are positive integers."""
    rows = summary.rows
    shapes = {row.name: row.output_shape for row in rows}
    totals = {"total_params": summary.total_params, "total_macs": summary.total_macs}
    symbols = dict.fromkeys(name for value in (*sum(shapes.values(), ()), *totals.values()) for name in names(value))
    return "\n".join(
        [
            "from sympy import Max, Min, ceiling, floor, symbols",
            "",
            *(f'{_name(name)} = symbols("{name}", integer=True, positive=True)' for name in symbols),
            *(f"# {line}" for line in validity(summary)),
            "",
            _mapping("output_shapes", shapes),
            _mapping("params", {row.name: row.params for row in rows}),
            _mapping("macs", {row.name: row.macs for row in rows}),
            *(f"{name} = {_source(value)}" for name, value in totals.items()),
        ]
    )


def _mapping(name: str, values: dict[str, Any]) -> str:
    lines = (f"    {key!r}: {_source(value)}," for key, value in values.items())
    return "\n".join([f"{name} = {{", *lines, "}"])


def _source(value: Any) -> str:
    if isinstance(value, tuple):
        return f"({', '.join(map(_source, value))}{',' if len(value) == 1 else ''})"
    return render(value, PYTHON, _name)


def _name(symbol: str) -> str:
    """A symbol's name as Python can have it, and as nothing else here is called."""
    name = re.sub(r"\W", "_", symbol)
    return f"{name}_" if iskeyword(name) or name in TAKEN else name
