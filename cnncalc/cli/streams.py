"""Tables written as they are found: CSV lines, or Parquet. A file is there whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from ..errors import ArchitectureError, Fault
from ..language import Text
from ..view.sweeping import csv_header, csv_rows

if TYPE_CHECKING:
    from ..search.table import Table


def write(tables: Iterable[Table], form: str, output: str | None) -> int:
    """Write all tables, one below the other, as `csv` or `parquet`; return how many rows there were.

    Raises ArchitectureError if they have different columns.
    """
    tables = iter(tables)
    first = next(tables, None)
    rows = 0
    with replaced(Path(output)) if output else nullcontext() as file:
        put = _csv(file) if form == "csv" else _parquet(file, first)
        with put as add:
            if first is None:
                return 0
            for table in chain([first], tables):
                if list(table.columns) != list(first.columns):
                    raise _differ(first, table)
                add(table)
                rows += len(table)
    return rows


@contextmanager
def replaced(target: Path) -> Iterator[Path]:
    """A file beside `target` that takes its place at the end, and is gone if something goes wrong.

    What is there and no file, such as /dev/null, is written to; its place is never taken.
    """
    if target.exists() and not target.is_file():
        yield target
        return
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        yield beside
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def _csv(file: Path | None) -> Iterator[Callable[[Table], None]]:
    with file.open("w", encoding="utf-8", newline="") if file else nullcontext() as stream:
        begun = False

        def add(table: Table) -> None:
            nonlocal begun
            text = csv_rows(table.rows()) if begun else csv_header(list(table.columns)) + csv_rows(table.rows())
            begun = True
            if stream is None:
                typer.echo(text, nl=False)
            else:
                stream.write(text)

        yield add


@contextmanager
def _parquet(file: Path | None, first: Table | None) -> Iterator[Callable[[Table], None]]:
    """Integers as int64; words, and integers that are larger, as text."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = first.columns if first is not None else {}
    schema = pa.schema([(name, pa.string() if each.dtype == object else pa.int64()) for name, each in columns.items()])
    with pq.ParquetWriter(file, schema) as writer:

        def add(table: Table) -> None:
            arrays = [_array(pa, each, schema.field(name).type) for name, each in table.columns.items()]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))

        yield add


def _array(pa: Any, column: Any, kind: Any) -> Any:
    if kind == pa.string():
        return pa.array([None if value is None else str(value) for value in column.tolist()], kind)
    return pa.array(column.tolist(), kind)


def _differ(first: Table, other: Table) -> ArchitectureError:
    odd = next(iter(first.columns.keys() ^ other.columns.keys()))
    message = Text("the networks have different columns: not all have {name}", name=odd)
    hint = Text("name columns that all have, with --columns")
    return ArchitectureError([Fault("columns", message, remedies=(hint,))])
