"""`cnncalc exercise new`: an exercise for a network, to be changed by hand."""

from __future__ import annotations

from ...derive import derive
from ...feasible import need_numbers
from ...interop import load
from ...language import Text
from ..options import Arch, Lang
from .options import Output, put

BRIEF = Text("Write an exercise for a network.")

HELP = Text(
    "Write an exercise for a network: shapes, parameters, totals and, where there are windows, receptive fields. The file "
    "names the network by its path; change the questions as you like, and check them with `cnncalc exercise check`.\n\n"
    "Example: cnncalc exercise new net.yaml -o exercise.yaml"
)


def new(arch: Arch, output: Output = None, lang: Lang = None) -> None:
    from ...teach.drafting import draft

    summary = derive(load(arch))
    need_numbers(summary)
    put(draft(summary, arch, output), output)
