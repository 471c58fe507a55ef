"""The formulas of item analysis, on exact sums; a root is taken last. None where a formula has no meaning."""

from __future__ import annotations

from fractions import Fraction
from math import atanh, sqrt, tanh
from typing import NamedTuple

NORMAL_95 = 1.959963984540054
"""The normal deviate that 2.5 % lie above."""


class Moments(NamedTuple):
    """Sums over n students: x is a mark of one item, t the mark of the whole."""

    n: int
    x: Fraction
    xx: Fraction
    t: Fraction
    tt: Fraction
    xt: Fraction


def covariance(n: int, x: Fraction, y: Fraction, xy: Fraction) -> Fraction | None:
    """Of a sample: (Σxy − Σx·Σy/n) / (n − 1)."""
    return (xy - x * y / n) / (n - 1) if n > 1 else None


def item_rest(sums: Moments) -> float | None:
    """The correlation of an item with the rest of the test: cov(x, T − x) / √(var x · var(T − x)).

    What Moodle calls its discrimination index (question/classes/statistics/questions/calculator.php); the item is
    taken out of the total, so that it does not correlate with itself.
    """
    n = sums.n
    of_x, of_t = covariance(n, sums.x, sums.x, sums.xx), covariance(n, sums.t, sums.t, sums.tt)
    both = covariance(n, sums.x, sums.t, sums.xt)
    if of_x is None or of_t is None or both is None:
        return None
    rest, with_rest = of_t - 2 * both + of_x, both - of_x
    if not of_x or not rest:
        return None
    size = sqrt(with_rest**2 / (of_x * rest))
    return size if with_rest >= 0 else -size


def alpha(items: list[Fraction], total: Fraction) -> Fraction | None:
    """Cronbach's alpha: k/(k − 1) · (1 − Σ var xᵢ / var T), from the variances of k items and of their sum.

    Cronbach, "Coefficient alpha and the internal structure of tests", Psychometrika 16 (1951).
    """
    k = len(items)
    return Fraction(k, k - 1) * (1 - sum(items) / total) if k > 1 and total else None


def interval(r: float | None, n: int) -> tuple[float, float] | None:
    """Where a correlation lies with a confidence of 95 %: tanh(atanh r ± 1.96/√(n − 3)).

    Fisher, "On the probable error of a coefficient of correlation", Metron 1 (1921).
    """
    if r is None or n <= 3 or abs(r) >= 1:
        return None
    middle, reach = atanh(r), NORMAL_95 / sqrt(n - 3)
    return tanh(middle - reach), tanh(middle + reach)


def quantile(counts: dict[int, int], part: Fraction) -> Fraction | None:
    """The smallest mark that at least this part of the students does not exceed; between two marks, their middle."""
    n = sum(counts.values())
    if not n:
        return None
    wanted, seen, ordered = part * n, 0, sorted(counts)
    for place, mark in enumerate(ordered):
        seen += counts[mark]
        if seen == wanted and place + 1 < len(ordered):
            return Fraction(mark + ordered[place + 1], 2)
        if seen >= wanted:
            return Fraction(mark)
    return Fraction(ordered[-1])
