"""`cnncalc exercise new`: an exercise for a network, to be changed by hand."""

from __future__ import annotations

from typing import Annotated

import typer

from ...derive import derive
from ...feasible import need_numbers
from ...interop import load
from ...language import Text
from ..options import ARCH, Input, Lang, input_shape
from .options import Output, Seed, Student, opened, put

BRIEF = Text("Write an exercise for a network.")

HELP = Text(
    "Write an exercise for a network: shapes, parameters, totals and, where there are windows, receptive fields. The file "
    "names the network by its path, or holds it where it was piped or another input was given; change the questions as you "
    "like, and check them with `cnncalc exercise check`.\n\n"
    "With --seed and --student, write the exercise that a student gets of one with `variants:`, with the numbers in `set:`.\n\n"
    "Examples:\n\n"
    "cnncalc exercise new net.yaml -o exercise.yaml\n\n"
    "cnncalc exercise new exercise.yaml --seed SECRET --student b12901001 -o b12901001.yaml"
)


EXERCISE = str(Text("With --seed and --student: an exercise file with `variants:`."))

New = Annotated[str, typer.Argument(metavar="ARCH", help=f"{ARCH} {EXERCISE}", show_default=False)]


def new(
    arch: New,
    output: Output = None,
    input: Input = None,
    seed: Seed = None,
    student: Student = None,
    lang: Lang = None,
) -> None:
    if seed is not None or student is not None:
        if input:
            raise typer.BadParameter(str(Text("is for a network, not for an exercise")), param_hint="--input")
        from ...teach.variants import standalone

        put(standalone(opened(arch, seed, student), output), output)
        return
    from ...interop.yaml_writer import architecture_yaml
    from ...teach.drafting import draft

    summary = derive(load(arch, input=input_shape(input)))
    need_numbers(summary)
    alone = not input and arch != "-"
    put(draft(summary, arch, output, None if alone else architecture_yaml(summary.architecture)), output)
