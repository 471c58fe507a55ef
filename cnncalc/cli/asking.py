"""Lines that a person types, or that come through a pipe."""

from __future__ import annotations

import sys
from contextlib import suppress

import typer

from ..view.harmless import harmless

PROMPT = "> "
LONGEST = 4096
"""Characters of a line; the rest is not kept."""


class Lines:
    """The next line, again and again; in a pipe it is printed behind the prompt, so that the output reads as on a screen."""

    def __init__(self) -> None:
        self.typed = sys.stdin is not None and sys.stdin.isatty()
        if hasattr(sys.stdin, "reconfigure"):
            sys.stdin.reconfigure(errors="replace", **({} if self.typed else {"encoding": "utf-8"}))
        if self.typed:
            with suppress(ImportError):  # Windows has none, and edits lines itself
                import readline  # noqa: F401 - its import lets `input` edit lines

    def __call__(self) -> str | None:
        """A line without its end; None when there is no more."""
        line = self._typed() if self.typed else self._piped()
        if line is None:
            typer.echo()
        return line

    def _typed(self) -> str | None:
        try:
            return input(PROMPT)[:LONGEST]
        except EOFError:
            return None

    def _piped(self) -> str | None:
        line = sys.stdin.readline(LONGEST) if sys.stdin is not None else ""
        end = line
        while end and not end.endswith("\n"):
            end = sys.stdin.readline(LONGEST)
        typer.echo(PROMPT + harmless(line, LONGEST) if line else PROMPT, nl=bool(line))
        return line.rstrip("\r\n").removeprefix("\ufeff") if line else None
