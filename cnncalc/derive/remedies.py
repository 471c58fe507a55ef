"""What would mend a failing network; every suggestion is tried on the whole network before it is made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from math import gcd
from typing import Any, NamedTuple

from pydantic import ValidationError

from ..architecture import Architecture, Node, producer
from ..arithmetic import minimum
from ..language import Text
from ..layers import Layer
from .walk import Failure, walk

MAX_SUGGESTIONS = 5
MAX_VISITS = 1_000_000
"""The layers that may be derived again in search of remedies: about a second."""
MAX_INPUT = 8192
NEARBY = 64


class Candidate(NamedTuple):
    """A changed network and what to tell if it works."""

    network: Architecture
    text: Text


class Trial:
    """Tries networks within a budget of layers."""

    def __init__(self) -> None:
        self.visits = 0

    def works(self, network: Architecture) -> bool:
        self.visits += len(network.nodes)
        return self.visits <= MAX_VISITS and not walk(network).failures


def remedies(architecture: Architecture, failure: Failure) -> list[Text]:
    """Up to five changes, each of which makes the whole network valid."""
    trial = Trial()
    good: list[Text] = []
    search = _SEARCHES.get(failure.demand.code)
    for candidate in search(architecture, failure, trial) if search else ():
        if trial.works(candidate.network):
            good.append(candidate.text)
        if len(good) == MAX_SUGGESTIONS or trial.visits > MAX_VISITS:
            break
    return good


def _for_window(architecture: Architecture, failure: Failure, trial: Trial) -> Iterator[Candidate]:
    node, layer = failure.node, failure.node.layer
    if "padding" in type(layer).model_fields:
        yield from _changed(architecture, node, Text("padding: same on {layer}", layer=node.name), padding="same")
    yield from _smaller_window(architecture, failure)
    yield from _fewer_pools(architecture, failure)
    yield from _same_everywhere(architecture)
    yield from _larger_input(architecture, trial)


def _changed(architecture: Architecture, node: Node, text: Text, **fields: Any) -> Iterator[Candidate]:
    layer = _with(node.layer, **fields)
    if layer is not None:
        yield Candidate(architecture.with_layers(lambda each: layer if each.name == node.name else each.layer), text)


def _with(layer: Layer, **fields: Any) -> Layer | None:
    """The layer with other fields, or None if they do not fit it."""
    try:
        return type(layer).model_validate(dict(layer) | fields)
    except ValidationError:
        return None


def _smaller_window(architecture: Architecture, failure: Failure) -> Iterator[Candidate]:
    """The largest window that fits this input."""
    layer = failure.node.layer
    field = "kernel_size" if hasattr(layer, "kernel_size") else "pool_size"
    split: Callable[[Any], Any] | None = getattr(layer, "split", None)
    if not hasattr(layer, field) or split is None:
        return
    spatial, _ = split(failure.input_shapes[0])
    if len(spatial) != len(getattr(layer, field)):  # a sequence of maps
        return
    size = tuple(
        minimum(k, n) if isinstance(n, int) else k for k, n in zip(getattr(layer, field), spatial, strict=True)
    )
    text = Text("{field}: {size} on {layer}", field=field, size=_brief(size), layer=failure.node.name)
    yield from _changed(architecture, failure.node, text, **{field: size})


def _brief(numbers: tuple[int, ...]) -> str:
    return str(numbers[0]) if len(set(numbers)) == 1 else str(list(numbers))


def _fewer_pools(architecture: Architecture, failure: Failure) -> Iterator[Candidate]:
    """Without one of the pools on the way, the last first."""
    by_name = {node.name: node for node in architecture.nodes}
    node = by_name[failure.node.name]
    while node.inputs:
        if hasattr(node.layer, "pool_size"):
            yield Candidate(architecture.without(node.name), Text("leave out {layer}", layer=node.name))
        node = by_name[producer(node.inputs[0])]


def _same_everywhere(architecture: Architecture) -> Iterator[Candidate]:
    def padded(node: Node) -> Layer:
        unpadded = hasattr(node.layer, "kernel_size") and getattr(node.layer, "padding", None) == "valid"
        return (_with(node.layer, padding="same") if unpadded else None) or node.layer

    yield Candidate(architecture.with_layers(padded), Text("padding: same on every convolution"))


def _larger_input(architecture: Architecture, trial: Trial) -> Iterator[Candidate]:
    """The smallest larger input that works, found by doubling and halving."""
    for vary in _directions(architecture):
        low, high = 0, 1
        while not trial.works(vary(high)) and high <= MAX_INPUT and trial.visits <= MAX_VISITS:
            low, high = high, high * 2
        if high > MAX_INPUT or trial.visits > MAX_VISITS:
            continue
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if trial.works(vary(middle)) else (middle, high)
        network = vary(high)
        yield Candidate(network, Text("an input of at least {shape}", shape=_input_text(network)))


def _for_merge(architecture: Architecture, failure: Failure, trial: Trial) -> Iterator[Candidate]:
    """Padding on the way to the merge, or the nearest input sizes at which its branches meet."""
    for name in _padless(architecture, failure):
        node = next(node for node in architecture.nodes if node.name == name)
        yield from _changed(architecture, node, Text("padding: same on {layer}", layer=name), padding="same")
    yield from _same_everywhere(architecture)
    for vary in _directions(architecture):
        for steps in (range(1, NEARBY), range(-1, -NEARBY, -1)):
            for step in steps:
                network = vary(step)
                if trial.works(network) and _all_alike(network, failure):
                    yield Candidate(network, Text("an input of {shape}", shape=_input_text(network)))
                    break


def _padless(architecture: Architecture, failure: Failure) -> list[str]:
    """The nearest convolutions without padding before the failing layer."""
    by_name = {node.name: node for node in architecture.nodes}
    waiting = list(map(producer, failure.node.inputs))
    found: list[str] = []
    seen: set[str] = set()
    while waiting and len(found) < MAX_SUGGESTIONS:
        node = by_name[waiting.pop(0)]
        if node.name in seen:
            continue
        seen.add(node.name)
        waiting += map(producer, node.inputs)
        if hasattr(node.layer, "kernel_size") and getattr(node.layer, "padding", None) == "valid":
            found.append(node.name)
    return found


def _all_alike(network: Architecture, failure: Failure) -> bool:
    """Whether the branches really meet: a map of one pixel would only be repeated."""
    row = next(row for row in walk(network).rows if row.name == failure.node.name)
    if failure.demand.axis is None:
        return True
    return len({x[failure.demand.axis - len(x)] for x in row.input_shapes if len(x) == len(row.output_shape)}) == 1


def _directions(architecture: Architecture) -> Iterator[Callable[[int], Architecture]]:
    """Ways to grow a single input by a number of pixels: all its spatial axes together."""
    inputs = [node for node in architecture.nodes if node.layer.kind() == "Input"]
    if len(inputs) != 1:
        return
    (source,) = inputs
    shape: tuple[Any, ...] = source.layer.shape  # type: ignore[attr-defined]  # an Input has a shape
    first, last = (1, len(shape)) if architecture.channels_first else (0, len(shape) - 1)
    if last <= first or not all(isinstance(n, int) for n in shape):
        return

    def grown(step: int) -> Architecture:
        axes = tuple(max(1, n + step) if first <= axis < last else n for axis, n in enumerate(shape))
        layer = source.layer.model_copy(update={"shape": axes})
        nodes = tuple(node._replace(layer=layer) if node is source else node for node in architecture.nodes)
        return replace(architecture, nodes=nodes)

    yield grown


def _input_text(network: Architecture) -> str:
    (shape,) = network.inputs.values()
    return ",".join(map(str, shape))


def _for_declared(architecture: Architecture, failure: Failure, trial: Trial) -> Iterator[Candidate]:
    """The layer declared for the input that it gets, as `in_channels` of PyTorch does it."""
    spec, size = failure.node.layer.input_spec, failure.demand.left
    if spec is None or not isinstance(size, int):
        return
    axes = {axis: size if n == failure.demand.right else n for axis, n in spec.axes.items()}
    text = Text("declare {layer} for {n}, not {wrong}", layer=failure.node.name, n=size, wrong=failure.demand.right)
    yield from _changed(architecture, failure.node, text, input_spec=spec.model_copy(update={"axes": axes}))


def _for_groups(architecture: Architecture, failure: Failure, trial: Trial) -> Iterator[Candidate]:
    """The nearest numbers of groups that divide what they must."""
    layer, node = failure.node.layer, failure.node
    x = failure.input_shapes[0]
    channels = x[0] if getattr(layer, "channels_first", False) else x[-1]
    filters = getattr(layer, "filters", channels)
    if not isinstance(channels, int) or not isinstance(filters, int):
        return
    whole = gcd(channels, filters)
    wanted: int = layer.groups  # type: ignore[attr-defined]  # a demand on groups comes from a layer that has them
    fitting = [n for n in range(1, min(whole, 4 * wanted) + 1) if whole % n == 0]
    for groups in sorted(fitting, key=lambda n: abs(n - wanted))[:3]:
        yield from _changed(
            architecture, node, Text("groups: {n} on {layer}", n=groups, layer=node.name), groups=groups
        )


def _for_reshape(architecture: Architecture, failure: Failure, trial: Trial) -> Iterator[Candidate]:
    """A -1 in place of one axis of the target."""
    target: tuple[int, ...] = failure.node.layer.target_shape  # type: ignore[attr-defined]  # only Reshape demands this
    for axis in range(len(target)):
        freed = tuple(-1 if i == axis else 1 if n == -1 else n for i, n in enumerate(target))
        text = Text("target_shape: {shape} on {layer}", shape=list(freed), layer=failure.node.name)
        yield from _changed(architecture, failure.node, text, target_shape=freed)


def _for_rank(architecture: Architecture, failure: Failure, trial: Trial) -> Iterator[Candidate]:
    """A channel axis for a grey picture; a Flatten that came too early left out."""
    for node in architecture.nodes:
        if node.layer.kind() == "Input":
            shape = (*node.layer.shape, 1)  # type: ignore[attr-defined]  # an Input has a shape
            text = Text("{name}: {shape}, with a channel axis", name=node.name, shape=list(shape))
            yield from _changed(architecture, node, text, shape=shape)
        elif node.layer.kind() == "Flatten":
            yield Candidate(architecture.without(node.name), Text("leave out {layer}", layer=node.name))


_SEARCHES: dict[str, Callable[[Architecture, Failure, Trial], Iterator[Candidate]]] = {
    "window": _for_window,
    "merge": _for_merge,
    "declared": _for_declared,
    "groups": _for_groups,
    "reshape": _for_reshape,
    "rank": _for_rank,
}
