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

TAKEN = {
    "Max", "Min", "ceiling", "floor", "symbols", "output_shapes", "params", "macs", "total_params", "total_macs"
}  # fmt: skip
"""Names that the source itself uses."""


def sympy_source(summary: Summary) -> str:
    """Shapes, parameters and MACs as SymPy expressions of integers, positive where they must be."""
    rows = summary.rows
    shapes = {row.name: row.output_shape for row in rows}
    totals = {"total_params": summary.total_params, "total_macs": summary.total_macs}
    symbols = dict.fromkeys(name for value in (*sum(shapes.values(), ()), *totals.values()) for name in names(value))
    return "\n".join(
        [
            "from sympy import Max, Min, ceiling, floor, symbols",
            "",
            *(f'{_name(name)} = symbols("{name}", integer=True{_sign(name, summary)})' for name in symbols),
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
    """A symbol's name as Python can have it, and as this source has no other use for."""
    name = re.sub(r"\W", "_", symbol)
    return f"{name}_" if iskeyword(name) or name in TAKEN else name


def _sign(symbol: str, summary: Summary) -> str:
    """What SymPy may take for granted: a padding can be 0, a size cannot."""
    found = summary.domain.symbols.get(symbol)
    if found is None or found.smallest is None or found.smallest < 0:
        return ""
    return ", positive=True" if found.smallest else ", nonnegative=True"
