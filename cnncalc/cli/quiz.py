"""`cnncalc quiz`: an exercise in the terminal, a question at a time."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import nearest
from ..language import Text
from .exercise.options import Path as ExercisePath
from .exercise.options import Seed, Student, opened
from .options import Lang

if TYPE_CHECKING:
    from ..teach.exercise import Exercise
    from ..teach.quizzing import Move, Quiz
    from .asking import Lines

BRIEF = Text("Practise with an exercise, a question at a time.")

HELP = Text(
    "Practise with an exercise: a question at a time, told at once whether an answer is right, and why not. Instead of an "
    "answer, type hint, skip, show (the answer with its arithmetic), quit or ?. At the end, or when you stop, a summary says "
    "what to look at again.\n\n"
    "Progress is kept, and the same command goes on where you stopped. Answers through a pipe are read a line each; then "
    "progress is kept only with --progress. The exit code is 0, however the answers are.\n\n"
    "Examples:\n\n"
    "cnncalc quiz exercise.yaml\n\n"
    "cnncalc quiz exercise.yaml --only params --again"
)

ONLY = str(Text("Only questions of this kind (such as shape or params), or this item (may be repeated)."))
PROGRESS = str(Text("The file that keeps your progress; else one in your folder for the state of programs."))
AGAIN = str(Text("Begin again; the kept progress is replaced."))

WIDEST = 80
"""Lines that are longer do not read well."""
COLOURS = {"✓": typer.colors.GREEN, "✗": typer.colors.RED, "~": typer.colors.YELLOW, "?": typer.colors.YELLOW}


def quiz(
    exercise: ExercisePath,
    only: Annotated[list[str] | None, typer.Option("--only", metavar="WHAT", help=ONLY, show_default=False)] = None,
    progress: Annotated[str | None, typer.Option("--progress", metavar="FILE", help=PROGRESS, show_default=False)] = None,
    again: Annotated[bool, typer.Option("--again", help=AGAIN)] = False,
    seed: Seed = None,
    student: Student = None,
    lang: Lang = None,
) -> None:  # fmt: skip
    if exercise == "-":
        raise typer.BadParameter(str(Text("takes a file: answers come through standard input")), param_hint="EXERCISE")
    from ..teach.quizzing import Quiz
    from .asking import Lines
    from .keeping import name_of, place

    found = opened(exercise, seed, student)
    made = Quiz(found, _chosen(found, only))
    lines = Lines()
    file = Path(progress).resolve() if progress else place() / f"{name_of(made)}.json" if lines.typed else None
    _Session(made, lines, file).run(again=again)


def _chosen(exercise: Exercise, only: list[str] | None) -> set[str] | None:
    """The items that are asked; None for all."""
    if not only:
        return None
    names = {item.id: {item.id} for item in exercise.items}
    for item in exercise.items:
        names.setdefault(item.question.ask, set()).add(item.id)
    for wish in only:
        if wish not in names:
            near = nearest(wish, names)
            hint = Text("did you mean {near}?", near=near) if near else Text("there is {names}", names=", ".join(names))
            message = Text("there is no question {name}", name=repr(wish))
            raise typer.BadParameter(f"{message}; {hint}", param_hint="--only")
    return set().union(*(names[wish] for wish in only))


class _Session:
    """One run, from the first line to the summary."""

    def __init__(self, quiz: Quiz, lines: Lines, file: Path | None) -> None:
        self.quiz, self.lines, self.file = quiz, lines, file
        self.width = min(get_terminal_size().columns, WIDEST)
        self.saved = 0
        self.explained: set[Text] = set()

    def run(self, *, again: bool) -> None:
        from ..view.quiz import opening, summary

        _print(opening(self.quiz, self.width))
        if not again:
            self._resume()
        try:
            self._ask()
        except KeyboardInterrupt:
            typer.echo()
        self._save()
        _print(summary(self.quiz, self.width))
        if self.quiz.current and self.saved:
            self._tell(Text("Your progress is kept: the same command goes on here."))

    def _ask(self) -> None:
        """Questions and answers, until there are no more of either."""
        from ..teach.quizzing import Move
        from ..view import quiz as view

        asked = None
        while item := self.quiz.current:
            if item.id != asked:
                form = view.form(item)
                _print(view.question(self.quiz, item, self.width, explained=form in self.explained))
                self.explained.add(form)
                asked = item.id
            line = self.lines()
            word = (line or "").strip().casefold()
            if line is None or word in view.LEAVING:
                return
            if word in view.ASKING:
                for each in view.HELP:
                    self._tell(each)
                continue
            reply = self.quiz.make(Move(view.MOVES[word]) if word in view.MOVES else Move("answer", line))
            _answer(view.reply(self.quiz, reply, self.width))
            self._save()

    def _resume(self) -> None:
        """Go on where an earlier run stopped; a file that is not its progress is set aside."""
        from .keeping import Damaged, read, set_aside

        if self.file is None:
            return
        try:
            try:
                self._replay(read(self.file, self.quiz))
            except Damaged as damaged:
                aside = set_aside(self.file)
                self._warn(Text("{file} cannot be used: {why}. It is now {aside}; this run begins afresh.", file=self.file, why=damaged.why, aside=aside))  # fmt: skip
        except OSError as error:
            self._give_up(error)
        if self.quiz.moves:
            self._tell(Text("You go on where you stopped: {done} of {all} questions are done. --again begins afresh.", done=self.quiz.done, all=len(self.quiz.items)))  # fmt: skip
        self.saved = len(self.quiz.moves)

    def _replay(self, moves: list[Move]) -> None:
        """Make the kept moves; there can be no more of them than questions need."""
        from .keeping import Damaged

        try:
            self.quiz.replay(moves)
        except ValueError:
            self.quiz.reset()
            raise Damaged(Text("it is damaged, or no progress of a quiz")) from None

    def _save(self) -> None:
        from .keeping import write

        if self.file is None or len(self.quiz.moves) == self.saved:
            return
        try:
            write(self.file, self.quiz)
        except OSError as error:
            self._give_up(error)
        else:
            self.saved = len(self.quiz.moves)

    def _give_up(self, error: OSError) -> None:
        """Go on without a file."""
        self._warn(Text("progress cannot be kept in {file}: {reason}", file=self.file, reason=error.strerror or error))
        self.file = None
        self.saved = 0

    def _tell(self, text: Text) -> None:
        from ..view.width import fold

        _print(fold(str(text), self.width))

    def _warn(self, text: Text) -> None:
        typer.echo(str(text), err=True)


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        typer.echo(line)


def _answer(lines: list[str]) -> None:
    """What is said to an answer; its sign in colour where a person looks."""
    if lines and (colour := COLOURS.get(lines[0][:1])) and sys.stdout.isatty() and "NO_COLOR" not in os.environ:
        lines = [typer.style(lines[0][:1], fg=colour, bold=True) + lines[0][1:], *lines[1:]]
    _print(lines)
