"""What the witness says of a network: every layer's shapes, parameters and products, and what a poked pixel reaches."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..architecture import Architecture
from ..language import Text
from ..layers.custom import Custom
from ..opinion import Convention, Held, Opinion, Seen
from .arrays import Array
from .execution import Ran, execute
from .poke import poke, targets
from .store import Store

NAME = "numpy"
DECLARED = Convention("declared", Text("the layer was declared, not run: its declaration is taken at its word"))

EFFORT = 4 * 10**9
"""About how many products the pokes of one input may take together."""
FEW = 3
"""The least number of pokes, but in a network of more than `HUGE` products: there it is one."""
HUGE = 10**10
MOST = 32
"""Pokes of one input."""

Tell = Callable[[int, int], None]
"""Called after every layer with how many have run, and how many will."""


def opinion(architecture: Architecture, *, seed: int = 0, tell: Tell = lambda done, total: None) -> Opinion:
    """Run the network once on random numbers and count; then poke pixels, one run each.

    Every size must be a number. Raises ArchitectureError where a layer cannot be run.
    """
    layers_in_a_run = len(architecture.nodes)
    store = Store(seed=seed)
    inputs = random_inputs(architecture, seed)
    layers, macs, peak = {}, 0, 0
    for done, ran in enumerate(execute(architecture, inputs, store), start=1):
        tell(done, 2 * layers_in_a_run)  # at least one poke will follow
        layers[ran.node.name] = _seen(ran)
        macs, peak = macs + ran.macs, max(peak, ran.alive)
    times = min(max(EFFORT // max(macs, 1), FEW if macs < HUGE else 1), MOST)
    pokes = []
    chosen = list(targets(architecture, inputs, times))
    for done, target in enumerate(chosen, start=1):
        pokes.append(poke(architecture, inputs, store, target))
        tell((1 + done) * layers_in_a_run, (1 + len(chosen)) * layers_in_a_run)
    return Opinion(NAME, np.__version__, layers, tuple(pokes), Held(store.nbytes, peak))


def random_inputs(architecture: Architecture, seed: int = 0, batch: int = 1) -> dict[str, Array]:
    """A batch of numbers in [0, 1) for each input, as float32."""
    random = np.random.default_rng(seed)
    return {name: random.random((batch, *shape), np.float32) for name, shape in architecture.inputs.items()}


def _seen(ran: Ran) -> Seen:
    conventions = (DECLARED,) if isinstance(ran.node.layer, Custom) else ()
    return Seen(ran.shapes, ran.trainable, ran.non_trainable, conventions, macs=ran.macs, on_padding=ran.padded)
