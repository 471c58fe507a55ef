"""Low-rank adaptation (Hu et al. 2021): the kernel is frozen and two thin matrices are learned beside it."""

from __future__ import annotations

from typing import Annotated, ClassVar

from ..arithmetic import Dim, Shape
from .base import Layer, Weights
from .fields import Letter, Positive


class Adaptable(Layer):
    """A layer whose kernel may have an adapter of rank `lora_rank`."""

    adapted: ClassVar[str] = "kernel"

    lora_rank: Annotated[Positive | None, Letter("R")] = None
    lora_alpha: float | None = None

    def learns(self, weight: str) -> bool:
        return Layer.learns(self, weight) and (self.lora_rank is None or weight != self.adapted)

    def adapter(self, kernel: Shape) -> Weights:
        """The two matrices of an adapter: all axes of the kernel but the last to `lora_rank`, and on to the last."""
        if self.lora_rank is None:
            return {}
        rank: Dim = self.lora_rank
        return {f"lora_{self.adapted}_a": (*kernel[:-1], rank), f"lora_{self.adapted}_b": (rank, kernel[-1])}
