"""`cnncalc explain`: each number as formula, substitution and result."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from ..derive import Summary, derive
from ..derive.explain import SECTIONS
from ..derive.explain import explain as explained
from ..errors import nearest
from ..interop import load
from ..language import Text
from ..view.explanation import latex, text
from .options import Arch, Input, Lang, Set, input_shape, settings

BRIEF = Text("Show each number's formula, substitution and result.")

HELP = Text(
    "Show why each number is what it is: the formula, the numbers put in, the result.\n\n"
    "Examples:\n\n"
    "cnncalc explain net.yaml\n\n"
    "cnncalc explain net.yaml conv2d_1\n\n"
    "cnncalc explain net.yaml conv2d_1.params --format latex\n\n"
    "cnncalc explain net.yaml --closed-form"
)


class Format(StrEnum):
    """What the explanation is written as."""

    text = "text"
    latex = "latex"
    json = "json"


LAYER = str(Text("A layer, or one of its numbers: conv2d, conv2d.shape, conv2d.params, conv2d.macs, conv2d.receptive_field. Without it, all layers."))  # fmt: skip
FORMAT = str(Text("text or latex; with --closed-form also json."))
CLOSED_FORM = str(Text("The network, or a layer, as one formula of the input's size: window, smallest input, inputs with the same output, pixels that are never seen."))  # fmt: skip


def explain(
    arch: Arch,
    layer: Annotated[str | None, typer.Argument(metavar="[LAYER]", help=LAYER, show_default=False)] = None,
    input: Input = None,
    set_: Set = None,
    format: Annotated[Format, typer.Option("--format", metavar="FORMAT", help=FORMAT)] = Format.text,
    closed_form: Annotated[bool, typer.Option("--closed-form", help=CLOSED_FORM)] = False,
    lang: Lang = None,
) -> None:
    if format is Format.json and not closed_form:
        raise typer.BadParameter(str(Text("json goes with --closed-form")), param_hint="--format")
    found = derive(load(arch, input=input_shape(input), variables=settings(set_)))
    if closed_form:
        typer.echo(_closed_form(found, layer, format))
        return
    name, sections = chosen(layer, found)
    explanations = explained(found, name)
    if format is Format.latex:
        typer.echo(latex(explanations, found, sections))
    else:
        typer.echo(text(explanations, found, sections))


def _closed_form(found: Summary, layer: str | None, format: Format) -> str:
    from ..derive.closed_form import closed_form
    from ..view import closed_form as view

    forms = closed_form(found, known_layer(layer, found))
    match format:
        case Format.latex:
            return view.latex(forms)
        case Format.json:
            return view.json_text(forms, found.name)
    return view.text(forms)


def known_layer(wanted: str | None, found: Summary) -> str | None:
    """The layer's name, checked."""
    if wanted is not None and wanted not in (names := [row.name for row in found.rows]):
        raise unknown(wanted, names, names)
    return wanted


def chosen(wanted: str | None, found: Summary) -> tuple[str | None, tuple[str, ...]]:
    """The layer's name and the sections that `conv2d` or `conv2d.params` asks for."""
    names = [row.name for row in found.rows]
    if wanted is None or wanted in names:
        return wanted, SECTIONS
    if wanted in SECTIONS:
        return None, (wanted,)
    name, _, section = wanted.rpartition(".")
    if name in names and section in SECTIONS:
        return name, (section,)
    raise unknown(wanted, names, [*names, *(f"{n}.{s}" for n in names for s in SECTIONS)])


def unknown(wanted: str, names: list[str], words: list[str]) -> typer.BadParameter:
    """The error about a layer that is not there."""
    near = nearest(wanted, words)
    message = Text("there is no layer {name}", name=repr(wanted))
    hint = Text("did you mean {near}?", near=near) if near else Text("there are: {known}", known=", ".join(names))
    return typer.BadParameter(f"{message}; {hint}", param_hint="LAYER")
