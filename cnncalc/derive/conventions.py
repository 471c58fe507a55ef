"""Conventions of counting: how many operations a network has, by MACs, by FLOPs, and by the counters that people quote.

The same network has 4.09, 4.11 and 4.13 billion "MACs" in papers, since every counter adds something of its own to
the multiply-accumulates: biases, normalisation, activations, pools. A look-alike counts here what the counter counts on the
network in PyTorch, with its gaps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from ..arithmetic import Dim
from ..language import Text
from .counters import ATEN, DEEPSPEED, FVCORE, PTFLOPS, THOP, THOP_OLD, TORCH, TORCHINFO
from .operations import Operation, operations
from .rows import Row
from .rules import Concern, Rules, contraction, per_mac


class Entry(NamedTuple):
    """What one operation of a row counts for one concern."""

    concern: Concern
    count: Dim
    says: Text


NOT_COUNTED = Text("not counted")


@dataclass(frozen=True, slots=True)
class Convention:
    """A way to count, by the name that `--convention` knows."""

    name: str
    version: str
    """The version of the counter that it was recorded from."""
    unit: str
    """MACs, or FLOPs where a multiply-accumulate counts 2."""
    says: Text
    """What it counts, in a sentence."""
    rules: Rules | None = None
    """Without rules, the contractions alone."""

    @property
    def per_mac(self) -> int:
        return 2 if self.unit == "FLOPs" else 1

    def count(self, row: Row) -> Dim:
        """What the row counts, all concerns together."""
        return sum(entry.count for entry in self.entries(row))

    def parts(self, row: Row) -> dict[Concern, Dim]:
        """What the row counts, by concern."""
        found: dict[Concern, Dim] = {}
        for entry in self.entries(row):
            found[entry.concern] = found.get(entry.concern, 0) + entry.count
        return found

    def entries(self, row: Row) -> Iterator[Entry]:
        """What the row counts, rule by rule; where no rule was recorded, its contractions count."""
        if self.rules is None:
            yield Entry(Concern.contraction, self.per_mac * row.macs, per_mac(self.per_mac))
            return
        for operation in operations(row):
            rules = self.rules.get(operation.name, (contraction(self.per_mac),))
            for rule in rules:
                yield Entry(rule.concern, operation.times * rule.count(operation), rule.says(operation))
            if not any(rule.concern is Concern.contraction for rule in rules):
                yield Entry(Concern.contraction, 0, NOT_COUNTED)

    def unrecorded(self, row: Row) -> tuple[Operation, ...]:
        """The operations of the row for which the counter's rule is not known."""
        if self.rules is None:
            return ()
        return tuple(operation for operation in operations(row) if operation.name not in self.rules)


DEFAULT = Convention("macs", "", "MACs", Text("multiply-accumulates of convolutions, Dense and other products; nothing else"))  # fmt: skip

CONVENTIONS = {
    convention.name: convention
    for convention in (
        DEFAULT,
        Convention("flops", "", "FLOPs", Text("the same as macs, with 2 for every multiply-accumulate")),
        Convention(
            "fvcore",
            "0.1.5.post20221221",
            "MACs",
            Text("products, 2 per element of BatchNormalization, 5 of other norms, adaptive average pools; it calls MACs flops"),
            FVCORE,
        ),
        Convention(
            "ptflops",
            "0.7.5",
            "MACs",
            Text("products and biases, 2 per element of BatchNormalization, activations, pools; ReLU and pools twice"),
            PTFLOPS,
        ),
        Convention(
            "ptflops-aten",
            "0.7.5",
            "MACs",
            Text("products and biases, by the operations that PyTorch runs; no LSTM on a CPU"),
            ATEN,
        ),
        Convention(
            "thop",
            "0.1.1.post2209072238",
            "MACs",
            Text("products, 4 per element of BatchNormalization, average pools; transposed convolutions by their outputs"),
            THOP,
        ),
        Convention(
            "thop-0.0.31",
            "0.0.31.post2005241907",
            "MACs",
            Text("products and biases of convolutions, 2 per element of BatchNormalization, average pools"),
            THOP_OLD,
        ),
        Convention(
            "torchinfo",
            "1.8.0",
            "MACs",
            Text("products and biases, parameters of normalisation and tables; Dense layers once per picture, not per position"),
            TORCHINFO,
        ),
        Convention(
            "torch",
            "2.13.0",
            "FLOPs",
            Text("products alone, 2 per multiply-accumulate: PyTorch's FlopCounterMode; no LSTM on a CPU"),
            TORCH,
        ),
        Convention(
            "deepspeed",
            "0.19.8",
            "FLOPs",
            Text("products, 2 per multiply-accumulate, biases of convolutions, normalisation, activations but ReLU6, pools"),
            DEEPSPEED,
        ),
    )
}  # fmt: skip
"""Every convention by name; the first is the default."""


def convention(name: str) -> Convention:
    """The convention called `name`; a ValueError if there is none."""
    if name not in CONVENTIONS:
        raise ValueError(str(unknown(name)))
    return CONVENTIONS[name]


def unknown(name: str) -> Text:
    """That there is no such convention, and which there are."""
    return Text("there is no convention {name}; there are: {known}", name=repr(name), known=", ".join(CONVENTIONS))
