"""Merges: several inputs become one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from string import ascii_letters
from typing import Any

import torch
from torch.nn import functional as F  # noqa: N812 - everybody calls it so

from ...arithmetic import Shape
from ...layers.axes import position
from ...layers.merge import Average, Concatenate, Dot, ElementwiseMerge
from .base import Part, Tensor, part

OPERATIONS: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "Add": torch.add,
    "Average": torch.add,
    "Subtract": torch.sub,
    "Multiply": torch.mul,
    "Maximum": torch.maximum,
    "Minimum": torch.minimum,
}


def _aligned(xs: Sequence[Tensor]) -> list[Tensor]:
    """Data of the same number of axes: the new ones stand behind the batch, which PyTorch would not know."""
    most = max(x.ndim for x in xs)
    return [x.reshape(len(x), *(1,) * (most - x.ndim), *x.shape[1:]) for x in xs]


@part.register
def _(layer: ElementwiseMerge, xs: tuple[Shape, ...]) -> Part:
    operation = OPERATIONS[layer.kind()]
    if isinstance(layer, Average):
        return Part(lambda data: reduce(operation, _aligned(data)) / len(data))
    return Part(lambda data: reduce(operation, _aligned(data)))


@part.register
def _(layer: Concatenate, xs: tuple[Shape, ...]) -> Part:
    return Part(lambda data: torch.cat(list(data), dim=layer.axis))


@part.register
def _(layer: Dot, xs: tuple[Shape, ...]) -> Part:
    first, second = (position(axis, x) + 1 for axis, x in zip(layer.axes, xs, strict=True))
    letters = iter(ascii_letters[2:])
    a = ["b", *(next(letters) for _ in xs[0])]
    c = ["b", *(next(letters) for _ in xs[1])]
    a[first] = c[second] = "a"
    kept = [letter for letter in (*a, *c[1:]) if letter != "a"]
    equation = f"{''.join(a)},{''.join(c)}->{''.join(kept)}"

    def run(data: Sequence[Tensor]) -> Any:
        left, right = data
        if layer.normalize:
            left, right = F.normalize(left, dim=first), F.normalize(right, dim=second)
        found = torch.einsum(equation, left, right)
        return found if found.ndim > 1 else found.reshape(-1, 1)

    return Part(run)
