"""Causes and remarks for the kinds of question that no table of wrong answers covers: what a setting gives, which
condition is not met, what a claim makes of those who believe it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from ..architecture import Architecture
from ..errors import ArchitectureError
from ..language import Text
from .causes import Cause
from .conditions import Condition, conditions_of
from .exercise import Exercise
from .formula_causes import FormulaDoctor
from .key import Key
from .map_causes import MapDoctor
from .maps import feature_map
from .plain import plain
from .predictions import evidence as counted
from .predictions import remark as too_low
from .questions import Claim, Design, FeatureMap, Formula, Predictions, Question, Solve
from .solving import changed, measured
from .subjects import QUANTITIES, Subject, Subjects, axis_of, wrong_values

Worker = Callable[[Any], Cause]
"""From a wrong answer to its cause, for a kind of question of its own."""


def worker_of(exercise: Exercise, key: Key, subjects: Subjects) -> Worker | None:
    """What finds causes for an item; None where a table of wrong answers does."""
    question, item = key.item.question, key.item
    match question:
        case FeatureMap():
            return MapDoctor(question, feature_map(question)).cause
        case Formula() if item.layer and item.layer in subjects.cases:
            case = subjects.cases[item.layer]
            return FormulaDoctor(case, QUANTITIES[item.quantity], axis_of(question.of), key.primes).cause
        case Claim():
            subject = subjects.of(item.layer, item.quantity)
            return lambda said: _believed(question, subject, said)
        case Design():
            return lambda value: Cause(note=_unmet(conditions_of(question.must), value))
        case Predictions():
            return lambda value: Cause(note=too_low(value, question.accuracy))
        case Solve() if exercise.architecture is not None:
            network = exercise.architecture
            return lambda value: Cause(note=_outcome(network, question, value))
    return None


def _believed(question: Claim, subject: Subject | None, said: object) -> Cause:
    """Of a wrong yes or no: who says yes to a wrong number may have got it as others do."""
    axis = axis_of(question.of)
    codes = wrong_values(subject, axis).get(question.value, ()) if said is True else ()
    if subject and codes:
        return Cause(codes, subject.about if axis is None else None, question.value)
    return Cause(note=Text("Work out {of} yourself, and compare it with what is said.", of=question.of))


def evidence(question: Question, value: Any) -> dict[str, Any] | None:
    """What was measured of a file that was handed in, for JSON."""
    match question:
        case Design() if value is not None:
            pairs = zip(conditions_of(question.must), value, strict=True)
            return {"conditions": [_plain(each, found) for each, (_, found) in pairs]}
        case Predictions() if value is not None:
            return counted(value)
    return None


def _outcome(architecture: Architecture, question: Solve, value: Any) -> Text:
    """What a wrong setting gives instead of what is asked."""
    try:
        summary = changed(architecture, question.layer, question.field, value)
    except ArchitectureError as error:
        return Text("With {field} {value} the network does not work: {why}.", field=question.field, value=plain(value), why=error.first.message)  # fmt: skip
    except ValidationError:
        return Text("{field} cannot be {value}.", field=question.field, value=plain(value))
    told: Text | None = None
    for name, wanted in question.wanted.items():
        if (found := measured(summary, question.layer, name)) != wanted:
            one = Text("{name} is {found}, and {wanted} is asked", name=name, found=plain(found), wanted=plain(wanted))
            told = Text("{first}; {rest}", first=told, rest=one) if told else one
    return Text("With {field} {value}, {told}.", field=question.field, value=plain(value), told=told)


def _unmet(wanted: tuple[Condition, ...], value: Any) -> Text:
    """Every condition that does not hold, with what was measured."""
    told = None
    for each, (_, found) in zip(wanted, value, strict=True):
        if not each.holds(found):
            there: Any = Text("nothing") if found is None else plain(found)
            one = Text(
                "{name}: there is {found}, and {wanted} is asked", name=each.name, found=there, wanted=each.wanted
            )
            told = Text("{first}; {rest}", first=told, rest=one) if told else one
    return Text("{told}.", told=told)


def _plain(condition: Condition, found: Any) -> dict[str, Any]:
    value = list(found) if isinstance(found, tuple) else found
    return {
        "name": condition.name,
        "wanted": _english(condition.wanted),
        "value": value,
        "holds": condition.holds(found),
    }


def _english(words: Text | str) -> str:
    return words.into("en") if isinstance(words, Text) else words
