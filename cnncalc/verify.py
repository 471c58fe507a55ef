"""What is derived, held against what others see: every layer's output shapes and parameters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from .arithmetic import Symbolic
from .derive import Row, Summary
from .errors import ArchitectureError, Fault
from .expression import names
from .language import Text
from .opinion import Answer, Convention, Opinion, Seen


class Compared(NamedTuple):
    """One layer, derived and as each witness sees it."""

    row: Row
    answers: dict[str, Answer | None]
    """By witness; None where it could not come that far, since it refused a layer before."""

    @property
    def derived(self) -> Seen:
        return Seen(self.row.output_shapes, self.row.trainable, self.row.non_trainable)

    @property
    def agrees(self) -> bool:
        """Whether every witness sees what was derived."""
        return not any(self.differences(answer) for answer in self.answers.values())

    def differences(self, answer: Answer | None) -> tuple[str, ...]:
        """In which of `shapes`, `trainable` and `non_trainable` an answer differs; `refused` or `unseen` without one."""
        if not isinstance(answer, Seen):
            return ("unseen",) if answer is None else ("refused",)
        mine = self.derived
        compared = ("shapes", "trainable", "non_trainable")
        return tuple(name for name in compared if getattr(mine, name) != getattr(answer, name))

    def to_dict(self) -> dict[str, Any]:
        told = {witness: answer.to_dict() if answer else None for witness, answer in self.answers.items()}
        return {"name": self.row.name, "derived": self.derived.to_dict(), **told, "agrees": self.agrees}


class Verification(NamedTuple):
    """A network, compared layer by layer."""

    name: str
    versions: dict[str, str]
    """The witnesses and their versions."""
    layers: tuple[Compared, ...]

    @property
    def ok(self) -> bool:
        """Whether all witnesses agree on all layers."""
        return all(layer.agrees for layer in self.layers)

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
            "ok": self.ok,
            "layers": [layer.to_dict() for layer in self.layers],
        }


def compare(summary: Summary, opinions: Sequence[Opinion]) -> Verification:
    """Every layer of a derived network beside what the witnesses say of it."""
    layers = (
        Compared(row, {opinion.witness: opinion.layers.get(row.name) for opinion in opinions}) for row in summary.rows
    )
    return Verification(summary.name, {opinion.witness: opinion.version for opinion in opinions}, tuple(layers))


def need_numbers(summary: Summary) -> None:
    """Raise an ArchitectureError if a size of the network is a symbol: nobody can build it then."""
    open_names = dict.fromkeys(name for row in summary.rows for name in _open(row))
    if open_names:
        told = ", ".join("null" if name.startswith("?") else name for name in open_names)
        message = Text("only a network of numbers can be built, and this is open: {names}", names=told)
        hint = Text("say the numbers with --input and --set")
        place = summary.architecture.source.place(())
        raise ArchitectureError([Fault("open-sizes", message, place=place, remedies=(hint,))])


def _open(row: Row) -> Iterator[str]:
    """The symbols in a row's numbers and in the fields of its layer."""
    for value in _flat((row.output_shapes, row.trainable, row.non_trainable, [each for _, each in row.layer])):
        if isinstance(value, Symbolic):
            yield from names(value)


def _flat(value: Any) -> Iterator[Any]:
    if isinstance(value, (tuple, list)):
        for each in value:
            yield from _flat(each)
    else:
        yield value
