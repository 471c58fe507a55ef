"""`cnncalc run`: a network on an image, with what every layer makes of it."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from enum import StrEnum
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated

import typer

from ..derive import derive
from ..feasible import need_memory, need_numbers
from ..interop import load
from ..language import Text
from .failing import told_as_json
from .feeding import Image, Raw, Resize, Seed, Weights
from .options import Arch, Input, Lang, Set, input_shape, settings

if TYPE_CHECKING:
    from ..witness.showing.maps import Run

BRIEF = Text("Run the network on an image and look at every layer.")

HELP = Text(
    "Run the network on an image: each layer's least, mean and largest value, and the largest values at the end.\n\n"
    "With -o, feature maps are written as pictures, one sheet per layer, or all outputs as arrays.\n\n"
    "Examples:\n\n"
    "cnncalc run net.yaml --image digit.png --weights weights.npz\n\n"
    "cnncalc run net.yaml --image digit.png -o maps\n\n"
    "cnncalc run net.yaml --image image.csv --weights weights.yaml -o outputs.npz"
)


class Format(StrEnum):
    """What the run is written as."""

    table = "table"
    markdown = "markdown"
    json = "json"


FORMAT = str(Text("table, markdown or json."))
OUT = str(
    Text("A folder for the sheets of feature maps, as in 02_conv2d.png; or a file ending in .npz for all outputs.")
)
TOP = str(Text("How many of the largest values are listed."))
FORCE = str(Text("Replace what is there."))


def run(
    arch: Arch,
    image: Image = None,
    weights: Weights = None,
    out: Annotated[str | None, typer.Option("-o", "--out", metavar="PATH", help=OUT, show_default=False)] = None,
    force: Annotated[bool, typer.Option("--force", help=FORCE)] = False,
    top: Annotated[int, typer.Option("--top", metavar="N", min=0, help=TOP)] = 5,
    seed: Seed = 0,
    resize: Resize = False,
    raw: Raw = False,
    input: Input = None,
    set_: Set = None,
    format: Annotated[Format, typer.Option("--format", metavar="FORMAT", help=FORMAT)] = Format.table,
    lang: Lang = None,
) -> None:
    with told_as_json(format is Format.json):
        summary = derive(load(arch, input=input_shape(input), variables=settings(set_)))
        need_numbers(summary)
        need_memory(summary)
        from ..witness.feeding.feed import feed
        from ..witness.showing.kept import target
        from ..witness.showing.maps import run as ran

        fed = feed(summary.architecture, image or (), weights, seed=seed, resize=resize, raw=raw)
        with target(out, force=force) if out is not None else nullcontext() as kept:
            found = ran(summary.architecture, fed, top=top, keep=kept.keep if kept else None)
        if out is not None:
            found = found._replace(notes=(*found.notes, Text("written: {path}", path=out)))
    _show(found, format)


def _show(found: Run, format: Format) -> None:
    from ..view import running as view

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
