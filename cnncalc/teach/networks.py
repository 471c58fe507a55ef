"""A network that a student hands in: read, derived, and measured against the conditions. Nothing in it is run."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import dedent

from ..architecture import Architecture, build
from ..architecture.files import parse_text
from ..derive import derive
from ..errors import ArchitectureError, Fault
from ..feasible import need_numbers
from ..language import Text
from .answers.characters import plain as plain_text
from .answers.handed import MAX_FILE, Handed
from .answers.understood import Measured, Understood
from .answers.values import NOTHING
from .conditions import Condition, measured
from .exercise import Load
from .plain import plain

MAX_LENGTH = 20_000
"""Characters of a network that is written into a cell."""

INLINE = "network.yaml"
"""What messages call it."""

SHOWN = 3
"""Faults that are told."""


def read_network(text: str, load: Load, wanted: Sequence[Condition]) -> Understood:
    """What is measured of the network that `text` is: a file, or the network itself in YAML or JSON."""
    if plain_text(text).strip("_").casefold() in NOTHING:
        return Understood("blank")
    try:
        architecture = _handed(text, load) if isinstance(text, Handed) else _written(text)
        summary = derive(architecture)
        need_numbers(summary)
    except ArchitectureError as error:
        return Understood("unreadable", note=_told(error, text))
    rows = [(each.name, measured(summary, each.name)) for each in wanted]
    reading = ", ".join(f"{name} {'–' if value is None else plain(value, 'en')}" for name, value in rows)
    return Understood("read", Measured(rows, reading), reading)


def _handed(file: Handed, load: Load) -> Architecture:
    if not file.path:
        message = Text("the file is larger than {limit} MiB, the most that is read", limit=MAX_FILE // 2**20)
        raise ArchitectureError([Fault("file-too-large", message)])
    return load(file.path)


def _written(text: str) -> Architecture:
    if len(text) > MAX_LENGTH:
        message = Text("an answer may have at most {limit} characters", limit=MAX_LENGTH)
        raise ArchitectureError([Fault("too-long", message)])
    if ":" not in text and "：" not in text:
        message = Text("there is no file of this name in your folder, and this is no network")
        raise ArchitectureError([Fault("no-network", message)])
    source = parse_text(dedent(text) if "\n" in text.strip() else plain_text(text), INLINE)
    return build(source.data, source=source)


def _told(error: ArchitectureError, text: str) -> Text:
    """The first faults with their places, under the name that the student gave the file."""
    name = text.name if isinstance(text, Handed) else INLINE
    told = [_fault(fault, name) for fault in error.faults[:SHOWN]]
    found = told[0]
    for each in told[1:]:
        found = Text("{first}; {rest}", first=found, rest=each)
    return found


def _fault(fault: Fault, name: str) -> Text:
    where = ":".join(str(part) for part in (name, *(fault.place[1:3] if fault.place else ())) if part is not None)
    told = Text("{where}: {message}", where=where, message=fault.message)
    return Text("{told} ({hint})", told=told, hint=fault.remedies[0]) if fault.remedies else told
