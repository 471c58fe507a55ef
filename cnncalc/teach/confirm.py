"""The witness's word on a key: the network is run in NumPy and every layer compared, where it is small enough."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from ..architecture import build
from ..errors import ArchitectureError, Fault
from ..feasible import need_memory
from ..language import Text
from ..verify import Verification, compare
from ..witness import opinion
from ..witness.execution import execute
from ..witness.store import Store
from .exercise import Exercise
from .key import Key
from .maps import feature_map, sides
from .questions import FeatureMap

MOST_MACS = 2 * 10**9
"""Products that a confirmation may take: about ten seconds."""

QUICK_MACS = 10**8
"""Products that are made whenever a key is used: a fraction of a second."""

NEAR = 1e-9
"""How far NumPy's floats may be from the exact number, as a share of the largest."""


class Confirmation(NamedTuple):
    """What the witness says of an exercise."""

    verification: Verification | None = None
    """The network, layer by layer; None where it was not run."""
    skipped: Text | None = None
    """Why it was not run."""
    maps: Mapping[str, bool] = {}
    """By item, whether a feature map came out as in the key."""

    @property
    def ok(self) -> bool:
        """Whether nothing disagrees; what was not run does not."""
        return (self.verification is None or self.verification.ok) and all(self.maps.values())

    @property
    def whole(self) -> bool:
        """Whether everything was run."""
        return self.skipped is None


def need_agreement(exercise: Exercise, keys: Mapping[str, Key]) -> None:
    """Raise an ArchitectureError where the witness, run if that is quick, sees something else than the key says."""
    found = confirm(exercise, keys, most=QUICK_MACS)
    if found.ok:
        return
    wrong = [layer.row.name for layer in found.verification.layers if not layer.agrees] if found.verification else []
    wrong += [name for name, agrees in found.maps.items() if not agrees]
    message = Text("running the network gives something else than the key, so the key cannot be used: {names}", names=", ".join(wrong))  # fmt: skip
    hint = Text("`cnncalc exercise check` says what was seen")
    raise ArchitectureError([Fault("not-confirmed", message, place=exercise.source.place(()), remedies=(hint,))])


def confirm(
    exercise: Exercise,
    keys: Mapping[str, Key],
    tell: Callable[[int, int], None] = lambda done, total: None,
    most: int = MOST_MACS,
) -> Confirmation:
    """Run the network of the exercise, if it takes `most` products, and its feature maps, and compare with what was derived."""
    maps = {name: _confirmed(key.item.question) for name, key in keys.items() if isinstance(key.item.question, FeatureMap)}  # fmt: skip
    summary = exercise.summary
    if summary is None:
        return Confirmation(maps=maps)
    if summary.total_macs > most:
        why = Text("the network takes {n} products, and {limit} are run", n=f"{summary.total_macs:,}", limit=f"{most:,}")  # fmt: skip
        return Confirmation(skipped=why, maps=maps)
    try:
        need_memory(summary)
        seen = opinion(summary.architecture, tell=tell)
    except ArchitectureError as error:
        return Confirmation(skipped=error.first.message, maps=maps)
    return Confirmation(compare(summary, [seen]), maps=maps)


def _confirmed(question: FeatureMap) -> bool:
    """Whether the witness's convolution gives the exact numbers."""
    rows, columns = sides(question.image)
    fields = {"filters": 1, "kernel_size": list(sides(question.filter)), "strides": question.strides, "padding": question.padding}  # fmt: skip
    network = build({"input": [rows, columns, 1], "layers": [{"Conv2D": fields}]})
    kernel, image = (np.array([[float(each) for each in row] for row in matrix]) for matrix in (question.filter, question.image))  # fmt: skip
    given = {"conv2d": {"kernel": kernel[:, :, None, None], "bias": np.array([float(question.bias)])}}
    store = Store(given, dtype=np.float64)
    *_, last = execute(network, {"input": image[None, :, :, None]}, store)
    exact = np.array([[float(each) for each in row] for row in feature_map(question)])
    found = last.outputs[0][0, :, :, 0]
    scale = max(1.0, float(np.abs(kernel).sum() * np.abs(image).max()))
    return found.shape == exact.shape and bool(np.all(np.abs(found - exact) <= NEAR * scale))
