"""Bars as inline SVG: they print where backgrounds do not, and every bar has its number beside it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from html import escape
from typing import NamedTuple

WIDTH, HEIGHT = 720, 252
TOP, BOTTOM, SIDE = 40, 44, 8
"""Room above the bars, below them and beside them."""
GAP = 6

STYLE = """
svg{display:block}svg text{fill:currentColor;font-size:14px;text-anchor:middle;paint-order:stroke;stroke:var(--paper);stroke-width:5px}
.bar{fill:var(--bar)}.track{fill:var(--track)}.hidden{fill:url(#few);stroke:var(--bar)}.few{stroke:var(--bar);stroke-width:2}
.axis{stroke:currentColor;stroke-opacity:.4}.mean{stroke:currentColor;stroke-dasharray:5 4;stroke-width:1.5}
""".strip()


class Column(NamedTuple):
    """One bar of a histogram."""

    label: str
    students: int | None
    """None where the number is too small to be told."""


def histogram(columns: Sequence[Column], few: str, title: str, below: str, mean: tuple[Fraction, str] | None) -> str:
    """Upright bars with their numbers on top; a count that is not told is hatched, and low. `mean` is a share of the width."""
    step = Fraction(WIDTH - 2 * SIDE, max(1, len(columns)))
    most = max([1, *(column.students or 0 for column in columns)])
    upright = [_upright(column, SIDE + place * step, step, most, few) for place, column in enumerate(columns)]
    bars, numbers = ("".join(parts) for parts in zip(*upright, strict=True))
    base = HEIGHT - BOTTOM
    line = _mean(*mean) if mean else ""
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="100%" role="img" aria-label="{escape(title)}">'
        '<defs><pattern id="few" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<line class="few" x1="0" y1="0" x2="0" y2="6"/></pattern></defs>'
        f'{bars}<line class="axis" x1="{SIDE}" x2="{WIDTH - SIDE}" y1="{base}" y2="{base}"/>{line}{numbers}'
        f'<text x="{WIDTH // 2}" y="{HEIGHT - 4}">{escape(below)}</text></svg>'
    )


def _upright(column: Column, left: Fraction, step: Fraction, most: int, few: str) -> tuple[str, str]:
    """The bar, and its number and label, which are drawn over all bars."""
    base, room = HEIGHT - BOTTOM, HEIGHT - BOTTOM - TOP
    height = Fraction(12) if column.students is None else Fraction(room * column.students, most)
    kind, told = ("hidden", few) if column.students is None else ("bar", str(column.students))
    middle = _px(left + step / 2)
    box = (
        f'x="{_px(left + Fraction(GAP, 2))}" y="{_px(base - height)}" width="{_px(step - GAP)}" height="{_px(height)}"'
    )
    return (
        f'<rect class="{kind}" {box}/>',
        f'<text x="{middle}" y="{_px(base - height - 6)}">{escape(told)}</text>'
        f'<text x="{middle}" y="{base + 18}">{escape(column.label)}</text>',
    )


def _mean(share: Fraction, label: str) -> str:
    """A dashed line where the mean is."""
    x = SIDE + min(Fraction(1), share) * (WIDTH - 2 * SIDE)
    anchor = "end" if share > Fraction(1, 2) else "start"
    away = -6 if share > Fraction(1, 2) else 6
    return (
        f'<line class="mean" x1="{_px(x)}" x2="{_px(x)}" y1="2" y2="{HEIGHT - BOTTOM}"/>'
        f'<text x="{_px(x + away)}" y="12" style="text-anchor:{anchor}">{escape(label)}</text>'
    )


def level(share: Fraction, width: int = 96) -> str:
    """A bar lying in its track; the number stands beside it, in the table."""
    filled = _px(width * min(Fraction(1), max(Fraction(0), share)))
    return (
        f'<svg class="level" width="{width}" height="10" viewBox="0 0 {width} 10" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="track" width="{width}" height="10" rx="2"/><rect class="bar" width="{filled}" height="10" rx="2"/></svg>'
    )


def _px(value: Fraction | int) -> str:
    return f"{float(value):.1f}".removesuffix(".0")
