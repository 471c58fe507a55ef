"""Stretches of whole numbers, and where a polynomial in one number is not negative: exactly, without roots."""

from __future__ import annotations

from collections.abc import Callable, Iterable

__all__ = ["Poly", "Stretch", "added", "first", "joined", "meet", "multiplied", "not_negative", "scaled"]

Stretch = tuple[int, int]
"""All whole numbers from the first to the last, both included."""

Poly = tuple[int, ...]
"""The coefficients of a polynomial, the constant first."""


def first(holds: Callable[[int], bool], low: int, high: int) -> int:
    """The least number from `low` to `high` where something holds that goes on to hold; high + 1 if none."""
    high += 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low


def joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same numbers in order, stretches that touch made one."""
    found: list[Stretch] = []
    for low, high in sorted(stretches):
        if found and low <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(high, found[-1][1]))
        elif low <= high:
            found.append((low, high))
    return found


def meet(some: Iterable[Stretch], others: list[Stretch]) -> list[Stretch]:
    """The numbers in both."""
    both = ((max(a, c), min(b, d)) for a, b in some for c, d in others)
    return joined((low, high) for low, high in both if low <= high)


def not_negative(poly: Poly, low: int, high: int) -> list[Stretch]:
    """The numbers from `low` to `high` where a polynomial is at least 0.

    Between the places where p(q+1) − p(q), a polynomial of a lower degree, changes its sign, p rises or falls.
    """
    if low > high:
        return []
    if not any(poly[1:]):
        return [(low, high)] if not poly or poly[0] >= 0 else []
    step = added(_next(poly), scaled(poly, -1))
    found = []
    for start, end in not_negative(step, low, high - 1):
        found.append((first(lambda q: value(poly, q) >= 0, start, end + 1), end + 1))
    for start, end in not_negative(scaled(step, -1), low, high - 1):
        found.append((start, first(lambda q: value(poly, q) < 0, start, end + 1) - 1))
    if low == high and value(poly, low) >= 0:
        found.append((low, high))
    return joined(found)


def value(poly: Poly, q: int) -> int:
    total = 0
    for coefficient in reversed(poly):
        total = total * q + coefficient
    return total


def added(a: Poly, b: Poly) -> Poly:
    longer, shorter = (a, b) if len(a) >= len(b) else (b, a)
    return (*(x + y for x, y in zip(longer, shorter, strict=False)), *longer[len(shorter) :])


def scaled(a: Poly, number: int) -> Poly:
    return tuple(number * x for x in a)


def multiplied(a: Poly, b: Poly) -> Poly:
    found = [0] * (len(a) + len(b) - 1)
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            found[i + j] += x * y
    return tuple(found)


def _next(poly: Poly) -> Poly:
    """p(q + 1), by Horner's rule."""
    found: Poly = (0,)
    for coefficient in reversed(poly):
        found = added(multiplied(found, (1, 1)), (coefficient,))
    while len(found) > 1 and found[-1] == 0:
        found = found[:-1]
    return found
