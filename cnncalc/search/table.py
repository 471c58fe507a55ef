"""Results as columns of equal length: int64, Python's integers where they may be larger, or words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any

import numpy as np

from ..errors import ArchitectureError, Fault
from ..language import Text
from .columns import Column


class Table:
    """Columns by name. `None` stands where a network has no such number."""

    def __init__(self, columns: Mapping[str, Column]) -> None:
        self.columns = dict(columns)

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    def take(self, places: Any) -> Table:
        """The rows at these places, in their order."""
        return Table({name: column[places] for name, column in self.columns.items()})

    def rows(self) -> Iterator[tuple[int | str | None, ...]]:
        """The rows as Python's own numbers and words."""
        return zip(*(column.tolist() for column in self.columns.values()), strict=True)

    def to_dict(self) -> dict[str, list[int | str | None]]:
        return {name: column.tolist() for name, column in self.columns.items()}

    def to_pandas(self) -> Any:
        """A pandas DataFrame; needs pandas."""
        return _library("pandas").DataFrame(self.columns)

    def to_polars(self) -> Any:
        """A Polars DataFrame; needs polars."""
        polars = _library("polars")
        return polars.DataFrame({name: _series(polars, name, column) for name, column in self.columns.items()})


def whole(column: Any, count: int) -> Column:
    """A result as a column of integers or words; a number or a word stands in every row."""
    if isinstance(column, np.ndarray):
        return column if column.dtype.kind in "iO" else column.astype(np.int64)
    return np.repeat(column_of([column]), count)


def column_of(values: Sequence[int | str | None]) -> Column:
    """The column that holds these values exactly."""
    if all(isinstance(value, int) and abs(value) < 2**63 for value in values):
        return np.array(values, np.int64)
    found = np.empty(len(values), object)
    found[:] = values
    return found


def joined(tables: Sequence[Table]) -> Table:
    """All rows, one table after the other; a column that one lacks is None there."""
    names = dict.fromkeys(name for table in tables for name in table.columns)
    return Table({name: np.concatenate([_in(table, name) for table in tables]) for name in names})


def _in(table: Table, name: str) -> Column:
    return table.columns[name] if name in table.columns else whole(None, len(table))


def _series(polars: Any, name: str, column: Column) -> Any:
    if column.dtype != object or any(isinstance(value, str) for value in column):
        return polars.Series(name, column.tolist(), strict=False)
    return polars.Series(name, column.tolist(), dtype=polars.Int128 if _wide(column) else polars.Int64)


def _wide(column: Column) -> bool:
    return any(value is not None and abs(value) >= 2**63 for value in column)


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        message = Text("{library} is not installed", library=name)
        hint = Text("install it, as in: pip install {library}", library=name)
        raise ArchitectureError([Fault("not-installed", message, remedies=(hint,))]) from None
