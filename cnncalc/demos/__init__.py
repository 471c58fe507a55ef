"""Demonstrations: what a course says of convolutional networks, computed on networks small enough to look through."""

from .catalogue import DEMOS, Bound, Demo, demonstrate
from .page import Claim, Curves, Grid, Maps, Page, Section, Series, Share, Table

__all__ = [
    "DEMOS", "Bound", "Claim", "Curves", "Demo", "Grid", "Maps", "Page", "Section", "Series", "Share", "Table", "demonstrate",
]  # fmt: skip
