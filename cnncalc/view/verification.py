"""A comparison with NumPy and frameworks: a table, Markdown, JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..language import Text
from ..opinion import Held, Refusal, Seen
from ..verify import Compared, Verification
from .columns import bytes_text, number_text, shape_text
from .markup import markdown_escaped, markdown_table
from .table import Grid, plain_grid, show_grid

if TYPE_CHECKING:
    from rich.console import Console

AGREES = Text("agrees")
UNSEEN = Text("– (a layer before was refused)")


def _grid(found: Verification) -> Grid:
    titles = [Text("Layer"), Text("Kind"), Text("Output shape"), Text("Trainable"), Text("Non-trainable"), Text("MACs")]
    rows = [[*_derived(layer), *(_cell(layer, witness) for witness in layer.answers)] for layer in found.layers]
    right = [False, False, False, True, True, True, *(False for _ in found.versions)]
    return Grid([*map(str, titles), *found.versions], right, rows)


def _derived(layer: Compared) -> list[str]:
    numbers = layer.derived
    shapes = ", ".join(map(shape_text, numbers.shapes))
    counts = (numbers.trainable, numbers.non_trainable, layer.row.macs)
    return [layer.row.name, layer.row.kind, shapes, *map(number_text, counts)]


def _cell(layer: Compared, witness: str) -> str:
    """`agrees`, or what differs and how the witness sees it."""
    answer = layer.answers[witness]
    if answer is None:
        return str(UNSEEN)
    if isinstance(answer, Refusal):
        return str(Text("refused: {reason}", reason=answer.reason))
    return "; ".join(_told(difference, answer) for difference in layer.differences(witness)) or str(AGREES)


def _told(difference: str, answer: Seen) -> str:
    """A difference, with the number that the witness has."""
    match difference:
        case "shapes":
            return str(Text("shape {shape}", shape=", ".join(map(shape_text, answer.shapes))))
        case "trainable":
            return str(Text("trainable {n}", n=number_text(answer.trainable)))
        case "non_trainable":
            return str(Text("non-trainable {n}", n=number_text(answer.non_trainable)))
        case "macs":
            return str(Text("MACs {n}", n=number_text(answer.macs or 0)))
    return str(Text("receptive field: a poked pixel reached other outputs"))


def _notes(found: Verification) -> Iterator[str]:
    """The verdict, and what was bridged."""
    others = ", ".join(f"{witness} {version}" for witness, version in found.versions.items())
    wrong = sum(not layer.agrees for layer in found.layers)
    if wrong:
        yield str(Text("{n} of {all} layers differ from {witnesses}", n=wrong, all=len(found.layers), witnesses=others))
    else:
        yield str(Text("All {n} layers agree with {witnesses}", n=len(found.layers), witnesses=others))
    if found.on_padding:
        yield str(
            Text(
                "Multiplications with a zero of the padding, which MACs count too: {n}", n=number_text(found.on_padding)
            )
        )
    if found.memory:
        yield _memory(*found.memory)
    if found.pokes:
        yield str(Text("Receptive fields: pixels poked, one run each: {n}", n=found.pokes))
    for witness, convention, layers in found.bridged():
        yield str(Text("{witness}: {convention} ({n} layers)", witness=witness, convention=convention.says, n=len(layers)))  # fmt: skip


def _memory(derived: Held, measured: Held) -> str:
    """The memory in one line: as derived, and as measured where that differs."""
    if derived == measured:
        return str(Text("Memory: {weights} of weights and {peak} of outputs at most, as derived", weights=bytes_text(derived.weights), peak=bytes_text(derived.inference_peak)))  # fmt: skip
    numbers = {"weights": measured.weights, "peak": measured.inference_peak, "own": derived.weights, "most": derived.inference_peak}  # fmt: skip
    return str(Text("Memory differs: {weights} bytes of weights and {peak} of outputs were measured, {own} and {most} derived", **{name: number_text(n) for name, n in numbers.items()}))  # fmt: skip


def plain(found: Verification) -> str:
    """The comparison as aligned text."""
    return "\n".join([plain_grid(_grid(found)), "", *_notes(found)])


def show(found: Verification, console: Console) -> None:
    """The comparison on a terminal, folded to its width."""
    from rich.text import Text as RichText  # Rich costs more than all else: a pipe never loads it

    show_grid(_grid(found), console, title=found.name)
    console.print()
    for note in _notes(found):
        console.print(RichText(note), overflow="fold")


def markdown(found: Verification) -> str:
    """A table in GitHub's Markdown and a list below it."""
    notes = [f"- {markdown_escaped(note)}" for note in _notes(found)]
    return "\n".join([markdown_table(_grid(found)), "", *notes])


def json_text(found: Verification) -> str:
    """Schema 1 of the JSON output."""
    return json.dumps(found.to_dict(), indent=2, ensure_ascii=False)
