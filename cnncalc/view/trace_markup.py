"""A trace as Markdown and as LaTeX."""

from __future__ import annotations

from ..witness.tracing.trace import Trace
from .markup import latex_escaped, markdown_escaped, markdown_table
from .table import Grid
from .trace_text import grid_lines
from .tracing import Block, Equation, Grids, Heading, Listing, Note, Picture, blocks, title


def markdown(found: Trace) -> str:
    """A heading, then lists, tables and code blocks for the grids, which keep their columns there."""
    return "\n\n".join([f"## {markdown_escaped(title(found))}", *map(_markdown, blocks(found))])


def _markdown(block: Block) -> str:
    match block:
        case Heading():
            return f"**{markdown_escaped(block.text)}**"
        case Note():
            return markdown_escaped(block.text)
        case Equation():
            return f"{markdown_escaped(block.text)} = **{markdown_escaped(block.result)}**"
        case Listing():
            rows = [[f"**{cell}**" if i == block.chosen else cell for cell in row] for i, row in enumerate(block.rows)]
            table = Grid(list(block.titles), [True] * len(block.titles), rows)
            return markdown_table(table).replace(r"\*", "*")  # the stars are meant, and numbers hold none
        case Grids():
            return "```text\n" + "\n".join(line.removeprefix("  ") for line in grid_lines(block, None)) + "\n```"


def latex(found: Trace) -> str:
    """Matrices and equations; needs amsmath, and Chinese a CJK font."""
    parts = ["% needs \\usepackage{amsmath}", rf"\paragraph{{{latex_escaped(title(found))}}}"]
    return "\n".join([*parts, *map(_latex, blocks(found))])


def _latex(block: Block) -> str:
    match block:
        case Heading() | Note():
            return rf"\par {latex_escaped(block.text)}"
        case Equation():
            return f"\\[ {block.tex} = {block.result} \\]" if len(block.tex) < 80 else rf"\par\raggedright ${_breakable(block.tex)} = {block.result}$"  # fmt: skip
        case Listing():
            return _tabular(block)
        case Grids():
            return _matrices(block)


def _breakable(tex: str) -> str:
    """A long sum, which may go on in the next line after each sign."""
    return tex.replace(" + ", r" +\allowbreak ")


PAGE = 40
"""The lines of a list that stand on one page."""


def _tabular(block: Listing) -> str:
    head = " & ".join(map(latex_escaped, block.titles)) + r" \\ \hline"
    lines = [" & ".join(_bold(cell, i == block.chosen) for cell in row) + r" \\" for i, row in enumerate(block.rows)]
    begin, end = rf"\par\begin{{tabular}}{{{'r' * len(block.titles)}}}", r"\end{tabular}"
    pages = (lines[start : start + PAGE] for start in range(0, len(lines), PAGE))
    return "\n".join("\n".join([begin, head, *page, end]) for page in pages)


def _bold(cell: str, chosen: bool) -> str:  # noqa: FBT001 - whether it is the one asked for
    return rf"\textbf{{{cell}}}" if chosen else cell


def _matrices(block: Grids) -> str:
    """Matrices with their names below; a large one is made smaller."""
    columns = sum(len(picture.rows[0]) if picture.rows else 0 for picture in block.pictures)
    size = r"\scriptsize" if columns > 12 else r"\small"
    pieces = []
    for picture, sign in zip(block.pictures, ("", *block.signs), strict=True):
        pieces.append(f"{_signed(sign)} {_matrix(picture)}")
    told = rf"\quad \text{{{latex_escaped(block.result)}}}" if block.result else ""
    return (
        f"\\par {latex_escaped(block.title)}\n{{{size}\\setcounter{{MaxMatrixCols}}{{{max(columns, 10)}}}\n"
        f"\\[ {' '.join(pieces)} {told} \\]}}"
    )


def _signed(sign: str) -> str:
    return {"×": r"\times", "=": "=", "": ""}[sign]


def _matrix(picture: Picture) -> str:
    rows = r" \\ ".join(" & ".join(_marked(cell.text, cell.mark) for cell in row) for row in picture.rows)
    return rf"\underset{{\text{{{latex_escaped(picture.title)}}}}}{{\begin{{pmatrix}} {rows or '-'} \end{{pmatrix}}}}"


def _marked(text: str, mark: str) -> str:
    return rf"\boxed{{{text.strip('[]')}}}" if mark == "chosen" else text
