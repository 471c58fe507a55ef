"""Labels that a student's model predicts, held against the true ones: accuracy and confusion, counted exactly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from ..errors import ArchitectureError
from ..language import Text
from .answers.characters import plain
from .answers.handed import MAX_FILE, Handed
from .answers.understood import Measured, Understood
from .answers.values import NOTHING
from .labels import Labels, read_labels
from .results import decimal

Counts = Iterable[tuple[str, str | None, int]]
"""True label, predicted label, how often; None for a label that none of the true ones is."""

MAX_MATRIX = 100
"""Labels of a confusion matrix that is written out."""

PAIRS = 3
"""Confusions that are told."""


def read_predictions(text: str, truth: Labels) -> Understood:
    """What a file of predicted labels is worth."""
    if not isinstance(text, Handed):
        if plain(text).strip("_").casefold() in NOTHING:
            return Understood("blank")
        return Understood("unreadable", note=Text("there is no file of this name in your folder"))
    if not text.path:
        return Understood("unreadable", note=Text("the file is larger than {limit} MiB, the most that is read", limit=MAX_FILE // 2**20))  # fmt: skip
    try:
        mine = read_labels(text.path)
    except ArchitectureError as error:
        return Understood("unreadable", note=Text("{where}: {message}", where=text.name, message=error.first.message))
    paired = _paired(truth, mine)
    if isinstance(paired, Text):
        return Understood("unreadable", note=paired)
    counts = confusion(truth.labels, paired)
    right, total = _totals(counts)
    reading = f"{right:,}/{total:,} = {percent(Fraction(right, total))} %"
    return Understood("read", Measured(counts, reading), reading)


def _paired(truth: Labels, mine: Labels) -> tuple[str, ...] | Text:
    """The predicted labels in the order of the true ones: by id where both have ids, else row by row."""
    if truth.ids is None or mine.ids is None:
        if len(mine.labels) == len(truth.labels):
            return mine.labels
        return Text("the file has {n} labels, and {wanted} are asked for", n=len(mine.labels), wanted=len(truth.labels))
    found = dict(zip(mine.ids, mine.labels, strict=True))
    missing = sum(each not in found for each in truth.ids)
    if missing or len(found) < len(mine.ids) or len(found) > len(truth.ids):
        unknown, twice = len(found) - (len(truth.ids) - missing), len(mine.ids) - len(found)
        return Text("the ids do not fit: {missing} are missing, {unknown} are unknown, {twice} are there again", missing=missing, unknown=unknown, twice=twice)  # fmt: skip
    return tuple(found[each] for each in truth.ids)


def confusion(true: Iterable[str], predicted: Iterable[str]) -> list[tuple[str, str | None, int]]:
    """How often which label was taken for which, in the order of the labels."""
    pairs = Counter(zip(true, predicted, strict=True))
    known = {label for label, _ in pairs}
    counts: Counter[tuple[str, str | None]] = Counter()
    for (label, found), n in pairs.items():
        counts[label, found if found in known else None] += n
    return [(*pair, counts[pair]) for pair in sorted(counts, key=lambda pair: (_order(pair[0]), _order(pair[1])))]


def _order(label: str | None) -> tuple[int, int, str]:
    """Numbers by size, then words, then what is no label at all."""
    if label is None:
        return (2, 0, "")
    return (0, int(label), "") if label.isdecimal() else (1, 0, label)


def accuracy(counts: Counts) -> Fraction:
    """The share of labels that are right."""
    right, total = _totals(counts)
    return Fraction(right, total)


def _totals(counts: Counts) -> tuple[int, int]:
    listed = list(counts)
    return sum(n for true, found, n in listed if true == found), sum(n for *_, n in listed)


def percent(share: Fraction) -> str:
    """A share in percent, with two decimals that never round up to a limit that was missed."""
    return decimal(Fraction(int(share * 10000), 100), 2)


def confused(counts: Counts) -> list[tuple[str, str | None, int]]:
    """The commonest mistakes, the first labels first among equals."""
    mistakes = [each for each in counts if each[0] != each[1]]
    return sorted(mistakes, key=lambda each: -each[2])[:PAIRS]


def remark(counts: Counts, least: Fraction) -> Text:
    """What a student is told of too low an accuracy."""
    listed = list(counts)
    right, total = _totals(listed)
    told = Text(
        "{right} of {total} labels are right, which is {percent} %; at least {least} % are asked for.",
        right=f"{right:,}", total=f"{total:,}", percent=percent(Fraction(right, total)), least=percent(least),
    )  # fmt: skip
    for true, found, n in confused(listed):
        other = found if found is not None else Text("a label that does not exist")
        told = Text("{told} {true} was taken for {other} {n} times.", told=told, true=true, other=other, n=n)
    return told


def evidence(counts: Counts) -> dict[str, Any]:
    """Accuracy and the confusion matrix for JSON; its rows are true labels, its last column is labels that are none.

    Of very many labels there is no matrix: the pairs that occur are what was understood of the answer.
    """
    table = {(true, found): n for true, found, n in counts}
    labels = sorted({true for true, _ in table}, key=_order)
    found: dict[str, Any] = {"accuracy": str(accuracy((*pair, n) for pair, n in table.items())), "labels": labels}
    if len(labels) <= MAX_MATRIX:
        found["confusion"] = [[table.get((true, other), 0) for other in (*labels, None)] for true in labels]
    return found
