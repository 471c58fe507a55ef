"""What a sweep found: the table, its last lines, Markdown, JSON and CSV."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Sequence
from io import StringIO
from itertools import groupby
from typing import TYPE_CHECKING, Any

from ..language import Text
from .markup import markdown_escaped, markdown_table
from .table import Grid, plain_grid

if TYPE_CHECKING:
    from ..search.sweep import Sweep
    from ..search.table import Table

AXIS = re.compile(r"(.+)\[\d+\]")
MOST_RULES = 10
"""How many rules the last lines name."""
MOST_LETTERS = 160
"""How much of a rule they show."""

Row = Sequence[int | str | None]


def plain(sweep: Sweep, found: Table) -> str:
    """The table and its last lines, as wide as the data."""
    lines = [plain_grid(grid(found)), ""] if len(found) else []
    return "\n".join([*lines, *totals(sweep, len(found))])


def markdown(sweep: Sweep, found: Table) -> str:
    lines = [markdown_table(grid(found)), ""] if len(found) else []
    return "\n".join([*lines, *(f"- {markdown_escaped(line)}" for line in totals(sweep, len(found)))])


def json_text(sweep: Sweep, found: Table) -> str:
    """Counts and rows; numbers are exact, whatever their size."""
    counts = sweep.counts
    told = {
        "schema": 1,
        "variants": sweep.total,
        "tried": counts.tried,
        "valid": counts.valid,
        "matching": counts.matching,
        "refused": [{"rule": str(rule), "variants": count} for rule, count in by_count(sweep)],
        "complete": sweep.complete,
        "columns": list(found.columns),
        "rows": [list(row) for row in found.rows()],
    }
    return json.dumps(told, ensure_ascii=False)


def csv_header(names: Sequence[str]) -> str:
    return csv_rows([names])


def csv_rows(rows: Iterable[Row]) -> str:
    """Lines of numbers and words; nothing in them begins a formula."""
    out = StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def grid(found: Table) -> Grid:
    """The rows as people read them; the axes of one quantity stand together."""
    groups = [list(group) for _, group in groupby(found.columns, _base)]
    places = {name: place for place, name in enumerate(found.columns)}
    lines = [[_cell(group, [row[places[name]] for name in group]) for group in groups] for row in found.rows()]
    titles = [_base(group[0]) if len(group) > 1 else group[0] for group in groups]
    numeric = [all(not re.search("[a-z]", line[i]) for line in lines) for i in range(len(groups))]
    return Grid(titles, numeric, lines)


def totals(sweep: Sweep, shown: int) -> list[str]:
    """What was tried, what is valid, what matches, and which rules refused the rest."""
    counts = sweep.counts
    said = {name: f"{number:,}" for name, number in {"tried": counts.tried, "valid": counts.valid, "matching": counts.matching}.items()}  # fmt: skip
    lines = [str(Text("{tried} variants tried, {valid} valid, {matching} match", **said))]
    if not sweep.complete:
        lines[0] = str(Text("stopped after {tried} of {total} variants: {valid} valid, {matching} match", total=f"{sweep.total:,}", **said))  # fmt: skip
    refused = by_count(sweep)
    lines += [_cut(str(Text("{count} refused: {rule}", count=f"{count:,}", rule=rule))) for rule, count in refused[:MOST_RULES]]  # fmt: skip
    if refused[MOST_RULES:]:
        rest = sum(count for _, count in refused[MOST_RULES:])
        lines.append(str(Text("{count} refused by {n} more rules", count=f"{rest:,}", n=len(refused) - MOST_RULES)))
    return [*lines, *_kept(sweep, shown)]


def by_count(sweep: Sweep) -> list[tuple[Text, int]]:
    """The rules that refused most first."""
    return sorted(sweep.counts.refused.items(), key=lambda item: -item[1])


def _kept(sweep: Sweep, shown: int) -> list[str]:
    """Which of those that match are shown."""
    if not shown:
        return []
    if sweep.pareto:
        front = len(sweep.best[0])
        if shown < front:
            return [str(Text("shown: {n} of {front} that no other beats in every goal; --top shows more", n=f"{shown:,}", front=f"{front:,}"))]  # fmt: skip
        return [str(Text("shown: {n} that no other beats in every goal (of equal ones the first)", n=f"{shown:,}"))]
    if shown == sweep.counts.matching:
        return []
    if sweep.asked.goals:
        return [str(Text("shown: the best {n}; --top shows more", n=f"{shown:,}"))]
    return [str(Text("shown: the first {n}; --top shows more", n=f"{shown:,}"))]


def _base(name: str) -> str:
    """`output` of `output[0]`."""
    found = AXIS.fullmatch(name)
    return found[1] if found else name


def _cell(names: Sequence[str], values: Sequence[Any]) -> str:
    """A number, a word, or the axes of a shape; of a receptive field that is the same on all axes the one number."""
    known = [value for value in values if value is not None]
    if not known:
        return "–"
    if len(names) > 1:
        alike = len(set(known)) == 1 and not _base(names[0]).endswith("output")
        return f"{known[0]:,}" if alike else "×".join(map(str, known))
    return f"{known[0]:,}" if isinstance(known[0], int) else str(known[0])


def _cut(line: str) -> str:
    return line if len(line) <= MOST_LETTERS else line[: MOST_LETTERS - 1] + "…"
