"""What is derived, held against what others see: every layer's shapes, parameters and products, and memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from .derive import Row, Summary
from .opinion import Answer, Convention, Held, Opinion, Seen
from .reach import strays


class Compared(NamedTuple):
    """One layer, derived and as each witness sees it."""

    row: Row
    answers: dict[str, Answer | None]
    """By witness; None where it could not come that far, since it refused a layer before."""
    strays: tuple[str, ...] = ()
    """The witnesses whose pokes reached other outputs than the derived receptive field lets them."""

    @property
    def derived(self) -> Seen:
        return Seen(self.row.output_shapes, self.row.trainable, self.row.non_trainable, macs=self.row.macs)

    @property
    def agrees(self) -> bool:
        """Whether every witness sees what was derived."""
        return not any(self.differences(witness) for witness in self.answers)

    def differences(self, witness: str) -> tuple[str, ...]:
        """In which of `COMPARED` its answer differs, and `receptive_field`; `refused` or `unseen` without one."""
        answer = self.answers[witness]
        if not isinstance(answer, Seen):
            return ("unseen",) if answer is None else ("refused",)
        mine = self.derived._replace(macs=None if answer.macs is None else self.row.macs)
        found = tuple(name for name in COMPARED if getattr(mine, name) != getattr(answer, name))
        return (*found, "receptive_field") if witness in self.strays else found

    def to_dict(self) -> dict[str, Any]:
        told = {KEYS.get(name, name): answer.to_dict() if answer else None for name, answer in self.answers.items()}
        strays = {"receptive_field": False} if self.strays else {}
        return {"name": self.row.name, "derived": self.derived.to_dict(), **told, **strays, "agrees": self.agrees}


COMPARED = ("shapes", "trainable", "non_trainable", "macs")
KEYS = {"numpy": "witnessed"}
"""Names in the JSON output that are not those of the witnesses."""


class Verification(NamedTuple):
    """A network, compared layer by layer."""

    name: str
    versions: dict[str, str]
    """The witnesses and their versions."""
    layers: tuple[Compared, ...]
    pokes: int = 0
    """How many pixels were poked."""
    memory: tuple[Held, Held] | None = None
    """As derived and as measured; None where nobody measures it."""

    @property
    def ok(self) -> bool:
        """Whether all witnesses agree on all layers, and on the memory that they take together."""
        return all(layer.agrees for layer in self.layers) and self.memory_agrees

    @property
    def on_padding(self) -> int:
        """How many of the products that were counted met a zero of the padding."""
        answers = [answer for layer in self.layers for answer in layer.answers.values()]
        return sum(answer.on_padding or 0 for answer in answers if isinstance(answer, Seen))

    @property
    def memory_agrees(self) -> bool:
        return self.memory is None or self.memory[0] == self.memory[1]

    def bridged(self) -> Iterator[tuple[str, Convention, list[str]]]:
        """The conventions that had to be bridged: witness, convention and the layers concerned."""
        found: dict[tuple[str, Convention], list[str]] = {}
        for layer in self.layers:
            for witness, answer in layer.answers.items():
                for convention in answer.conventions if isinstance(answer, Seen) else ():
                    found.setdefault((witness, convention), []).append(layer.row.name)
        for (witness, convention), layers in found.items():
            yield witness, convention, layers

    def to_dict(self) -> dict[str, Any]:
        """The comparison as schema 1 of the JSON output."""
        return {
            "schema": 1,
            "name": self.name,
            "against": dict(self.versions),
            **({"pokes": self.pokes} if self.pokes else {}),
            **self._memory_dict(),
            "ok": self.ok,
            "layers": [layer.to_dict() for layer in self.layers],
        }

    def _memory_dict(self) -> dict[str, Any]:
        if self.memory is None:
            return {}
        derived, measured = (held._asdict() for held in self.memory)
        return {"memory": {"derived": derived, "witnessed": measured, "agrees": self.memory_agrees}}


def compare(summary: Summary, opinions: Sequence[Opinion]) -> Verification:
    """Every layer of a derived network beside what the witnesses say of it."""
    astray = {opinion.witness: strays(summary, opinion.pokes) for opinion in opinions}
    layers = []
    for row in summary.rows:
        answers = {opinion.witness: opinion.layers.get(row.name) for opinion in opinions}
        layers.append(Compared(row, answers, tuple(name for name, rows in astray.items() if row.name in rows)))
    versions = {opinion.witness: opinion.version for opinion in opinions}
    pokes = sum(len(opinion.pokes) for opinion in opinions)
    measured = next((opinion.held for opinion in opinions if opinion.held), None)
    return Verification(summary.name, versions, tuple(layers), pokes, (_held(summary), measured) if measured else None)


def _held(summary: Summary) -> Held:
    """What is derived of the memory; all sizes are numbers."""
    memory = replace(summary, batch=1, dtype="float32").memory
    return Held(int(memory.weights), int(memory.inference_peak))
