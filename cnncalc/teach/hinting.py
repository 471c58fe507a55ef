"""Hints: first what goes into an answer, then the rule on letters; never a number that is asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ..derive import Row, Summary
from ..derive.explain import Explanation, Line, explain
from ..derive.memory import DTYPES
from ..expression import SPACED, Expr, names, render
from ..language import Text
from .exercise import Exercise
from .key import Key
from .maps import sides
from .quantities import OF_LAYER, OF_NETWORK, Quantity, quantity
from .questions import Choice, Claim, FeatureMap, Formula, MapValue, Memory, Solve
from .solving import hidden

SECTIONS = {
    "shape": "shape",
    "params": "params",
    "trainable_params": "params",
    "non_trainable_params": "params",
    "macs": "macs",
    "receptive_field": "receptive_field",
}
"""Where an explanation has the arithmetic of a quantity of a layer."""


def hints_of(exercise: Exercise, key: Key) -> tuple[Text, ...]:
    """The hints for an item, at least one, each saying more than the one before; nothing that another item asks for."""
    question, summary = key.item.question, exercise.summary
    match question:
        case FeatureMap():
            return tuple(_of_map(question, key))
        case Formula():
            return (_of_formula(key, summary),)
        case Solve():
            return (SOLVE,)
        case Memory():
            return (MEMORY[question.part], Text("A number of type {dtype} takes {n} bytes.", dtype=question.dtype, n=DTYPES[question.dtype]))  # fmt: skip
    return tuple(_of_quantity(exercise, key, summary)) if summary else (LOOK,)


def about_of(key: Key, summary: Summary) -> Quantity:
    """The quantity that an item asks about."""
    item, question = key.item, key.item.question
    if isinstance(question, Claim | Choice | Formula):
        return quantity(summary, question.of)
    return quantity(summary, f"{item.layer}.{item.quantity}" if item.layer else item.quantity)


def lines_of(explanation: Explanation, name: str) -> list[Line]:
    """The lines of an explanation that say where a quantity comes from; those on letters only."""
    lines: tuple[Line, ...] = getattr(explanation, SECTIONS[name]) if name in SECTIONS else ()
    layer = explanation.row.layer
    if SECTIONS.get(name) == "params" and explanation.row.shares:
        return []
    match name:
        case "params" if len(lines) == 2:  # one array of weights: its line says the same as the sum
            lines = lines[1:]
        case "trainable_params" | "non_trainable_params":
            learning = name == "trainable_params"
            lines = tuple(line for line in lines[:-1] if layer.learns(line.name) == learning)
        case "receptive_field":
            lines = tuple(line for line in lines if not line.name.startswith("s"))
    return [line for line in lines if isinstance(line.formula, Expr)]


def _of_quantity(exercise: Exercise, key: Key, summary: Summary) -> Iterator[Text]:
    about = about_of(key, summary)
    if about.row is None:
        yield _of_network(about.name, summary)
    elif about.name == "input_shape":
        yield Text("It is the output of the layer before.")
    elif about.name not in OF_LAYER:
        yield Text("Look at the settings of {layer}.", layer=about.row.name)
    else:
        yield from _of_layer(about, explain(summary, about.row.name)[0], exercise, summary)


def _of_layer(about: Quantity, explanation: Explanation, exercise: Exercise, summary: Summary) -> Iterator[Text]:
    """What the letters are, then the rule, if that is not asked for."""
    lines = lines_of(explanation, about.name)
    if not lines:
        yield NOTHING_THERE.get(about.name, LOOK)
        return
    name, questions = explanation.row.name, [item.question for item in exercise.items]
    formulas = {(found.row.kind, found.name) for each in questions if isinstance(each, Formula) and (found := quantity(summary, each.of)).row}  # fmt: skip
    used = {letter for line in lines for letter in names(line.formula)}
    if meant := ", ".join(_meaning(explanation, used, hidden(questions, summary, name))):
        yield Text("What goes in: {letters}.", letters=meant)
    if about.name == "receptive_field":
        yield Text("r is the receptive field of the layer before, and j its jump: how many pixels lie between neighbouring outputs.")  # fmt: skip
    if (explanation.row.kind, about.name) not in formulas:
        yield Text("The rule: {formulas}", formulas="; ".join(f"{line.name} = {render(line.formula, SPACED)}" for line in lines))  # fmt: skip


def _meaning(explanation: Explanation, used: Collection[str], unsaid: Collection[str]) -> Iterator[str]:
    """The letters of the settings with their numbers; those of the input without, since these may be asked for."""
    given = [each for each in explanation.given if each.letter in used]
    inputs = [each.letter for each in given if each.origin.startswith("input")]
    if inputs:
        yield str(Text("{letters} of the input", letters=", ".join(inputs)))
    for each in given:
        if each.letter not in inputs:
            yield f"{each.origin} {each.letter} = {'?' if each.origin in unsaid else each.value}"


def _of_network(name: str, summary: Summary) -> Text:
    rows = [row for row in summary.rows if _counts(row, name)]
    if rows:
        return Text("Add up those of {layers}.", layers=", ".join(row.name for row in rows))
    return NOTHING_THERE.get(name, FROM_LAYER_TO_LAYER)


def _counts(row: Row, name: str) -> bool:
    """Whether a layer adds to a total."""
    parts = {"total_params": row.params, "total_macs": row.macs, "trainable_params": row.trainable, "non_trainable_params": row.non_trainable}  # fmt: skip
    return name in OF_NETWORK and bool(parts.get(name, 0))


def _of_formula(key: Key, summary: Summary | None) -> Text:
    assert summary is not None, "items_of refuses formulas without a network"
    about = about_of(key, summary)
    assert about.row is not None, "items_of refuses formulas of the whole network"
    match about.name:
        case "params" if about.row.weights:
            return Text("A product for each array of weights ({names}), and their sum.", names=", ".join(about.row.weights))  # fmt: skip
        case "params":
            return NOTHING_THERE["params"]
        case "macs":
            return Text("How many outputs are there, and how many products does each take?")
    return Text("Does a setting of the layer decide this axis, or the input, or both?")


def _of_map(question: FeatureMap, key: Key) -> Iterator[Text]:
    if isinstance(question, MapValue):
        yield Text("Row {row}, column {column} counts from 0. Where does the filter lie for it?", row=question.at[0], column=question.at[1])  # fmt: skip
    yield Text("Put the filter on the picture, multiply number by number, add all products and the bias; then move on by {strides}.", strides=question.strides)  # fmt: skip
    if isinstance(key.value, tuple):
        rows, columns = sides(key.value)
        yield Text("The map has {rows} rows and {columns} columns.", rows=rows, columns=columns)


SOLVE = Text(
    "Write the rule with a letter for the setting, put in the numbers that you know, and see which numbers fit."
)
LOOK = Text("Look at what the layer does to its input, axis by axis.")
FROM_LAYER_TO_LAYER = Text("Go from layer to layer, beginning at the input.")
NOTHING_THERE = {
    "params": Text("Does this layer have weights at all?"),
    "trainable_params": Text("Which weights learn?"),
    "non_trainable_params": Text("Which layers have weights that do not learn?"),
    "macs": Text("Does this layer multiply weights with its input at all?"),
}
"""Of what is 0, or has no rule on letters."""
MEMORY = {
    "weights": Text("Every parameter is one number."),
    "inference_peak": Text(
        "What is alive while a layer runs: its inputs, its output, and what is read later. At which layer is that the most?"
    ),
    "training_sum": Text(
        "Weights, the gradients of those that learn, and the outputs of all layers, for every picture of the batch."
    ),
}
