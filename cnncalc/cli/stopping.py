"""Ctrl-C as a wish: what is being done comes to an end in order. A second one is not waited for."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def stoppable(stop: Callable[[], None]) -> Iterator[None]:
    """Within, the first Ctrl-C calls `stop`, and the second one interrupts as usual."""

    def once(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, before)
        stop()

    before = signal.signal(signal.SIGINT, once)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
