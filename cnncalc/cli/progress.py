"""A bar on the terminal for work that takes longer than a second."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

PATIENCE = 1.0
"""Seconds without a bar."""


@contextmanager
def bar() -> Iterator[Callable[[int, int], None]]:
    """What to call with how much is done, and how much there is; it shows nothing in a pipe, and is gone at the end."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    started = time.monotonic()
    shown = None

    def tell(done: int, total: int) -> None:
        nonlocal shown
        if shown is None and time.monotonic() - started > PATIENCE:
            from rich.console import Console
            from rich.progress import Progress

            shown = Progress(console=Console(stderr=True), transient=True)
            shown.add_task("", total=total)
            shown.start()
        if shown is not None:
            shown.update(shown.task_ids[0], completed=done, total=total)

    try:
        yield tell
    finally:
        if shown is not None:
            shown.stop()
