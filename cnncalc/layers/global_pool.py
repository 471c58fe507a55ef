"""Pooling whose output size is fixed: one summary of the whole map, or a given number of parts."""

from __future__ import annotations

from typing import Annotated

from ..arithmetic import Dim, Shape
from ..window import Bins, Window
from .base import SpatialLayer
from .fields import Axes, Letter, Switch


class GlobalPooling(SpatialLayer):
    """One window as large as the map."""

    keepdims: Switch = False

    def windows(self, spatial: Shape) -> tuple[Window, ...]:
        return tuple(Window(n) for n in spatial)

    def map(self, sizes: Shape, channels: Dim) -> Shape:
        return self.join(sizes, channels) if self.keepdims else (channels,)


class GlobalMaxPooling1D(GlobalPooling):
    rank = 1


class GlobalMaxPooling2D(GlobalPooling):
    rank = 2


class GlobalMaxPooling3D(GlobalPooling):
    rank = 3


class GlobalAveragePooling1D(GlobalPooling):
    rank = 1


class GlobalAveragePooling2D(GlobalPooling):
    rank = 2


class GlobalAveragePooling3D(GlobalPooling):
    rank = 3


class AdaptivePooling(SpatialLayer):
    """The axis cut into `output_size` parts, which overlap where it does not divide (PyTorch)."""

    output_size: Annotated[Axes, Letter("O")]

    def windows(self, spatial: Shape) -> tuple[Bins, ...]:
        return tuple(map(Bins, self.output_size))


class AdaptiveAveragePooling1D(AdaptivePooling):
    rank = 1


class AdaptiveAveragePooling2D(AdaptivePooling):
    rank = 2


class AdaptiveAveragePooling3D(AdaptivePooling):
    rank = 3


class AdaptiveMaxPooling1D(AdaptivePooling):
    rank = 1


class AdaptiveMaxPooling2D(AdaptivePooling):
    rank = 2


class AdaptiveMaxPooling3D(AdaptivePooling):
    rank = 3
