"""Worksheets and keys as a LaTeX document: pdfLaTeX for European letters, XeLaTeX or LuaLaTeX for Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..expression import LATEX, render
from ..language import Text
from .harmless import harmless
from .markup import LATEX_ESCAPES, latex_escaped, latex_letter
from .paper import Asked, Cells, Paper, legend
from .table import Grid

WIDEST = 16
"""The columns of a matrix that fit on a line; wider ones are made smaller."""
EXTRA = {"′": "$'$", "″": "$''$", "“": "``", "”": "''", "‘": "`", "’": "'", "—": "---", "≠": r"$\ne$", "²": r"\textsuperscript{2}", "³": r"\textsuperscript{3}", "°": r"\textdegree{}", "\u00a0": "~"}  # fmt: skip
LIGATURES = re.compile(r"([-<>,'`])(?=\1)|([?!])(?=`)")
"""Signs that LaTeX would draw together."""
PLAIN = frozenset(map(chr, range(0x20, 0x7F))) | frozenset(map(chr, range(0xA1, 0x100))) | LATEX_ESCAPES.keys() | EXTRA.keys()  # fmt: skip
"""What pdfLaTeX can print."""

BEGIN = r"""\documentclass[11pt,a4paper]{article}
\usepackage[margin=20mm]{geometry}
\usepackage{amsmath,amssymb,array,booktabs,graphicx,longtable,iftex}
"""
EUROPEAN = r"""\ifPDFTeX\usepackage[T1]{fontenc}\usepackage[utf8]{inputenc}\usepackage{textcomp}\else\usepackage{fontspec}\fi
"""
CHINESE = r"""\ifPDFTeX\errmessage{This document needs XeLaTeX or LuaLaTeX}\fi
\usepackage{fontspec}
\newcommand\chinesefont{FandolSong}
\IfFontExistsTF{PingFang TC}{\renewcommand\chinesefont{PingFang TC}}{}
\IfFontExistsTF{PMingLiU}{\renewcommand\chinesefont{PMingLiU}}{}
\IfFontExistsTF{Noto Serif CJK TC}{\renewcommand\chinesefont{Noto Serif CJK TC}}{}
\ifXeTeX\usepackage{xeCJK}\setCJKmainfont{\chinesefont}\else
\IfFileExists{luatexja-fontspec.sty}{\usepackage{luatexja-fontspec}\setmainjfont{\chinesefont}}{\setmainfont{\chinesefont}}\fi
"""
LAYOUT = r"""\setlength{\parindent}{0pt}\renewcommand{\arraystretch}{1.25}\raggedbottom
\newcommand\blank{\rule{0pt}{7mm}\hrulefill}
\newcommand\tick{$\square$~}
\begin{document}
"""


def latex(paper: Paper) -> str:
    """The whole document."""
    body = "\n".join(_parts(paper))
    fonts = EUROPEAN if set(_words(paper)) <= PLAIN else CHINESE
    return f"{BEGIN}{fonts}{_columns(paper)}{LAYOUT}{body}\n\\end{{document}}"


def _words(paper: Paper) -> str:
    """Every character that is printed."""
    cells = [*paper.network.titles, *(cell for row in paper.network.rows for cell in row)] if paper.network else []
    return "".join([paper.title, *_text_lines(paper.text), *cells, *map(str, paper.asked), *_titles()])


def _columns(paper: Paper) -> str:
    """amsmath sets ten columns unless it is told."""
    sizes = [len(matrix[0]) for asked in paper.asked for matrix in _all_matrices(asked)]
    return rf"\setcounter{{MaxMatrixCols}}{{{max(sizes)}}}" + "\n" if sizes else ""


def _all_matrices(asked: Asked) -> Iterator[Cells]:
    yield from (matrix for _, matrix in asked.matrices)
    if asked.answer and asked.answer.matrix:
        yield asked.answer.matrix


def _titles() -> list[str]:
    words = (Text("Student"), Text("Date"), Text("Score"), Text("question"), Text("points"), Text("answer"), Text("true"), Text("false"))  # fmt: skip
    return [str(word) for word in words]


def _parts(paper: Paper) -> Iterator[str]:
    yield rf"{{\Large\bfseries\raggedright {literal(paper.title)}\par}}\bigskip"
    if paper.role == "worksheet":
        student, date, score = (literal(str(word)) for word in (Text("Student"), Text("Date"), Text("Score")))
        named = literal(paper.student) + r"\hfill" if paper.student else r"\hrulefill"
        yield rf"{student}~{named}\quad {date}~\makebox[35mm]{{\hrulefill}}\quad {score}~\makebox[18mm]{{\hrulefill}}~/~{literal(paper.points)}\par\bigskip"  # fmt: skip
    if paper.text:
        yield "\\par\n".join(map(literal, _text_lines(paper.text))) + r"\par\bigskip"
    if paper.network is not None:
        yield from _network(paper.network)
    yield from _questions(paper)


def _text_lines(text: str) -> list[str]:
    return [harmless(line, len(line) or 1) for line in text.splitlines()]


def literal(text: str) -> str:
    """Text as LaTeX prints it letter for letter, with no sign drawn together with the next."""
    parted = LIGATURES.sub("\\g<0>\0", harmless(text, len(text) or 1).replace("\0", ""))
    return "".join(EXTRA.get(each) or ("{}" if each == "\0" else latex_escaped(each)) for each in parted)


def _breakable(name: str) -> str:
    """A name that may be parted after its dots and underscores."""
    return literal(name).replace(".", r".\allowbreak{}").replace(r"\_", r"\_\allowbreak{}")


SHARES = {3: (".26", ".22", ".44"), 4: (".2", ".2", ".2", ".3")}
"""Of the line, by the number of columns of the network's table."""


