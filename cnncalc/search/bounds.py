"""Between which integers an expression lies, from between which its symbols lie.

Sound for every choice of the symbols, and not always tight: that `n - n` is 0 is not seen. Where a divisor may
be 0, `nonzero` says what is divided by instead, so that no interval ever divides by 0.
"""

from __future__ import annotations

from typing import NamedTuple

from ..arithmetic import ceildiv


class Interval(NamedTuple):
    """All integers from `low` to `high`, both included."""

    low: int
    high: int

    @property
    def size(self) -> int:
        """The largest absolute value."""
        return max(-self.low, self.high)

    def __contains__(self, value: object) -> bool:
        return isinstance(value, int) and self.low <= value <= self.high


def exactly(value: int) -> Interval:
    return Interval(value, value)


def add(a: Interval, b: Interval) -> Interval:
    return Interval(a.low + b.low, a.high + b.high)


def subtract(a: Interval, b: Interval) -> Interval:
    return Interval(a.low - b.high, a.high - b.low)


def multiply(a: Interval, b: Interval) -> Interval:
    if a.low >= 0 <= b.low:  # as almost always
        return Interval(a.low * b.low, a.high * b.high)
    return _hull([x * y for x in a for y in b])


def nonzero(b: Interval) -> Interval:
    """The divisors in `b`, with 1 in the place of 0: such rows are refused, and their numbers mean nothing."""
    if 0 not in b:
        return b
    low = b.low or 1
    return Interval(low, max(b.high, 1))


def floor(a: Interval, b: Interval) -> Interval:
    """`a // b`; 0 inside of `b` is not divided by."""
    return _hull([x // y for x in a for y in _divisors(b)])


def ceil(a: Interval, b: Interval) -> Interval:
    return _hull([ceildiv(x, y) for x in a for y in _divisors(b)])


def modulo(a: Interval, b: Interval) -> Interval:
    """`a % b`, which has the sign of `b`; below the divisor a number is its own remainder.

    Within one period, remainders keep their order.
    """
    if b.low == b.high != 0 and a.low // b.low == a.high // b.low:
        return Interval(a.low % b.low, a.high % b.low)
    if b.low > 0 and a.low >= 0 and a.high < b.low:
        return a
    return Interval(min(b.low + 1, 0), max(b.high - 1, 0))


def largest(a: Interval, b: Interval) -> Interval:
    return Interval(max(a.low, b.low), max(a.high, b.high))


def smallest(a: Interval, b: Interval) -> Interval:
    return Interval(min(a.low, b.low), min(a.high, b.high))


def _divisors(b: Interval) -> set[int]:
    """Where a quotient can be extreme: at the ends, and on both sides of 0."""
    return {*b, *({-1, 1} if b.low < 0 < b.high else ()), *({1} if b.low == 0 else ()), *({-1} if b.high == 0 else ())} - {0}  # fmt: skip


def _hull(values: list[int]) -> Interval:
    return Interval(min(values), max(values))
