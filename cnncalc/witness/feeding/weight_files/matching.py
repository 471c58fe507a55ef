"""Which layer a group of a file belongs to, where a model inside a model had to give way with its names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Hashable, Mapping
from typing import TypeVar

from ....architecture.source import failure
from ....errors import Place
from ....language import Text

Group = TypeVar("Group", bound=Hashable)


def candidates(path: tuple[str, ...], layers: Collection[str]) -> set[str]:
    """The layers that may be the one at this path of models' names and its own.

    An outermost layer keeps its name; one inside a model has its own or, if that was taken, the model's in front.
    """
    name = path[-1].replace(":", "_")
    if len(path) == 1:
        return {name} & set(layers)
    inner = re.compile(re.escape(f"{path[-2]}_{name}") + r"(_\d+)?")
    return {layer for layer in layers if layer == name or inner.fullmatch(layer)}


def matched(wishes: Mapping[Group, set[str]], file: str) -> dict[Group, str]:
    """A layer for each group, as far as only one will do; an ArchitectureError if the names leave it open."""
    left = {group: set(wish) for group, wish in wishes.items() if wish}
    found: dict[Group, str] = {}
    while left:
        settled = _settled(left)
        if not settled:
            raise _open(left, file)
        found |= settled
        taken = set(settled.values())
        left = {group: wish - taken for group, wish in left.items() if group not in settled and wish - taken}
    return found


def _settled(left: Mapping[Group, set[str]]) -> dict[Group, str]:
    """The groups with a single wish that no other group must have, and those that alone want a layer."""
    single = Counter(layer for wish in left.values() if len(wish) == 1 for layer in wish)
    wanted = Counter(layer for wish in left.values() for layer in wish)
    settled: dict[Group, str] = {}
    for group, wish in left.items():
        fits = [layer for layer in sorted(wish) if wanted[layer] == 1 or (len(wish) == 1 and single[layer] == 1)]
        if len(fits) == 1 or (fits and len(wish) == 1):
            settled[group] = fits[0]
    return settled


def _open(left: Mapping[Group, set[str]], file: str) -> Exception:
    wish = next(iter(left.values()))
    groups = [_told(group) for group, each in left.items() if each & wish]
    message = Text(
        "{groups} in the file could each be {layers}: layers of models inside the model have the same names",
        groups=", ".join(groups), layers=", ".join(sorted(wish)),
    )  # fmt: skip
    return failure("ambiguous-weights", message, Place(file), Text("give these layers names of their own and save again"))  # fmt: skip


def _told(group: object) -> str:
    return "/".join(group) if isinstance(group, tuple) else str(group)
