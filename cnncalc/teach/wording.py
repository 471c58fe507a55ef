"""Items in words: what is asked, how to hand it in, what is right."""

from __future__ import annotations

from ..language import Text
from .conditions import conditions_of
from .items import Item
from .key import Key
from .plain import plain
from .predictions import percent
from .questions import Choice, Claim, Design, FeatureMap, Formula, MapValue, Memory, Predictions, Solve
from .written import said


def asked(item: Item) -> Text | str:
    """What to ask a person: the teacher's words, else ours."""
    return said(item.question.text) or _asked(item)


def _asked(item: Item) -> Text | str:
    question, name = item.question, item.layer or ""
    match question:
        case Claim():
            return said(question.says) or Text("{of} is {value}", of=question.of, value=plain(question.value))
        case Formula():
            return Text("formula of {of}", of=question.of)
        case Solve():
            wanted = ", ".join(f"{what} {plain(value)}" for what, value in question.wanted.items())
            return Text("{field} of {layer} for {wanted}", field=question.field, layer=name, wanted=wanted)
        case MapValue():
            return Text("value at row {row}, column {column} of the feature map, counted from 0", row=question.at[0], column=question.at[1])  # fmt: skip
        case FeatureMap():
            return Text("feature map of the image under the filter")
        case Choice():
            return Text("which is {of}?", of=question.of)
        case Design():
            return Text("a network of your own with {conditions}", conditions=_conditions(question))
        case Predictions():
            return Text("labels that your model predicts, at least {least} % of them right", least=percent(question.accuracy))  # fmt: skip
        case Memory():
            return _bytes(question)
    words = WORDS.get(item.quantity or question.ask)
    if words is None:
        return question.ask
    return Text("{what} of {layer}", what=words, layer=name) if name else words


def _bytes(question: Memory) -> Text:
    """What bytes are asked for, and of which numbers; the weights are the same for any batch."""
    what = WORDS[f"memory.{question.part}"]
    if question.part == "weights":
        return Text("{what} ({dtype})", what=what, dtype=question.dtype)
    return Text("{what} ({dtype}, batch {batch})", what=what, dtype=question.dtype, batch=question.batch)


def _conditions(question: Design) -> str:
    """The conditions in words: params at most 100,000, output 10."""
    return ", ".join(f"{each.name} {each.wanted}" for each in conditions_of(question.must))


def how_to(item: Item) -> Text | None:
    """What to say beside a question whose answer is a file."""
    match item.question:
        case Design():
            return Text("Hand in a file {name} (or .json, .toml, .py, .keras), in a folder with your name.", name=f"{item.id}.yaml")  # fmt: skip
        case Predictions():
            return Text(
                "Hand in a file {name} with a label per line, in a folder with your name.", name=f"{item.id}.csv"
            )
    return None


def answer(key: Key) -> Text | str:
    """What is right, in words."""
    question = key.item.question
    match question:
        case Claim() if key.value:
            return Text("true")
        case Claim():
            return Text("false: it is {value}", value=plain(key.correction))
        case Solve():
            return str(Text(" or ")).join(map(plain, (key.value, *key.others)))
    if key.options:
        return f"{key.value} ({plain(key.options[ord(key.value) - ord('A')])})"
    if isinstance(question, Design):
        return _conditions(question)
    if isinstance(question, Predictions):
        return Text("at least {least} % right", least=percent(question.accuracy))
    return "–" if key.value is None else plain(key.value)


WORDS = {
    "shape": Text("output shape"),
    "params": Text("parameters"),
    "trainable_params": Text("trainable parameters"),
    "non_trainable_params": Text("non-trainable parameters"),
    "macs": Text("multiply-accumulates"),
    "receptive_field": Text("receptive field"),
    "total_params": Text("parameters in all"),
    "total_macs": Text("multiply-accumulates in all"),
    "memory.weights": Text("bytes of the weights"),
    "memory.inference_peak": Text("the most bytes of outputs alive at once"),
    "memory.training_sum": Text("bytes of weights, gradients and outputs in training"),
}
"""What is asked, in words."""
