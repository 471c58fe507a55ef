"""Deriving: from an architecture to the numbers of every layer, or to why there are none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..architecture import Architecture
from ..errors import ArchitectureError
from .rows import Row
from .summary import Summary
from .walk import walk

if TYPE_CHECKING:
    from .conventions import Convention

__all__ = ["Row", "Summary", "derive"]


def derive(
    architecture: Architecture,
    *,
    batch: int = 1,
    dtype: str = "float32",
    convention: Convention | None = None,
    simplify: bool = True,
) -> Summary:
    """Derive every layer of `architecture`.

    `batch` and `dtype` matter for memory alone, `convention` for what `Summary.counted` says;
    `simplify` for expressions, which else stay as the rules wrote them. Raises ArchitectureError, with the rows derived before
    in `.rows`, if a layer cannot take its input.
    """
    found = walk(architecture, simplify=simplify)
    if found.failures:
        from .diagnose import diagnose  # noqa: PLC0415 - only a failing network pays for it

        raise ArchitectureError(diagnose(architecture, found), found.rows)
    return Summary(architecture, found.rows, found.conditions, batch, dtype, convention, simplify)
