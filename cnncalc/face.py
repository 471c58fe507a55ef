"""What a Python session and a notebook see: networks built in code, summaries that show themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .architecture import Architecture, build
from .architecture.build import InputShape
from .derive import Summary as Derived
from .derive import derive
from .derive.conventions import convention as convention_of
from .layers import kind as kind_of
from .view.columns import DEFAULT, shown
from .view.markup import html_table
from .view.table import plain

__all__ = ["Sequential", "Summary", "entry", "summarize"]


class Summary(Derived):
    """A derived network: `.rows`, `.total_params`, `.to_dict()`; it prints as a table."""

    __slots__ = ()

    def __repr__(self) -> str:
        return plain(self, shown(DEFAULT, self))

    def _repr_html_(self) -> str:
        return html_table(self, shown(DEFAULT, self))


def summarize(
    architecture: Architecture | Mapping[str, Any],
    *,
    batch: int = 1,
    dtype: str = "float32",
    convention: str | None = None,
) -> Summary:
    """Derive an architecture, or the mapping that a file would hold.

    `batch` and `dtype` (as in `cnncalc.derive.memory.DTYPES`) matter for the memory figures alone; `convention`
    (as in `cnncalc.derive.conventions.CONVENTIONS`) adds `.counted(row)` and `.total_counted` by its rules.
    Raises ArchitectureError if it cannot be read or derived, ValueError if there is no such convention.
    """
    network = architecture if isinstance(architecture, Architecture) else build(dict(architecture))
    chosen = None if convention is None else convention_of(convention)
    found = derive(network, batch=batch, dtype=dtype, convention=chosen)
    return Summary(found.architecture, found.rows, found.conditions, found.batch, found.dtype, found.convention)


def Sequential(  # noqa: N802 - named like the Keras class that it stands in for
    layers: Sequence[Any], *, input: InputShape | None = None, name: str = "sequential"
) -> Architecture:
    """A chain of layers: `Sequential([Input((28, 28, 1)), Conv2D(32, 3), Flatten(), Dense(10)])`.

    The layers are what `cnncalc.Conv2D(...)` and its like return, or entries as in a file. The shape
    comes from an `Input` among them or from `input`.
    """
    return build({"name": name, "layers": list(layers)}, input=input)


def entry(kind: str) -> Callable[..., dict[str, Any]]:
    """The function that writes an entry of one kind, with Keras's positional arguments."""

    def make(*arguments: Any, **fields: Any) -> dict[str, Any]:
        positional = kind_of(kind).positional()
        if len(arguments) > len(positional):
            message = f"{kind} takes at most {len(positional)} positional arguments ({', '.join(positional)})"
            raise TypeError(message)
        named = dict(zip(positional, arguments, strict=False))
        if twice := named.keys() & fields.keys():
            message = f"{kind} got {', '.join(sorted(twice))} twice"
            raise TypeError(message)
        return {kind: named | fields}

    make.__name__ = make.__qualname__ = kind
    make.__doc__ = kind_of(kind).__doc__
    return make
