"""Work in pieces, spread over processes; what comes out is in the order of the pieces, however many processes there are."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Generator, Iterable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, Generic, TypeVar

from ..errors import ArchitectureError, Fault
from ..language import Text, current, use

Piece = TypeVar("Piece")
Done = TypeVar("Done")
Work = Callable[[Piece], Done]

START = "fork" if sys.platform == "linux" else "spawn"
"""How a process begins: elsewhere, what it needs is sent to it."""
PATIENCE = 5.0
"""Seconds for a process to end."""


def spread(make: Callable[[], Work[Piece, Done]], pieces: Iterable[Piece], jobs: int) -> Generator[Done, None, None]:
    """What the work makes of each piece; `make` makes the work, once in each process. One job is done in this process.

    Whatever is raised in another process is raised here. Closed early, as by Ctrl-C, it ends all processes at once.
    """
    if jobs == 1:
        yield from map(make(), pieces)
        return
    crew: list[Worker[Piece, Done]] = []
    try:
        asked = 0
        for piece in pieces:
            if not crew:
                crew = [Worker(make) for _ in range(jobs)]
            worker = crew[asked % jobs]
            if asked >= jobs:
                yield worker.answer()
            worker.ask(piece)
            asked += 1
        for number in range(max(0, asked - jobs), asked):
            yield crew[number % jobs].answer()
    finally:
        for worker in crew:
            worker.end()


class Worker(Generic[Piece, Done]):
    """Another process, which is given one piece at a time."""

    def __init__(self, make: Callable[[], Work[Piece, Done]]) -> None:
        context = get_context(START)
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(make, theirs, current()), daemon=True)  # type: ignore[attr-defined]  # every context has it
        self._process.start()
        theirs.close()  # so that its end is seen here

    def ask(self, piece: Piece) -> None:
        try:
            self._pipe.send(piece)
        except OSError:
            raise _ended() from None

    def answer(self) -> Done:
        try:
            done, error = self._pipe.recv()
        except (EOFError, OSError):
            raise _ended() from None
        if error is not None:
            raise error
        answer: Done = done
        return answer

    def end(self) -> None:
        self._pipe.close()
        self._process.terminate()
        self._process.join(PATIENCE)


def _serve(make: Callable[[], Work[Any, Any]], pipe: Connection, language: str) -> None:
    """In the other process: pieces in, results out, until nobody asks any more. Ctrl-C is for the first process alone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    use(language)
    try:
        work = make()
        while True:
            pipe.send((work(pipe.recv()), None))
    except (EOFError, BrokenPipeError):
        return
    except Exception as error:  # it is raised where the work was asked for
        pipe.send((None, error))


def _ended() -> ArchitectureError:
    message = Text("a process that was marking has ended: there may be too little memory")
    return ArchitectureError([Fault("job-ended", message, remedies=(Text("use fewer of them, with --jobs"),))])
