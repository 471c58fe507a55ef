"""Exercises that can tell: whether the numbers reveal misconceptions, and which numbers nearby would."""

from __future__ import annotations

from .construction import Constructions
from .lint import Group, Lint, lint
from .suggesting import Change, Suggestion, suggest

__all__ = ["Change", "Constructions", "Group", "Lint", "Suggestion", "lint", "suggest"]
