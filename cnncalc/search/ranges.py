"""Values to try, as a command line writes them: `8:256:8`, `1,3,5`, `1,3,8:16:4`, `valid,same`.

In `first:last:step`, `last` is tried if a step hits it. No range is written out: a million values take no more
room than two.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, islice
from typing import overload

from ..arithmetic import LIMIT
from ..errors import ArchitectureError, Fault
from ..language import Text

NUMBER = re.compile(r"[+-]?[0-9]{1,20}")
RANGE = re.compile(rf"\s*({NUMBER.pattern})\s*:\s*({NUMBER.pattern})\s*(?::\s*({NUMBER.pattern})\s*)?")
WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

MAX_PARTS = 1000

Value = int | str
Part = range | tuple[str]

_WRITE = Text("write first:last:step such as 8:256:8, numbers such as 1,3,5, or words such as valid,same")


class Values(Sequence[Value]):
    """Different numbers and words in the order in which they were written; it cannot be changed."""

    __slots__ = ("_ends", "parts")

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = tuple(parts)
        self._ends = tuple(accumulate(map(len, parts)))

    def __len__(self) -> int:
        return self._ends[-1]

    @overload
    def __getitem__(self, index: int) -> Value: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Value, ...]: ...
    def __getitem__(self, index: int | slice) -> Value | tuple[Value, ...]:
        if isinstance(index, slice):
            return tuple(self[each] for each in range(*index.indices(len(self))))
        place = range(len(self))[index]
        which = bisect_right(self._ends, place)
        return self.parts[which][place - self._ends[which] + len(self.parts[which])]

    def __iter__(self) -> Iterator[Value]:
        return (value for part in self.parts for value in part)

    def __contains__(self, value: object) -> bool:
        return any(value in part for part in self.parts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Values) and self.parts == other.parts

    def __hash__(self) -> int:
        return hash(self.parts)

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(part[0] for part in self.parts if isinstance(part, tuple))

    @property
    def bounds(self) -> tuple[int, int]:
        """The smallest and the largest number; there must be one."""
        ends = [end for part in self.parts if isinstance(part, range) for end in (part[0], part[-1])]
        return min(ends), max(ends)

    def __repr__(self) -> str:
        return f"<Values {','.join(map(_shown, self.parts))}>"


def parse(text: str, name: str = "") -> Values:
    """The values that `text` lists; `name` is what errors call them. Raises ArchitectureError."""
    pieces = text.split(",")
    if len(pieces) > MAX_PARTS:
        raise _wrong(name, Text("has {count} parts, more than {limit}", count=len(pieces), limit=MAX_PARTS))
    parts = [_part(piece, name) for piece in pieces]
    for index, part in enumerate(parts):
        twice = next((value for earlier in parts[:index] if (value := _common(earlier, part)) is not None), None)
        if twice is not None:
            raise _wrong(name, Text("lists {value} twice", value=twice))
    return Values(parts)


def _part(text: str, name: str) -> Part:
    found = RANGE.fullmatch(text)
    if found is None:
        return _single(text.strip(), name)
    first, last, step = int(found[1]), int(found[2]), int(found[3] or 1)
    if step == 0:
        raise _wrong(name, Text("{text} never ends: its step is 0", text=repr(text.strip())))
    part = range(_small(first, name), _small(last, name) + (1 if step > 0 else -1), step)
    if not part:
        turned = Text(
            "did you mean {range}?", range=f"{last}:{first}" if step in {1, -1} else f"{first}:{last}:{-step}"
        )
        raise _wrong(name, Text("{text} holds no value", text=repr(text.strip())), turned)
    return part


def _single(text: str, name: str) -> Part:
    if NUMBER.fullmatch(text):
        value = _small(int(text), name)
        return range(value, value + 1)
    if WORD.fullmatch(text):
        return (text,)
    raise _wrong(name, Text("{text} is neither a range, a number nor a word", text=repr(text[:40])), _WRITE)


def _small(value: int, name: str) -> int:
    if abs(value) > LIMIT:
        raise _wrong(name, Text("{value} is beyond {limit}", value=value, limit=LIMIT))
    return value


def _common(a: Part, b: Part) -> Value | None:
    """A value that both hold; at most 2^16 are looked at, for a wide step leaves few and a narrow one repeats soon."""
    if not isinstance(a, range) or not isinstance(b, range):
        return a[0] if a == b else None
    coarse, fine = (a, b) if abs(a.step) > abs(b.step) else (b, a)
    rising = coarse if coarse.step > 0 else coarse[::-1]
    low, high = min(fine[0], fine[-1]), max(fine[0], fine[-1])
    start = rising[max(0, -((rising.start - low) // rising.step)) :]
    held = (value for value in islice(start, abs(fine.step)) if value <= high)
    return next((value for value in held if value in fine), None)


def _shown(part: Part) -> str:
    if isinstance(part, tuple) or len(part) == 1:
        return str(part[0])
    return f"{part[0]}:{part[-1]}" + (f":{part.step}" if part.step != 1 else "")


def _wrong(name: str, message: Text, *remedies: Text) -> ArchitectureError:
    told = Text("the values of {name}: {problem}", name=name, problem=message) if name else message
    return ArchitectureError([Fault("range", told, remedies=remedies)])
