"""`cnncalc exercise`: making, checking and printing exercises; each verb has a module of its name."""

from __future__ import annotations

from ...language import Text

BRIEF = Text("Make, check and print exercises.")

HELP = Text(
    "Exercises are files of questions about a network. Their answers are derived; nobody types a key.\n\n"
    "Examples:\n\n"
    "cnncalc exercise new net.yaml -o exercise.yaml\n\n"
    "cnncalc exercise check exercise.yaml\n\n"
    "cnncalc exercise lint exercise.yaml\n\n"
    "cnncalc exercise worksheet exercise.yaml"
)

VERBS = ("new", "check", "lint", "key", "worksheet")
