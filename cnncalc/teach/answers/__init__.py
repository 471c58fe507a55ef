"""What students wrote, understood: single answers (`values`) and whole sheets of them (`sheets`)."""

from __future__ import annotations

from .understood import Understood, Value
from .values import KINDS, Memo, understand

__all__ = ["KINDS", "Memo", "Understood", "Value", "understand"]
