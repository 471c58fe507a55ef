"""Mistakes on the command line, in the reader's language."""

from __future__ import annotations

from typing import Any

from ..language import Text
from ..view.faults import ERROR, HELP


def usage_text(error: Exception) -> str | None:
    """What to tell of a mistake that the command-line parser found, or None if it is none of those."""
    kind = type(error).__name__
    describe = _DESCRIPTIONS.get(kind)
    if describe is None and not hasattr(error, "format_message"):
        return None
    message = describe(error) if describe else error.format_message()  # type: ignore[attr-defined]  # asked for above
    told = f"{ERROR}: {message}"
    context = getattr(error, "ctx", None)
    if context is not None:
        told += f"\n  {HELP}: `{context.command_path} --help`"
    return told


def _parameter(error: Any) -> str:
    """The parameter as its reader types it."""
    parameter = error.param
    if parameter is None:
        return str(error.param_hint or "")
    if parameter.param_type_name == "option":
        return str(max(parameter.opts, key=len))
    return str(parameter.metavar or parameter.name.upper()).strip("[]")


def _no_such_option(error: Any) -> Text:
    near = f" ({', '.join(error.possibilities)}?)" if error.possibilities else ""
    return Text("there is no option {option}{near}", option=error.option_name, near=near)


def _missing(error: Any) -> Text:
    return Text("{parameter} is missing", parameter=_parameter(error))


def _bad(error: Any) -> Text:
    return Text("{parameter}: {reason}", parameter=_parameter(error), reason=error.message)


TYPER_WORDS = (
    Text("Options"),
    Text("Arguments"),
    Text("Commands"),
    Text("required"),
    Text("default: {default}"),
    Text("Missing command."),
)
"""What Typer looks up in the catalogue by itself."""

_DESCRIPTIONS = {
    "NoSuchOption": _no_such_option,
    "MissingParameter": _missing,
    "BadParameter": _bad,
}
