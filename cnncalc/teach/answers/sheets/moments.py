"""Times as forms write them, to be put in order; where day and month cannot be told apart, none."""

from __future__ import annotations

import re

__all__ = ["moment"]

MOMENT = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[T ]*(上午|下午|AM|PM)? *(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(AM|PM)?.{0,20}", re.IGNORECASE | re.ASCII)  # fmt: skip


def moment(text: str) -> tuple[int, ...] | None:
    """Year, month, day, hour, minute, second of `2026/11/22 下午 3:04:05` or `2026-11-22T15:04`."""
    found = MOMENT.fullmatch(text.strip()[:60])
    if not found:
        return None
    year, month, day, before, hour, minute, second, after = found.groups()
    half = (before or after or "").upper()
    hours = int(hour) % 12 + 12 * (half in {"下午", "PM"}) if half else int(hour)
    return int(year), int(month), int(day), hours, int(minute), int(second or 0)
