"""Statistics of a marked class: gathered, then looked through.

gathering = Gathering([("conv2d.shape", Fraction(1)), ...])
gathering.add(results)
found = findings(gathering)
"""

from __future__ import annotations

from .findings import Bin, ClassFindings, CodeFindings, Count, Group, ItemFindings, Talk, WrongValue
from .gathering import Gathering
from .looking import findings

__all__ = [
    "Bin",
    "ClassFindings",
    "CodeFindings",
    "Count",
    "Gathering",
    "Group",
    "ItemFindings",
    "Talk",
    "WrongValue",
    "findings",
]
