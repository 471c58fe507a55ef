"""What students wrote, understood: single answers (`values`) and whole sheets of them (`sheets`)."""

from __future__ import annotations

from .understood import Understood, Value
from .values import KINDS, Reader, reader, understand

__all__ = ["KINDS", "Reader", "Understood", "Value", "reader", "understand"]
