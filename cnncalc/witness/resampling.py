"""Resampling one axis after the other: the pixels that every output mixes, and how much of each.

Keras resizes as TensorFlow does (tf.image.resize): the kernels are those of its sampling_kernels.h, the weights
of pixels outside are dropped and the rest add up to 1, as in its scale_and_translate_op.cc.
PyTorch interpolates by ATen/native/UpSample.h.

Named differences:

- bicubic: TensorFlow's kernel is Keys's with a = -0.5, PyTorch's has a = -0.75 and repeats the outermost pixel.
  Keras on PyTorch resizes as PyTorch does unless it antialiases.
- table: TensorFlow rounds the shares of a bicubic pixel to 1/1024; here they are exact.
- lanczos: Keras on PyTorch has none.
- antialias: PyTorch 2.13 loses rows of a picture that it makes one column wide; TensorFlow and this do not.
- tie: where the place of an output falls between two pixels to the last bit, PyTorch's nearest-exact takes the one
  that the processor's fused multiply-add happens to give.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import ceil
from typing import NamedTuple

import numpy as np

from .arrays import Array


class Taps(NamedTuple):
    """What the outputs of an axis are mixed from; both arrays are (outputs, taps)."""

    pixel: Array
    weight: Array


def mix(x: Array, axis: int, taps: Taps) -> Array:
    """The weighted sums along an axis; a tap of weight 0 is not read, so that no NaN comes through it."""
    dtype = np.result_type(x, np.float32)
    y = np.zeros((*x.shape[:axis], len(taps.pixel), *x.shape[axis + 1 :]), dtype)
    for pixel, weight in zip(taps.pixel.T, taps.weight.T, strict=True):
        factor = weight.astype(dtype).reshape(-1, *(1,) * (x.ndim - axis - 1))
        y += np.multiply(np.take(x, pixel, axis), factor, out=np.zeros_like(y), where=factor != 0)
    return y


def resize(x: Array, sizes: Sequence[int], method: str, *, antialias: bool = False) -> Array:
    """A map (batch, spatial axes, channels) in other sizes, as Keras resizes it; `nearest` copies numbers."""
    for axis, (n, size) in enumerate(zip(x.shape[1:-1], sizes, strict=True), start=1):
        if method == "nearest":
            x = np.take(x, nearest(n, size, n / size, 0.5), axis)
        elif n != size:
            x = mix(x, axis, resampled(n, size, method, antialias=antialias))
    return x


def nearest(n: int, size: int, step: float, within: float = 0) -> Array:
    """The pixel that each output copies: where its place falls, in 32 bits, as both frameworks compute it."""
    places = (np.arange(size, dtype=np.float32) + np.float32(within)) * np.float32(step)
    return np.minimum(places.astype(np.int64), n - 1)


Kernel = Callable[[Array], Array]
"""From distances, 0 or more, to weights."""


def triangle(x: Array) -> Array:
    return np.maximum(1 - x, 0)


def cubic(x: Array, a: float) -> Array:
    """The cubic convolution of Keys 1981, equation 4 with the free slope `a`."""
    near = ((a + 2) * x - (a + 3)) * x * x + 1
    far = ((a * x - 5 * a) * x + 8 * a) * x - 4 * a
    return np.where(x < 1, near, np.where(x < 2, far, 0))


def lanczos(x: Array, radius: int) -> Array:
    """A sinc under the window of a wider one (Lanczos; Duchon 1979); exactly 0 on whole distances but 0 itself."""
    return np.where((x == np.floor(x)) | (x >= radius), x == 0, np.sinc(x) * np.sinc(x / radius))


KERNELS: dict[str, tuple[Kernel, int]] = {
    "bilinear": (triangle, 1),
    "bicubic": (lambda x: cubic(x, -0.5), 2),
    "lanczos3": (lambda x: lanczos(x, 3), 3),
    "lanczos5": (lambda x: lanczos(x, 5), 5),
}
"""Keras's kernels, and how many pixels they reach on either side."""


def resampled(n: int, size: int, method: str, *, antialias: bool = False) -> Taps:
    """Keras: pixel centres are kept; `antialias` widens the kernel of a map that shrinks.

    Distances are quotients of integers, so that a weight of 0 is exactly that.
    """
    kernel, radius = KERNELS[method]
    stretched = max(n, size) if antialias else size
    reach = ceil(Fraction(radius * stretched, size))
    centre = (2 * np.arange(size)[:, None] + 1) * n  # in units of half an output pixel
    pixel = centre // (2 * size) + np.arange(-reach, reach + 1)
    weight = kernel(np.abs(centre - (2 * pixel + 1) * size) / (2 * stretched))
    weight = np.where((pixel >= 0) & (pixel < n), weight, 0)
    return Taps(pixel.clip(0, n - 1), weight / weight.sum(1, keepdims=True))


def interpolated(n: int, size: int, step: Fraction, *, smooth: bool, corners: bool) -> Taps:
    """PyTorch: linear, or `smooth` bicubic; outputs are `step` pixels apart.

    With `corners` the outermost centres coincide, whatever the step.
    """
    if corners:
        step = Fraction(n - 1, size - 1) if size > 1 else Fraction(0)
    start = Fraction(0) if corners else step / 2 - Fraction(1, 2)
    places = [start + i * step for i in range(size)]
    if not smooth:
        places = [min(max(place, Fraction(0)), Fraction(n - 1)) for place in places]
    low = np.array([place.__floor__() for place in places])[:, None]
    share = np.array([float(place % 1) for place in places])[:, None]
    offset = np.arange(-1, 3) if smooth else np.arange(2)
    distance = np.abs(share - offset)
    return Taps((low + offset).clip(0, n - 1), cubic(distance, -0.75) if smooth else triangle(distance))
