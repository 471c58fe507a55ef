"""What of a network is left open: symbols that flow through the rules, and what makes it another network.

A knob is named as a variable of the file (`F`), as a letter of `--input H,W,3`, or as a field of a layer:
`conv2d.filters`, `conv2d.kernel_size` (one number for all axes), `conv2d.kernel_size[0]`, `input.shape[0]`,
`time_distributed.layer.units`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from itertools import product
from typing import Any

from ..architecture import Architecture
from ..architecture.entries import Faults
from ..arithmetic import Demand, Symbolic
from ..derive import Summary, derive
from ..derive.walk import walk
from ..errors import ArchitectureError
from ..expression import Expr, symbol
from .places import Place, capped, expressions, filled, find, least, present, substituted, variables_of

Load = Callable[[Mapping[str, Any]], Architecture]
"""Builds the network with some variables of its file set; None leaves a symbol."""

CHOOSING = {"hidden_size", "num_parameters", "proj_size", "sizes", "target_shape"}
"""Fields of which one number (0, 1 or -1) chooses another rule, or that are held against another when they are read."""


def opened(load: Load, names: Sequence[str | Place], words: Collection[str] = (), *, simplify: bool = True) -> Opened:
    """The network with the named numbers open; what is named in `words` too will hold words, not numbers.

    Expressions are simplified to be read, or stay as the rules wrote them, so that layers share their beginnings.

    Raises ArchitectureError for a name that is not there, or that holds no number.
    """
    network, faults = _as_written(load, [name for name in names if isinstance(name, str)]), Faults()
    places = [each if isinstance(each, Place) else find(each, network, word=each in words, faults=faults) for each in names]  # fmt: skip
    if faults:
        raise ArchitectureError([fault.at(network.source.place(fault.path)) for fault in faults])
    return Opened(load, network, {place.name: place for place in places if place}, words, simplify)


def _as_written(load: Load, names: Sequence[str]) -> Architecture:
    """The network; where the file is wrong with its own values of these variables, with none for them, or with 1."""
    try:
        return load({})
    except ArchitectureError as error:
        for variables, value in product((names, [name for name in names if name.isidentifier()]), (None, 1)):
            with suppress(ArchitectureError):
                return load(dict.fromkeys(variables, value))
        raise error


class Opened:
    """A network of which some numbers are open.

    Those in `symbols` flow through the rules. Those in `structural` (how often something repeats, which
    axis, a word) cannot: for each of their values the network is another one.
    """

    def __init__(
        self,
        load: Load,
        network: Architecture,
        places: Mapping[str, Place],
        words: Collection[str],
        simplify: bool,  # noqa: FBT001 - `opened` names it
    ) -> None:
        self.places = places
        self._simplify = simplify
        self._load = load
        self.as_written = network
        self._networks: dict[tuple[Any, ...], Architecture] = {}
        self._derived: dict[tuple[Any, ...], Summary | ArchitectureError] = {}
        self.structural = self._find_structural([name for name in places if name in words or _chooses(places[name])])
        self.symbols: dict[str, Expr] = {name: symbol(name) for name in places if name not in self.structural}
        self._least = {name: self._find_least(place) for name, place in places.items()}

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.places)

    def least(self, name: str) -> int:
        """The least number that the place takes; the most is LIMIT."""
        return self._least[name]

    def network(self, fixed: Mapping[str, Any] | None = None) -> Architecture:
        """The network with its symbols, for these values of the structural knobs.

        Raises ArchitectureError if it cannot be built with them.
        """
        key = self._key(fixed or {})
        if key not in self._networks:
            self._networks[key] = self._with({**dict(zip(self.structural, key, strict=True)), **self.symbols})
        return self._networks[key]

    def summary(self, fixed: Mapping[str, Any] | None = None) -> Summary:
        """The derivation with symbols, for these values of the structural knobs; it is kept.

        Raises ArchitectureError if the network is wrong whatever the symbols are.
        """
        key = self._key(fixed or {})
        if key not in self._derived:
            try:
                self._derived[key] = derive(self.network(fixed), simplify=self._simplify)
            except ArchitectureError as error:
                self._derived[key] = error
        found = self._derived[key]
        if isinstance(found, ArchitectureError):
            raise found
        return found

    def forget(self) -> None:
        """Let go of the derivations that are kept."""
        self._networks.clear()
        self._derived.clear()

    def conditions(self, fixed: Mapping[str, Any] | None = None) -> tuple[Demand, ...]:
        """All that must hold of the symbols: what fields take, and what layers demand."""
        return (*capped(self.network(fixed)), *self.summary(fixed).conditions)

    def filled(self, values: Mapping[str, Any]) -> Architecture:
        """The network with a value in every place; raises ArchitectureError if one of them is refused."""
        return substituted(self.network(values), {name: values[name] for name in self.symbols})

    def numbers(self, values: Mapping[str, Any]) -> Summary:
        """The derivation with a value in every place; raises ArchitectureError where it is not valid."""
        return derive(self.filled(values))

    def _key(self, fixed: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(fixed[name] for name in self.structural)

    def _with(self, values: Mapping[str, Any]) -> Architecture:
        listed = variables_of(self.as_written)
        variables = {name: None if isinstance(value, Symbolic) else value for name, value in values.items() if name in listed}  # fmt: skip
        network = self._load(variables) if variables else self.as_written
        return filled(network, ((self.places[name], value) for name, value in values.items()))

    def _find_structural(self, words: list[str]) -> tuple[str, ...]:
        """The knobs whose symbols cannot flow; where each can alone and not all together, all of them."""
        free = [name for name in self.places if name not in words]
        here = {name: self._present(name) for name in self.places}
        if self._flow(here, free):
            return tuple(words)
        flowing = [name for name in free if self._flow(here, [name])]
        if not self._flow(here, flowing):
            flowing = []
        return tuple(name for name in self.places if name not in flowing)

    def _present(self, name: str) -> Any:
        """What the place holds now; 1 where that is open."""
        place = self.places[name]
        value = present(self.as_written, place)
        is_open = value is None or isinstance(value, Symbolic) or (isinstance(value, str) and not place.nodes)
        return 1 if is_open else value

    def _flow(self, here: Mapping[str, Any], names: Sequence[str]) -> bool:
        """Whether the rules can work with symbols in these places."""
        try:
            failures = walk(self._with({**here, **{name: symbol(name) for name in names}})).failures
        except (ArchitectureError, TypeError, ValueError):
            return False
        sides = (side for each in failures for side in (each.demand.left, each.demand.right))
        return not any(isinstance(side, Symbolic) for side in sides)

    def _find_least(self, place: Place) -> int:
        if place.nodes:
            node = next(node for node in self.as_written.nodes if node.name == place.nodes[0])
            return least(node.layer, place.steps)
        if place.name in self.structural:
            return 1
        network = self.network({name: self._present(name) for name in self.structural})
        alone = (
            least(node.layer, steps)
            for node in network.nodes
            for steps, value in expressions(node.layer)
            if value == self.symbols[place.name]
        )
        return max(alone, default=0)


def _chooses(place: Place) -> bool:
    return not CHOOSING.isdisjoint(place.steps)