def _network(grid: Grid) -> Iterator[str]:
    columns = "".join(rf">{{\raggedright}}p{{{share}\linewidth}}" for share in SHARES[len(grid.titles)])
    yield rf"\begin{{longtable}}{{@{{}}{columns}@{{}}}}"
    yield rf"\toprule {' & '.join(map(literal, grid.titles))} \tabularnewline \midrule \endhead"
    for row in grid.rows:
        yield " & ".join(_breakable(cell) or "{}" for cell in row) + r" \tabularnewline"
    yield r"\bottomrule" + "\n" + r"\end{longtable}"


def _questions(paper: Paper) -> Iterator[str]:
    titles = [r"\#", *(literal(str(word)) for word in (Text("question"), Text("points"), Text("answer")))]
    yield r"\begin{longtable}{@{}r>{\raggedright}p{.47\linewidth}r>{\raggedright\arraybackslash}p{.34\linewidth}@{}}"
    yield rf"\toprule {' & '.join(titles)} \\ \midrule \endhead"
    for asked in paper.asked:
        room = _room(asked) if asked.answer is None else _filled(asked)
        about = r"\newline ".join([literal(asked.words), rf"{{\footnotesize {_breakable(asked.item)}}}", *_material(asked)])  # fmt: skip
        yield rf"{asked.number}. & {about} & {literal(asked.points)} & {room} \\"
    yield r"\bottomrule" + "\n" + r"\end{longtable}"


def _material(asked: Asked) -> Iterator[str]:
    """What the question needs beside the network."""
    for title, matrix in asked.matrices:
        yield rf"\rule{{0pt}}{{3ex}}{{\footnotesize {literal(title)}}}\newline {_matrix(matrix)}"
    for note in asked.notes:
        yield rf"{{\footnotesize {literal(note)}}}"
    if asked.letters:
        meant = legend(asked.letters, lambda letter: f"${latex_letter(letter)}$", _breakable)
        yield rf"{{\footnotesize {meant}}}"


def _matrix(matrix: Cells) -> str:
    """A matrix in brackets; one that no line can hold is as wide as the line."""
    rows = r" \\ ".join(" & ".join(map(_number, row)) for row in matrix)
    whole = rf"$\begin{{bmatrix}} {rows} \end{{bmatrix}}$"
    return rf"\resizebox{{\linewidth}}{{!}}{{{whole}}}" if len(matrix[0]) > WIDEST // 2 else whole


def _number(text: str) -> str:
    """A number as mathematics: -1 has a minus, 1,000 no gap behind the comma."""
    return text.replace(",", "{,}")


def _room(asked: Asked) -> str:
    """Where the answer is written: a line, room for a matrix, or boxes to tick."""
    ticks = asked.options or ((str(Text("true")), str(Text("false"))) if asked.kind == "truth" else ())
    if ticks:
        return r"\newline ".join(rf"\tick {literal(tick)}" for tick in ticks)
    return r"\rule[-45mm]{0pt}{45mm}" if asked.kind == "matrix" else r"\blank"


def _filled(asked: Asked) -> str:
    answer = asked.answer
    assert answer is not None, "asked by the caller"
    if answer.matrix is not None:
        return rf"\raisebox{{\dimexpr 2ex-\height}}{{{_matrix(answer.matrix)}}}"  # its top is level with the question
    if answer.formula is not None:
        return f"${render(answer.formula, LATEX, latex_letter)}$"
    return literal(answer.words)
