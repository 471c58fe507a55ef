"""`cnncalc verify`: the same network built for real, and compared layer by layer."""

from __future__ import annotations

import sys
from enum import StrEnum
from shutil import get_terminal_size
from typing import Annotated

import typer

from ..derive import derive
from ..feasible import need_memory, need_numbers
from ..interop import load
from ..interop.frameworks import FRAMEWORKS, ask, missing
from ..language import Text
from ..verify import Verification, compare
from .failing import told_as_json
from .options import Arch, Input, Lang, Set, input_shape, settings
from .progress import bar

BRIEF = Text("Run the network in NumPy, count, and compare every layer.")

HELP = Text(
    "Run the network in NumPy without its rules, and hold what is derived against it: every layer's output shape, "
    "parameters, multiplications and receptive field. --against adds frameworks that are installed.\n\n"
    "The exit code is 0 if all agree, 1 if something differs, 2 if the network cannot be run.\n\n"
    "Examples:\n\n"
    "cnncalc verify net.yaml\n\n"
    "cnncalc verify net.yaml --against keras,torch --format json"
)

DIFFERS = 1
"""The exit code for a witness that sees something else."""


class Format(StrEnum):
    """What the comparison is written as."""

    table = "table"
    json = "json"
    markdown = "markdown"


AGAINST = str(Text("Who else is asked: keras, torch, or both as keras,torch."))
SEED = str(Text("Where the random weights and inputs start from."))
FORMAT = str(Text("table, json or markdown."))


def witnesses(text: str | None) -> tuple[str, ...]:
    """The names in `--against`, checked; each must be one that can be asked here."""
    chosen = tuple(dict.fromkeys(name.strip() for name in (text or "").split(",") if name.strip()))
    for name in chosen:
        if name not in FRAMEWORKS:
            wrong = Text("there is no framework {name}; there are: {known}", name=repr(name), known=", ".join(FRAMEWORKS))  # fmt: skip
            raise typer.BadParameter(str(wrong), param_hint="--against")
        why = missing(name)
        if why is not None:
            raise typer.BadParameter(str(why), param_hint="--against")
    return chosen


def verify(
    arch: Arch,
    against: Annotated[str | None, typer.Option("--against", metavar="NAMES", help=AGAINST, show_default=False)] = None,
    input: Input = None,
    set_: Set = None,
    seed: Annotated[int, typer.Option("--seed", metavar="N", min=0, help=SEED)] = 0,
    format: Annotated[Format, typer.Option("--format", metavar="FORMAT", help=FORMAT)] = Format.table,
    lang: Lang = None,
) -> None:
    chosen = witnesses(against)
    from ..witness import opinion

    with told_as_json(format is Format.json):
        summary = derive(load(arch, input=input_shape(input), variables=settings(set_)))
        need_numbers(summary)
        need_memory(summary)
        with bar() as tell:
            opinions = [opinion(summary.architecture, seed=seed, tell=tell)]
        opinions += [ask(name, summary.architecture) for name in chosen]
        found = compare(summary, opinions)
    _show(found, format)
    if not found.ok:
        raise typer.Exit(DIFFERS)


def _show(found: Verification, format: Format) -> None:
    from ..view import verification as view

    match format:
        case Format.table if sys.stdout.isatty():
            from rich.console import Console

            view.show(found, Console(highlight=False, width=get_terminal_size().columns))
        case Format.table:
            typer.echo(view.plain(found))
        case Format.markdown:
            typer.echo(view.markdown(found))
        case Format.json:
            typer.echo(view.json_text(found))
