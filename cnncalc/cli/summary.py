"""`cnncalc summary`: the table of layers, shapes and parameters."""

from __future__ import annotations

import sys
from enum import StrEnum
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated

import typer

from ..derive import Summary, derive
from ..derive.memory import DTYPES
from ..errors import ArchitectureError
from ..interop import load
from ..language import Text, current
from ..view.columns import COLUMNS, DEFAULT, EVERY, shown
from .options import CONVENTIONS, Arch, Input, Lang, Set, input_shape, settings

if TYPE_CHECKING:
    from ..derive.conventions import Convention

BRIEF = Text("Show output shapes and parameters, layer by layer.")

HELP = Text(
    "Show each layer's output shape and parameters, with totals.\n\n"
    "Examples:\n\n"
    "cnncalc summary net.yaml\n\n"
    "cnncalc summary net.yaml --columns +macs,rf\n\n"
    "cnncalc summary net.yaml --convention fvcore\n\n"
    "cnncalc summary net.yaml --input 32,32,3 --set F=64 --format json\n\n"
    "cnncalc summary net.yaml --input H,W,3"
)


class Format(StrEnum):
    """What the summary is written as."""

    table = "table"
    keras = "keras"
    markdown = "markdown"
    csv = "csv"
    json = "json"
    latex = "latex"
    html = "html"
    sympy = "sympy"


FORMAT = str(Text("table, keras, markdown, csv, json, latex, html, or sympy: Python source of the formulas."))
COLUMNS_HELP = str(Text("Columns by name, `all`, or `+macs,rf` to add to the usual ones. There are: {names}.", names=", ".join(COLUMNS)))  # fmt: skip
BATCH = str(Text("Examples per batch, for the memory figures."))
DTYPE = str(Text("Type of the numbers, for the memory figures: {names}.", names=", ".join(DTYPES)))
CONVENTION = str(Text("How operations are counted, in a column of its own: {names}. Without it, MACs; `cnncalc reconcile` compares all.", names=", ".join(CONVENTIONS)))  # fmt: skip


def known_convention(name: str | None) -> str | None:
    if name is not None and name not in CONVENTIONS:
        from ..derive.conventions import unknown

        raise typer.BadParameter(str(unknown(name)))
    return name


def known_dtype(name: str) -> str:
    if name not in DTYPES:
        message = Text("there is no number type {name}; there are: {known}", name=repr(name), known=", ".join(DTYPES))
        raise typer.BadParameter(str(message))
    return name


def summary(
    arch: Arch,
    input: Input = None,
    set_: Set = None,
    columns: Annotated[str, typer.Option("--columns", metavar="NAMES", help=COLUMNS_HELP)] = ",".join(DEFAULT),
    format: Annotated[Format, typer.Option("--format", metavar="FORMAT", help=FORMAT)] = Format.table,
    batch: Annotated[int, typer.Option("--batch", metavar="N", min=1, help=BATCH)] = 1,
    dtype: Annotated[str, typer.Option("--dtype", metavar="DTYPE", help=DTYPE, callback=known_dtype)] = "float32",
    convention: Annotated[
        str | None,
        typer.Option("--convention", metavar="NAME", help=CONVENTION, callback=known_convention, show_default=False),
    ] = None,
    lang: Lang = None,
) -> None:
    chosen = chosen_columns(columns)
    counting = counted_by(convention)
    try:
        architecture = load(arch, input=input_shape(input), variables=settings(set_))
        found = derive(architecture, batch=batch, dtype=dtype, convention=counting)
    except ArchitectureError as error:
        if format is Format.json:
            from ..view.data import json_error

            typer.echo(json_error(error))
        elif error.rows and format in {Format.table, Format.keras}:
            _rows_so_far(Summary(architecture, error.rows, convention=counting), chosen)
        raise
    _show(found, shown(chosen, found), format)


def counted_by(name: str | None) -> Convention | None:
    """The convention of that name; its tables are loaded for it alone."""
    if name is None:
        return None
    from ..derive.conventions import convention

    return convention(name)


def chosen_columns(text: str) -> tuple[str, ...]:
    """The names in `--columns`, checked."""
    if text == "all":
        return EVERY
    names = tuple(name.strip() for name in text.removeprefix("+").split(",") if name.strip())
    unknown = [name for name in names if name not in COLUMNS]
    if unknown or not names:
        message = Text("there is no column {name}; there are: {known}", name=repr(unknown[0] if unknown else ""), known=", ".join(COLUMNS))  # fmt: skip
        raise typer.BadParameter(str(message), param_hint="--columns")
    return tuple(dict.fromkeys((*DEFAULT, *names))) if text.startswith("+") else names


def _show(found: Summary, columns: tuple[str, ...], format: Format) -> None:
    """Each format has a module; only the one asked for is loaded."""
    match format:
        case Format.table if sys.stdout.isatty():
            from rich.console import Console

            from ..view.table import show

            show(found, columns, Console(highlight=False, width=get_terminal_size().columns))
            return
        case Format.table:
            from ..view.table import plain

            text = plain(found, columns)
        case Format.keras:
            from ..view.keras import keras_table

            text = keras_table(found)
        case Format.csv:
            from ..view.data import csv_text

            text = csv_text(found, columns)
        case Format.json:
            from ..view.data import json_text

            text = json_text(found)
        case Format.sympy:
            from ..view.sympy_source import sympy_source

            text = sympy_source(found)
        case _:
            from ..view import markup

            text = {
                Format.markdown: lambda: markup.markdown(found, columns),
                Format.latex: lambda: markup.latex(found, columns),
                Format.html: lambda: markup.html_page(found, columns, current()),
            }[format]()
    typer.echo(text)


def _rows_so_far(found: Summary, columns: tuple[str, ...]) -> None:
    from ..view.table import grid, plain_grid

    typer.echo(plain_grid(grid(found.rows, found, shown(columns, found))))
