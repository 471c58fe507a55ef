"""A demonstration's figures as a picture, drawn by matplotlib; the only module that knows it, loaded on demand.

What a colour says, a number, a mark or a line style says too.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any, NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure, SubFigure
from matplotlib.font_manager import fontManager
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from ..demos import Curves, Grid, Maps, Page
from ..language import Text

CHINESE = (
    "Noto Sans CJK TC", "Noto Sans TC", "Source Han Sans TC", "PingFang TC", "Microsoft JhengHei", "Heiti TC",
    "Noto Sans CJK JP", "Noto Serif CJK TC", "Noto Serif CJK JP", "AR PL UMing TW", "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei", "Arial Unicode MS",
)  # fmt: skip
"""Fonts with Traditional Chinese; matplotlib before 3.11 sees the first of a collection only, which is the JP one."""

WIDTH = 11.0
"""Of the picture, in inches."""
CURVES_HEIGHT = 4.2
SMALLEST = 4.5
"""The smallest letters that can be read, in points; smaller numbers are left out of a map."""
MARKERS = "osD^v"
STYLES = ("-", "--", "-.", ":", (0, (5, 1)))

NO_FONT = Text("no font with Chinese characters was found, so the picture is in English")


class Drawn(NamedTuple):
    """A picture, and what its reader should know."""

    picture: bytes
    note: Text | None


def draw(page: Page, form: str, language: str) -> Drawn:
    """All figures of the page, below each other, as `png` or `svg`."""
    font = chinese_font() if language != "en" else None
    told = language if font else "en"
    fonts = ["DejaVu Sans", *([font] if font else [])]
    with mpl.rc_context({"font.family": fonts, "font.size": 9, "svg.hashsalt": "cnncalc"}):
        heights = [_height(figure) for figure in page.figures]
        whole = Figure(figsize=(WIDTH, sum(heights) + 0.5), layout="constrained")
        whole.suptitle(page.title.into(told), fontsize=13, fontweight="bold")
        parts = whole.subfigures(len(heights), 1, height_ratios=heights, squeeze=False)[:, 0]
        for part, figure in zip(parts, page.figures, strict=True):
            part.suptitle(_caption(figure, told), fontsize=10)
            if isinstance(figure, Maps):
                _draw_maps(part, figure, told)
            else:
                _draw_curves(part, figure, told)
        stream = BytesIO()
        whole.savefig(stream, format=form, dpi=150, metadata={"Date": None} if form == "svg" else None)
    return Drawn(stream.getvalue(), NO_FONT if told != language else None)


def chinese_font() -> str | None:
    """An installed font with Traditional Chinese."""
    installed = set(fontManager.get_font_names())
    return next((name for name in CHINESE if name in installed), None)


def _caption(figure: Maps | Curves, language: str) -> str:
    caption = figure.caption.into(language)
    if isinstance(figure, Maps) and any(grid.is_mask for grid in figure.grids):
        return f"{caption} {Text('(black is yes)').into(language)}"
    return caption


def _columns(maps: Maps) -> list[int]:
    """How wide each map is drawn: by its columns, but none gets too narrow for its title."""
    columns = [len(grid.rows[0]) for grid in maps.grids]
    return [max(each, max(columns) // 5, 1) for each in columns]


def _cell(maps: Maps) -> float:
    """The side of a cell, in inches, with room left for the axes of every map."""
    widest = 0.45  # beyond that, cells only look empty
    return min((WIDTH - 1.0 * len(maps.grids)) / sum(_columns(maps)), widest)


def _height(figure: Maps | Curves) -> float:
    """In inches."""
    if isinstance(figure, Curves):
        return CURVES_HEIGHT
    return max(len(grid.rows) for grid in figure.grids) * _cell(figure) + 1.3


def _draw_maps(part: SubFigure, maps: Maps, language: str) -> None:
    axes = part.subplots(1, len(maps.grids), width_ratios=_columns(maps), squeeze=False)[0]
    numbers = [value for grid in maps.grids if not grid.is_mask for row in grid.rows for value in row]
    scale = Normalize(min(numbers, default=0), max(numbers, default=1))
    for each, grid in zip(axes, maps.grids, strict=True):
        _frame(each, grid, language, lines=_cell(maps) > 0.08)
        if grid.is_mask:
            each.imshow(np.array(grid.rows), cmap="Greys", vmin=0, vmax=1, interpolation="none")
        else:
            _shade(each, grid, _cell(maps), scale)


def _frame(axes: Axes, grid: Grid, language: str, *, lines: bool) -> None:
    """Title, axes and, where cells are large enough, the lines between them."""
    axes.set_title(grid.title.into(language), fontsize=9)
    axes.set_xlabel(grid.across.into(language))
    axes.set_ylabel(grid.down.into(language))
    for axis, cells in ((axes.xaxis, len(grid.rows[0])), (axes.yaxis, len(grid.rows))):
        axis.set_major_locator(MaxNLocator(6, integer=True, min_n_ticks=1))
        if lines:
            axis.set_minor_locator(FixedLocator([i - 0.5 for i in range(cells + 1)]))
    axes.grid(which="minor", color="0.8", linewidth=0.4)
    axes.tick_params(which="minor", length=0)


def _shade(axes: Axes, grid: Grid, cell: float, scale: Normalize) -> None:
    """Cells by their values, with the number in each where there is room, else with a bar of colours."""
    shades = axes.imshow(np.array(grid.rows, float), cmap="Blues", norm=scale, interpolation="none")
    texts = [[_number(value, grid) for value in row] for row in grid.rows]
    longest = max(len(text) for row in texts for text in row)
    size = min(9.0, cell * 72 * 0.85 / (0.62 * longest))  # a digit is about 0.62 of its size wide
    if size < SMALLEST:
        axes.figure.colorbar(shades, ax=axes)
        return
    for (y, x), value in np.ndenumerate(np.array(grid.rows, float)):
        color = "white" if scale(value) > 0.5 else "black"
        axes.text(x, y, texts[y][x], ha="center", va="center", fontsize=size, color=color)


def _number(value: Any, grid: Grid) -> str:
    return "" if grid.sparse and value == 0 else f"{value:.4g}"


def _draw_curves(part: SubFigure, curves: Curves, language: str) -> None:
    axes = part.subplots()
    for number, series in enumerate(curves.series):
        style, marker = STYLES[number % len(STYLES)], MARKERS[number % len(MARKERS)]
        axes.plot(curves.xs, series.ys, linestyle=style, marker=marker, label=series.title.into(language))
    if curves.log_x:
        axes.set_xscale("log")
    if curves.log_y:
        axes.set_yscale("log")
    else:
        axes.set_ylim(bottom=0)
        axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:,.10g}"))
    axes.xaxis.set_major_locator(FixedLocator(curves.xs))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:,.0f}"))
    axes.set_xlabel(curves.x_title.into(language))
    axes.set_ylabel(curves.y_title.into(language))
    axes.grid(color="0.85")
    axes.legend()
