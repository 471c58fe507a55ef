"""Limits and whether they hold: text, JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence

from ..derive.limits import Verdict
from ..language import Text
from .columns import number_text


def plain(file: str, verdicts: Sequence[Verdict]) -> str:
    """A line per limit, under the file's name."""
    if not verdicts:
        return f"{file}\n  {Text('no limits are set')}"
    return "\n".join([file, *(f"  {_line(verdict)}" for verdict in verdicts)])


def _line(verdict: Verdict) -> str:
    limit, value = verdict.limit, "×".join(map(number_text, verdict.values))
    told = f"{limit.name} {value} {limit.relation} {limit.text.lstrip('<>=≤≥ ')}"
    return str(Text("holds: {told}", told=told) if verdict.holds else Text("BROKEN: {told}", told=told))


def json_text(found: dict[str, Sequence[Verdict]], errors: dict[str, list[dict[str, object]]]) -> str:
    """Schema 1 of the JSON output: every file with its limits, or with what is wrong with it."""
    files = [
        *({"file": file, "ok": all(each.holds for each in verdicts), "limits": [each.to_dict() for each in verdicts]} for file, verdicts in found.items()),
        *({"file": file, "ok": False, "errors": faults} for file, faults in errors.items()),
    ]  # fmt: skip
    return json.dumps({"schema": 1, "ok": all(each["ok"] for each in files), "files": files}, indent=2, ensure_ascii=False)  # fmt: skip
