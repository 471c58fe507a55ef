"""Faults in the form that the command was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from ..errors import ArchitectureError


@contextmanager
def told_as_json(wanted: bool) -> Iterator[None]:  # noqa: FBT001 - whether the format is JSON
    """Print faults as JSON before they are raised on, for programs that read the output."""
    try:
        yield
    except ArchitectureError as error:
        if wanted:
            from ..view.data import json_error

            typer.echo(json_error(error))
        raise
