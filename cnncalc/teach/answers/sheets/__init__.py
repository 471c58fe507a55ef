"""Rows of students' answers, from whatever file they come in."""

from __future__ import annotations

from .model import Remark, Row
from .sheet import Sheet, read_sheet

__all__ = ["Remark", "Row", "Sheet", "read_sheet"]
