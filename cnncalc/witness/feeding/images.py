"""What a network looks at, from a file: a picture, or a matrix of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path as FilePath

import numpy as np

from ...architecture.source import failure
from ...errors import ArchitectureError, Place
from ...language import Text
from ..arrays import Array, shape_text
from .matrices import TYPED, read_csv, read_lists, read_npy
from .pictures import ENDINGS, read_pixels

KNOWN = (*ENDINGS, ".csv", ".npy", *TYPED)


def read_image(
    path: str, shape: Sequence[int], *, resize: bool = False, channels_first: bool = False, raw: bool = False
) -> Array:
    """The file at `path` as an input of this shape, which has no batch axis.

    Pixels are divided by 255 (float32), or with `raw` stay 0 to 255 (int64); a matrix is taken as it is written, and
    one of integers stays int64. `resize` brings a picture to the input's size. Raises ArchitectureError for whatever
    does not fit or cannot be read.
    """
    wanted = tuple(shape)
    ending = FilePath(path).suffix.lower()
    if ending in ENDINGS:
        return _picture(path, wanted, resize, channels_first, raw)
    readers = {".csv": read_csv, ".npy": read_npy, **dict.fromkeys(TYPED, read_lists)}
    if ending not in readers:
        message = Text("a file ending in {ending} is no image that is read", ending=repr(ending))
        raise failure("image-kind", message, Place(path), Text("there are: {known}", known=", ".join(KNOWN)))
    return _fitted(readers[ending](path), wanted, path, channels_first, resize)


def _picture(path: str, shape: tuple[int, ...], resize: bool, first: bool, raw: bool) -> Array:  # noqa: FBT001 - the switches of read_image
    if len(shape) != 3:
        message = Text("a picture has height, width and channels, but the input is {shape}", shape=shape_text(shape))
        raise failure("image-shape", message, Place(path), Text("give the numbers as .csv, .npy or .yaml"))
    channels, *size = shape if first else (shape[2], *shape[:2])
    height, width = size
    pixels = read_pixels(path, channels, (height, width) if resize else None)
    if pixels.shape[:2] != (height, width):
        message = Text(
            "the picture is {given} (height × width), but the input is {needed}",
            given=shape_text(pixels.shape[:2]), needed=shape_text((height, width)),
        )  # fmt: skip
        raise failure("image-size", message, Place(path), *_resizing(path, channels, (height, width)))
    pixels = np.moveaxis(pixels, -1, 0) if first else pixels
    if raw:
        return pixels.astype(np.int64) if pixels.dtype == np.uint8 else pixels
    return pixels.astype(np.float32) / np.float32(255)


def _resizing(path: str, channels: int, size: tuple[int, int]) -> tuple[Text, ...]:
    """The advice to resize, where it was seen to work."""
    try:
        read_pixels(path, channels, size)
    except ArchitectureError:
        return ()
    return (Text("--resize brings it to {size}", size=shape_text(size)),)


def _fitted(array: Array, shape: tuple[int, ...], path: str, first: bool, resize: bool) -> Array:  # noqa: FBT001 - as above
    """The array in the input's shape; an axis of 1 channel need not be written, nor a list's own bracket."""
    channel = 0 if first else -1
    bare = tuple(np.delete(shape, channel)) if len(shape) > 1 and shape[channel] == 1 else shape
    if array.shape in (shape, bare) or (len(shape) == 1 and sorted(array.shape) in ([1, *shape], [*shape, 1])):
        return array.reshape(shape)
    message = Text(
        "the numbers are {given}, but the input is {needed}", given=shape_text(array.shape), needed=shape_text(shape)
    )
    remedies = []
    if array.ndim == 2 and len(shape) == 3 and shape[channel] != 1:
        remedies.append(Text("a matrix has one channel; write nested lists in .yaml, or save an .npy"))
    if resize:
        remedies.append(Text("--resize is for pictures: a matrix is taken as it is written"))
    raise failure("image-shape", message, Place(path), *remedies)
