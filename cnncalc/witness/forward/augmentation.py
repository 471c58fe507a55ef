"""Pictures resized and cropped; what is random while training leaves them alone in inference.

Named difference: Keras documents that RandomCrop resizes and crops in inference, as CenterCrop does with a picture
that is too small, and derives that shape; the code of Keras 3.15 hands the picture back as it was. Here it does what is
documented.
"""

from __future__ import annotations

from ...layers.augmentation import Augmentation, CenterCrop, RandomCrop, Resizing, SizedPicture
from ..arrays import Array, channels_back, channels_last
from ..call import Call
from ..dispatch import forward
from ..resampling import resize
from ..windows import pad


@forward.register
def resizing(layer: Resizing, call: Call, x: Array) -> Array:
    """The picture is cut, or padded, to the aspect ratio of the target before."""
    x = channels_last(x, layer.channels_first)
    if layer.crop_to_aspect_ratio:
        x = _middle(x, _inside(layer, x))
    elif layer.pad_to_aspect_ratio:
        x = _padded(layer, x)
    y = resize(x, (layer.height, layer.width), layer.interpolation, antialias=layer.antialias)
    return channels_back(y, layer.channels_first)


@forward.register
def center_crop(layer: CenterCrop, call: Call, x: Array) -> Array:
    x = channels_last(x, layer.channels_first)
    target = (layer.height, layer.width)
    fits = x.shape[1] >= layer.height and x.shape[2] >= layer.width
    return channels_back(_middle(x, target) if fits else _smart_resize(layer, x), layer.channels_first)


@forward.register
def random_crop(layer: RandomCrop, call: Call, x: Array) -> Array:
    x = channels_last(x, layer.channels_first)
    return channels_back(_smart_resize(layer, x), layer.channels_first)


@forward.register
def augmentation(layer: Augmentation, call: Call, x: Array) -> Array:
    return x


def _smart_resize(layer: SizedPicture, x: Array) -> Array:
    """The largest part in the middle that has the aspect ratio of the target, resized (keras.utils.smart_resize)."""
    return resize(_middle(x, _inside(layer, x)), (layer.height, layer.width), "bilinear")


def _inside(layer: SizedPicture, x: Array) -> tuple[int, int]:
    """The largest size inside the picture with the target's aspect ratio."""
    height, width = x.shape[1:3]
    tall, wide = width * layer.height // layer.width, height * layer.width // layer.height
    return max(min(height, tall), 1), max(min(width, wide), 1)


def _middle(x: Array, sizes: tuple[int, int]) -> Array:
    """The middle of a picture; the odd pixel is cut off behind."""
    top, left = ((n - size) // 2 for n, size in zip(x.shape[1:3], sizes, strict=True))
    return x[:, top : top + sizes[0], left : left + sizes[1]]


def _padded(layer: Resizing, x: Array) -> Array:
    """The picture with as much on both sides as brings it to the target's aspect ratio, rounded down."""
    height, width = x.shape[1:3]
    tall, wide = width * layer.height // layer.width, height * layer.width // layer.height
    rows, columns = max(tall - height, 0) // 2, max(wide - width, 0) // 2
    return pad(x, ((rows, rows), (columns, columns)), layer.fill_value)
