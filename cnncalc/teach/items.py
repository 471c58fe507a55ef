"""From questions to items: one answer each, with its name in an answer sheet, its kind and its points."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from ..architecture.entries import Faults
from ..derive import Summary
from ..errors import Path
from ..language import Text
from .conditions import conditions
from .quantities import OF_NETWORK, Unknown, by_layer, layer, quantity
from .questions import (  # fmt: skip
    Choice,
    Claim,
    Design,
    FeatureMap,
    Formula,
    MapValue,
    Memory,
    OfLayers,
    Predictions,
    Question,
    Solve,
)


class Item(NamedTuple):
    """One answer that is asked for."""

    id: str
    """The column of an answer sheet: `conv2d.shape`, `total_params`, or the question's own."""
    answer: str
    """The kind of answer: shape, integer, real, matrix, formula, truth, choice, architecture, labels."""
    points: Fraction
    question: Question
    path: Path
    """Where the file asks."""
    layer: str | None = None
    quantity: str = ""

    @property
    def reading(self) -> str:
        """How its answer is read: as its kind, but a receptive field may be one number."""
        return "field" if self.answer == "shape" and self.quantity == "receptive_field" else self.answer


FILES = frozenset({"architecture", "labels"})
"""The kinds of answer that are files: they are handed in, not typed."""

NEEDS_NETWORK = (OfLayers, Memory, Formula, Solve, Claim, Choice)
TUPLES = {"shape", "receptive_field"}


def items_of(questions: Sequence[Question], summary: Summary | None, faults: Faults) -> tuple[Item, ...]:
    """The items of all questions, in order; what the questions name and is not there is noted."""
    found: list[Item] = []
    for index, question in enumerate(questions):
        path = ("questions", index)
        needed = isinstance(question, NEEDS_NETWORK) or (type(question) is Question and question.ask in OF_NETWORK)
        if needed and summary is None:
            message = Text("{ask} asks about a network, and the exercise has no `architecture`", ask=question.ask)
            faults.note("no-architecture", message, path)
            continue
        found += _of(question, summary, path, faults)
    return _named(found, faults)


def _of(question: Question, summary: Summary | None, path: Path, faults: Faults) -> Iterator[Item]:
    match question:
        case OfLayers() if question.chosen and summary is not None:
            yield from _of_layers(question, summary, path, faults)
        case Solve() if summary is not None:
            yield from _solve(question, summary, path, faults)
        case Formula() | Claim() | Choice() if summary is not None:
            yield from _about(question, summary, path, faults)
        case Memory():
            yield Item(f"memory.{question.part}", "integer", question.points, question, path, None, f"memory.{question.part}")  # fmt: skip
        case FeatureMap():
            kind = "real" if isinstance(question, MapValue) else "matrix"
            yield Item(question.ask, kind, question.points, question, path)
        case Design():
            conditions(question.must, (*path, "must"), faults)
            yield Item(question.ask, "architecture", question.points, question, path)
        case Predictions():
            yield Item(question.ask, "labels", question.points, question, path)
        case _ if summary is not None:
            yield from _of_network(question, summary, path, faults)


def _of_network(question: Question, summary: Summary, path: Path, faults: Faults) -> Iterator[Item]:
    if question.ask not in OF_NETWORK:
        faults.note("no-layers", Text("{ask} needs `layers`: names of layers, or all", ask=question.ask), path)
        return
    try:
        quantity(summary, question.ask)
    except Unknown as unknown:
        faults.note("unknown-quantity", unknown.text, (*path, "ask"), *unknown.remedies)
        return
    kind = "shape" if question.ask in TUPLES else "integer"
    yield Item(question.ask, kind, question.points, question, path, None, question.ask)


def _of_layers(question: OfLayers, summary: Summary, path: Path, faults: Faults) -> Iterator[Item]:
    key = "layer" if question.layer else "layers"
    kind = "shape" if question.ask in TUPLES else "integer"
    for name in _rows(question, summary):
        try:
            layer(summary, name)
            quantity(summary, f"{name}.{question.ask}")
        except Unknown as unknown:
            if question.chosen != ("all",):  # of all layers, those that have it
                faults.note("unknown-layer", unknown.text, (*path, key), *unknown.remedies)
            continue
        yield Item(f"{name}.{question.ask}", kind, question.points, question, path, name, question.ask)


def _rows(question: OfLayers, summary: Summary) -> tuple[str, ...]:
    return tuple(by_layer(summary)) if question.chosen == ("all",) else question.chosen


def _solve(question: Solve, summary: Summary, path: Path, faults: Faults) -> Iterator[Item]:
    try:
        row = layer(summary, question.layer)
        quantity(summary, f"{row.name}.{question.field}")
    except Unknown as unknown:
        key = "field" if any(row.name == question.layer for row in summary.rows) else "layer"
        faults.note("unknown-field", unknown.text, (*path, key), *unknown.remedies)
        return
    good = True
    for name in question.wanted:
        try:
            quantity(summary, name if name in OF_NETWORK else f"{row.name}.{name}")
        except Unknown as unknown:
            faults.note("unknown-quantity", unknown.text, (*path, "for", name), *unknown.remedies)
            good = False
    if good:
        yield Item(f"{row.name}.{question.field}", "integer", question.points, question, path, row.name, question.field)


def _about(question: Formula | Claim | Choice, summary: Summary, path: Path, faults: Faults) -> Iterator[Item]:
    try:
        about = quantity(summary, question.of)
    except Unknown as unknown:
        faults.note("unknown-quantity", unknown.text, (*path, "of"), *unknown.remedies)
        return
    name = about.row.name if about.row else None
    match question:
        case Formula():
            if name is None or about.name not in {"shape", "params", "macs"} or isinstance(about.value, tuple):
                message = Text("a formula is asked of one number of a layer: shape[0], params or macs, not {of}", of=question.of)  # fmt: skip
                faults.note("no-formula", message, (*path, "of"))
                return
            yield Item(f"{question.of}.formula", "formula", question.points, question, path, name, about.name)
        case _:
            kind = "truth" if isinstance(question, Claim) else "choice"
            yield Item(question.ask, kind, question.points, question, path, name, about.name)


def _named(items: list[Item], faults: Faults) -> tuple[Item, ...]:
    """The items under the names of their questions; claims and the like are numbered as layers are."""
    alone = Counter(item.path for item in items)
    taken: dict[str, Item] = {}
    for item in items:
        own = item.question.id
        if own and alone[item.path] > 1:
            faults.note("id", Text("an id names one item, and this question has {n}", n=alone[item.path]), (*item.path, "id"))  # fmt: skip
            return tuple(items)
        name = own or item.id
        if name == item.question.ask and name not in OF_NETWORK:
            name = _numbered(name, taken)
        if name in taken:
            message = Text("two questions have the item {name}", name=name)
            hint = Text("give one of them another `id`")
            faults.note("item-twice", message, item.path, hint)
        taken[name] = item._replace(id=name)
    return tuple(taken.values())


def _numbered(name: str, taken: dict[str, Item]) -> str:
    count = 0
    while (numbered := f"{name}_{count}" if count else name) in taken:
        count += 1
    return numbered
