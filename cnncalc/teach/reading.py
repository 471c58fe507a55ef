"""Reading an exercise: the file's sections, then the network that it names, then its questions as items."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path as FilePath
from typing import Any

from pydantic import BaseModel

from ..architecture import Architecture, build
from ..architecture import load as load_architecture
from ..architecture.entries import Faults, shown
from ..architecture.files import read
from ..architecture.source import Source
from ..derive import Summary, derive
from ..errors import ArchitectureError, nearest
from ..feasible import need_numbers
from ..language import Text
from .checked import checked, unknown_keys
from .exercise import Exercise, Load, Marking
from .expected import expected
from .items import Item, items_of
from .labels import Labels, true_labels
from .questions import KINDS, Predictions, Question
from .written import Wording

FORMAT = 1
"""The version of the format that this reads."""

KEYS = ("exercise", "title", "text", "architecture", "set", "variants", "marking", "questions", "expect")
MAX_QUESTIONS = 1000

START = Text("an exercise begins with `exercise: 1`")


class _Words(BaseModel):
    title: Wording = {}
    text: Wording = {}


def load_exercise(path: str, load: Load = load_architecture) -> Exercise:
    """Read an exercise file: YAML, JSON or TOML; `load` reads the network that it names.

    Raises ArchitectureError with every fault found.
    """
    return read_exercise(read(path, START), load)


def read_exercise(source: Source, load: Load = load_architecture) -> Exercise:
    """The exercise that plain data describes."""
    faults = Faults()
    found = _Reader(source, load, faults).exercise() if _is_exercise(source.data, faults) else None
    if faults or found is None:
        raise ArchitectureError([fault if fault.place else fault.at(source.place(fault.path)) for fault in faults])
    return found


def _is_exercise(data: Any, faults: Faults) -> bool:
    """Whether the data has the sections of an exercise; notes what is wrong with them."""
    if not isinstance(data, dict) or "exercise" not in data:
        faults.note("not-an-exercise", Text("this is not an exercise"), (), START)
        return False
    if data["exercise"] != FORMAT or isinstance(data["exercise"], bool):
        message = Text("exercise: {value} is not a version of the format that this reads, which is {known}", value=shown(data["exercise"]), known=FORMAT)  # fmt: skip
        faults.note("version", message, ("exercise",))
        return False
    unknown_keys(data, KEYS, faults)
    for key in ("set", "variants", "marking", "expect"):
        if not isinstance(data.get(key) or {}, dict):
            faults.note("bad-section", Text("{key} takes a mapping, not {value}", key=key, value=shown(data[key])), (key,))  # fmt: skip
            return False
    questions = data.get("questions")
    if not isinstance(questions, list) or not 0 < len(questions) <= MAX_QUESTIONS:
        message = Text("`questions` takes a list of 1 to {limit} questions", limit=MAX_QUESTIONS)
        faults.note("no-questions", message, ("questions",) if "questions" in data else ())
        return False
    return True


class _Reader:
    def __init__(self, source: Source, load: Load, faults: Faults) -> None:
        self.source, self.data, self.load, self.faults = source, source.data, load, faults

    def exercise(self) -> Exercise:
        questions = [each for at, data in enumerate(self.data["questions"]) if (each := self.question(data, at))]
        marking = checked(Marking, self.data.get("marking") or {}, ("marking",), self.faults) or Marking()
        told = {key: self.data[key] for key in ("title", "text") if key in self.data}
        words = checked(_Words, told, (), self.faults) or _Words()
        architecture = self.with_numbers(self.architecture())
        summary = self.derived(architecture)
        complete = len(questions) == len(self.data["questions"]) and (summary or "architecture" not in self.data)
        items = items_of(questions, summary, self.faults) if complete else ()
        expect = expected(self.data.get("expect") or {}, items, self.faults) if complete else {}
        return Exercise(
            title=words.title,
            text=words.text,
            architecture=architecture,
            summary=summary,
            marking=marking,
            items=items,
            expect=expect,
            variants=self.variants(architecture),
            numbers=dict(self.data.get("set") or {}),
            source=self.source,
            load=self.load,
            labels=self.labels(items),
        )

    def labels(self, items: Sequence[Item]) -> dict[str, Labels]:
        """The true labels that questions name, beside this file."""
        found: dict[str, Labels] = {}
        for item in items:
            if isinstance(item.question, Predictions):
                name = item.question.labels
                try:
                    found[name] = true_labels(str(FilePath(self.source.file).parent / name))
                except ArchitectureError as error:
                    message = Text("the true labels in {file}: {why}", file=name, why=error.first.message)
                    self.faults.note("labels", message, (*item.path, "labels"))
        return found

    def question(self, data: Any, at: int) -> Question | None:
        path = ("questions", at)
        if not isinstance(data, dict) or not isinstance(data.get("ask"), str):
            hint = Text("write for example {example}", example="{ask: shape, layers: all}")
            self.faults.note("question", Text("a question is a mapping with `ask`, not {value}", value=shown(data)), path, hint)  # fmt: skip
            return None
        kind = KINDS.get(data["ask"])
        if kind is None:
            near = nearest(data["ask"], KINDS)
            hint = Text("did you mean {near}?", near=near) if near else Text("there is {names}", names=", ".join(KINDS))
            self.faults.note("unknown-question", Text("there is no question {ask}", ask=repr(data["ask"])), (*path, "ask"), hint)  # fmt: skip
            return None
        return checked(kind, data, path, self.faults)

    def architecture(self) -> Architecture | None:
        """The network: in the file itself, or in the file that it names, beside this one."""
        given = self.data.get("architecture")
        try:
            if isinstance(given, dict):
                inner = self.source.within("architecture")
                found = build(inner.data, source=inner)
                return replace(found, name=str(given["name"]) if "name" in given else found.name)
            if isinstance(given, str):
                return self.load(str(FilePath(self.source.file).parent / given))
        except ArchitectureError as error:
            self.tell(error, "architecture")
            return None
        if "architecture" in self.data:
            message = Text("architecture takes the path of a file, or a network, not {value}", value=shown(given))
            self.faults.note("architecture", message, ("architecture",))
        return None

    def with_numbers(self, architecture: Architecture | None) -> Architecture | None:
        """The network with the variables set that the exercise sets."""
        given: dict[str, Any] = self.data.get("set") or {}
        if not given or architecture is None:
            return architecture
        known = self.known_variables(architecture, given, "set")
        for name, value in given.items():
            if type(value) is not int:
                message = Text("the variable {name} takes an integer, not {value}", name=name, value=shown(value))
                self.faults.note("bad-value", message, ("set", name))
                known = False
        try:
            return with_variables(architecture, given) if known else None
        except ArchitectureError as error:
            self.tell(error, "set")
            return None

    def tell(self, error: ArchitectureError, section: str) -> None:
        """Note the faults of a network, those without a place at the section that brought them."""
        for fault in error.faults:
            self.faults.tell(fault if fault.place else fault._replace(path=(section,)))

    def derived(self, architecture: Architecture | None) -> Summary | None:
        if architecture is None:
            return None
        try:
            summary = derive(architecture)
            need_numbers(summary)
        except ArchitectureError as error:
            self.tell(error, "architecture")
            return None
        return summary

    def variants(self, architecture: Architecture | None) -> dict[str, tuple[int, ...]]:
        """The numbers to draw from, by variable of the network."""
        given: dict[str, Any] = self.data.get("variants") or {}
        self.known_variables(architecture, given, "variants")
        for name, values in given.items():
            if not isinstance(values, list) or not values or not all(type(each) is int for each in values):
                message = Text("a variant takes a list of integers, not {value}", value=shown(values))
                self.faults.note("variants", message, ("variants", name))
        return {str(name): tuple(values) for name, values in given.items() if isinstance(values, list)}

    def known_variables(self, architecture: Architecture | None, names: Iterable[Any], section: str) -> bool:
        """Whether the network has these variables; notes those that it has not."""
        if architecture is None:
            return False
        data = architecture.source.data
        variables = (data.get("variables") or {}) if isinstance(data, dict) else {}
        unknown = [name for name in names if name not in variables]
        for name in unknown:
            near = nearest(str(name), variables)
            hints = [Text("did you mean {near}?", near=near)] if near else []
            self.faults.note("unknown-variable", Text("the network has no variable {name}", name=repr(name)), (section, name), *hints)  # fmt: skip
        return not unknown


def with_variables(architecture: Architecture, numbers: Mapping[str, int]) -> Architecture:
    """The network built again from its file with variables set, as `--set` does. Raises ArchitectureError."""
    found = build(architecture.source.data, source=architecture.source, variables=numbers)
    return replace(found, name=architecture.name)
