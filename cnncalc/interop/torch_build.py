"""A network built of PyTorch's modules and run on a random batch: what PyTorch sees of every layer."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Sequence
from typing import Any

import torch

from ..architecture import Architecture, Node
from ..arithmetic import Shape
from ..errors import ArchitectureError, Fault
from ..language import Text
from ..layers.inputs import Input
from ..opinion import Answer, Opinion, Refusal, Seen
from .torch_parts import Impossible, Part, part
from .torch_parts.base import Tensor, counts, settle

BATCH = 2
"""Examples in the batch: one would make a statistic of a batch meaningless."""


def opinion(architecture: Architecture) -> Opinion:
    """What PyTorch says of every layer of a network whose sizes are all numbers.

    Raises ArchitectureError, which names the layer, where PyTorch has no counterpart of it.
    """
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # PyTorch warns of training, which never happens here
        return Opinion("torch", str(torch.__version__), _Network(architecture).seen())


class _Network:
    """The parts of a network and the tensors between them, each kept until it was read for the last time."""

    def __init__(self, architecture: Architecture) -> None:
        self._architecture = architecture
        self._parts: dict[str, Part] = {}
        self._tensors: dict[str, Tensor] = {}
        self._unread = Counter(tensor for node in architecture.nodes for tensor in node.inputs)

    def seen(self) -> dict[str, Answer]:
        """The layers in order, without those that hang on a refused one."""
        found: dict[str, Answer] = {}
        for node in self._architecture.nodes:
            if not all(tensor in self._tensors for tensor in node.inputs):
                continue
            try:
                found[node.name] = self._node(node)
            except Impossible as error:
                raise ArchitectureError([self._fault(node, error.why)]) from None
            except (RuntimeError, ValueError, TypeError, IndexError, AssertionError, NotImplementedError) as error:
                found[node.name] = Refusal(str(error).strip().partition("\n")[0])
        return found

    def _node(self, node: Node) -> Seen:
        data = [self._tensors[tensor] for tensor in node.inputs]
        if isinstance(node.layer, Input):
            outputs, made = (torch.rand(BATCH, *node.layer.shape),), None
        else:
            made = self._part(node, tuple(tuple(x.shape[1:]) for x in data))
            outputs = _tuple(made.run(data))
        self._keep(node, outputs)
        shapes = tuple(tuple(output.shape[1:]) for output in outputs)
        if made is None or node.shares:
            return Seen(shapes)
        return Seen(shapes, *counts(made), made.conventions)

    def _part(self, node: Node, xs: tuple[Shape, ...]) -> Part:
        if node.shares and node.shares in self._parts:
            return self._parts[node.shares]
        made = self._parts[node.name] = part(node.layer, xs)
        settle(made, trainable=node.layer.trainable)
        return made

    def _keep(self, node: Node, outputs: Sequence[Tensor]) -> None:
        for number, output in enumerate(outputs):
            self._tensors[f"{node.name}:{number}" if number else node.name] = output
        self._unread.subtract(node.inputs)
        for tensor in node.inputs:
            if not self._unread[tensor]:
                self._tensors.pop(tensor, None)

    def _fault(self, node: Node, why: Text) -> Fault:
        message = Text("{layer} ({kind}) cannot be built in {framework}: {why}", layer=node.name, kind=node.layer.kind(), framework="PyTorch", why=why)  # fmt: skip
        return Fault("not-in-torch", message, node.name, node.path, self._architecture.source.place(node.path))


def _tuple(found: Any) -> tuple[Tensor, ...]:
    return found if isinstance(found, tuple) else (found,)
