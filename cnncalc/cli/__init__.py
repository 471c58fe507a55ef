"""The command line. A command's module is imported when that command runs, and no other."""

from __future__ import annotations

import gc
import os
import sys
from typing import NoReturn

from ..language import CATALOGUES, LANGUAGES, current, preferred, use

__all__ = ["main"]


def main() -> NoReturn:
    """Run `cnncalc` with the arguments of the process, and leave with its exit code."""
    gc.set_threshold(100_000)  # a run is short and makes few cycles
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # the search reads every package's metadata
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # on a busy machine several threads wait for each other
    use(preferred(sys.argv[1:], os.environ))
    _speak_utf8()
    if LANGUAGES[current()]:
        _translate_typer()
    from .app import run

    code = run(sys.argv[1:])
    # All output is flushed by now; taking every module apart in order would cost a seventh of the run.
    os._exit(code)


def _speak_utf8() -> None:
    """Tables hold signs such as ×, whatever the encoding of the place."""
    if sys.stdout is None:  # started with its output closed
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - open as long as the process
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure") and (stream.encoding or "").lower().replace("-", "") != "utf8":
            stream.reconfigure(encoding="utf-8", errors="replace")


def _translate_typer() -> None:
    """Typer looks its own words up in the default catalogue: make it ours."""
    import gettext

    os.environ["LANGUAGE"] = LANGUAGES[current()] or ""
    gettext.bindtextdomain("cnncalc", CATALOGUES)
    gettext.textdomain("cnncalc")
