"""From the counts of a class to what they say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import sqrt

from ...language import Text
from ..outcomes import VERDICTS
from ..results import decimal
from . import formulas
from .findings import Bin, ClassFindings, CodeFindings, Count, Group, ItemFindings, Talk, WrongValue
from .gathering import Gathering
from .labels import ENOUGH, labels_of, warnings_of

HIDE_BELOW = 5
"""Fewer students are not told: with so few, a number points at persons."""
GROUP = Fraction(27, 100)
"""Of the class, for the upper and for the lower group: the usual compromise between large groups and different ones
(Kelley, "The selection of upper and lower groups for the validation of test items", Journal of Educational Psychology 30, 1939)."""
VALUES = 5
"""Wrong values listed of an item."""
FAR_BELOW = 2
"""Standard deviations below the mean that are worth a talk."""
MANY = 50
"""Students from which on the distribution is told in tenths, not in fifths."""


def findings(gathering: Gathering, hide_below: int = HIDE_BELOW) -> ClassFindings:
    """Everything that the counts say. `hide_below=1` hides nothing."""
    return _Looking(gathering, hide_below).found()


class _Looking:
    def __init__(self, gathering: Gathering, hide_below: int) -> None:
        self.counts = gathering
        self.hide_below = hide_below
        self.present = gathering.students - gathering.absent
        self.complete = sum(level.n for level in gathering.levels.values())
        self.max = sum(gathering.points.values(), Fraction(0))
        self.lower = self._group(sorted(gathering.levels))
        self.upper = self._group(sorted(gathering.levels, reverse=True))
        if self.lower and self.upper and self.lower.bound >= self.upper.bound:
            self.lower = self.upper = None  # too many students with one total to part the class

    def found(self) -> ClassFindings:
        codes = self._codes()
        mean, deviation = self._spread()
        median = formulas.quantile(self.counts.finals, Fraction(1, 2))
        return ClassFindings(
            students=self.counts.students,
            absent=self.counts.absent,
            undecided=self.present - self.counts.finals.total(),
            complete=self.complete,
            max=self.max,
            mean=mean,
            median=None if median is None else median / self.counts.unit,
            deviation=deviation,
            alpha=self._alpha(),
            bins=tuple(self._bins()),
            items=tuple(map(self._item, self.counts.items)),
            codes=tuple(code for code in codes if code.students >= self.hide_below),
            rare_codes=sum(code.students < self.hide_below for code in codes),
            upper=self.upper,
            lower=self.lower,
            labelled=self.complete >= ENOUGH,
            hide_below=self.hide_below,
            talks=tuple(self._talks(mean, deviation)),
        )

    def _told(self, count: int) -> Count:
        """The count, unless it is small."""
        return None if 0 < count < self.hide_below else count

    def _spread(self) -> tuple[Fraction | None, float | None]:
        """Mean and standard deviation of the final marks."""
        finals, unit = self.counts.finals, self.counts.unit
        n = finals.total()
        if not n:
            return None, None
        sums = Fraction(sum(mark * each for mark, each in finals.items()), unit)
        squares = Fraction(sum(mark * mark * each for mark, each in finals.items()), unit * unit)
        variance = formulas.covariance(n, sums, sums, squares)
        return sums / n, None if variance is None else sqrt(variance)

    def _alpha(self) -> Fraction | None:
        moments = [self.counts.moments(name) for name in self.counts.items]
        variances = [formulas.covariance(each.n, each.x, each.x, each.xx) for each in moments]
        total = formulas.covariance(moments[0].n, moments[0].t, moments[0].t, moments[0].tt) if moments else None
        known = [each for each in variances if each is not None]
        return formulas.alpha(known, total) if total is not None and len(known) == len(variances) else None

    def _bins(self) -> Iterator[Bin]:
        """The distribution of the final marks; marks by hand above the points are in the last part."""
        if not self.max:
            return
        finals = self.counts.finals
        parts = 10 if finals.total() >= MANY else 5
        whole = self.max * self.counts.unit
        counts: Counter[int] = Counter()
        for mark, n in finals.items():
            counts[min(parts - 1, max(0, int(mark * parts // whole)))] += n
        for part in range(parts):
            yield Bin(Fraction(part, parts), Fraction(part + 1, parts), self._told(counts[part]))

    def _item(self, name: str) -> ItemFindings:
        counts = self.counts.items[name]
        n, facility = self.counts.facility(name)
        sums = self.counts.moments(name)
        correlation = formulas.item_rest(sums)
        common = [(entry, times) for entry, times in counts.wrong.commonest() if times >= self.hide_below][:VALUES]
        values = tuple(WrongValue(value, codes, times, Fraction(times, self.present)) for (value, codes), times in common)  # fmt: skip
        enough = sums.n >= ENOUGH
        return ItemFindings(
            item=name,
            points=self.counts.points[name],
            n=n,
            facility=facility,
            verdicts={verdict: self._told(counts.verdicts[verdict]) for verdict in VERDICTS},
            item_rest=correlation,
            interval=formulas.interval(correlation, sums.n),
            labels=labels_of(facility, correlation) if enough else (),
            warnings=tuple(warnings_of(values, correlation if enough else None)),
            values=values,
            rare=counts.wrong.total - sum(value.students for value in values),
            at_most_missing=counts.wrong.missing,
            also=self.counts.evidence[name].also if name in self.counts.evidence else (),
        )

    def _codes(self) -> list[CodeFindings]:
        """Every code, the commonest first; of the whole class with all marks, and of its two ends."""
        everyone, upper, lower = (self._causes(group) for group in (None, self.upper, self.lower))
        ordered = sorted(everyone.items(), key=lambda entry: (-entry[1], entry[0]))
        return [
            CodeFindings(
                code,
                n,
                Fraction(n, self.complete),
                self._told(upper[code]),
                self._told(lower[code]),
                self._told(max(n, self.counts.chances(code))),
            )
            for code, n in ordered
        ]

    def _causes(self, group: Group | None) -> Counter[str]:
        found: Counter[str] = Counter()
        for total, level in self.counts.levels.items():
            if group is None or self._belongs(Fraction(total, self.counts.unit), group):
                found.update(level.causes)
        return found

    def _belongs(self, total: Fraction, group: Group) -> bool:
        return total >= group.bound if group is self.upper else total <= group.bound

    def _group(self, totals: list[int]) -> Group | None:
        """From the first totals on, whole levels until 27 % of the class are in; equal totals are never parted."""
        n = 0
        for total in totals:
            n += self.counts.levels[total].n
            if n >= GROUP * self.complete:
                return Group(n, Fraction(total, self.counts.unit))
        return None

    def _talks(self, mean: Fraction | None, deviation: float | None) -> Iterator[Talk]:
        """First who follows one wrong rule, which one talk can mend; then who is far below the class."""
        for minus, student, code in self.counts.of_one_cause.first():
            yield Talk(student, Text("{n} wrong answers with one cause", n=-minus), code)
        if mean is None or not deviation:
            return
        bound = float(mean) - FAR_BELOW * deviation
        for units, student in self.counts.lowest.first():
            mark = Fraction(units, self.counts.unit)
            if mark < bound:
                told: Mapping[str, str] = {"score": decimal(mark, 2), "mean": decimal(mean, 2)}
                yield Talk(student, Text("{score} points, far below the mean of {mean}", **told))
