"""The conventions side by side, and below each what makes its difference."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from io import StringIO
from typing import TYPE_CHECKING

from ..arithmetic import Dim
from ..derive import Summary
from ..derive.reconcile import LARGEST, Cause, Reconciled, parameters, reconcile
from ..derive.rules import Concern
from ..language import Text
from .columns import number_text, validity
from .markup import markdown_escaped, markdown_table
from .table import Grid, plain_grid, show_grid

if TYPE_CHECKING:
    from rich.console import Console

CONCERNS = {
    Concern.contraction: Text("products"),
    Concern.bias: Text("bias"),
    Concern.normalization: Text("normalisation"),
    Concern.activation: Text("activation"),
    Concern.pooling: Text("pooling"),
    Concern.upsampling: Text("upsampling"),
    Concern.recurrent: Text("recurrence"),
    Concern.embedding: Text("embedding"),
}

NOTE = Text("Difference: from macs, in the unit of the line (2 FLOPs per MAC).")
PARAMETERS = (
    Text("Keras's total, with moving statistics"),
    Text("PyTorch's parameters(), without them"),
    Text("trainable"),
)


def _grid(found: Sequence[Reconciled]) -> Grid:
    titles = [Text("Convention"), Text("Version"), Text("Unit"), Text("Total"), Text("Difference")]
    rows = [
        [
            each.convention.name,
            each.convention.version or "–",
            each.convention.unit,
            number_text(each.total),
            signed(each.difference),
        ]
        for each in found
    ]
    return Grid(list(map(str, titles)), [False, False, False, True, True], rows)


def _parameter_grid(summary: Summary) -> Grid:
    numbers = parameters(summary)
    rows = [[str(name), number_text(number)] for name, number in zip(PARAMETERS, numbers, strict=True)]
    return Grid([str(Text("Parameters")), str(Text("Total"))], [False, True], rows)


def signed(amount: Dim) -> str:
    """A difference for people: +1,000 and −1,000."""
    if not isinstance(amount, int):
        return str(amount)
    return f"+{amount:,}" if amount > 0 else f"−{-amount:,}" if amount else "0"


def _explained(found: Sequence[Reconciled]) -> Iterator[tuple[str, list[str]]]:
    """A head and lines for every convention that has something to say."""
    for each in found:
        lines = [line for cause in each.causes for line in _cause(cause)]
        if each.unrecorded:
            kinds = ", ".join(f"{count} {kind}" for kind, count in each.unrecorded.items())
            lines.append(str(Text("no rule was recorded for {kinds}: only their products count", kinds=kinds)))
        name, unit, difference = each.convention.name, each.convention.unit, signed(each.difference)
        if lines:
            head = f"{name}: {difference} {unit} = {_sum(each)}" if each.causes else f"{name}: {difference} {unit}"
            yield head, [str(Text("counts {what}", what=each.convention.says)), *lines]


def _sum(each: Reconciled) -> str:
    """The parts of a difference by concern."""
    parts: dict[Concern, Dim] = {}
    for cause in each.causes:
        parts[cause.concern] = parts.get(cause.concern, 0) + cause.amount
    return ", ".join(f"{CONCERNS[concern]} {signed(amount)}" for concern, amount in parts.items())


def _cause(cause: Cause) -> Iterator[str]:
    yield str(
        Text(
            "{amount} for {concern} in {n} {kind}: {says}",
            amount=signed(cause.amount),
            concern=CONCERNS[cause.concern],
            n=len(cause.shares),
            kind=cause.kind,
            says=cause.says,
        )
    )
    if len(cause.shares) == 1:
        yield f"  {cause.shares[0].name}"
        return
    named = [f"{share.name} {signed(share.amount)}" for share in cause.shares[:LARGEST]]
    more = len(cause.shares) - LARGEST
    if more > 0:
        named.append(str(Text("and {n} more", n=more)))
    yield f"  {', '.join(named)}"


def plain(summary: Summary) -> str:
    """The comparison as aligned text."""
    found = reconcile(summary)
    told = [f"{head}\n" + "\n".join(f"  {line}" for line in lines) for head, lines in _explained(found)]
    return "\n\n".join(
        [plain_grid(_grid(found)), str(NOTE), *told, plain_grid(_parameter_grid(summary)), *validity(summary)]
    )


def show(summary: Summary, console: Console) -> None:
    """The comparison on a terminal, folded to its width."""
    from rich.padding import Padding  # Rich costs more than all else: a pipe never loads it
    from rich.text import Text as RichText

    found = reconcile(summary)
    show_grid(_grid(found), console, title=summary.name)
    console.print()
    console.print(RichText(str(NOTE)), overflow="fold", end="\n\n")
    for head, lines in _explained(found):
        console.print(RichText(head, style="bold"), overflow="fold")
        for line in lines:
            indent = 2 + len(line) - len(line.lstrip())
            console.print(Padding(RichText(line.strip(), overflow="fold"), (0, 0, 0, indent), expand=False))
        console.print()
    show_grid(_parameter_grid(summary), console)
    for line in validity(summary):
        console.print(RichText(f"\n{line}"), overflow="fold")


def markdown(summary: Summary) -> str:
    """Two tables in GitHub's Markdown and lists between them."""
    found = reconcile(summary)
    parts = [markdown_table(_grid(found)), str(NOTE)]
    for head, lines in _explained(found):
        items = [("  - " if line.startswith(" ") else "- ") + markdown_escaped(line.strip()) for line in lines]
        parts.append("\n".join([f"**{markdown_escaped(head)}**", "", *items]))
    return "\n\n".join([*parts, markdown_table(_parameter_grid(summary)), *validity(summary)])


def csv_text(summary: Summary) -> str:
    """A line per convention, numbers without commas; the causes are in the JSON."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["convention", "version", "unit", "total", "difference"])
    for each in reconcile(summary):
        chosen = each.convention
        writer.writerow([chosen.name, chosen.version, chosen.unit, str(each.total), str(each.difference)])
    return out.getvalue().rstrip("\n")


def json_text(summary: Summary) -> str:
    """Schema 1 of the JSON output."""
    numbers = parameters(summary)._asdict()
    told = {
        "schema": 1,
        "name": summary.name,
        "conventions": [each.to_dict() for each in reconcile(summary)],
        "params": {name: number if isinstance(number, int) else str(number) for name, number in numbers.items()},
    }
    return json.dumps(told, indent=2, ensure_ascii=False)
