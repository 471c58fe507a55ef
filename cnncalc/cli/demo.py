"""`cnncalc demo`: what a course says of convolutional networks, computed."""

from __future__ import annotations

import sys
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from shutil import get_terminal_size
from typing import Annotated

import typer

from ..demos import DEMOS, Page, demonstrate
from ..language import Text, current
from .failing import told_as_json
from .options import Lang

BRIEF = Text("Show a property of convolutional networks, computed on a small one.")

HELP = Text(
    "Show a property of convolutional networks: a page of text with numbers, all computed, and figures. "
    "Without a name, list the demonstrations.\n\n"
    "The exit code is 1 if something that the page says turns out to be false.\n\n"
    "Examples:\n\n"
    "cnncalc demo translation\n\n"
    "cnncalc demo pooling --size 12 --kernel 3 --seed 1\n\n"
    "cnncalc demo growth -o growth.svg"
)

FALSE = 1
"""The exit code for a page with a claim that does not hold."""

ENDINGS = (".png", ".svg")


class Format(StrEnum):
    """What a page is written as."""

    text = "text"
    markdown = "markdown"
    json = "json"


NAME = str(Text("The demonstration. Without it, they are listed."))
SIZE = str(Text("The side of the image, in pixels."))
KERNEL = str(Text("The side of the kernel, or of the pool's window."))
SEED = str(Text("Other numbers, drawn anew; the same for the same seed."))
FORMAT = str(Text("text, markdown or json."))
OUTPUT = str(Text("Write the figures to this file (.png or .svg), which needs matplotlib. A file that exists is replaced."))  # fmt: skip


def demo(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help=NAME, show_default=False)] = None,
    size: Annotated[int | None, typer.Option("--size", metavar="N", help=SIZE, show_default=False)] = None,
    kernel: Annotated[int | None, typer.Option("--kernel", metavar="N", help=KERNEL, show_default=False)] = None,
    seed: Annotated[int | None, typer.Option("--seed", metavar="N", help=SEED, show_default=False)] = None,
    format: Annotated[Format, typer.Option("--format", metavar="FORMAT", help=FORMAT)] = Format.text,
    output: Annotated[str | None, typer.Option("-o", "--output", metavar="FILE", help=OUTPUT, show_default=False)] = None,
    lang: Lang = None,
) -> None:  # fmt: skip
    given = {key: value for key, value in {"size": size, "kernel": kernel, "seed": seed}.items() if value is not None}
    ending = _ending(output)
    if name is None:
        _list(format, [*given, *(["output"] if output else [])])
        return
    with told_as_json(format is Format.json):
        page = demonstrate(name, given)
    if output is not None:
        _draw(page, Path(output), ending)
    _show(page, format, output)
    if not page.ok:
        raise typer.Exit(FALSE)


def _ending(output: str | None) -> str:
    """The form of the picture, checked before anything is computed."""
    if output is None:
        return ""
    ending = Path(output).suffix.lower()
    if ending not in ENDINGS:
        wrong = Text("a picture ends in {known}, not {file}", known=", ".join(ENDINGS), file=repr(output))
        raise typer.BadParameter(str(wrong), param_hint="--output")
    if find_spec("matplotlib") is None:
        wrong = Text("matplotlib is not installed here: {command}", command="python -m pip install 'cnncalc[plots]'")
        raise typer.BadParameter(str(wrong), param_hint="--output")
    return ending[1:]


def _list(format: Format, settings: list[str]) -> None:
    """Every demonstration with its line; there is nothing to set in a list."""
    if settings:
        wrong = Text(
            "--{option} needs the name of a demonstration: {known}", option=settings[0], known=", ".join(DEMOS)
        )
        raise typer.BadParameter(str(wrong), param_hint="NAME")
    from ..view import demonstration as view

    match format:
        case Format.json:
            typer.echo(view.listing_json(DEMOS))
        case Format.markdown:
            typer.echo(view.listing_markdown(DEMOS))
        case Format.text:
            typer.echo(view.listing(DEMOS, get_terminal_size().columns if sys.stdout.isatty() else None))


def _draw(page: Page, target: Path, ending: str) -> None:
    from ..view.plots import draw

    drawn = draw(page, ending, current())
    target.write_bytes(drawn.picture)
    if drawn.note is not None:
        typer.echo(f"{Text('note')}: {drawn.note}", err=True)


def _show(page: Page, format: Format, picture: str | None) -> None:
    from ..view import demonstration as view

    match format:
        case Format.text if sys.stdout.isatty():
            from rich.console import Console

            view.show(page, Console(highlight=False, width=get_terminal_size().columns), picture)
        case Format.text:
            typer.echo(view.plain(page, picture))
        case Format.markdown:
            typer.echo(view.markdown(page, picture))
        case Format.json:
            typer.echo(view.json_text(page))
