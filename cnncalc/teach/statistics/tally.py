"""Counting without keeping everything: the commonest of very many, and the foremost of very many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from typing import Any, Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Ordered = TypeVar("Ordered", bound=tuple[Any, ...])

MOST = 4096
"""So many different keys are counted exactly."""


class Tally(Generic[Key]):
    """How often each key came, in bounded room.

    Exact as long as there are at most `most` different keys. Beyond that the rarest are forgotten, and a count may be
    too low by `missing` at most; a key that came more often than that is never lost
    (Misra and Gries, "Finding repeated elements", Science of Computer Programming 2, 1982).
    """

    __slots__ = ("counts", "forgotten", "missing", "most")

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self.counts: Counter[Key] = Counter()
        self.missing = 0
        self.forgotten = 0
        """Occurrences that are in no count any more."""

    def add(self, key: Key, n: int) -> None:
        """Count a key; `limit` is called now and then."""
        self.counts[key] = self.counts.get(key, 0) + n

    def limit(self) -> None:
        """Forget what does not fit."""
        if len(self.counts) > 2 * self.most:
            self._forget()

    def merge(self, other: Tally[Key]) -> None:
        self.missing += other.missing
        self.forgotten += other.forgotten
        self.counts.update(other.counts)
        self.limit()

    def _forget(self) -> None:
        """Lower every count by that of the first key that does not fit, and drop what is at zero."""
        before = self.counts.total()
        lower = sorted(self.counts.values(), reverse=True)[self.most]
        self.counts = Counter({key: count - lower for key, count in self.counts.items() if count > lower})
        self.missing += lower
        self.forgotten += before - self.counts.total()

    @property
    def total(self) -> int:
        return self.counts.total() + self.forgotten

    def commonest(self) -> list[tuple[Key, int]]:
        """Keys and counts, the commonest first; equal counts in the order of their texts."""
        return sorted(self.counts.items(), key=lambda entry: (-entry[1], repr(entry[0])))


class Foremost(Generic[Ordered]):
    """The first few of very many in their order."""

    __slots__ = ("kept", "last", "most")

    def __init__(self, most: int) -> None:
        self.most = most
        self.kept: list[Ordered] = []
        self.last: Ordered | None = None
        """What comes after this is not among the first any more."""

    def extend(self, entries: Sequence[Ordered]) -> None:
        last = self.last
        self.kept += entries if last is None else [entry for entry in entries if entry <= last]
        if len(self.kept) >= 4 * self.most:
            self.kept = self.first()
            self.last = self.kept[-1]

    def merge(self, other: Foremost[Ordered]) -> None:
        self.extend(other.kept)

    def changed(self, change: Callable[[Ordered], Ordered]) -> Foremost[Ordered]:
        """The entries, each changed, in an order that stays."""
        found: Foremost[Ordered] = Foremost(self.most)
        found.kept = [change(entry) for entry in self.kept]
        found.last = change(self.last) if self.last is not None else None
        return found

    def first(self) -> list[Ordered]:
        return sorted(self.kept)[: self.most]
