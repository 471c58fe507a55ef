"""`cnncalc check`: whether networks keep to their limits, for continuous integration."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from ..derive import derive
from ..errors import ArchitectureError
from ..interop import load
from ..language import Text
from ..view.faults import faults_text
from .options import ARCH, Input, Lang, Set, input_shape, settings

if TYPE_CHECKING:
    from ..derive.limits import Verdict

BRIEF = Text("Check that networks keep to the limits in their files.")

HELP = Text(
    'Hold each network against the limits in its file, such as `limits: {params: "<= 1.2M", receptive_field: ">= 14"}`. '
    "There are params, trainable, non_trainable, macs, flops, memory (bytes of weights and inference peak), "
    "receptive_field and layers.\n\n"
    "The exit code is 0 if all limits hold, 1 if one is broken, 2 if a file is wrong; the other files are checked all the same.\n\n"
    "Examples:\n\n"
    "cnncalc check net.yaml\n\n"
    "cnncalc check models/*.yaml --format json"
)

BROKEN, WRONG = 1, 2


class Format(StrEnum):
    """What the verdicts are written as."""

    text = "text"
    json = "json"


FORMAT = str(Text("text or json."))


def check(
    archs: Annotated[list[str], typer.Argument(metavar="ARCH...", help=ARCH, show_default=False)],
    input: Input = None,
    set_: Set = None,
    format: Annotated[Format, typer.Option("--format", metavar="FORMAT", help=FORMAT)] = Format.text,
    lang: Lang = None,
) -> None:
    from ..derive.limits import check as verdicts
    from ..view import budget as view

    found: dict[str, Sequence[Verdict]] = {}
    errors = {}
    for arch in archs:
        try:
            found[arch] = verdicts(derive(load(arch, input=input_shape(input), variables=settings(set_))))
        except ArchitectureError as error:
            errors[arch] = [fault.to_dict() for fault in error.faults]
            typer.echo(faults_text(error), err=True)
            continue
        if format is Format.text:
            typer.echo(view.plain(arch, found[arch]))
    if format is Format.json:
        typer.echo(view.json_text(found, errors))
    if errors:
        raise typer.Exit(WRONG)
    if not all(each.holds for several in found.values() for each in several):
        raise typer.Exit(BROKEN)
