"""The key: every right answer, derived. Nothing here was typed by anybody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, NamedTuple

from ..algebra import factored
from ..architecture.entries import Faults
from ..arithmetic import prod
from ..derive import Row, Summary
from ..derive.explain import output_letters
from ..derive.letters import lettered
from ..errors import ArchitectureError
from ..language import Text
from .distractors import distractors, options
from .exercise import Exercise
from .items import Item
from .maps import feature_map, refused
from .quantities import Quantity, quantity
from .questions import Choice, Claim, Design, FeatureMap, Formula, MapValue, Memory, Predictions, Solve
from .solving import LARGEST, SHOWN, settings

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Key(NamedTuple):
    """What is right for one item."""

    item: Item
    value: Any
    """A number, a shape, a matrix, an expression, true or false, a letter; of `solve` the first setting; of a network of
    the student's own the conditions; None where only the student's file can tell."""
    others: tuple[Any, ...] = ()
    """More settings that are right too."""
    correction: Any = None
    """What a claim should say."""
    letters: Mapping[str, str] = {}
    """What the letters of a formula stand for."""
    primes: Mapping[str, Any] = {}
    """The letters of the output, as a formula of the others."""
    options: tuple[Any, ...] = ()
    """What can be chosen, in the order of the letters."""


def keys_of(exercise: Exercise) -> dict[str, Key]:
    """The key of every item. Raises ArchitectureError for questions that have no answer."""
    faults = Faults()
    found = {item.id: key for item in exercise.items if (key := _key(item, exercise, faults))}
    if faults:
        raise ArchitectureError([fault.at(exercise.source.place(fault.path)) for fault in faults])
    return found


def _key(item: Item, exercise: Exercise, faults: Faults) -> Key | None:
    question = item.question
    match question:
        case FeatureMap():
            return _map_key(item, question, faults)
        case Design():
            return Key(item, question.must)
        case Predictions():
            return Key(item, None)
    summary = exercise.summary
    assert summary is not None, "items_of refuses such questions without a network"
    match question:
        case Solve():
            return _solve_key(item, question, summary, faults)
        case Formula():
            return _formula_key(item, question, summary)
        case Claim():
            truth = quantity(summary, question.of).value
            return Key(item, truth == question.value, correction=truth)
        case Choice():
            return _choice_key(item, question, summary, faults)
        case Memory():
            summary = replace(summary, dtype=question.dtype, batch=question.batch)
    return Key(item, quantity(summary, f"{item.layer}.{item.quantity}" if item.layer else item.quantity).value)


def _map_key(item: Item, question: FeatureMap, faults: Faults) -> Key | None:
    demand = refused(question)
    if demand is not None:
        faults.note("window", Text("{rule}: {demand} does not hold", rule=demand.rule, demand=demand), item.path)
        return None
    found = feature_map(question)
    if not isinstance(question, MapValue):
        return Key(item, found)
    row, column = question.at
    if row >= len(found) or column >= len(found[0]):
        message = Text("the feature map has {rows} rows and {columns} columns", rows=len(found), columns=len(found[0]))
        faults.note("at", message, (*item.path, "at"))
        return None
    return Key(item, found[row][column])


def _solve_key(item: Item, question: Solve, summary: Summary, faults: Faults) -> Key | None:
    found = tuple(islice(settings(summary.architecture, question), SHOWN))
    if not found:
        message = Text("no setting of {field} from 0 to {limit} gives this", field=question.field, limit=LARGEST)
        faults.note("no-answer", message, (*item.path, "for"))
        return None
    return Key(item, found[0], found[1:])


def _formula_key(item: Item, question: Formula, summary: Summary) -> Key:
    about = quantity(summary, question.of)
    row = about.row
    assert row is not None, "items_of refuses formulas of the whole network"
    twin = lettered(row.layer, row.input_shapes)
    facts = twin.layer.facts(twin.input_shapes)
    match about.name:
        case "params":
            rule = sum((prod(shape) for shape in facts.weights.values()), 0)
        case "macs":
            rule = facts.macs
        case _:
            rule = facts.output[about.axis or 0]
    primes = dict(zip(output_letters(row.layer, len(facts.output)), facts.output, strict=True))
    return Key(item, factored(rule), letters=_meanings(twin.meanings, row), primes=primes)


def _meanings(meanings: Mapping[str, str], row: Row) -> dict[str, str]:
    """Letter by letter the field, or the axis of the input, that it stands for."""
    return {letter: f"{row.name}.{origin}" if origin != "input" else "input" for letter, origin in meanings.items()}


def _choice_key(item: Item, question: Choice, summary: Summary, faults: Faults) -> Key | None:
    about = quantity(summary, question.of)
    if not question.options:
        return _made_choice_key(item, question, summary, about, faults)
    if question.options.count(about.value) != 1:
        message = Text("{n} of the options are right, and one must be", n=question.options.count(about.value))
        faults.note("options", message, (*item.path, "options"))
        return None
    return Key(item, letter_of(question.options, about.value), options=question.options)


def _made_choice_key(item: Item, question: Choice, summary: Summary, about: Quantity, faults: Faults) -> Key | None:
    """A choice whose wrong options are made."""
    wrong = distractors(summary, question.of, about, question.distractors)
    if len(wrong) < question.distractors:
        message = Text("known misconceptions give {n} wrong answers here, and {wanted} are wanted", n=len(wrong), wanted=question.distractors)  # fmt: skip
        hints = [Text("write `distractors: {n}`", n=len(wrong))] if wrong else []
        faults.note("distractors", message, item.path, *hints, Text("write the `options` yourself"))
        return None
    choices = options(about.value, wrong)
    return Key(item, letter_of(choices, about.value), options=choices)


def letter_of(options: Sequence[Any], value: Any) -> str:
    return LETTERS[options.index(value)]
