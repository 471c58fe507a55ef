"""What was derived of a network: its rows and their totals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..algebra import factored
from ..architecture import Architecture
from ..arithmetic import Demand, Dim
from .memory import Memory, memory
from .rows import Row, plain

if TYPE_CHECKING:
    from ..algebra.domain import Domain
    from .conventions import Convention


@dataclass(frozen=True, slots=True, repr=False)
class Summary:
    """A derived network: `rows`, totals, and on what conditions they hold."""

    architecture: Architecture
    rows: tuple[Row, ...]
    conditions: tuple[Demand, ...] = ()
    """What the symbols in it must satisfy."""
    batch: int = 1
    dtype: str = "float32"
    convention: Convention | None = None
    """How `counted` counts, where somebody asked for a convention by name."""
    simplify: bool = True
    """Whether its expressions are to be read; else they stay as the rules wrote them."""

    @property
    def name(self) -> str:
        return self.architecture.name

    @property
    def total_params(self) -> Dim:
        return self._total(row.trainable + row.non_trainable for row in self.rows)

    @property
    def trainable_params(self) -> Dim:
        return self._total(row.trainable for row in self.rows)

    @property
    def non_trainable_params(self) -> Dim:
        return self._total(row.non_trainable for row in self.rows)

    @property
    def total_macs(self) -> Dim:
        return self._total(row.macs for row in self.rows)

    def counted(self, row: Row) -> Dim:
        """What the row counts by the convention that was asked for, else its MACs."""
        return row.macs if self.convention is None else self.convention.count(row)

    @property
    def total_counted(self) -> Dim:
        return self._total(map(self.counted, self.rows))

    @property
    def memory(self) -> Memory:
        return memory(self.rows, self.architecture.outputs, self.dtype, self.batch, simplify=self.simplify)

    def _total(self, numbers: Iterable[Dim]) -> Dim:
        total = sum(numbers)
        return factored(total) if self.simplify else total

    @property
    def domain(self) -> Domain:
        """What the symbols must be, reduced from `conditions`."""
        from ..algebra.domain import domain  # noqa: PLC0415 - a network of numbers has no use for it

        return domain(self.conditions)

    def row(self, name: str) -> Row:
        """The row of the layer called `name`; a KeyError if there is none."""
        found = next((row for row in self.rows if row.name == name), None)
        if found is None:
            raise KeyError(name)
        return found

    def to_dict(self) -> dict[str, Any]:
        """The summary as schema 1 of the JSON output: integers, lists and strings only."""
        return {
            "schema": 1,
            "name": self.name,
            "inputs": {name: plain(shape) for name, shape in self.architecture.inputs.items()},
            "outputs": list(self.architecture.outputs),
            "layers": [row.to_dict() | self._counted(row) for row in self.rows],
            "totals": {
                "params": plain(self.total_params),
                "trainable": plain(self.trainable_params),
                "non_trainable": plain(self.non_trainable_params),
                "macs": plain(self.total_macs),
                "flops": plain(2 * self.total_macs),
                **self._counted_total(),
                "memory": {key: plain(value) for key, value in self.memory.to_dict().items()},
            },
            **(self._valid() if self.conditions else {}),
        }

    def _valid(self) -> dict[str, Any]:
        domain = self.domain
        impossible = {"impossible": str(domain.impossible)} if domain.impossible else {}
        return {"conditions": domain.conditions(), "domain": domain.to_dict(), **impossible}

    def _counted(self, row: Row) -> dict[str, Any]:
        return {"counted": plain(self.counted(row))} if self.convention else {}

    def _counted_total(self) -> dict[str, Any]:
        if self.convention is None:
            return {}
        name, version, unit = self.convention.name, self.convention.version or None, self.convention.unit
        return {"counted": {"convention": name, "version": version, "unit": unit, "total": plain(self.total_counted)}}

    def __repr__(self) -> str:
        return f"<Summary {self.name}: {len(self.rows)} rows, {self.total_params} params, {self.total_macs} MACs>"
