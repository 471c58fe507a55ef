"""Dropout disturbs training only; it changes neither shape nor count."""

from __future__ import annotations

from typing import Any

from .base import UnaryLayer
from .fields import Share


class RandomZeros(UnaryLayer):
    rate: Share
    noise_shape: Any = None


class Dropout(RandomZeros):
    """Entries set to zero at random while training."""


class AlphaDropout(RandomZeros):
    """Dropout that keeps mean and variance, for SELU (Klambauer et al. 2017)."""
