"""Resizing and cropping of pictures, and random changes that keep their size."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, model_validator

from ..arithmetic import Demand, Dim, Shape
from ..language import Text
from ..window import TAPS, AxisReading, Resample, Window
from .base import Reading, Scope, SpatialLayer, UnaryLayer
from .fields import DataFormat, Letter, Positive, Switch, wrong
from .settings import is_setting

Interpolation = Literal["bilinear", "nearest", "bicubic", "lanczos3", "lanczos5"]


class SizedPicture(SpatialLayer):
    """A picture of `height` x `width`, whatever comes in."""

    rank: ClassVar = 2

    height: Annotated[Positive, Letter("O_h")]
    width: Annotated[Positive, Letter("O_w")]


class Resizing(SizedPicture):
    """Interpolates a picture to another size."""

    interpolation: Interpolation = "bilinear"
    crop_to_aspect_ratio: Switch = False
    pad_to_aspect_ratio: Switch = False
    fill_mode: str = "constant"
    fill_value: float = 0.0
    antialias: Switch = False

    def windows(self, spatial: Shape) -> tuple[AxisReading, ...]:
        taps = TAPS[self.interpolation]
        return Resample(self.height, taps, centred=True), Resample(self.width, taps, centred=True)

    def pattern(self, spatial: Shape, windows: tuple[AxisReading, ...]) -> Reading:
        """With an aspect ratio kept or an antialias, what is read depends on both axes or on the scale."""
        changed = self.crop_to_aspect_ratio or self.pad_to_aspect_ratio or self.antialias
        return Scope.UNKNOWN if changed else windows


class Crop(SizedPicture):
    """Cuts a part out; a picture that is too small is enlarged first."""

    def windows(self, spatial: Shape) -> tuple[AxisReading, ...]:
        return tuple(_cut(n, size) for n, size in zip(spatial, (self.height, self.width), strict=True))

    def pattern(self, spatial: Shape, windows: tuple[AxisReading, ...]) -> Reading:
        """One axis too small, and both are resized."""
        return windows if all(isinstance(window, Window) for window in windows) else Scope.UNKNOWN


class CenterCrop(Crop):
    """Cuts out the middle; a picture that is too small is enlarged first."""


class RandomCrop(Crop):
    """Cuts out a random part while training, the middle otherwise."""

    seed: Any = None

    def pattern(self, spatial: Shape, windows: tuple[AxisReading, ...]) -> Reading:
        """Outside training the picture is resized, then cut."""
        return Scope.UNKNOWN


def _cut(n: Dim, size: Dim) -> AxisReading:
    """The middle of an axis, or the axis stretched."""
    if isinstance(n, int) and isinstance(size, int) and n >= size:
        before = (n - size) // 2
        return Window(padding=(-before, before + size - n))
    return Resample(size)


class Augmentation(UnaryLayer):
    """A random change of the picture while training; the shape stays."""

    model_config = ConfigDict(extra="allow")

    data_format: DataFormat | None = None

    @model_validator(mode="before")
    @classmethod
    def _known_strengths(cls, data: Any) -> Any:
        """How strong the change is: no shape depends on it, but it is kept."""
        for key in data if isinstance(data, dict) else ():
            if key not in cls.model_fields and not cls.keeps(key) and not is_setting(key):
                raise wrong(Text("has no field {field}", field=repr(key)))
        return data

    @classmethod
    def keeps(cls, setting: str) -> bool:
        return setting in STRENGTHS

    @classmethod
    def positional(cls) -> tuple[str, ...]:
        return ("factor",)

    def needs(self, x: Shape) -> Iterator[Demand]:
        yield Demand(len(x), "==", 3, Text("it takes a picture: an input of 3 axes"), code="rank")


STRENGTHS = frozenset(
    [
        "brightness_factor", "contrast_factor", "factor", "fill_mode", "fill_value", "height_factor", "hue_factor",
        "interpolation", "kernel_size", "mode", "saturation_factor", "scale", "seed", "sigma", "transparency",
        "value_range", "width_factor", "x_factor", "y_factor",
    ]
)  # fmt: skip
"""Settings of augmentations, which say how strong a change is."""


class RandomFlip(Augmentation):
    pass


class RandomRotation(Augmentation):
    pass


class RandomZoom(Augmentation):
    pass


class RandomTranslation(Augmentation):
    pass


class RandomShear(Augmentation):
    pass


class RandomContrast(Augmentation):
    pass


class RandomBrightness(Augmentation):
    pass


class RandomHue(Augmentation):
    pass


class RandomSaturation(Augmentation):
    pass


class RandomSharpness(Augmentation):
    pass


class RandomGrayscale(Augmentation):
    pass


class RandomErasing(Augmentation):
    pass


class RandomGaussianBlur(Augmentation):
    pass


class RandomColorJitter(Augmentation):
    pass
