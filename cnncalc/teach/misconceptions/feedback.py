"""What a student is told: their own number worked out again, and the cause."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ...algebra import canonical
from ...arithmetic import Dim
from ...derive.explain import output_letters
from ...expression import SPACED, Expr, render
from ...language import Text
from .base import Answer, Answers, Entry
from .case import Case, Network
from .lettering import Lettered, letters_of
from .values import Cell

MINUS = SPACED.minus.strip()
LONGEST = 160
"""Characters of arithmetic; more is not read."""


def feedback_for(entry: Entry, subject: Any, answer: Answer) -> Text:
    """The cause, after the arithmetic that leads to `answer` by the wrong rule: "3·3·32·64 = 18,432: the biases ..."."""
    return Text("{arithmetic}: {cause}", arithmetic=Arithmetic(entry, subject, answer), cause=entry.feedback)


@dataclass(frozen=True)
class Arithmetic:
    """The arithmetic that leads to an answer, worked out when it is shown first: most feedback never is."""

    entry: Entry
    subject: Any
    answer: Answer

    @cached_property
    def told(self) -> str:
        return arithmetic(self.entry, self.subject, self.answer)

    def __str__(self) -> str:
        return self.told

    def __reduce__(self) -> tuple[Any, ...]:
        return str, (self.told,)  # rules cannot be sent to another process


def arithmetic(entry: Entry, subject: Any, answer: Answer) -> str:
    """`answer`, as the wrong rule makes it of the subject's numbers."""
    which = list(entry.wrong(subject)).index(answer)
    if not entry.lettered or isinstance(subject, Network):
        return written(answer)
    twin = letters_of(subject)
    formula = entry.wrong(twin.subject)[which]
    if not isinstance(answer, tuple):
        return _equation(formula, twin, answer)
    return _axes(subject, formula, answer, twin)


def formulas(entry: Entry, subject: Case | Cell) -> Answers:
    """The wrong rule on letters."""
    return entry.wrong(letters_of(subject).subject)


def written(answer: Answer) -> str:
    """A number with its thousands set apart; a shape as 26×26×32."""
    if isinstance(answer, tuple):
        return "×".join(map(str, answer))
    return (f"{answer:,}" if isinstance(answer, int) else str(answer)).replace("-", MINUS)


def _equation(formula: Dim, twin: Lettered, answer: Dim) -> str:
    """`3·3·32·64 = 18,432`, or the number alone where there is nothing to calculate."""
    plain = written(answer)
    if not isinstance(formula, Expr) or formula.op == "symbol":
        return plain
    sides = render(formula, SPACED, lambda name: _number(twin.numbers[name]))
    return f"{sides} = {plain}" if len(sides) <= LONGEST and sides != plain else plain


def _number(value: Dim) -> str:
    return f"({written(value)})" if value < 0 else str(value)


def _axes(subject: Case, formula: tuple[Dim, ...], answer: tuple[Dim, ...], twin: Lettered) -> str:
    """The shape, then the axes that were calculated, each kind of calculation once."""
    letters = output_letters(subject.layer, len(answer))
    if len(answer) != len(subject.output):
        letters = tuple("" for _ in answer)
    lines: dict[str, str] = {}
    for letter, axis, number in zip(letters, formula, answer, strict=True):
        line = _equation(axis, twin, number)
        if line != written(number):
            lines.setdefault(line, letter)
    told = [f"{letter} = {line}" if letter else line for line, letter in lines.items()]
    return f"{written(answer)} ({', '.join(told)})" if told else written(answer)


def alike(entries: Iterable[Entry], subject: Case | Cell) -> tuple[tuple[str, ...], ...]:
    """The codes that give equal answers whatever the numbers, since their formulas are equal: no exercise tells them apart."""
    groups: dict[Any, list[str]] = {}
    for entry in entries:
        if entry.lettered:
            groups.setdefault(frozenset(map(_canonical, formulas(entry, subject))), []).append(entry.code)
    return tuple(tuple(codes) for codes in groups.values() if len(codes) > 1)


def _canonical(formula: Answer) -> Any:
    return tuple(map(canonical, formula)) if isinstance(formula, tuple) else canonical(formula)
