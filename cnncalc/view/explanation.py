"""Explanations as text and as LaTeX: formula, the numbers put in, the result."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from ..arithmetic import Dim
from ..derive import Summary
from ..derive.explain import SECTIONS, Explanation, Line
from ..expression import LATEX, SPACED, Expr, Style, render, symbol
from ..language import Text
from .columns import number_text, shape_text, validity
from .markup import latex_escaped, latex_letter
from .width import cells, pad

TITLES = {
    "shape": Text("Shape"),
    "params": Text("Parameters"),
    "macs": Text("MACs"),
    "receptive_field": Text("Receptive field: size r, jump j, start s"),
}

BRIEF = {"receptive_field": Text("Receptive field")}
"""Titles where no letters follow."""

ORIGINS = {"input": Text("input")}


def chain(line: Line, style: Style) -> list[str]:
    """The sides of the equation, each once: formula, numbers put in, result."""
    show = latex_letter if style is LATEX else str
    result = render(line.result, style, show) if style is LATEX else number_text(line.result)
    if not isinstance(line.formula, Expr):
        return [result]
    letters = render(line.formula, style, show)
    numbers = render(line.formula, style, lambda name: _number(line.numbers.get(name, symbol(name)), style, show))
    return [letters, *([numbers] if numbers not in {str(line.result), result} else []), result]


def _number(value: Dim, style: Style, show: Callable[[str], str]) -> str:
    """A number put in for a letter; an expression in its place needs brackets."""
    text = render(value, style, show)  # a symbol of the file stays as it is
    return text.join(style.group) if isinstance(value, Expr) and value.op in {"sum", "mod"} else text


def text(explanations: Sequence[Explanation], summary: Summary, sections: Sequence[str] = SECTIONS) -> str:
    """Explanations for a terminal or a pipe, with the totals where all layers are explained."""
    parts = ["\n".join(_layer(each, sections)) for each in explanations]
    if len(explanations) > 1:
        parts.append("\n".join(_totals(explanations, summary, sections)))
    return "\n\n".join([*parts, *validity(summary)])


def _layer(explanation: Explanation, sections: Sequence[str]) -> Iterable[str]:
    row = explanation.row
    shapes = ", ".join(map(shape_text, row.input_shapes))
    yield f"{row.name} ({row.kind})  {shapes} → {shape_text(row.output_shape)}"
    if explanation.given:
        yield f"  {_given(explanation)}"
    for section in sections:
        lines: tuple[Line, ...] = getattr(explanation, section)
        notes = explanation.notes.get(section, ())
        if lines:
            yield f"  {TITLES[section]}"
            width = max(cells(line.name) for line in lines)
            yield from (f"    {pad(line.name, width)} = {' = '.join(chain(line, SPACED))}" for line in lines)
            yield from (f"    {note}" for note in notes)
        else:
            yield f"  {BRIEF.get(section, TITLES[section])}: {'; '.join(map(str, notes)) or 0}"


def _given(explanation: Explanation) -> str:
    """What each letter stands for: input H = 26, W = 26, C = 32; filters F = 64."""
    origins: dict[str, list[str]] = {}
    for given in explanation.given:
        origins.setdefault(given.origin, []).append(f"{given.letter} = {given.value}")
    return "; ".join(f"{ORIGINS.get(origin, origin)} {', '.join(letters)}" for origin, letters in origins.items())


def _totals(explanations: Sequence[Explanation], summary: Summary, sections: Sequence[str]) -> Iterable[str]:
    """The sums over all layers, with every summand that is not 0."""
    if "params" in sections:
        yield _sum(Text("Total params"), [row.params for row in summary.rows], summary.total_params)
    if "macs" in sections:
        yield _sum(Text("MACs"), [row.macs for row in summary.rows], summary.total_macs)


def _sum(label: Text, parts: Sequence[object], total: object) -> str:
    summands = [number_text(part) for part in parts if part != 0]
    middle = f" = {' + '.join(summands)}" if len(summands) > 1 else ""
    return f"{label}{middle} = {number_text(total)}"


def latex(explanations: Sequence[Explanation], summary: Summary, sections: Sequence[str] = SECTIONS) -> str:
    """Explanations as LaTeX: a paragraph per layer, an `align*` per section (needs amsmath)."""
    parts = ["% needs \\usepackage{amsmath}"]
    for each in explanations:
        row = each.row
        heading = f"{row.name} ({row.kind}): {', '.join(map(shape_text, row.input_shapes))}"
        parts.append(rf"\paragraph{{{latex_escaped(heading)} $\to$ {latex_escaped(shape_text(row.output_shape))}}}")
        for section in sections:
            lines: tuple[Line, ...] = getattr(each, section)
            if lines:
                parts.append(latex_escaped(str(TITLES[section])))
                equations = " \\\\\n".join(_equation(line) for line in lines)
                parts.append(f"\\begin{{align*}}\n{equations}\n\\end{{align*}}")
    return "\n".join([*parts, *map(latex_escaped, validity(summary))])


def _equation(line: Line) -> str:
    is_letter = re.fullmatch(r"[A-Za-z]′?(_\w+)?", line.name)
    name = latex_letter(line.name) if is_letter else rf"\text{{{latex_escaped(line.name)}}}"
    return f"  {name} &= {' = '.join(chain(line, LATEX))}"
