"""What a layer says about its input before it sees one, as Keras's `InputSpec` does."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict

from ..arithmetic import Demand, Shape
from ..language import Text
from .axes import position

RANK = Text("the input must have as many axes as the layer was declared for")
AT_LEAST = Text("the input must have as many axes as the layer was declared for, or more")
AT_MOST = Text("the input must have as many axes as the layer was declared for, or fewer")
SIZE = Text("the input must have the size that the layer was declared with")


class InputSpec(BaseModel):
    """The sizes that axes of the input must have; the batch is axis 0 and counts in `ndim`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    axes: dict[int, int] = {}
    ndim: int | None = None
    min_ndim: int | None = None
    max_ndim: int | None = None

    def demands(self, x: Shape) -> Iterator[Demand]:
        """What the spec demands of an input `x`, which has no batch axis."""
        if self.ndim is not None:
            yield Demand(len(x), "==", self.ndim - 1, RANK, code="rank")
        if self.min_ndim is not None:
            yield Demand(self.min_ndim - 1, "<=", len(x), AT_LEAST, code="rank")
        if self.max_ndim is not None:
            yield Demand(len(x), "<=", self.max_ndim - 1, AT_MOST, code="rank")
        for axis, size in self.axes.items():
            place = position(axis, x)
            if 0 <= place < len(x):
                yield Demand(x[place], "==", size, SIZE, place, "declared")
            else:
                yield Demand(abs(axis), "<=", len(x), AT_LEAST, code="rank")
