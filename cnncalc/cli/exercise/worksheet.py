"""`cnncalc exercise worksheet`: the questions, with room for the answers."""

from __future__ import annotations

from ...language import Text
from ..options import Lang
from .options import Output, Path, opened, put

BRIEF = Text("Print the questions, with room for the answers.")

HELP = Text(
    "Print an exercise as Markdown, to be filled in and handed in: `cnncalc grade` reads filled worksheets. The network is "
    "shown without its numbers.\n\n"
    "Example: cnncalc exercise worksheet exercise.yaml -o worksheet.md"
)


def worksheet(exercise: Path, output: Output = None, lang: Lang = None) -> None:
    from ...teach.key import keys_of
    from ...view import worksheet as view

    found = opened(exercise)
    put(view.markdown(found, keys_of(found)), output)
