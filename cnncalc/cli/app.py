"""The group of commands, its help and its errors."""

from __future__ import annotations

import os
import re
import sys
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from ..errors import ArchitectureError, nearest
from ..language import Text
from ..view.faults import ERROR, faults_text
from .options import Lang
from .usage import usage_text

USAGE_WORD = Text("Usage")

USAGE = 2
"""The exit code for input or usage that is wrong."""

COMMANDS = (
    "summary",
    "explain",
    "check",
    "diff",
    "solve",
    "sweep",
    "convert",
    "reconcile",
    "verify",
    "trace",
    "run",
    "demo",
    "exercise",
    "grade",
    "quiz",
    "schema",
)


class Words:
    """Usage and help in the language of the reader; Typer's own words come from our catalogue."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        pieces = re.sub(r"[{}]", "", " ".join(self.collect_usage_pieces(ctx)))  # type: ignore[attr-defined]  # mixed into a command
        formatter.write_usage(ctx.command_path, pieces, prefix=f"{USAGE_WORD}: ")

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)  # type: ignore[misc]  # mixed into a command
        if option is not None:
            option.help = str(Text("Show this message and exit."))
        return option


class Command(Words, TyperCommand):
    """One command."""


class Commands(Words, TyperGroup):
    """Commands by name, each loaded when it is asked for; a package with `VERBS` is a group of its own."""

    package = __package__
    names: tuple[str, ...] = COMMANDS

    def list_commands(self, ctx: Any) -> list[str]:
        return list(self.names)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in self.names:
            near = nearest(cmd_name, self.names) or ", ".join(self.names)
            ctx.fail(str(Text("there is no command {name}; did you mean {near}?", name=repr(cmd_name), near=near)))
        module = import_module(f"{self.package}.{cmd_name}")
        command = typer.main.get_command(_group(module) if hasattr(module, "VERBS") else _single(module, cmd_name))
        command.name = cmd_name
        return command


def _single(module: Any, name: str) -> typer.Typer:
    """A command of one function."""
    single = typer.Typer(add_completion=False, rich_markup_mode=None)
    function = getattr(module, name)
    single.command(name, cls=Command, help=str(module.HELP), short_help=str(module.BRIEF))(function)
    return single


def _group(module: Any) -> typer.Typer:
    """A command with verbs, such as `cnncalc exercise check`."""
    verbs = type("Verbs", (Commands,), {"package": module.__name__, "names": module.VERBS})
    group = typer.Typer(
        cls=verbs, add_completion=False, rich_markup_mode=None, no_args_is_help=True,
        help=str(module.HELP), short_help=str(module.BRIEF),
    )  # fmt: skip
    group.callback()(_nothing)
    return group


def _nothing() -> None:
    """A group does nothing by itself."""


app = typer.Typer(
    name="cnncalc",
    cls=Commands,
    add_completion=False,
    rich_markup_mode=None,  # Rich's help pages cost a third of a second
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help=str(
        Text(
            "What every layer of a convolutional network does to shapes and parameters, with the arithmetic.\n\n"
            "Example: cnncalc summary examples/mnist_cnn.yaml"
        )
    ),
)


@app.callback(invoke_without_command=True)
def root(
    show_version: Annotated[bool, typer.Option("--version", help=str(Text("Print the version and exit.")))] = False,
    lang: Lang = None,
) -> None:
    if show_version:
        from importlib.metadata import version

        typer.echo(f"cnncalc {version('cnncalc')}")
        raise typer.Exit


def run(arguments: list[str]) -> int:
    """Run a command line; return its exit code, with every expected error told in words."""
    try:
        result = typer.main.get_command(app).main(arguments, prog_name="cnncalc", standalone_mode=False)
        sys.stdout.flush()
    except ArchitectureError as error:
        typer.echo(faults_text(error), err=True)
        return USAGE
    except BrokenPipeError:  # the reader has seen enough: `cnncalc summary net.yaml | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        from pathlib import Path

        where = f" ({Path(error.filename).parent})" if isinstance(error.filename, str) else ""
        message = Text("the output cannot be written: {reason}", reason=f"{error.strerror or error}{where}")
        typer.echo(f"{ERROR}: {message}", err=True)
        return USAGE
    except (KeyboardInterrupt, typer.Abort):
        return 130
    except typer.Exit as leaving:
        return leaving.exit_code
    except Exception as error:
        told = usage_text(error)
        if told is None:
            raise
        typer.echo(told, err=True)
        return USAGE
    return result if isinstance(result, int) else 0
