"""`cnncalc reconcile`: the same network by every convention of counting, and what makes the difference."""

from __future__ import annotations

import sys
from enum import StrEnum
from shutil import get_terminal_size
from typing import Annotated

import typer

from ..derive import derive
from ..interop import load
from ..language import Text
from .failing import told_as_json
from .options import Arch, Input, Lang, Set, input_shape, settings

BRIEF = Text("Show why your number is not the paper's.")

HELP = Text(
    "Count a network's operations and parameters by every convention, and say which layers make the difference.\n\n"
    "Examples:\n\n"
    "cnncalc reconcile net.yaml\n\n"
    "cnncalc reconcile net.yaml --input 160,160,3 --format markdown"
)


class Format(StrEnum):
    """What the comparison is written as."""

    table = "table"
    markdown = "markdown"
    csv = "csv"
    json = "json"


FORMAT = str(Text("table, markdown, csv or json."))


def reconcile(
    arch: Arch,
    input: Input = None,
    set_: Set = None,
    format: Annotated[Format, typer.Option("--format", metavar="FORMAT", help=FORMAT)] = Format.table,
    lang: Lang = None,
) -> None:
    with told_as_json(format is Format.json):
        found = derive(load(arch, input=input_shape(input), variables=settings(set_)))
    from ..view import reconciliation as view

    match format:
        case Format.table if sys.stdout.isatty():
            from rich.console import Console

            view.show(found, Console(highlight=False, width=get_terminal_size().columns))
            return
        case Format.table:
            text = view.plain(found)
        case Format.markdown:
            text = view.markdown(found)
        case Format.csv:
            text = view.csv_text(found)
        case Format.json:
            text = view.json_text(found)
    typer.echo(text)
