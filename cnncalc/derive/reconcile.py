"""Why your number is not the paper's: what each convention counts more or less than MACs, and where."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..arithmetic import Dim, prod
from ..language import Text
from ..layers import Layer
from .conventions import CONVENTIONS, Convention
from .rows import Row, plain
from .rules import Concern
from .summary import Summary

LARGEST = 5
"""How many layers a cause names."""


class Share(NamedTuple):
    """What one layer adds to a difference."""

    name: str
    amount: Dim


class Cause(NamedTuple):
    """Layers of one kind that a convention counts differently, for one reason."""

    concern: Concern
    kind: str
    says: Text
    amount: Dim
    shares: tuple[Share, ...]
    """A share per layer, the largest first."""

    def to_dict(self) -> dict[str, Any]:
        """The cause as schema 1 of the JSON output has it, with its largest shares."""
        return {
            "concern": str(self.concern),
            "kind": self.kind,
            "says": str(self.says),
            "amount": plain(self.amount),
            "layers": len(self.shares),
            "largest": [{"name": name, "amount": plain(amount)} for name, amount in self.shares[:LARGEST]],
        }


class Reconciled(NamedTuple):
    """One convention's total, and what leads to it from the default's."""

    convention: Convention
    total: Dim
    difference: Dim
    """From the default, in the unit of the convention: the sum of the causes."""
    causes: tuple[Cause, ...]
    unrecorded: dict[str, int]
    """The kinds whose rule is not known, and how many layers are of them; only their contractions count."""

    def to_dict(self) -> dict[str, Any]:
        """The comparison as schema 1 of the JSON output has it."""
        return {
            "name": self.convention.name,
            "version": self.convention.version or None,
            "unit": self.convention.unit,
            "says": str(self.convention.says),
            "total": plain(self.total),
            "difference": plain(self.difference),
            "causes": [cause.to_dict() for cause in self.causes],
            "unrecorded": self.unrecorded,
        }


def reconcile(summary: Summary) -> tuple[Reconciled, ...]:
    """Every convention against the default."""
    return tuple(_reconciled(summary, convention) for convention in CONVENTIONS.values())


def _reconciled(summary: Summary, convention: Convention) -> Reconciled:
    gathered: dict[tuple[Concern, str, Text], dict[str, Dim]] = {}
    unrecorded: dict[str, int] = {}
    total = sum(convention.count(row) for row in summary.rows)
    for row in summary.rows:
        if convention.unrecorded(row):
            unrecorded[row.kind] = unrecorded.get(row.kind, 0) + 1
        for key, amount in _differences(convention, row).items():
            if not _is_zero(amount):
                gathered.setdefault(key, {})[row.name] = amount
    causes = [_cause(key, shares) for key, shares in gathered.items()]
    if all(isinstance(cause.amount, int) for cause in causes):
        causes.sort(key=lambda cause: -abs(cause.amount))
    difference = sum(cause.amount for cause in causes)
    return Reconciled(convention, total, difference, tuple(causes), unrecorded)


def _differences(convention: Convention, row: Row) -> dict[tuple[Concern, str, Text], Dim]:
    """What the row counts beside its MACs, by what the rule says; in contractions, what it counts more or less."""
    found: dict[tuple[Concern, str, Text], Dim] = {}
    products: Dim = 0
    reason: Text | None = None
    for concern, count, says in convention.entries(row):
        if concern is Concern.contraction:
            products, reason = products + count, says
        else:
            key = (concern, row.kind, says)
            found[key] = found.get(key, 0) + count
    if reason is not None:
        found[Concern.contraction, row.kind, reason] = products - convention.per_mac * row.macs
    return found


def _cause(key: tuple[Concern, str, Text], amounts: dict[str, Dim]) -> Cause:
    shares = [Share(name, amount) for name, amount in amounts.items()]
    if all(isinstance(share.amount, int) for share in shares):
        shares.sort(key=lambda share: -abs(share.amount))
    return Cause(*key, sum(amounts.values()), tuple(shares))


def _is_zero(amount: Dim) -> bool:
    return isinstance(amount, int) and amount == 0


class Parameters(NamedTuple):
    """The other number that people quote, in three ways."""

    keras: Dim
    """Keras's total: moving statistics are parameters."""
    pytorch: Dim
    """PyTorch's `parameters()`, frozen ones too: moving statistics are buffers."""
    trainable: Dim
    """What training changes."""


def parameters(summary: Summary) -> Parameters:
    """The parameters of a network by each convention."""
    return Parameters(
        summary.total_params, summary.total_params - sum(map(_buffers, summary.rows)), summary.trainable_params
    )


NO_PARAMETER = frozenset({"vector_u", "others"})
"""What a SpectralNormalization and a Custom keep beside what can be learned."""


def _buffers(row: Row) -> Dim:
    """The weights that are no parameters in PyTorch."""
    if row.shares:
        return 0
    kept = _statistics(row.layer)
    return sum(prod(shape) for name, shape in row.weights.items() if name in kept)


def _statistics(layer: Layer) -> frozenset[str]:
    inner = getattr(layer, "layer", None)
    return layer.statistics | NO_PARAMETER | (_statistics(inner) if isinstance(inner, Layer) else frozenset())
