"""Layers as PyTorch modules, a module per family. Importing this package imports torch."""

from __future__ import annotations

from . import attention, border, conv, merge, norm, point, pool, recurrent, shape, wrapper
from .base import Impossible, Part, part

__all__ = ["Impossible", "Part", "attention", "border", "conv", "merge", "norm", "part", "point", "pool", "recurrent", "shape", "wrapper"]  # fmt: skip
