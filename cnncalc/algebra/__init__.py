"""Expressions compared and simplified: canonical polynomials, forms to read, domains."""

from __future__ import annotations

from .order import largest, reaches
from .polynomial import Polynomial, canonical
from .simplify import factored, same, simplified

__all__ = ["Polynomial", "canonical", "factored", "largest", "reaches", "same", "simplified"]
