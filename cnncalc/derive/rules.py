"""How a counter counts one concern of one operation: the formulas, each with what it says.

A counter is a table of these (`counters.py`). All are sums and products of sizes, so they run on symbols too.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from ..arithmetic import Dim, prod
from ..language import Text
from .operations import Operation


class Concern(StrEnum):
    """What a count is for; the words stand in the JSON output."""

    contraction = "contraction"
    bias = "bias"
    normalization = "normalization"
    activation = "activation"
    pooling = "pooling"
    upsampling = "upsampling"
    recurrent = "recurrent"
    embedding = "embedding"


class Rule(NamedTuple):
    """What one operation counts for one concern."""

    concern: Concern
    count: Callable[[Operation], Dim]
    says: Callable[[Operation], Text]


Rules = dict[str, tuple[Rule, ...]]
"""The rules of a counter, by the operation's name; one without an entry was not recorded."""


def table(*entries: tuple[Rule | None, str]) -> Rules:
    """Rules and the names of the operations that they are for; None says that nothing is counted."""
    rules: Rules = {}
    for rule, names in (*entries, (None, SILENT)):
        for name in names.split():
            rules[name] = (*rules.get(name, ()), *([rule] if rule else []))
    return rules


SILENT = "Identity Sigmoid Tanh Mish Hardswish Hardsigmoid Softplus"
"""What no counter counts. An operator (`x + y`), a dropout, a padding or a reshape is an Identity here."""


def _rule(concern: Concern, count: Callable[[Operation], Dim], text: Text) -> Rule:
    return Rule(concern, count, lambda _: text)


def per_mac(n: int) -> Text:
    return Text("{n} per multiply-accumulate", n=n)


def contraction(n: int) -> Rule:
    """`n` for every multiply-accumulate."""
    return _rule(Concern.contraction, lambda op: n * op.macs, per_mac(n))


EXACT = contraction(1)
TWICE = contraction(2)


def _outward(op: Operation) -> Dim:
    positions, _ = op.layer.split(op.y)
    return prod(positions) * prod(op.weights["kernel"])


OUTWARD = _rule(
    Concern.contraction, _outward, Text("every tap at every output position, instead of every input position")
)  # fmt: skip

WITHOUT_LENGTH = _rule(
    Concern.contraction, lambda op: prod(op.weights["kernel"]), Text("its kernel once, however many positions there are")
)  # fmt: skip

BIAS = _rule(Concern.bias, lambda op: prod(op.y) if op.biased else 0, Text("{n} per output element", n=1))

BIAS_ONCE = _rule(
    Concern.bias,
    lambda op: prod(op.weights["bias"]) if op.biased else 0,
    Text("1 per unit, however many positions there are"),
)


def inputs(concern: Concern, n: int = 1) -> Rule:
    """`n` for every number that comes in."""
    return _rule(concern, lambda op: n * prod(op.x), Text("{n} per input element", n=n))


def outputs(concern: Concern, n: int = 1) -> Rule:
    """`n` for every number that comes out."""
    return _rule(concern, lambda op: n * prod(op.y), Text("{n} per output element", n=n))


def parameters(concern: Concern) -> Rule:
    """Its parameters, however large the map is."""
    return _rule(concern, lambda op: op.params, Text("1 per parameter"))


def normal(affine: int, plain: int) -> Rule:
    """So many for every element, by whether there are a scale and a shift."""

    def rate(op: Operation) -> int:
        return affine if op.weights else plain

    def says(op: Operation) -> Text:
        return Text("{n} per input element", n=rate(op))

    return Rule(Concern.normalization, lambda op: rate(op) * prod(op.x), says)


def _softmax(op: Operation) -> Dim:
    """Every line of f costs f exponentials, f - 1 sums and f divisions."""
    return 3 * prod(op.x) - _lines(op)


def _lines(op: Operation) -> Dim:
    return prod(op.x) // op.line


SOFTMAX = _rule(Concern.activation, _softmax, Text("3f − 1 per softmax over f elements"))

POOLED = _rule(
    Concern.pooling, lambda op: prod(op.x) + prod(op.y), Text("1 per input element and 1 per output element")
)


def _whole_windows(op: Operation) -> Dim:
    positions, _ = op.layer.split(op.x)
    parts = getattr(op.layer, "output_size", (1,) * len(positions))
    return (prod(n // part for n, part in zip(positions, parts, strict=True)) + 1) * prod(op.y)


WHOLE_WINDOWS = _rule(
    Concern.pooling, _whole_windows, Text("1 per element of its windows, sizes rounded down, and 1 per output element")
)  # fmt: skip

SIZE_ALONE = _rule(
    Concern.upsampling,
    lambda op: prod(op.layer.split(op.y)[0]) if op.layer.kind() == "Resizing" else prod(op.y),
    Text("1 per output element; where a size is given, channels are left out"),
)


def steps(per_unit: dict[str, int], per_column: int = 0) -> Rule:
    """What a recurrent layer counts beside its two products: at every step, so much per unit (by kind), per column of a
    product (a unit of a gate), and the two biases of a column.
    """

    def count(op: Operation) -> Dim:
        columns = op.layer.gates * op.layer.units
        biased = 2 if op.biased else 0
        return op.x[0] * (per_unit.get(op.name, 0) * op.layer.units + (per_column + biased) * columns)

    return _rule(Concern.recurrent, count, Text("gates and biases at every step"))


def _pairs(op: Operation) -> Dim:
    """The scores: every position with every position, per head."""
    return op.layer.num_heads * op.x[0] * op.x[0]


def _biases(op: Operation) -> Dim:
    return op.x[0] * op.params


ATTENTION_BIAS = _rule(Concern.bias, _biases, Text("1 per output of every projection"))

ATTENTION_TWICE = _rule(
    Concern.contraction,
    lambda op: op.macs + _pairs(op) * (op.layer.key_dim + (op.layer.value_dim or op.layer.key_dim)),
    Text("the products of queries, keys and values twice"),
)

SCORES = _rule(Concern.activation, _pairs, Text("1 per score of the attention"))


def _scaled_scores(op: Operation) -> Dim:
    return 2 * _pairs(op) + op.x[0] * op.layer.num_heads * op.layer.key_dim


SCALED_SCORES = _rule(Concern.activation, _scaled_scores, Text("2 per score of the attention and 1 per query element"))


def _output_bias(op: Operation) -> Dim:
    """With `use_bias` or without: one for every output, as if there were a bias."""
    return _biases(op) if op.weights else prod(op.y)


ATTENTION_ALWAYS_BIAS = _rule(Concern.bias, _output_bias, Text("1 per output of every projection"))
