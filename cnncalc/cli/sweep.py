"""`cnncalc sweep`: every combination of settings of one network."""

from __future__ import annotations

import sys
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated

import typer

from ..interop import builder
from ..language import Text, current
from .failing import told_as_json
from .options import Arch, Input, Lang, Set, input_shape, settings

if TYPE_CHECKING:
    from ..search.sweep import Sweep
    from ..search.table import Table

BRIEF = Text("Try every combination of settings, and find the best.")

HELP = Text(
    "Try every combination of settings of a network: which are valid, which match, which are best.\n\n"
    "What is varied is a variable of the file, a letter of --input, or a field of a layer, such as conv2d.filters. Values are "
    "first:last:step (8:64:8), numbers (1,3,5) or words (valid,same). What is asked about is a varied name or a quantity such as "
    "params, macs, memory, receptive_field, output[0] or conv2d.params.\n\n"
    "With one goal the best are shown, with several those that no other beats in every goal. Ctrl-C shows what was found so far. "
    "The exit code is 0 if a variant matches, 1 if none does, 2 if something is wrong, 130 if it was stopped.\n\n"
    "Examples:\n\n"
    "cnncalc sweep net.yaml --vary conv2d.filters=8:64:8 --minimize macs\n\n"
    'cnncalc sweep net.yaml --vary F=8:256:8 --vary k=1,3,5,7 --where "params < 1e6 and receptive_field >= 28" -o found.csv'
)

NONE, STOPPED = 1, 130
SHOWN = 20
"""The rows of a table, without --top."""
ENDINGS = {".csv": "csv", ".json": "json", ".md": "markdown", ".parquet": "parquet"}
PICTURES = (".png", ".svg")


class Format(StrEnum):
    """What is found is written as."""

    table = "table"
    csv = "csv"
    json = "json"
    markdown = "markdown"


VARY = str(Text("A setting and its values, as in F=8:64:8 (may be repeated)."))
WHERE = str(Text('What a variant must be, as in "params < 1e6 and receptive_field >= 28".'))
MINIMIZE = str(Text("A quantity that is to be small (may be repeated)."))
MAXIMIZE = str(Text("A quantity that is to be large (may be repeated)."))
PARETO = str(Text("Keep what no other beats in every goal; so it is with several goals."))
TOP = str(Text("Keep so many: the best, or without a goal the first."))
COLUMNS_HELP = str(Text("Quantities to show, by name, beside what is varied and the goals."))
SAMPLE = str(Text("Try so many variants drawn at random instead of all."))
SEED = str(Text("The number from which drawing at random starts."))
FORMAT = str(Text("table, csv, json or markdown."))
OUTPUT = str(Text("A file to write to, by its ending: .csv, .json, .md or .parquet."))
PLOT = str(Text("A picture of two goals and the front, .png or .svg."))


def sweep(
    arch: Arch,
    vary: Annotated[list[str] | None, typer.Option("--vary", metavar="NAME=VALUES", help=VARY, show_default=False)] = None,
    where: Annotated[str | None, typer.Option("--where", metavar="CONDITION", help=WHERE, show_default=False)] = None,
    minimize: Annotated[list[str] | None, typer.Option("--minimize", metavar="NAME", help=MINIMIZE, show_default=False)] = None,
    maximize: Annotated[list[str] | None, typer.Option("--maximize", metavar="NAME", help=MAXIMIZE, show_default=False)] = None,
    pareto: Annotated[bool, typer.Option("--pareto", help=PARETO)] = False,
    top: Annotated[int | None, typer.Option("--top", metavar="N", min=1, help=TOP, show_default=False)] = None,
    sample: Annotated[int | None, typer.Option("--sample", metavar="N", min=1, help=SAMPLE, show_default=False)] = None,
    seed: Annotated[int, typer.Option("--seed", metavar="N", min=0, help=SEED)] = 0,
    columns: Annotated[str | None, typer.Option("--columns", metavar="NAMES", help=COLUMNS_HELP, show_default=False)] = None,
    input: Input = None,
    set_: Set = None,
    format: Annotated[Format, typer.Option("--format", metavar="FORMAT", help=FORMAT)] = Format.table,
    output: Annotated[str | None, typer.Option("-o", "--output", metavar="FILE", help=OUTPUT, show_default=False)] = None,
    plot: Annotated[str | None, typer.Option("--plot", metavar="FILE", help=PLOT, show_default=False)] = None,
    lang: Lang = None,
) -> None:  # fmt: skip
    form = _form(output) or str(format)
    varied = _varied(vary or [])
    wished = _wished(columns)
    named = [*(minimize or ()), *(maximize or ())]
    _check_plot(plot, named)
    if pareto and not named:
        raise typer.BadParameter(str(Text("needs a goal: --minimize or --maximize")), param_hint="--pareto")
    from ..search.screen import Goal
    from ..search.sweep import Sweep

    goals = [*(Goal(name) for name in minimize or ()), *(Goal(name, largest=True) for name in maximize or ())]
    most = top or (SHOWN if form in {"table", "markdown"} or (len(goals) == 1 and not pareto) else None)
    with told_as_json(form == "json" and output is None):
        load = builder(arch, input=input_shape(input), variables=settings(set_))
        found = Sweep(load, varied, where=where, goals=goals, columns=wished, top=most, pareto=pareto, sample=sample, seed=seed)  # fmt: skip
        if plot is not None:
            found.watch()
        if found.plain:
            _note(Text("something asked about has no formula here, so every variant is derived on its own"))
        _run(found, form, output)
    if plot is not None:
        _draw(found, Path(plot))
    if found.stopped:
        raise typer.Exit(STOPPED)
    if not found.counts.matching:
        raise typer.Exit(NONE)


