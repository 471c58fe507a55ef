"""Dropout disturbs training only; it changes neither shape nor count."""

from __future__ import annotations

from typing import Any

from .base import UnaryLayer
from .fields import Share


class Dropout(UnaryLayer):
    rate: Share
    noise_shape: Any = None
