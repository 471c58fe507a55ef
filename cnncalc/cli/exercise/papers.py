"""What worksheets and keys are printed as."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from ...language import Text, current

if TYPE_CHECKING:
    from ...teach.exercise import Exercise
    from ...teach.key import Key

PAPER = str(Text("markdown, html or latex."))


class PaperFormat(StrEnum):
    """What a paper is written in."""

    markdown = "markdown"
    html = "html"
    latex = "latex"


def printed(
    exercise: Exercise, keys: Mapping[str, Key], form: str, role: Literal["worksheet", "key"], student: str = ""
) -> str:
    """The paper, with the name of the student whose it is; only the writer that is asked for is loaded."""
    from ...view.paper import paper

    made = paper(exercise, keys, role, student)
    match form:
        case "html":
            from ...view.worksheet_html import html

            return html(made, current())
        case "latex":
            from ...view.worksheet_latex import latex

            return latex(made)
    from ...view.worksheet import markdown

    return markdown(made)
