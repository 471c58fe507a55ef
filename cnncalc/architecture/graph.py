"""From drafts to nodes: unique names, references looked up, topological order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from ..errors import nearest
from ..language import Text
from .drafts import Draft, Feed, Reference, Scope
from .entries import Faults
from .model import Node, producer

MAX_IN_CYCLE = 8


def connect(drafts: list[Draft], outputs: list[Reference], faults: Faults) -> tuple[tuple[Node, ...], tuple[str, ...]]:
    """The drafts as nodes, each after what feeds it, and the names of the outputs."""
    _name_all(drafts)
    by_name = {draft.name: draft for draft in drafts}
    feeds = {id(draft): [_fed(source, by_name, faults) for source in draft.sources] for draft in drafts}
    owners = {name: draft for name, draft in by_name.items() if not draft.shares}
    originals = {id(draft): _original(draft, owners, faults) for draft in drafts if draft.shares}
    wanted = [_fed(output, by_name, faults) for output in outputs]
    if faults:
        return (), ()
    ordered = _ordered(drafts, {key: [feed.draft for feed in fed if feed] for key, fed in feeds.items()}, faults)
    made = tuple(_node(draft, feeds[id(draft)], originals.get(id(draft))) for draft in ordered)
    return made, tuple(feed.tensor for feed in wanted if feed) or _unread(made)


def _unread(made: tuple[Node, ...]) -> tuple[str, ...]:
    """The nodes that nobody consumes."""
    consumed = {producer(tensor) for node in made for tensor in node.inputs}
    return tuple(node.name for node in made if node.name not in consumed)


def _node(draft: Draft, feeds: list[Feed | None], original: Draft | None) -> Node:
    layer = original.layer if original else draft.layer
    assert layer is not None, "a layer that could not be made is a fault, and faults end the reading"
    tensors = tuple([feed.tensor for feed in feeds if feed])
    return Node(draft.name, layer, tensors, draft.path, original.name if original else None)


def _name_all(drafts: list[Draft]) -> None:
    """A name of its own for each: what the file says, or Keras's numbering of the kind."""
    taken = {draft.wanted for draft in drafts if draft.wanted and not draft.repeated}
    given: dict[str, int] = {}
    for draft in drafts:
        if draft.wanted and not draft.repeated:
            draft.name = draft.wanted
            continue
        stem = draft.wanted or (draft.shares.name if draft.shares else snake_case(draft.kind))
        numbered = draft.wanted or draft.shares
        draft.name = _free(stem, taken, given, first=1 if numbered else 0)
        taken.add(draft.name)


def _free(stem: str, taken: set[str], given: dict[str, int], first: int) -> str:
    """`stem`, `stem_1`, ...: the next that nobody has."""
    number = given.get(stem, first)
    while (name := f"{stem}_{number}" if number else stem) in taken:
        number += 1
    given[stem] = number + 1
    return name


@cache
def snake_case(kind: str) -> str:
    """The name that Keras gives an unnamed layer: `MaxPooling2D` is `max_pooling2d`."""
    parted = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", kind)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", parted).lower()


def _fed(source: Draft | Reference, by_name: dict[str, Draft], faults: Faults) -> Feed | None:
    """The output of a draft that a reference means: `lstm:1` is the second output of `lstm`."""
    if isinstance(source, Draft):
        return Feed(source)
    name, colon, number = source.name.partition(":")
    if not colon or not number.isdecimal():
        draft = _found(source, by_name, faults)
        return Feed(draft) if draft else None
    draft = _found(source._replace(name=name), by_name, faults)
    return Feed(draft, int(number)) if draft else None


def _found(source: Draft | Reference, by_name: dict[str, Draft], faults: Faults) -> Draft | None:
    """The draft that a reference means: in its body, then outward, then by its final name."""
    if isinstance(source, Draft):
        return source
    scope: Scope | None = source.scope
    while scope is not None:
        if source.name in scope.names:
            return scope.names[source.name]
        scope = scope.outer
    if source.name in by_name:
        return by_name[source.name]
    near = nearest(source.name, by_name)
    hints = [Text("did you mean {near}?", near=near)] if near else []
    message = Text("there is no layer or input named {name}", name=repr(source.name))
    faults.note("unknown-input", message, source.path, *hints)
    return None


def _original(draft: Draft, by_name: dict[str, Draft], faults: Faults) -> Draft | None:
    assert draft.shares is not None
    original = _found(draft.shares, by_name, faults)
    if original and (original.shares or original.kind == "Input"):
        message = Text("Shared takes the name of a layer with weights of its own, not {name}", name=repr(original.name))
        faults.note("shared", message, draft.shares.path)
        return None
    return original


def _ordered(drafts: list[Draft], feeds: dict[int, list[Draft]], faults: Faults) -> Iterable[Draft]:
    """Depth first, without recursion: a draft comes once all its sources have come."""
    done: dict[int, Draft] = {}
    for start in drafts:
        trail: list[tuple[Draft, Iterator[Draft]]] = []
        if id(start) not in done:
            trail.append((start, iter(feeds[id(start)])))
        open_now = {id(start)}
        while trail:
            draft, sources = trail[-1]
            waiting = next((source for source in sources if id(source) not in done), None)
            if waiting is None:
                done[id(draft)] = draft
                open_now.discard(id(draft))
                trail.pop()
            elif id(waiting) in open_now:
                _note_cycle([each for each, _ in trail], waiting, faults)
                return ()
            else:
                open_now.add(id(waiting))
                trail.append((waiting, iter(feeds[id(waiting)])))
    return done.values()


def _note_cycle(trail: list[Draft], closing: Draft, faults: Faults) -> None:
    loop = [draft.name for draft in trail[trail.index(closing) :]]
    names = [*loop[:MAX_IN_CYCLE], "…"] if len(loop) > MAX_IN_CYCLE else loop
    way = " ← ".join([*names, closing.name])
    message = Text("the layers feed each other in a circle: {way}", way=way)
    faults.note("cycle", message, closing.path, layer=closing.name)
