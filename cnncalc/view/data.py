"""A summary for programs: JSON and CSV."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from io import StringIO
from typing import Any

from ..derive import Summary
from ..errors import ArchitectureError
from .columns import COLUMNS, Column, shape_text


def json_text(summary: Summary) -> str:
    """Schema 1 of the JSON output."""
    return json.dumps(summary.to_dict(), indent=2, ensure_ascii=False)


def json_error(error: ArchitectureError) -> str:
    """What went wrong and the rows derived before it, in the same schema."""
    found = {
        "schema": 1,
        "errors": [fault.to_dict() for fault in error.faults],
        "layers": [row.to_dict() for row in error.rows],
    }
    return json.dumps(found, indent=2, ensure_ascii=False)


def csv_text(summary: Summary, columns: Sequence[str]) -> str:
    """A line per layer under the names of the columns; shapes as 26x26x32, numbers without commas."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    chosen = [COLUMNS[name] for name in columns]
    writer.writerow([column.name for column in chosen])
    for row in summary.rows:
        writer.writerow([_cell(column, column.cell(row, summary)) for column in chosen])
    return out.getvalue().rstrip("\n")


def _cell(column: Column, value: Any) -> Any:
    text = (shape_text(value) if isinstance(value, tuple) else str(value)).replace("×", "x")
    return "'" + text if text[:1] in {"=", "+", "@"} or (text[:1] == "-" and not column.right) else text
