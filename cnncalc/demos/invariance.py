"""How much of an output stays where it is when the input shifts: after a convolution, and after pooling."""

from __future__ import annotations

import numpy as np

from ..language import Text
from ..witness import Array
from .experiment import Experiment, conv, counting, picture
from .page import Cell, Claim, Curves, Section, Series, Share, Table

SHIFTS = (1, 2, 3, 4)
"""Of the pattern, in pixels."""
PATTERNS = 200
PATTERN = 4
"""The side of a pattern, in pixels."""
STAGES = {
    "conv": Text("no pool"),
    "pool_2": Text("2×2 pool"),
    "pool_4": Text("4×4 pool"),
    "global": Text("global pool"),
}
"""Where the outputs are compared; every pool follows the convolution."""


def staying(kernel: int, seed: int) -> dict[str, tuple[Share, ...]]:
    """By stage, for every shift: the outputs that stay the same, as a share of those that ever respond."""
    weights = {"conv2d": {"kernel": counting((kernel, kernel, 1, 1), seed)}}
    side = _side(kernel)
    shape = (side + kernel - 1, side + kernel - 1, 1)
    pools = {"conv": 1, "pool_2": 2, "pool_4": 4, "global": side}
    before, *after = (_images(shape, kernel, seed, shift) for shift in (0, *SHIFTS))
    shares = {}
    for stage, pool in pools.items():
        network = Experiment(shape, conv(1, kernel), {"MaxPooling2D": pool}, weights=weights)
        first = network.run(before)
        shares[stage] = tuple(unchanged(first, network.run(images)) for images in after)
    return shares


def _side(kernel: int) -> int:
    """A side of the convolution's output on which every response to a shifted pattern fits, and pools of 4 do."""
    least = kernel - 1 + PATTERN + 3 + SHIFTS[-1]
    return -(-least // 4) * 4


def _images(shape: tuple[int, ...], kernel: int, seed: int, shift: int) -> Array:
    """Patterns on an empty ground, each at a place of its own, all shifted to the right."""
    places = np.random.default_rng(seed).integers(0, 4, (PATTERNS, 2)) + kernel - 1
    images = np.zeros((PATTERNS, *shape), np.int64)
    for image, pattern, (top, left) in zip(images, picture((PATTERNS, PATTERN, PATTERN, 1), seed), places, strict=True):
        image[top : top + PATTERN, left + shift : left + shift + PATTERN] = pattern
    return images


def unchanged(before: Array, after: Array) -> Share:
    """The outputs that are equal, among those that are not 0 in both."""
    responds = (before != 0) | (after != 0)
    return Share(int(np.count_nonzero(responds & (before == after))), int(np.count_nonzero(responds)))


def invariance(shares: dict[str, tuple[Share, ...]]) -> Section:
    titles = tuple(STAGES[stage] for stage in shares)
    body: tuple[tuple[Cell, ...], ...] = tuple(
        (shift, *(each[i] for each in shares.values())) for i, shift in enumerate(SHIFTS)
    )
    percent = {stage: tuple(float(100 * share) for share in each) for stage, each in shares.items()}
    return Section(
        Text("Pooling makes it stay"),
        (
            Text("{n} patterns of {m}×{m} pixels stand on an empty ground and move to the right. After the convolution comes no pool, or a max pool. A global pool is as large as the map. An output counts if it is not 0 before or after.", n=PATTERNS, m=PATTERN),
            Table((Text("shift"), *titles), body),
            Curves(
                Text("Outputs that stay the same, in percent."),
                Text("shift in pixels"),
                Text("unchanged outputs, %"),
                SHIFTS,
                tuple(Series(STAGES[stage], ys) for stage, ys in percent.items()),
            ),
            Claim(
                Text("after a global pool nothing changes, as long as the pattern stays inside."),
                all(share == 1 for share in shares["global"]),
            ),
            Text("A pool hides small shifts in part, and larger pools hide more. The rest of the outputs change."),
        ),
    )  # fmt: skip
