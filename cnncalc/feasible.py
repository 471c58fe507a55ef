"""Whether a derived network can be run here: all its sizes are numbers, and they fit into memory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from .arithmetic import Symbolic
from .derive import Row, Summary
from .errors import ArchitectureError, Fault
from .expression import names
from .language import Text

SCRATCH = 3
"""How often the largest arrays may be there at once: themselves, a padded copy, a result on its way."""


def need_numbers(summary: Summary) -> None:
    """Raise an ArchitectureError if a size of the network is a symbol: nobody can build it then."""
    open_names = dict.fromkeys(name for row in summary.rows for name in _open(row))
    if open_names:
        told = ", ".join("null" if name.startswith("?") else name for name in open_names)
        message = Text("only a network of numbers can be built, and this is open: {names}", names=told)
        hint = Text("say the numbers with --input and --set")
        place = summary.architecture.source.place(())
        raise ArchitectureError([Fault("open-sizes", message, place=place, remedies=(hint,))])


def need_memory(summary: Summary, batch: int = 1) -> None:
    """Raise an ArchitectureError, before anything is allocated, if the network needs more bytes than are free.

    Needed are the weights and, `SCRATCH` times, the most numbers that are alive at one time.
    """
    memory = summary.memory
    needed, there = int(memory.weights) + SCRATCH * int(memory.inference_peak) * batch, free_bytes()
    if there is not None and needed > there:
        message = Text("to run it takes about {needed} bytes of memory, and {there} are free", needed=f"{needed:,}", there=f"{there:,}")  # fmt: skip
        hint = Text("take a smaller input with --input, or smaller layers with --set")
        place = summary.architecture.source.place(())
        raise ArchitectureError([Fault("memory", message, place=place, remedies=(hint,))])


def free_bytes() -> int | None:
    """The memory that programs can still get, or all there is where the system tells no more; None if it tells nothing."""
    with suppress(OSError):
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    with suppress(AttributeError, OSError, ValueError):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return None


def _open(row: Row) -> Iterator[str]:
    """The symbols in a row's numbers and in the fields of its layer."""
    for value in _flat((row.output_shapes, row.trainable, row.non_trainable, [each for _, each in row.layer])):
        if isinstance(value, Symbolic):
            yield from names(value)


def _flat(value: Any) -> Iterator[Any]:
    if isinstance(value, (tuple, list)):
        for each in value:
            yield from _flat(each)
    else:
        yield value
