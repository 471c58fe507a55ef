"""`cnncalc solve`: which settings give what is wanted."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..architecture.build import build
from ..errors import ArchitectureError, Fault
from ..language import Text
from .failing import told_as_json
from .options import Input, Lang, Set, input_shape, settings
from .progress import bar

if TYPE_CHECKING:
    from ..architecture import Architecture
    from ..architecture.source import Source
    from ..search.knobs import Opened
    from ..search.ranges import Values
    from ..search.wants import Want

BRIEF = Text("Find the settings that give a wanted shape or number.")

HELP = Text(
    "Find all settings that give what is wanted, or the nearest. What is unknown is a `?` in the layers or in the file, or "
    "named by --unknown. Wanted is what stands behind `->`, or --want: total_params, trainable_params, macs, flops, memory, "
    "receptive_field, output, or conv2d.output, conv2d.params and so on for one layer; with =, <= or >=.\n\n"
    "The exit code is 0 if there are answers, 1 if there is none.\n\n"
    "Examples:\n\n"
    'cnncalc solve "Conv2D(filters=32, kernel_size=5, padding=?) : 28,28,3 -> 28,28,32"\n\n'
    "cnncalc solve net.yaml --unknown conv2d.filters=1:512 --want total_params=1199882\n\n"
    'cnncalc solve net.yaml --unknown F --unknown k=1,3,5 --want "macs<=1e7" --want receptive_field=14'
)

ARCH = str(Text("An architecture file in which numbers may be `?`, or layers as in \"Conv2D(32, ?) : 28,28,3 -> 26,26,32\"; - is standard input."))  # fmt: skip
WANT = str(Text('What is wanted, as in total_params=1199882, "macs<=1e7" or output=28,28,? (may be repeated).'))
UNKNOWN = str(Text("A variable or a field to find, as in conv2d.filters, with bounds as in F=1:512 or k=1,3,5 (may be repeated)."))  # fmt: skip
ALL = str(Text("Show all answers, not the first 20."))

NONE = 1


class Format(StrEnum):
    """What the answers are written as."""

    text = "text"
    json = "json"


FORMAT = str(Text("text or json."))


def solve(
    arch: Annotated[str, typer.Argument(metavar="ARCH", help=ARCH, show_default=False)],
    want: Annotated[list[str] | None, typer.Option("--want", metavar="WANT", help=WANT, show_default=False)] = None,
    unknown: Annotated[
        list[str] | None, typer.Option("--unknown", metavar="NAME[=RANGE]", help=UNKNOWN, show_default=False)
    ] = None,
    input: Input = None,
    set_: Set = None,
    every: Annotated[bool, typer.Option("--all", help=ALL)] = False,
    format: Annotated[Format, typer.Option("--format", metavar="FORMAT", help=FORMAT)] = Format.text,
    lang: Lang = None,
) -> None:
    from ..search.solve import solve as search
    from ..search.words import same_shapes
    from ..view import solution as view

    with told_as_json(format is Format.json):
        source, wants = _asked(arch, want or [])
        knobs, ranges = _opened(source, unknown or [], input_shape(input), settings(set_))
        with bar() as tell:
            found = search(knobs, wants, ranges, tell)
    write = view.json_text if format is Format.json else view.plain
    typer.echo(write(found, lambda values: same_shapes(knobs, values), every=every))
    if not found.total:
        raise typer.Exit(NONE)


def _asked(arch: str, texts: list[str]) -> tuple[Source, list[Want]]:
    """The network, and what is wanted of it."""
    from ..interop import read
    from ..interop.calls import is_question, question
    from ..search.wants import nothing_wished, parse

    source, output = question(arch) if is_question(arch) else (read(arch), None)
    wishes = [*([f"output={output}"] if output and not nothing_wished(output) else []), *texts]
    if not wishes:
        hint = Text("say what, as in {example}", example="--want total_params=1199882")
        raise ArchitectureError([Fault("nothing-wanted", Text("nothing is wanted"), remedies=(hint,))])
    return source, [parse(text) for text in wishes]


def _opened(
    source: Source, texts: list[str], shape: Any, chosen: Mapping[str, Any]
) -> tuple[Opened, dict[str, Values]]:
    """The network with its unknowns, and where each is searched."""
    from ..search.knobs import opened
    from ..search.ranges import parse
    from ..search.unknowns import all_open, axes_named, named, usual

    pairs = [(name.strip(), given) for name, _, given in (text.partition("=") for text in texts)]
    written = dict(pairs)
    if len(written) < len(pairs):
        twice = next(name for name, _ in pairs if [each for each, _ in pairs].count(name) > 1)
        raise typer.BadParameter(str(Text("{name} is named twice", name=twice)), param_hint="--unknown")
    given = {name: parse(text, name) for name, text in written.items() if text}
    shape, axes = axes_named(shape)

    def built(source: Source, values: Mapping[str, Any] | None = None) -> Architecture:
        return build(source.data, source=source, input=shape, variables={**chosen, **(values or {})})

    source, marks = named(source, built, axes)
    names = list(dict.fromkeys((*marks, *written)))
    words = [name for name in names if name in given and given[name].words]
    knobs = opened(lambda values: built(source, values), names, words)
    all_open(knobs)
    return knobs, {name: given[name] if name in given else usual(name, knobs) for name in names}
