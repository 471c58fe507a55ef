"""`cnncalc convert`: a network from one kind of file to another."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ..interop import load
from ..interop.save import converted, save
from ..language import Text
from .options import Arch, Input, Lang, Set, input_shape, settings

BRIEF = Text("Write a network as another kind of file.")

HELP = Text(
    "Write a network as another kind of file: an architecture (.yaml) or a Keras model config (.json).\n\n"
    "Examples:\n\n"
    "cnncalc convert model.keras net.yaml\n\n"
    "cnncalc convert net.yaml model.json\n\n"
    "cnncalc convert net.py - --input 3,32,32 --to yaml"
)


class Form(StrEnum):
    """What can be written."""

    yaml = "yaml"
    keras = "keras"


ENDINGS = {Form.yaml: ".yaml", Form.keras: ".json"}
TARGET = str(Text("The file to write; its ending says the form (.yaml or .json). - is standard output."))
TO = str(Text("yaml or keras, where the ending does not say it; on standard output yaml."))
FORCE = str(Text("Replace a file that exists."))


def convert(
    arch: Arch,
    target: Annotated[str, typer.Argument(metavar="TARGET", help=TARGET, show_default=False)],
    to: Annotated[Form | None, typer.Option("--to", metavar="FORM", help=TO, show_default=False)] = None,
    force: Annotated[bool, typer.Option("--force", help=FORCE)] = False,
    input: Input = None,
    set_: Set = None,
    lang: Lang = None,
) -> None:
    architecture = load(arch, input=input_shape(input), variables=settings(set_))
    if target == "-":
        typer.echo(converted(architecture, ENDINGS[to or Form.yaml]), nl=False)
        return
    if Path(target).exists() and not force:
        message = Text("{file} exists; --force replaces it", file=target)
        raise typer.BadParameter(str(message), param_hint="TARGET")
    save(architecture, target, ending=ENDINGS[to] if to else None)
