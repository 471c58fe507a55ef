"""The results of an earlier grading, where there are any: in the folder that is written again, or in a file that is named."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import typer

from ..errors import ArchitectureError, Fault, Place
from ..language import Text
from ..teach.comparing import Change, Changes, Earlier, Foreign
from ..view.changes import head, lines
from .handing_out import RESULTS
from .whole import text_file

CHANGES = "changes.csv"


@contextmanager
def compared(
    before: str | None, folder: Path | None, origins: Mapping[str, str], name: Callable[[str], str]
) -> Iterator[Changes | None]:
    """What counts the changes; None where there is nothing to compare with. A file that is no results is told, and left alone."""
    if before is not None and not Path(before).is_file():
        raise ArchitectureError([Fault("no-file", Text("there is no such file"), place=Place(before))])
    path = before or (str(folder / RESULTS) if folder else None)
    if path is None or not Path(path).is_file():
        yield None
        return
    try:
        earlier = Earlier(path, name)
    except Foreign as foreign:
        typer.echo(f"{Text('note')}: {foreign.message}", err=True)
        yield None
        return
    with earlier:
        yield Changes(earlier, origins)


@contextmanager
def noted(folder: Path, changes: Changes | None) -> Iterator[Callable[[Change], object]]:
    """What writes changes into the folder; in the end who is not there any more, too. Without any there is no file."""
    if changes is None:
        yield bool
        return
    file = folder / CHANGES
    with text_file(file) as stream:
        stream.write(head())
        yield lambda change: stream.write(lines(change))
        for change in changes.rest():
            stream.write(lines(change))
    if not changes.any:
        file.unlink()
