"""What changed between two networks, layer by layer, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from ..arithmetic import Dim, Shape
from .rows import Row, plain
from .summary import Summary


class Setting(NamedTuple):
    """A field that is not the same."""

    name: str
    before: Any
    after: Any


class Effect(NamedTuple):
    """A number that is not the same."""

    quantity: str
    before: Any
    after: Any


class Change(NamedTuple):
    """One layer that differs; `before` is None where it was added, `after` where it was removed."""

    before: Row | None
    after: Row | None

    @property
    def row(self) -> Row:
        """The layer as it is now, or was last."""
        row = self.after or self.before
        assert row is not None, "a change has a side"
        return row

    @property
    def settings(self) -> tuple[Setting, ...]:
        """Its own fields that changed."""
        if self.before is None or self.after is None:
            return ()
        old, new = dict(self.before.layer), dict(self.after.layer)
        return tuple(Setting(name, old.get(name), value) for name, value in new.items() if old.get(name) != value)

    @property
    def seen(self) -> tuple[tuple[Shape, Shape], ...]:
        """The inputs whose shapes changed, as (before, after)."""
        if self.before is None or self.after is None:
            return ()
        pairs = zip(self.before.input_shapes, self.after.input_shapes, strict=False)
        return tuple(pair for pair in pairs if pair[0] != pair[1])

    @property
    def effects(self) -> tuple[Effect, ...]:
        """The numbers that changed; of a layer that came or went, all that it has."""
        old, new = _numbers(self.before), _numbers(self.after)
        return tuple(
            Effect(name, old.get(name), new.get(name))
            for name in dict.fromkeys((*old, *new))
            if old.get(name, 0) != new.get(name, 0)  # a layer that came with 0 of it changes nothing
        )

    def to_dict(self) -> dict[str, Any]:
        what = "added" if self.before is None else "removed" if self.after is None else "changed"
        was = {"was": self.before.name} if self.before and self.after and self.before.name != self.after.name else {}
        return {
            "layer": self.row.name,
            **was,
            "kind": self.row.kind,
            "change": what,
            "settings": {each.name: [_told(each.before), _told(each.after)] for each in self.settings},
            "inputs": [[plain(old), plain(new)] for old, new in self.seen],
            "effects": {each.quantity: [_told(each.before), _told(each.after)] for each in self.effects},
        }


class Diff(NamedTuple):
    """Two networks, compared."""

    before: Summary
    after: Summary
    changes: tuple[Change, ...]

    @property
    def same(self) -> bool:
        return not self.changes

    @property
    def totals(self) -> tuple[Effect, ...]:
        """The totals, whether they changed or not."""
        names = ("total_params", "trainable_params", "non_trainable_params", "total_macs")
        return tuple(Effect(name, getattr(self.before, name), getattr(self.after, name)) for name in names)

    def to_dict(self) -> dict[str, Any]:
        """Schema 1 of the JSON output."""
        return {
            "schema": 1,
            "before": self.before.name,
            "after": self.after.name,
            "same": self.same,
            "layers": [change.to_dict() for change in self.changes],
            "totals": {each.quantity: [_told(each.before), _told(each.after)] for each in self.totals},
        }


def diff(before: Summary, after: Summary) -> Diff:
    """The layers that differ, in the order of the second network; removed ones stand where they were."""
    found = (Change(old, new) for old, new in _paired(before.rows, after.rows))
    return Diff(before, after, tuple(each for each in found if each.settings or each.seen or each.effects))


Pair = tuple[Row | None, Row | None]

MOST = 1_000_000
"""Pairs of layers that are weighed against each other; beyond, layers of a kind are paired in order."""


def _paired(old: Sequence[Row], new: Sequence[Row]) -> Iterator[Pair]:
    """Layers that stand for each other: equal ones at both ends, and between them as `_aligned` finds."""
    a, b = _keys(old), _keys(new)
    shorter = min(len(a), len(b))
    first = next((i for i in range(shorter) if a[i] != b[i]), shorter)
    last = next((i for i in range(shorter - first) if a[-1 - i] != b[-1 - i]), shorter - first)
    yield from zip(old[:first], new[:first], strict=True)
    yield from _aligned(old[first : len(old) - last], new[first : len(new) - last])
    yield from zip(old[len(old) - last :], new[len(new) - last :], strict=True)


def _keys(rows: Sequence[Row]) -> list[tuple[str, str]]:
    return [(row.kind, repr(row.layer)) for row in rows]


def _aligned(old: Sequence[Row], new: Sequence[Row]) -> Iterator[Pair]:
    """The fewest layers changed, added and removed; where as few do, those of one name are the same."""
    if len(old) * len(new) > MOST:
        yield from _in_order(old, new)
        return
    a, b = _keys(old), _keys(new)
    costs = [[0.0] * (len(b) + 1) for _ in range(len(a) + 1)]  # of what comes after each place
    for i in range(len(a), -1, -1):
        for j in range(len(b), -1, -1):
            costs[i][j] = min(cost for cost, _ in _ways(costs, i, j, a, b, old, new)) if i < len(a) or j < len(b) else 0
    i = j = 0
    while i < len(a) or j < len(b):
        _, (down, right) = min(_ways(costs, i, j, a, b, old, new))
        yield old[i] if down else None, new[j] if right else None
        i, j = i + down, j + right


def _ways(
    costs: list[list[float]], i: int, j: int, a: list[tuple[str, str]], b: list[tuple[str, str]], old: Sequence[Row], new: Sequence[Row]
) -> Iterator[tuple[float, tuple[int, int]]]:  # fmt: skip
    """What can stand at a place, with the cost from there on: a pair of one kind, a layer gone, a layer that is new."""
    if i < len(a) and j < len(b) and a[i][0] == b[j][0]:
        other_name = 0.01 * (old[i].name != new[j].name)
        yield costs[i + 1][j + 1] + (a[i] != b[j]) + other_name, (1, 1)
    if i < len(a):
        yield costs[i + 1][j] + 1, (1, 0)
    if j < len(b):
        yield costs[i][j + 1] + 1, (0, 1)


def _in_order(old: Sequence[Row], new: Sequence[Row]) -> Iterator[Pair]:
    kinds = SequenceMatcher(None, [row.kind for row in old], [row.kind for row in new], autojunk=False)
    for what, a, b, c, d in kinds.get_opcodes():
        if what == "equal":
            yield from zip(old[a:b], new[c:d], strict=True)
        else:
            yield from ((row, None) for row in old[a:b])
            yield from ((None, row) for row in new[c:d])


def _numbers(row: Row | None) -> dict[str, Any]:
    """What a layer's row says, by name; a receptive field where it has one."""
    if row is None:
        return {}
    field = row.receptive_field
    shapes = {"output": row.output_shape} if len(row.output_shapes) == 1 else {"outputs": row.output_shapes}
    counts: dict[str, Dim] = {"params": row.params, "non_trainable": row.non_trainable, "macs": row.macs}
    return {**shapes, **counts, **({"receptive_field": field.size} if field else {})}


def _told(value: Any) -> Any:
    return plain(value) if isinstance(value, (tuple, int)) or value is None else str(value)
