"""Layers that leave shape and numbers as they are, or that only training feels."""

from __future__ import annotations

from .base import UnaryLayer


class Identity(UnaryLayer):
    """The input itself."""


class Masking(UnaryLayer):
    """Marks the steps that hold nothing but `mask_value`."""

    mask_value: float = 0.0


class ActivityRegularization(UnaryLayer):
    """A penalty on the loss."""

    l1: float = 0.0
    l2: float = 0.0
