"""Shapes whose channels stand on the other side: 32×26×26 for 26×26×32, which other books and frameworks write so.

Such an answer is not known to be wrong, so it is for the teacher to decide; for all at once with `marking: {other_layout: ...}`.
Where the network's channels stand is said by its layers with a `data_format`; layers that keep the rank pass it on.
"""

from __future__ import annotations

from typing import Any

from ..arithmetic import Shape
from ..derive import Row, Summary
from ..language import Text
from ..layers.base import SpatialLayer
from .answers import Understood
from .items import Item

MOVES = {"Flatten", "Permute", "Reshape", "RepeatVector"}
"""Kinds after which an axis is no longer what it was."""

FIRST = Text("channels first? This network has them last: write 28x28x1")
LAST = Text("channels last? This network has them first: write 1x28x28")
TURNED = Text("with the channels on the other side")


class Layouts:
    """On which side the channels of every layer's output stand."""

    def __init__(self, summary: Summary | None) -> None:
        rows = summary.rows if summary else ()
        said = [(len(row.input_shapes[0]), row.layer.channels_first) for row in rows if isinstance(row.layer, SpatialLayer)]  # fmt: skip
        self._of_network = dict(reversed(said))
        """By rank, what the first layer says."""
        self._first: dict[str, bool] = {}
        """By layer, whether they are first; those that nobody can say it of are missing."""
        for row in rows:
            first = self._of(row)
            if first is not None:
                self._first[row.name] = first

    def turned(self, item: Item, shape: Any) -> Shape | None:
        """The shape as this network writes it, if whoever wrote it has the channels on the other side."""
        first = self._first.get(item.layer or "") if item.quantity == "shape" and item.answer == "shape" else None
        if first is None or not isinstance(shape, tuple) or len(shape) < 2:
            return None
        return (shape[-1], *shape[:-1]) if first else (*shape[1:], shape[0])

    def meant(self, item: Item, shape: Any, key: Any) -> Any:
        """The shape as this network writes it, turned where the right number of channels stands on the other side alone."""
        turned = self.turned(item, shape)
        if turned is None or len(turned) != len(key):
            return shape
        at = 0 if self._first[item.layer or ""] else -1
        return turned if turned[at] == key[at] != shape[at] else shape

    def asked(self, item: Item, read: Understood) -> Understood:
        """The answer, for a person to decide."""
        return Understood("ambiguous", None, read.reading, LAST if self._first[item.layer or ""] else FIRST)

    def sure(self, item: Item, key: Any) -> bool:
        """Whether a turned shape can be nothing else: no other axis is as long as the channels."""
        return bool(key.count(key[0 if self._first[item.layer or ""] else -1]) == 1)

    def _of(self, row: Row) -> bool | None:
        """What the layer says itself, else the layer before it."""
        if row.kind == "Input":
            return self._of_network.get(len(row.output_shape))
        if row.kind in MOVES or not row.input_shapes or len(row.input_shapes[0]) != len(row.output_shape):
            return None
        own: bool | None = getattr(row.layer, "channels_first", None)
        return own if own is not None else self._first.get(row.inputs[0].partition(":")[0])
