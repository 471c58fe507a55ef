"""Answers of a search for settings: text and JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from itertools import islice, pairwise
from typing import Any

from ..arithmetic import Symbolic
from ..language import Text
from ..search.solve import Answer, Solution
from ..search.wants import Goal
from .columns import cell_text

SHOWN = 20
LONGEST = 400

Words = Callable[[Mapping[str, Any]], dict[str, tuple[str, ...]]]
"""The words that give the shapes of an answer too, by unknown."""


def plain(found: Solution, words: Words, *, every: bool = False) -> str:
    """A line per answer, or the nearest settings with the reason why there is none."""
    where = _ranges(found)
    if not found.total:
        return "\n".join([str(Text("none: nothing among {where} gives {wants}", where=where, wants=_wants(found))), *_why(found)])  # fmt: skip
    head = Text("1 answer among {where}", where=where) if found.total == 1 else Text("{n} answers among {where}", n=f"{found.total:,}", where=where)  # fmt: skip
    lines = [f"  {_line(found, each, words)}" for each in islice(found.answers, None if every else SHOWN)]
    if len(lines) < found.total:
        lines.append(f"  {Text('… and {n} more; --all shows them', n=f'{found.total - len(lines):,}')}")
    return "\n".join([str(head), *lines, *(f"  {text}" for text in _fixed(found))])


def json_text(found: Solution, words: Words, *, every: bool = False) -> str:
    """Schema 1 of the JSON output."""
    answers = list(islice(found.answers, None if every else SHOWN))
    data = {
        "schema": 1,
        "unknowns": {name: _range(values) for name, values in found.ranges.items()},
        "wants": [want.text for want in found.wants],
        "count": found.total,
        "answers": [{**_data(each), "words": {k: list(v) for k, v in words(each.values).items()}} for each in answers],
        "nearest": [_data(each) for each in found.nearest],
        "near_only": found.near_only,
        "reasons": [] if found.total else [str(text) for text in _reasons(found)],
    }
    return json.dumps(data, indent=2, ensure_ascii=False)


def _data(answer: Answer) -> dict[str, Any]:
    return {"values": answer.values, "measured": answer.measured}


def _ranges(found: Solution) -> str:
    return ", ".join(f"{name} {_range(values)}" for name, values in found.ranges.items())


def _range(values: Any) -> str:
    return repr(values).removeprefix("<Values ").removesuffix(">")


def _wants(found: Solution) -> str:
    return ", ".join(want.text for want in found.wants)


def _line(found: Solution, answer: Answer, words: Words) -> str:
    """The values, what was bounded and came out so, and the words that say the same."""
    parts = ", ".join(f"{name} = {value}" for name, value in answer.values.items())
    loose = {want.name for want in found.wants if want.relation != "=" or None in want.targets}
    told = [f"{name} {cell_text(answer.measured[name])}" for name in dict.fromkeys(loose)]
    for name, same in words(answer.values).items():
        listed = ", ".join(f'"{word}"' for word in same)
        told.append(str(Text("{words} for {name} gives the same shapes", words=listed, name=name)))
    return f"{parts}  ({'; '.join(told)})" if told else parts


def _why(found: Solution) -> Iterator[str]:
    yield from (f"  {text}" for text in _reasons(found))
    if found.nearest:
        yield f"  {Text('near it, where the search was given up, are') if found.near_only else Text('the nearest are')}"
        for answer in found.nearest:
            values = ", ".join(f"{name} = {value}" for name, value in answer.values.items())
            told = "; ".join(f"{name} {cell_text(value)}" for name, value in answer.measured.items())
            yield f"    {values}  ({told})"


def _reasons(found: Solution) -> Iterator[Text]:
    """What cannot change, the formulas of what is wanted, the step that jumps over it, the rules that refuse all."""
    fixed = [text for goal, text in _constant(found) if not goal.holds(goal.value)]
    yield from fixed
    formulas: dict[str, list[str]] = {}
    for goal in dict.fromkeys(found.goals):
        if isinstance(goal.value, Symbolic):
            formulas.setdefault(str(goal.value), []).append(goal.name)
    for formula, names in formulas.items():
        if len(formula) <= LONGEST:
            yield Text("{name} = {formula}", name=", ".join(names), formula=formula)
    if not fixed:
        yield from _gap(found)
    if found.refused:
        yield Text("no setting is valid:")
        for rule, n in found.refused.items():
            yield Text("{n} refused: {rule}", n=f"{n:,}", rule=rule)


def _fixed(found: Solution) -> Iterator[Text]:
    """What was wanted of a quantity that does not depend on the unknowns at all."""
    moving = {goal.quantity for goal in found.goals if isinstance(goal.value, Symbolic)}
    yield from (text for goal, text in _constant(found) if goal.quantity not in moving)


def _constant(found: Solution) -> Iterator[tuple[Goal, Text]]:
    """Wanted numbers that are the same for all settings; axes of one number are told together."""
    goals = [goal for goal in dict.fromkeys(found.goals) if not isinstance(goal.value, Symbolic)]
    for goal in {(goal.quantity, goal.value, goal.target): goal for goal in goals}.values():
        alike = [each.name for each in goals if each._replace(name="") == goal._replace(name="") and each.quantity == goal.quantity]  # fmt: skip
        told = {"name": ", ".join(alike), "value": cell_text(goal.value), "unknowns": ", ".join(found.ranges)}
        yield goal, Text("{name}: {value} for every {unknowns}", **told)


def _gap(found: Solution) -> Iterator[Text]:
    """Between which neighbours of one unknown the number lies that is wanted."""
    goals = {(goal.value, goal.target): goal for goal in found.goals if isinstance(goal.value, Symbolic)}
    if len(found.ranges) != 1 or len(goals) != 1:
        return
    (goal,) = goals.values()
    (name,) = found.ranges
    values = sorted((each.values[name], _measured(each, goal)) for each in found.nearest)
    for (low, below), (high, above) in pairwise(values):
        if isinstance(low, int) and high == low + 1 and min(below, above) < goal.target < max(below, above):
            yield Text(
                "{target} lies between {name} = {low} and {high}: one step is {step}",
                target=f"{goal.target:,}", name=name, low=low, high=high, step=cell_text(abs(above - below)),
            )  # fmt: skip


def _measured(answer: Answer, goal: Goal) -> Any:
    name, _, axis = goal.name.partition("[")
    value = answer.measured.get(goal.name, answer.measured.get(name))
    return value[int(axis[:-1])] if isinstance(value, tuple) else value
