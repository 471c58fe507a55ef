"""A summary in the look of Keras's `model.summary()`: None for the batch, `Output Shape`, `Param #`."""

from __future__ import annotations

from ..arithmetic import Dim, Shape
from ..derive import Row, Summary
from ..derive.memory import DTYPES
from .columns import validity
from .width import cells, pad

UNITS = ("B", "KB", "MB", "GB", "TB", "PB")


def keras_table(summary: Summary) -> str:
    """Keras 3's table in box characters; its words stay English, as Keras prints them."""
    functional = any(len(row.inputs) > 1 for row in summary.rows) or len(summary.architecture.inputs) > 1
    shown = [row for row in summary.rows if functional or row.kind != "Input"]
    titles = ["Layer (type)", "Output Shape", "Param #"] + ["Connected to"] * functional
    lines = [[f"{row.name} ({_kind(row)})", _shapes(row), _number(row.params)] for row in shown]
    if functional:
        for line, row in zip(lines, shown, strict=True):
            line.append(", ".join(_origin(tensor) for tensor in row.inputs) or "-")
    return "\n".join([f'Model: "{summary.name}"', *_box(titles, lines), *_totals(summary)])


def _kind(row: Row) -> str:
    return "InputLayer" if row.kind == "Input" else row.kind


def _shapes(row: Row) -> str:
    shown = ", ".join(map(keras_shape, row.output_shapes))
    return f"[{shown}]" if row.facts.others else shown


def _origin(tensor: str) -> str:
    name, _, number = tensor.partition(":")
    return f"{name}[0][{number or 0}]"


def keras_shape(shape: Shape) -> str:
    """A shape with the batch in front: (None, 26, 26, 32)."""
    return f"({', '.join(['None', *(_axis(n) for n in shape)])})"


def _axis(n: Dim) -> str:
    text = str(n)
    return "None" if text.startswith("?") and text[1:].isalpha() else text


def _number(value: Dim) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _box(titles: list[str], lines: list[list[str]]) -> list[str]:
    widths = [max(cells(line[i]) for line in [titles, *lines]) for i in range(len(titles))]
    right = [title == "Param #" for title in titles]

    def laid(line: list[str], side: str) -> str:
        parts = (pad(text, w, right=r) for text, w, r in zip(line, widths, right, strict=True))
        return f"{side} {f' {side} '.join(parts)} {side}"

    def rule(left: str, dash: str, middle: str, end: str) -> str:
        return left + middle.join(dash * (width + 2) for width in widths) + end

    body: list[str] = []
    for line in lines:
        body += [laid(line, "│"), rule("├", "─", "┼", "┤")]
    return [rule("┏", "━", "┳", "┓"), laid(titles, "┃"), rule("┡", "━", "╇", "┩"), *body[:-1], rule("└", "─", "┴", "┘")]


def _totals(summary: Summary) -> list[str]:
    size = DTYPES[summary.dtype]
    named = {
        " Total params": summary.total_params,
        " Trainable params": summary.trainable_params,
        " Non-trainable params": summary.non_trainable_params,
    }
    told = [f"{name}: {_number(count)}{_bytes(count, size)}" for name, count in named.items()]
    if summary.convention:  # no line of Keras's, but asked for
        told.append(f" {summary.convention.unit} ({summary.convention.name}): {_number(summary.total_counted)}")
    return told + [f" {line}" for line in validity(summary)]  # Keras has no formulas


def _bytes(count: Dim, size: int) -> str:
    """Two decimals and units of 1024 that Keras calls KB, MB, ..."""
    if not isinstance(count, int):
        return ""
    total, power = count * size, 0
    while total >= 1024 ** (power + 1) and power < len(UNITS) - 1:
        power += 1
    hundredths = (total * 200 + 1024**power) // (2 * 1024**power)
    return f" ({hundredths // 100}.{hundredths % 100:02d} {UNITS[power]})"
