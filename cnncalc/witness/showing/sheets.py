"""Feature maps as grey pictures, all of a layer on one sheet."""

from __future__ import annotations

import struct
import zlib
from math import ceil, sqrt

import numpy as np

from ..arrays import Array

SIDE = 64
"""Maps smaller than this are enlarged, so that a pixel can be seen."""

LINE = 16
"""The least height of a map of one row."""

WRAP = 128
"""The numbers in a row, where a layer has features and no maps."""

EDGE = 128
"""The grey between maps."""


def sheet(output: Array, first: bool) -> Array:  # noqa: FBT001 - whether channels come first
    """All maps of an output beside each other, each from black, its least number, to white, its largest; (height, width)."""
    maps = _maps(output, first)
    grey = np.stack([_grey(each) for each in maps])
    scale = max(1, SIDE // max(grey.shape[1:]))
    grey = grey.repeat(max(scale, LINE // grey.shape[1]), axis=1).repeat(scale, axis=2)
    columns = ceil(sqrt(len(grey) * grey.shape[1] / grey.shape[2]))
    columns = min(max(columns, 1), len(grey))
    rows = ceil(len(grey) / columns)
    height, width = (n + 2 for n in grey.shape[1:])
    page = np.full((rows * height + 2, columns * width + 2), EDGE, np.uint8)
    for number, each in enumerate(grey):
        row, column = divmod(number, columns)
        page[row * height + 2 : (row + 1) * height, column * width + 2 : (column + 1) * width] = each
    return page


def _maps(output: Array, first: bool) -> Array:  # noqa: FBT001 - as above
    """(maps, height, width): a map per channel, of a box one per slice too; numbers of one axis fill rows of `WRAP`."""
    if output.ndim < 2:
        width = min(output.size, WRAP)
        rows = np.full(ceil(output.size / width) * width, np.nan)
        rows[: output.size] = output.reshape(-1)
        return rows.reshape(1, -1, width)
    front = output if first else np.moveaxis(output, -1, 0)
    if output.ndim == 2:
        return front[:, None, :]
    return front.reshape(-1, *front.shape[-2:])


def _grey(numbers: Array) -> Array:
    """0 to 255 by size; what is no number is black, and a flat map too."""
    values = np.nan_to_num(numbers.astype(np.float64), nan=np.nanmin(numbers) if not np.isnan(numbers).all() else 0, posinf=3e38, neginf=-3e38)  # fmt: skip
    low, high = values.min(), values.max()
    return np.zeros(values.shape, np.uint8) if high == low else ((values - low) / (high - low) * 255).round().astype(np.uint8)  # fmt: skip


def png(grey: Array) -> bytes:
    """A grey picture (height, width) of bytes as PNG (ISO/IEC 15948: signature, IHDR, IDAT, IEND)."""
    height, width = grey.shape
    rows = np.zeros((height, width + 1), np.uint8)  # every row starts with filter 0: none
    rows[:, 1:] = grey
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in ((b"IHDR", header), (b"IDAT", zlib.compress(rows.tobytes(), 6)), (b"IEND", b""))
    )
