"""`cnncalc diff`: what changed between two networks, and why."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from ..derive import derive
from ..interop import load
from ..language import Text
from .failing import told_as_json
from .options import ARCH, Arch, Input, Lang, Set, input_shape, settings

BRIEF = Text("Say what changed between two networks, and why.")

HELP = Text(
    "Compare two networks layer by layer: what changed, why, and what follows. With one file, --set and --input make the "
    "second network; with two, they hold for the second.\n\n"
    "The exit code is 0 if nothing differs, 1 if something does.\n\n"
    "Examples:\n\n"
    "cnncalc diff old.yaml new.yaml\n\n"
    "cnncalc diff net.yaml --set F=64"
)

DIFFERS = 1


class Format(StrEnum):
    """What the difference is written as."""

    text = "text"
    markdown = "markdown"
    json = "json"


FORMAT = str(Text("text, markdown or json."))


def diff(
    before: Arch,
    after: Annotated[str | None, typer.Argument(metavar="[ARCH]", help=ARCH, show_default=False)] = None,
    input: Input = None,
    set_: Set = None,
    format: Annotated[Format, typer.Option("--format", metavar="FORMAT", help=FORMAT)] = Format.text,
    lang: Lang = None,
) -> None:
    if after is None and not (input or set_):
        wrong = Text("name a second file, or change this one with --set or --input")
        raise typer.BadParameter(str(wrong), param_hint="ARCH")
    from ..derive.diff import diff as compare
    from ..view import difference as view

    with told_as_json(format is Format.json):
        old = derive(load(before))
        new = derive(load(after or before, input=input_shape(input), variables=settings(set_)))
    found = compare(old, new)
    writers = {Format.text: view.plain, Format.markdown: view.markdown, Format.json: view.json_text}
    typer.echo(writers[format](found))
    if not found.same:
        raise typer.Exit(DIFFERS)
