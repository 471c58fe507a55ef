"""A network as a real Keras model, made of the config that `keras_writer` writes: what Keras sees of every layer."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator
from dataclasses import replace
from math import prod
from typing import Any

import keras

from ..architecture import Architecture, Node, producer
from ..arithmetic import Shape
from ..errors import ArchitectureError
from ..opinion import Answer, Opinion, Refusal, Seen
from .keras_writer import keras_config

Model = Any
"""A keras.Model; mypy sees none of Keras, which is not installed where the types are checked."""

BATCH = 2
"""Examples in a run, where one is needed."""
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
INSIDE = re.compile(r"Exception encountered: (.+?)(?:\n\n|$)", re.DOTALL)
"""Where Keras tells of an error inside what it was doing; the innermost one comes last."""
AROUND = "Exception encountered when calling"


def opinion(architecture: Architecture) -> Opinion:
    """What Keras says of every layer of a network whose sizes are all numbers.

    Raises ArchitectureError, which names the layers, where Keras has no exact form of them.
    """
    try:
        plain = _renamed(architecture)
        keras_config(plain)
    except ArchitectureError:
        keras_config(architecture)  # the same faults, under the names that the reader knows
        raise
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = _seen(plain)
    names = {short.name: node.name for short, node in zip(plain.nodes, architecture.nodes, strict=True)}
    return Opinion("keras", str(keras.__version__), {names[short]: answer for short, answer in found.items()})


def _renamed(architecture: Architecture) -> Architecture:
    """The same network under names that Keras takes, whatever the file calls its layers."""
    short = {node.name: f"n{number}" for number, node in enumerate(architecture.nodes)}

    def tensor(name: str) -> str:
        node, colon, number = name.partition(":")
        return f"{short[node]}{colon}{number}"

    nodes = tuple(
        node._replace(
            name=short[node.name],
            inputs=tuple(map(tensor, node.inputs)),
            shares=short[node.shares] if node.shares else None,
        )
        for node in architecture.nodes
    )
    return _closed(replace(architecture, nodes=nodes))


def _closed(architecture: Architecture) -> Architecture:
    """The network with every loose end as an output: Keras forgets a layer that leads nowhere."""
    read = {producer(tensor) for node in architecture.nodes for tensor in node.inputs}
    return replace(architecture, outputs=tuple(node.name for node in architecture.nodes if node.name not in read))


def _seen(architecture: Architecture) -> dict[str, Answer]:
    """The layers; where Keras refuses one, it is left out with all that hangs on it, and Keras asked again."""
    found: dict[str, Answer] = {}
    while architecture.nodes:
        try:
            model = _model(architecture)
        except Exception as error:  # Keras raises whatever its backend does
            refused = _culprit(architecture)
            found[refused.name] = Refusal(_reason(error))
            architecture = _less(architecture, refused)
        else:
            return found | dict(_answers(architecture, model))
    return found


def _model(architecture: Architecture) -> Model:
    keras.utils.clear_session(free_memory=False)
    return keras.models.model_from_json(json.dumps(keras_config(architecture)))


def _culprit(architecture: Architecture) -> Node:
    """The first layer with which the network cannot be built any more."""
    good, bad = 0, len(architecture.nodes)
    while bad - good > 1:
        middle = (good + bad) // 2
        try:
            _model(_closed(replace(architecture, nodes=architecture.nodes[:middle])))
            good = middle
        except Exception:  # as above
            bad = middle
    return architecture.nodes[bad - 1]


def _less(architecture: Architecture, refused: Node) -> Architecture:
    """The network without a layer, what hangs on it and what shares its weights."""
    gone = {refused.name}
    for node in architecture.nodes:
        if node.shares in gone or any(producer(tensor) in gone for tensor in node.inputs):
            gone.add(node.name)
    return _closed(replace(architecture, nodes=tuple(node for node in architecture.nodes if node.name not in gone)))


def _answers(architecture: Architecture, model: Model) -> Iterator[tuple[str, Answer]]:
    """What the layers of the model are, put together where the writer needed several for one."""
    weights: dict[str, tuple[int, int]] = {}
    last: dict[str, Any] = {}
    trainable = fixed = 0
    names = {node.name for node in architecture.nodes}
    for entry in keras_config(architecture)["config"]["layers"]:
        layer = model.get_layer(entry["name"])
        trainable, fixed = trainable + _count(layer.trainable_weights), fixed + _count(layer.non_trainable_weights)
        if entry["name"] in names:  # a node's own name ends its layers
            last[entry["name"]], weights[entry["name"]] = layer, (trainable, fixed)
            trainable = fixed = 0
    outputs = _outputs(architecture, last)
    shapes = (
        _run(model, outputs) if any(None in shape for found in outputs.values() for shape in _shapes(found)) else {}
    )
    for node in architecture.nodes:
        found = shapes.get(node.name) or _shapes(outputs[node.name])
        yield node.name, Seen(found) if node.shares else Seen(found, *weights[node.name])


def _outputs(architecture: Architecture, layers: dict[str, Any]) -> dict[str, list[Any]]:
    """The tensors that each node puts out; a shared layer keeps them call by call."""
    calls = dict.fromkeys(layers, 0)
    found = {}
    for node in architecture.nodes:
        own = node.shares or node.name
        found[node.name] = list(layers[own]._inbound_nodes[calls[own]].output_tensors)
        calls[own] += 1
    return found


def _shapes(tensors: list[Any]) -> tuple[Shape, ...]:
    """The shapes of tensors, without the batch."""
    return tuple(tuple(tensor.shape[1:]) for tensor in tensors)


def _run(model: Model, outputs: dict[str, list[Any]]) -> dict[str, tuple[Shape, ...]]:
    """The shapes of a run on zeros: some layers leave axes open until then."""
    probe = keras.Model(model.inputs, outputs)
    zeros = [keras.ops.zeros((BATCH, *tensor.shape[1:])) for tensor in model.inputs]
    return {name: _shapes(found) for name, found in probe(zeros).items()}


def _count(weights: list[Any]) -> int:
    return sum(prod(weight.shape) for weight in weights)


def _reason(error: Exception) -> str:
    """The line in which Keras says what is wrong."""
    text = COLOURS.sub("", str(error))
    inner = INSIDE.findall(text)
    lines = [line.strip() for line in (inner[-1] if inner else text).splitlines()]
    told = [line for line in lines if line and not line.startswith(AROUND)]
    return told[0] if told else type(error).__name__
