"""A summary as Markdown, LaTeX and HTML tables."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from ..derive import Summary
from ..expression import LATEX, Expr, render
from .columns import cell_text, totals
from .table import Grid, footnotes, grid
from .width import cells, pad


def markdown(summary: Summary, columns: Sequence[str]) -> str:
    """A table in GitHub's Markdown, aligned in the source too."""
    below = [f"- {total.label}: {total.text}" for total in totals(summary)]
    notes = [markdown_escaped(note) for note in footnotes(summary)]
    return "\n".join([markdown_table(grid(summary.rows, summary, columns)), "", *below, *notes])


def markdown_escaped(text: str) -> str:
    """Text as Markdown prints it letter for letter."""
    return text.replace("|", r"\|").replace("_", r"\_").replace("*", r"\*")


def markdown_table(table: Grid) -> str:
    """The table alone."""
    lines = [list(map(markdown_escaped, line)) for line in table.rows]
    every = [table.titles, *lines]
    widths = [max(3, *(cells(line[i]) for line in every)) for i in range(len(table.titles))]
    dashes = ["-" * (w - 1) + ":" if r else "-" * w for w, r in zip(widths, table.right, strict=True)]

    def laid(line: list[str]) -> str:
        padded = (pad(text, w, right=r) for text, w, r in zip(line, widths, table.right, strict=True))
        return f"| {' | '.join(padded)} |"

    return "\n".join([laid(table.titles), laid(dashes), *map(laid, lines)])


LATEX_ESCAPES = {
    "\\": r"\textbackslash{}", "_": r"\_", "&": r"\&", "%": r"\%", "#": r"\#", "$": r"\$", "{": r"\{", "}": r"\}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "×": r"$\times$", "⌊": r"$\lfloor$", "⌋": r"$\rfloor$",
    "⌈": r"$\lceil$", "⌉": r"$\rceil$", "·": r"$\cdot$", "≤": r"$\le$", "≥": r"$\ge$", "√": r"$\surd$", "−": r"$-$", "–": "--", "→": r"$\to$", "…": r"\dots{}",
}  # fmt: skip


def latex_escaped(text: str) -> str:
    """Text as LaTeX prints it letter for letter."""
    return "".join(LATEX_ESCAPES.get(character, character) for character in text)


def latex_cell(value: Any) -> str:
    """A cell: what has symbols in it as mathematics, all else letter for letter."""
    axes = value if isinstance(value, tuple) else (value,)
    if not any(isinstance(axis, Expr) for axis in axes):
        return latex_escaped(cell_text(value))
    formulas = (render(axis, LATEX, latex_letter, tight=len(axes) > 1) for axis in axes)
    return "$" + r" \times ".join(formulas) + "$"


def latex_letter(name: str) -> str:
    """A symbol in a formula: D_r is D_{r}, H′ is H', and a word stands upright."""
    stem, _, index = name.replace("′", "'").partition("_")
    if len(stem.rstrip("'")) > 1:
        return rf"\mathrm{{{latex_escaped(name)}}}"
    return f"{stem}_{{{index}}}" if index else stem


def latex(summary: Summary, columns: Sequence[str]) -> str:
    """A tabular for booktabs; Chinese needs XeLaTeX with a CJK font."""
    table = grid(summary.rows, summary, columns, latex_cell)
    spec = "".join("r" if right else "l" for right in table.right)

    def laid(line: list[str]) -> str:
        return " & ".join(line) + r" \\"

    below = [
        rf"\multicolumn{{{len(spec)}}}{{l}}{{{latex_escaped(str(total.label))}: {latex_cell(total.value)}}} \\"
        for total in totals(summary)
    ]
    return "\n".join(
        [
            "% needs \\usepackage{booktabs}",
            rf"\begin{{tabular}}{{{spec}}}",
            r"\toprule",
            laid(list(map(latex_escaped, table.titles))),
            r"\midrule",
        ]
        + [laid(line) for line in table.rows]
        + [r"\midrule", *below, r"\bottomrule", r"\end{tabular}"]
    )


STYLE = (
    ".cnncalc{border-collapse:collapse;font-variant-numeric:tabular-nums}"
    ".cnncalc caption{text-align:left;font-weight:bold;padding:.3em .6em}"
    ".cnncalc th,.cnncalc td{padding:.25em .6em;text-align:left;border-bottom:1px solid #8884}"
    ".cnncalc th.n,.cnncalc td.n{text-align:right}.cnncalc tfoot td{border:0}"
)


def html_table(summary: Summary, columns: Sequence[str]) -> str:
    """The table with its own few lines of style, to stand in a page or a notebook."""
    table = grid(summary.rows, summary, columns)
    head = _html_row(table, table.titles, "th")
    body = "\n".join(_html_row(table, line, "td") for line in table.rows)
    span = len(table.titles)
    foot = "\n".join(
        f'<tr><td colspan="{span}">{escape(text)}</td></tr>'
        for text in [*(f"{total.label}: {total.text}" for total in totals(summary)), *footnotes(summary)]
    )
    return (
        f'<style>{STYLE}</style>\n<table class="cnncalc">\n<caption>{escape(summary.name)}</caption>\n'
        f"<thead>{head}</thead>\n<tbody>\n{body}\n</tbody>\n<tfoot>\n{foot}\n</tfoot>\n</table>"
    )


def _html_row(table: Grid, line: list[str], tag: str) -> str:
    row = "".join(
        f"<{tag}{' class=' + chr(34) + 'n' + chr(34) if right else ''}>{escape(text)}</{tag}>"
        for text, right in zip(line, table.right, strict=True)
    )
    return f"<tr>{row}</tr>"


def html_page(summary: Summary, columns: Sequence[str], language: str) -> str:
    """A whole page, light or dark as the reader's system is."""
    name = escape(summary.name)
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{name}</title>\n'
        "<style>:root{color-scheme:light dark}body{font-family:system-ui,sans-serif;margin:2em}</style>\n"
        f"</head>\n<body>\n{html_table(summary, columns)}\n</body>\n</html>"
    )
