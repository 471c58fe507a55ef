"""Pictures as arrays, by Pillow, which is installed with `cnncalc[images]`."""

from __future__ import annotations

import warnings
from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

from ...architecture.files import contents
from ...architecture.source import failure
from ...errors import ArchitectureError, Place
from ...language import Text
from ..arrays import Array

if TYPE_CHECKING:
    from PIL.Image import Image

ENDINGS = (".png", ".jpg", ".jpeg")

MAX_PIXELS = 2**26
"""The largest picture that is unpacked."""

MODES = {1: "L", 3: "RGB"}
"""Pillow's names for pictures of so many channels."""


def read_pixels(path: str, channels: int, size: tuple[int, int] | None) -> Array:
    """The picture at `path` as (height, width, channels) of 0 to 255; brought to `size` (height, width) where that is given.

    What is transparent is seen on white; a 16-bit grey picture is brought down to 8 bits, with fractions.
    """
    if find_spec("PIL") is None:
        message = Text("pictures are read with Pillow, which is not installed here")
        raise failure("no-pillow", message, Place(path), Text("python -m pip install 'cnncalc[images]'"))
    if channels not in MODES:
        message = Text("a picture has 1 channel or 3, but the input has {n}", n=channels)
        raise failure("image-channels", message, Place(path), Text("give the numbers as .npy or .yaml"))
    content = contents(path, path)
    if not content:
        raise failure("empty-file", Text("the file is empty"), Place(path))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Pillow thinks of odd metadata
        try:
            return _pixels(_opened(content, path), channels, size)
        except ArchitectureError:
            raise
        except Exception as error:  # whatever Pillow's decoders say of damaged files
            message = Text("this picture cannot be read: {reason}", reason=_reason(error))
            raise failure("damaged", message, Place(path)) from None


def _reason(error: Exception) -> str:
    if type(error).__name__ == "UnidentifiedImageError":
        return str(Text("it is neither PNG nor JPEG"))
    return (str(error).splitlines() or [type(error).__name__])[0][:100]


def _opened(content: bytes, path: str) -> Image:
    from PIL import Image  # noqa: PLC0415 - an extra, needed for pictures only

    picture = Image.open(BytesIO(content), formats=("PNG", "JPEG"))
    if picture.width * picture.height > MAX_PIXELS:
        message = Text("the picture has {n} pixels, more than the {limit} that are read", n=picture.width * picture.height, limit=MAX_PIXELS)  # fmt: skip
        raise failure("image-too-large", message, Place(path))
    picture.load()
    return picture


def _pixels(picture: Image, channels: int, size: tuple[int, int] | None) -> Array:
    from PIL import Image, ImageOps  # noqa: PLC0415 - as above

    picture = ImageOps.exif_transpose(picture)
    if picture.mode.startswith("I"):  # 16 bits of grey, which Pillow would cut off at 255
        picture = Image.fromarray((np.asarray(picture, np.float32) / 257).astype(np.float32))
        picture = picture.resize((size[1], size[0]), Image.Resampling.BILINEAR) if size else picture
        return np.repeat(np.asarray(picture)[..., None], channels, axis=2)
    if picture.mode in {"LA", "PA", "RGBA"} or "transparency" in picture.info:
        seen = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen)
    picture = picture.convert(MODES[channels])
    picture = picture.resize((size[1], size[0]), Image.Resampling.BILINEAR) if size else picture
    array: Any = np.asarray(picture)
    return array.reshape(*array.shape[:2], channels)
