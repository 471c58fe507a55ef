"""Whether an exercise's numbers tell misconceptions apart: a mutation score, with misconceptions for mutants.

A misconception counts where it applies to an item. It is *caught* if in some item all its answers differ from the
right one; else it survives: who follows it gets full marks. It is *told apart* if from every other caught one its answers
differ in some item (who is not concerned gives the right answer there). The score is the share of misconceptions
that are caught and told apart. Rules with one formula, which no numbers tell apart, do not count against it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from ..exercise import Exercise
from ..misconceptions import Answer, applicable, conceivable
from ..subjects import Subject, subjects_of
from .construction import Construction, Constructions

Answers = Mapping[str, Mapping[str, tuple[Answer, ...]]]
"""By misconception and item, the answers of a student who follows it."""


class Group(NamedTuple):
    """Misconceptions that no item tells apart."""

    codes: tuple[str, ...]
    items: tuple[str, ...]
    """Where one of them applies."""


class Lint(NamedTuple):
    """What the numbers of an exercise show."""

    codes: tuple[str, ...]
    """The misconceptions that apply, in the catalogue's order."""
    items: tuple[str, ...]
    """The items that were judged: a misconception applies to them."""
    survivors: tuple[str, ...]
    """Those that give the right answer everywhere."""
    groups: tuple[Group, ...]
    """Those that give equal answers everywhere, by accident of the numbers."""
    same: tuple[Group, ...]
    """Those that are one rule here, whatever the numbers."""
    answers: Answers
    subjects: Mapping[str, Subject]

    @property
    def brief(self) -> Lint:
        """The findings without the answers that they come from, to be kept for many exercises."""
        return self._replace(answers={}, subjects={})

    @property
    def failing(self) -> tuple[str, ...]:
        """The misconceptions that count against the score."""
        alike = {code for group in self.groups for code in group.codes}
        return tuple(code for code in self.codes if code in self.survivors or code in alike)

    @property
    def score(self) -> Fraction:
        """The share of misconceptions that are caught and told apart; 1 where none applies."""
        return 1 - Fraction(len(self.failing), len(self.codes)) if self.codes else Fraction(1)

    @property
    def full(self) -> bool:
        return not self.failing


def lint(exercise: Exercise, constructions: Constructions | None = None) -> Lint:
    """Try every misconception on every item; with `constructions`, formulas are shared by exercises of one network."""
    return _Linter(subjects_of(exercise), (constructions or Constructions()).of(exercise)).lint()


class _Linter:
    def __init__(self, subjects: Mapping[str, Subject], construction: Construction) -> None:
        self.subjects, self.construction = subjects, construction
        self.keys = {item: subject.key for item, subject in subjects.items()}
        self.answers = self._answers()

    def lint(self) -> Lint:
        caught = {code: item for code in self.answers if (item := self._catching(code))}
        pairs = [pair for pair in self._meeting(caught) if not self._told_apart(*pair)]
        same = [pair for pair in pairs if self._one_rule(*pair)]
        judged = {item for by_item in self.answers.values() for item in by_item}
        return Lint(
            codes=tuple(self.answers),
            items=tuple(item for item in self.subjects if item in judged),
            survivors=tuple(code for code in self.answers if code not in caught),
            groups=self._grouped(pair for pair in pairs if pair not in same),
            same=self._grouped(same),
            answers=self.answers,
            subjects=self.subjects,
        )

    def _answers(self) -> dict[str, dict[str, tuple[Answer, ...]]]:
        found: dict[str, dict[str, tuple[Answer, ...]]] = {}
        for item, (about, quantity) in self.subjects.items():
            for entry in applicable(about, quantity):
                if answers := self._revealing(item, entry.code, entry.wrong(about)):
                    found.setdefault(entry.code, {})[item] = answers
        return found

    def _revealing(self, item: str, code: str, answers: tuple[Answer, ...]) -> tuple[Answer, ...]:
        """Without what nobody could hand in, and what is the right rule here whatever the numbers."""
        if self.keys[item] in answers:
            ways, right = self.construction.ways(item, code) or (), self.construction.key(item)
            if len(ways) == len(answers):  # else letters part answers that the numbers join
                answers = tuple(answer for answer, way in zip(answers, ways, strict=True) if way != right)
        return tuple(dict.fromkeys(answer for answer in answers if conceivable(answer)))

    def _catching(self, code: str) -> str | None:
        """An item in which all answers of the misconception are wrong."""
        return next((item for item, answers in self.answers[code].items() if self.keys[item] not in answers), None)

    def _meeting(self, caught: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        """Pairs of caught misconceptions that share an answer in the item that catches the first."""
        place = {code: at for at, code in enumerate(self.answers)}
        giving: dict[tuple[str, Answer], list[str]] = {}
        for code in caught:
            for item, answers in self.answers[code].items():
                for answer in answers:
                    giving.setdefault((item, answer), []).append(code)
        for code, item in caught.items():
            sharing = {other for answer in self.answers[code][item] for other in giving[item, answer]}
            yield from ((code, other) for other in sorted(sharing, key=place.__getitem__) if place[other] > place[code])

    def _given(self, code: str, item: str) -> tuple[Answer | None, ...]:
        """The answers of who follows the misconception; the right one where it does not apply."""
        return self.answers[code].get(item, (self.keys[item],))

    def _told_apart(self, one: str, other: str) -> bool:
        return any(
            set(self._given(one, item)).isdisjoint(self._given(other, item))
            for item in (*self.answers[one], *self.answers[other])
        )

    def _one_rule(self, one: str, other: str) -> bool:
        """Whether the two have a formula in common wherever one of them applies."""
        return all(self._common(item, one, other) for item in {*self.answers[one], *self.answers[other]})

    def _common(self, item: str, one: str, other: str) -> bool:
        ways = [self.construction.ways(item, code) for code in (one, other) if item in self.answers[code]]
        return len(ways) == 2 and not set(ways[0] or ()).isdisjoint(ways[1] or ())

    def _grouped(self, pairs: Iterable[tuple[str, str]]) -> tuple[Group, ...]:
        """Pairs that share a member, together."""
        groups: list[set[str]] = []
        for pair in pairs:
            joined = {*pair}.union(*(group for group in groups if not group.isdisjoint(pair)))
            groups = [*(group for group in groups if group.isdisjoint(pair)), joined]
        return tuple(self._group(codes) for codes in groups)

    def _group(self, codes: set[str]) -> Group:
        items = {item for code in codes for item in self.answers[code]}
        ordered = tuple(code for code in self.answers if code in codes)
        return Group(ordered, tuple(item for item in self.subjects if item in items))