def _form(output: str | None) -> str | None:
    """The form of the file, checked before anything is computed."""
    if output is None:
        return None
    form = ENDINGS.get(Path(output).suffix.lower())
    if form is None:
        wrong = Text("a file ends in {known}, not {file}", known=", ".join(ENDINGS), file=repr(output))
        raise typer.BadParameter(str(wrong), param_hint="--output")
    _check_folder(output, "--output")
    if form == "parquet":
        _need("pyarrow", "frames", "--output")
    return form


def _check_folder(file: str, option: str) -> None:
    """A file that cannot be written is better known before a long sweep."""
    folder = Path(file).absolute().parent
    if not folder.is_dir():
        raise typer.BadParameter(str(Text("there is no folder {folder}", folder=folder)), param_hint=option)


def _need(library: str, extra: str, option: str) -> None:
    if find_spec(library) is None:
        command = f"python -m pip install 'cnncalc[{extra}]'"
        wrong = Text("{library} is not installed here: {command}", library=library, command=command)
        raise typer.BadParameter(str(wrong), param_hint=option)


def _varied(texts: list[str]) -> dict[str, str]:
    """The values of `--vary` by name."""
    chosen: dict[str, str] = {}
    for text in texts:
        name, sign, values = (part.strip() for part in text.partition("="))
        if not sign or not name or not values:
            wrong = Text("takes NAME=VALUES, such as F=8:64:8, not {text}", text=repr(text))
            raise typer.BadParameter(str(wrong), param_hint="--vary")
        if name in chosen:
            wrong = Text("{name} is varied twice; write all its values in one, as in {name}=1,3,8:16:4", name=name)
            raise typer.BadParameter(str(wrong), param_hint="--vary")
        chosen[name] = values
    return chosen


def _wished(columns: str | None) -> list[str] | None:
    return None if columns is None else [name.strip() for name in columns.split(",") if name.strip()]


def _check_plot(plot: str | None, goals: list[str]) -> None:
    if plot is None:
        return
    if Path(plot).suffix.lower() not in PICTURES:
        wrong = Text("a picture ends in {known}, not {file}", known=", ".join(PICTURES), file=repr(plot))
        raise typer.BadParameter(str(wrong), param_hint="--plot")
    if len(goals) != 2:
        wrong = Text("a picture shows two goals, and there are {n}", n=len(goals))
        raise typer.BadParameter(str(wrong), param_hint="--plot")
    _check_folder(plot, "--plot")
    _need("matplotlib", "plots", "--plot")


def _run(found: Sweep, form: str, output: str | None) -> None:
    """Run the sweep and show it; Ctrl-C ends it early, and what was found is shown all the same."""
    from ..view import sweeping as view
    from .progress import bar
    from .stopping import stoppable

    with bar() as tell, stoppable(found.stop):
        tables = found.tables(tell)
        if form in {"csv", "parquet"}:
            from .streams import write

            shown = write(tables, form, output)
        else:
            whole = found.gathered(tables)
            shown = len(whole)
    if form not in {"csv", "parquet"}:
        _show(found, whole, form, output)
    if form in {"csv", "parquet"} or (output and form != "table"):
        typer.echo("\n".join(view.totals(found, shown)), err=output is None)


def _show(found: Sweep, whole: Table, form: str, output: str | None) -> None:
    from ..view import sweeping as view

    if form == "table" and sys.stdout.isatty() and len(whole):
        from rich.console import Console

        from ..view.table import show_grid

        console = Console(highlight=False, width=get_terminal_size().columns)
        show_grid(view.grid(whole), console)
        console.print()
        for line in view.totals(found, len(whole)):
            console.print(line, overflow="fold", markup=False)
        return
    text = {"table": view.plain, "markdown": view.markdown, "json": view.json_text}[form](found, whole)
    if output is None:
        typer.echo(text)
    else:
        from .streams import replaced

        with replaced(Path(output)) as file:
            file.write_text(text + "\n", encoding="utf-8")


def _draw(found: Sweep, target: Path) -> None:
    from ..view.front_plot import draw

    points, front = found.pictured()
    if not front:
        _note(Text("nothing matches, so no picture was drawn"))
        return
    first, second = found.asked.goals
    drawn = draw((first.name, second.name), (first.largest, second.largest), points, front, target.suffix[1:].lower(), current())  # fmt: skip
    target.write_bytes(drawn.picture)
    if drawn.note is not None:
        _note(drawn.note)


def _note(text: Text) -> None:
    typer.echo(f"{Text('note')}: {text}", err=True)
