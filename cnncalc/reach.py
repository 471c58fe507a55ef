"""Receptive fields against pokes: whether a pixel reached the outputs that see it, and no others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .architecture import producer
from .derive import Row, Summary
from .derive.receptive import ReceptiveField
from .opinion import Poke, Span
from .window import Window

MIRRORS = ("Reflection", "Replication", "Circular")


def strays(summary: Summary, pokes: Iterable[Poke]) -> set[str]:
    """The layers where a poke reached an output that does not see its pixel, or missed the first or last that does.

    Nothing is judged in a network that pads with copies of pixels or has layers that are only declared, nor where
    paths disagree (`aligned` is false).
    """
    if any(_mirrors(row) or row.kind == "Custom" for row in summary.rows):
        return set()
    cut = _behind_a_cut(summary)
    return {row.name for row in summary.rows for poke in pokes if _strays(row, poke, summary, row.name in cut)}


def _behind_a_cut(summary: Summary) -> set[str]:
    """The layers that read what a crop has left, at any distance: later padding puts zeros where pixels were."""
    cutting = {row.name for row in summary.rows if _cuts(row, summary)}
    found: set[str] = set()
    for node in summary.architecture.nodes:
        if {producer(tensor) for tensor in node.inputs} & (cutting | found):
            found.add(node.name)
    return found


def _cuts(row: Row, summary: Summary) -> bool:
    """Whether there would be more outputs, before the first or after the last, that see nothing but the map."""
    field = row.receptive_field
    if field is None or len(row.output_shape) != len(field.axes) + 1:
        return False
    first = 1 if summary.architecture.channels_first else 0
    sizes = summary.architecture.inputs[field.source][first:]
    counts = row.output_shape[first : first + len(field.axes)]
    ends = ((span, sizes[axis]) for axis, count in enumerate(counts) for span in field.beyond(axis, count))
    return any(0 <= low <= high < size for (low, high), size in ends)


def _mirrors(row: Row) -> bool:
    return row.kind.startswith(MIRRORS) or getattr(row.layer, "padding_mode", "zeros") != "zeros"


def _strays(row: Row, poke: Poke, summary: Summary, cut: bool) -> bool:  # noqa: FBT001 - passed on
    field = row.receptive_field
    if field is None or not field.aligned or field.source != poke.source or row.name not in poke.reached:
        return False
    first = 1 if summary.architecture.channels_first else 0
    rank = len(field.axes)
    if len(row.output_shape) != rank + 1:  # a global pool that keeps no axes
        return False
    counts = row.output_shape[first : first + rank]
    sizes = summary.architecture.inputs[poke.source][first : first + rank]
    axes = [_Axis(field, axis, count, size, poke.pixel[axis], cut) for axis, (count, size) in enumerate(zip(counts, sizes, strict=True))]  # fmt: skip
    reached = poke.reached[row.name]
    if reached is None:
        return all(axis.edges for axis in axes)
    spans = reached[first : first + rank]
    return any(axis.sees_less(span) for axis, span in zip(axes, spans, strict=True)) or any(
        axis.misses(span) and all(other.edges for other in axes) for axis, span in zip(axes, spans, strict=True)
    )


class _Axis:
    """Which outputs along one axis see a pixel; outputs that see beyond the map are left out, since padding is no pixel."""

    def __init__(self, field: ReceptiveField, axis: int, outputs: int, size: int, pixel: int, cut: bool) -> None:  # noqa: FBT001 - as above
        self.pixel = pixel
        self.spans: Sequence[Span] = field.spans(axis, outputs)
        self.inside = [low >= 0 and high < size for low, high in self.spans]
        # an interpolation may weigh its first or last pixel with 0, and a pixel that was cropped is not seen
        exact = isinstance(field.axes[axis], Window) and not cut
        self.edges = [
            output for output, span in enumerate(self.spans) if exact and self.inside[output] and pixel in span
        ]
        """The outputs that certainly see the pixel: a window may have holes, but never at its ends."""

    def sees_less(self, reached: Span) -> bool:
        """Whether an output was reached that does not see the pixel."""
        ends = [(self.spans[output], self.inside[output]) for output in reached]
        return any(inside and not low <= self.pixel <= high for (low, high), inside in ends)

    def misses(self, reached: Span) -> bool:
        """Whether an output that sees the pixel was not reached."""
        return any(not reached[0] <= output <= reached[1] for output in self.edges)
