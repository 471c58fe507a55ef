"""Two goals against each other, with the front drawn; loaded when a picture is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from ..language import Text
from .plots import NO_FONT, Drawn, chinese_font

SIZE = (8.0, 5.5)
"""Of the picture, in inches."""
WIDE = 50
"""From this ratio of largest to smallest on, an axis is logarithmic."""

Points = Sequence[Sequence[int]]
"""The first goal of every point, and the second."""


def draw(names: tuple[str, str], largest: tuple[bool, bool], points: Points, front: Points, form: str, language: str) -> Drawn:  # fmt: skip
    """Some of the variants that match, and the front, as `png` or `svg`."""
    font = chinese_font() if language != "en" else None
    told = language if font else "en"
    with mpl.rc_context({"font.family": ["DejaVu Sans", *([font] if font else [])], "svg.hashsalt": "cnncalc"}):
        figure = Figure(figsize=SIZE, layout="constrained")
        axes = figure.subplots()
        axes.scatter(
            points[0], points[1], s=8, marker=".", color="0.6", label=Text("variants that match (some)").into(told)
        )
        axes.plot(
            front[0],
            front[1],
            "o-",
            color="C0",
            drawstyle="steps-post",
            markersize=4,
            label=Text("the front").into(told),
        )
        for which, axis, name, most, some, best in zip(
            "xy", (axes.xaxis, axes.yaxis), names, largest, points, front, strict=True
        ):
            wish = Text("{name} (the larger the better)", name=name) if most else Text("{name} (the smaller the better)", name=name)  # fmt: skip
            axis.set_label_text(wish.into(told))
            if _is_wide([*some, *best]):
                axes.set(**{f"{which}scale": "log"})
            else:
                axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
        axes.grid(color="0.9")
        axes.legend()
        stream = BytesIO()
        figure.savefig(stream, format=form, dpi=150, metadata={"Date": None} if form == "svg" else None)
    return Drawn(stream.getvalue(), NO_FONT if told != language else None)


def _is_wide(numbers: Sequence[int]) -> bool:
    """Whether an axis is better logarithmic."""
    return min(numbers) > 0 and max(numbers) > WIDE * min(numbers)
