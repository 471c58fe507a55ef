"""`cnncalc trace`: one output value of one layer, multiplied out."""

from __future__ import annotations

import json
import re
import sys
from enum import StrEnum
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated

import typer

from ..derive import derive
from ..feasible import need_memory, need_numbers
from ..interop import load
from ..language import Text, current
from .failing import told_as_json
from .feeding import Image, Raw, Resize, Seed, Weights
from .options import Arch, Input, Lang, Set, input_shape, settings

if TYPE_CHECKING:
    from ..witness.tracing.trace import Trace

BRIEF = Text("Multiply one value of a layer out, number by number.")

HELP = Text(
    "Multiply one output value of one layer out: the window, the filter, their products, the sum, the bias, the activation.\n\n"
    "The exit code is 1 if the layer, run at once, has another value there.\n\n"
    "Examples:\n\n"
    "cnncalc trace net.yaml --layer conv2d --at 0,0,0 --image image.csv --weights weights.yaml\n\n"
    "cnncalc trace net.yaml --layer dense --at 3 --format html"
)

DIFFERS = 1
"""The exit code where two ways to the same value disagree."""


class Format(StrEnum):
    """What the trace is written as."""

    text = "text"
    markdown = "markdown"
    latex = "latex"
    html = "html"
    json = "json"


LAYER = str(Text("The layer whose value is made again."))
AT = str(Text("Which value, counted from 0: row,column,channel in the layer's own order. By default the first."))
FORMAT = str(Text("text, markdown, latex, html or json."))


def place(text: str | None) -> tuple[int, ...] | None:
    """The value of `--at`."""
    if text is None:
        return None
    if not re.fullmatch(r"\s*[0-9]{1,9}(\s*,\s*[0-9]{1,9})*\s*", text, re.ASCII):
        message = Text("takes whole numbers from 0, such as 0,2,1, not {text}", text=repr(text))
        raise typer.BadParameter(str(message), param_hint="--at")
    return tuple(map(int, text.split(",")))


def trace(
    arch: Arch,
    layer: Annotated[str, typer.Option("--layer", metavar="NAME", help=LAYER, show_default=False)],
    at: Annotated[str | None, typer.Option("--at", metavar="INDEX", help=AT, show_default=False)] = None,
    image: Image = None,
    weights: Weights = None,
    seed: Seed = 0,
    resize: Resize = False,
    raw: Raw = False,
    input: Input = None,
    set_: Set = None,
    format: Annotated[Format, typer.Option("--format", metavar="FORMAT", help=FORMAT)] = Format.text,
    lang: Lang = None,
) -> None:
    where = place(at)
    with told_as_json(format is Format.json):
        summary = derive(load(arch, input=input_shape(input), variables=settings(set_)))
        need_numbers(summary)
        need_memory(summary)
        from ..witness.feeding.feed import feed
        from ..witness.tracing.tracer import trace as traced

        fed = feed(summary.architecture, image or (), weights, seed=seed, resize=resize, raw=raw)
        found = traced(summary.architecture, fed.inputs, fed.store, layer, where)._replace(notes=fed.notes)
    _show(found, format)
    if not found.agrees:
        raise typer.Exit(DIFFERS)


def _show(found: Trace, format: Format) -> None:
    """Each format has a module; only the one asked for is loaded."""
    match format:
        case Format.text if sys.stdout.isatty():
            from rich.console import Console

            from ..view.trace_text import show

            show(found, Console(highlight=False, width=get_terminal_size().columns))
            return
        case Format.text:
            from ..view.trace_text import text

            told = text(found)
        case Format.markdown:
            from ..view.trace_markup import markdown

            told = markdown(found)
        case Format.latex:
            from ..view.trace_markup import latex

            told = latex(found)
        case Format.html:
            from ..view.trace_html import page

            told = page(found, current())
        case Format.json:
            told = json.dumps(found.to_dict(), indent=2, ensure_ascii=False)
    typer.echo(told)
