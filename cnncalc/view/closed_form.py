"""Closed forms as text, LaTeX and JSON: formula, the numbers put in, the result."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from ..derive.closed_form import one_window
from ..derive.explain import Line
from ..derive.forms import AxisForm, ClosedForm, LinkForm
from ..expression import LATEX, SPACED, Expr, Style, render
from ..language import Text
from .columns import shape_text
from .domain import NOTHING, domain_text, range_text, steps_text
from .explanation import chain
from .markup import latex_escaped, latex_letter

KINDS = {
    "same": Text('padding "same" with a stride'),
    "ceil": Text("a window with ceil_mode"),
    "spread": Text("each pixel spread over several"),
    "bins": Text("cut into a given number of parts"),
    "resample": Text("interpolated to a given size"),
    "paths": Text("paths that are no one window"),
}
"""Links that are not one window, by `LinkForm.kind`."""


def text(forms: Sequence[ClosedForm]) -> str:
    """Closed forms for a terminal or a pipe."""
    return "\n\n".join("\n".join(_form(form)) for form in forms)


def _form(form: ClosedForm) -> Iterator[str]:
    yield heading(form)
    for axis in form.axes:
        yield f"  {axes_text(axis.letters)}"
        yield from (f"    {line}" for line in _axis(axis))
    if form.domain.symbols or form.domain.rest:
        yield f"  {Text('Valid for')}: {domain_text(form.domain)}"


def heading(form: ClosedForm) -> str:
    """The layer, what goes into the network and what comes out of the layer."""
    inputs = ", ".join(map(shape_text, form.inputs.values()))
    return f"{form.row.name} ({form.row.kind})  {inputs} → {shape_text(form.row.output_shape)}"


def axes_text(letters: Sequence[str]) -> str:
    """H and W; D, H and W."""
    if len(letters) == 1:
        return letters[0]
    return str(Text("{first} and {last}", first=", ".join(letters[:-1]), last=letters[-1]))


def _axis(axis: AxisForm) -> Iterator[str]:
    for each in axis.links:
        yield f"{link_text(each)}"
        yield f"  {_equation(each.size)}"
    yield f"{Text('Output')}"
    yield f"  {_equation(axis.output)}"
    yield from facts(axis)


def _equation(line: Line) -> str:
    return f"{line.name} = {_sides(line, SPACED)}"


def _sides(line: Line, style: Style) -> str:
    """Formula, numbers put in, result: each once."""
    *sides, result = chain(line, style)
    if isinstance(line.result, Expr) and style is not LATEX:
        result = render(line.result, style)
    return " = ".join(dict.fromkeys([*sides, result]))


def link_text(form: LinkForm) -> str:
    """From where to where, and the window."""
    start, end, window = *form.link[:2], form.link.window
    if window is None:
        return f"{start} → {end}: {KINDS[form.kind]}"
    told = Text("one window, size r = {size}, stride j = {stride}", size=window.extent, stride=window.stride)
    _, numbers = one_window(window)
    padding = ", ".join(f"{name} = {numbers[name]}" for name in ("P", "P_1", "P_2") if numbers.get(name, 0) != 0)
    return f"{start} → {end}: {told}" + (f", {Text('padding {numbers}', numbers=padding)}" if padding else "")


def facts(axis: AxisForm, style: Style = SPACED) -> Iterator[str]:
    """What follows from the formula, a line each."""
    if axis.valid is not None and axis.valid.smallest is not None:
        yield f"{Text('Smallest input')}: {axis.valid.smallest}"
    if axis.same_output is not None and axis.symbol:
        yield f"{Text('Inputs with the same output')}: {range_text(axis.symbol, axis.same_output)}"
    if axis.left_over is not None:
        sides = _sides(axis.left_over, style)
        yield f"{Text('Left over behind the last window, padding included')}: {f'${sides}$' if style is LATEX else sides}"
    if axis.at_hand is not None:
        yield f"{Text('Pixels of the input that are never seen')}: {_unseen(axis)}"
    for drop in axis.drops:
        yield str(Text("{layer} never reads of its own input (0 to {last}): {positions}", layer=drop.layer, positions=positions_text(drop.positions), last=drop.size - 1))  # fmt: skip
    yield from _sizes_that_fit(axis)


def _unseen(axis: AxisForm) -> str:
    if axis.unseen is None:
        return str(Text("not known"))
    return positions_text(axis.unseen) if axis.unseen else str(Text("none"))


def _sizes_that_fit(axis: AxisForm) -> Iterator[str]:
    name = axis.symbol or ""
    if axis.aligned is not None:
        sizes = (
            steps_text(axis.aligned.range, name)
            if axis.aligned.range.modulus > 1
            else range_text(name, axis.aligned.range)
        )
        layers = ", ".join(axis.aligned.layers)
        yield str(Text("The branches line up only where {sizes} ({layers})", sizes=sizes, layers=layers))
    if axis.exact is not None:
        told = str(NOTHING) if axis.exact.is_empty else range_text(name, axis.exact)
        yield f"{Text('No window leaves a remainder where')}: {told}"


def positions_text(positions: Sequence[int]) -> str:
    """Positions from 0, those in a row by their ends, those at equal steps by the first two and the last: 1, 3, …, 55."""
    return ", ".join(_rows(positions))


def _rows(positions: Sequence[int]) -> Iterable[str]:
    start = 0
    while start < len(positions):
        step = positions[start + 1] - positions[start] if start + 1 < len(positions) else 1
        end = start
        while end + 1 < len(positions) and positions[end + 1] - positions[end] == step:
            end += 1
        low, high = positions[start], positions[end]
        if end - start < 2:  # a pair is no row, but the second may begin one
            yield str(low)
            start += 1
            continue
        yield f"{low}–{high}" if step == 1 else f"{low}, {low + step}, …, {high}"
        start = end + 1


def latex(forms: Sequence[ClosedForm]) -> str:
    """Closed forms as LaTeX: a paragraph per layer, an `align*` per axis (needs amsmath)."""
    return "\n".join(["% needs \\usepackage{amsmath}", *(part for form in forms for part in _latex_form(form))])


def _latex_form(form: ClosedForm) -> Iterator[str]:
    yield rf"\paragraph{{{latex_escaped(heading(form))}}}"
    for axis in form.axes:
        equations = [_latex_equation(line) for line in (*(each.size for each in axis.links), axis.output)]
        yield latex_escaped("; ".join([axes_text(axis.letters), *map(link_text, axis.links)]))
        body = " \\\\\n".join(equations)
        yield f"\\begin{{align*}}\n{body}\n\\end{{align*}}"
        yield from (rf"{_latex_fact(fact)}\\" for fact in facts(axis, LATEX))
    if form.domain.symbols or form.domain.rest:
        yield latex_escaped(f"{Text('Valid for')}: {domain_text(form.domain)}")


def _latex_equation(line: Line) -> str:
    return f"  {latex_letter(line.name)} &= {_sides(line, LATEX)}"


def _latex_fact(fact: str) -> str:
    """A line of words, in which a formula stands between dollars."""
    words, *formula = fact.split("$")
    return latex_escaped(words) + (f"${formula[0]}$" if formula else "")


def json_text(forms: Sequence[ClosedForm], name: str) -> str:
    """Schema 1 of the JSON output."""
    told = {"schema": 1, "name": name, "closed_forms": [form.to_dict() for form in forms]}
    return json.dumps(told, indent=2, ensure_ascii=False)
