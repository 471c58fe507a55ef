"""Pools, inputs and normalisation, which learn little or nothing: N codes."""

from __future__ import annotations

from ...arithmetic import Dim, prod
from ...language import Text
from ...layers import Layer
from ...layers.inputs import Input
from ...layers.normalization import BatchNormalization, GroupNormalization, LayerNormalization
from ...layers.pool import Pooling
from .base import JUDGMENT, Answers, Misconception, Quantity
from .case import Case


def _channels(case: Case) -> Dim:
    """The channels that a normalisation scales."""
    (shape, *_) = case.weights.values()
    return prod(shape)


def _has_weights(case: Case) -> bool:
    return bool(case.weights)


def _pool_weights(case: Case) -> Answers:
    """A kernel on all channels, with biases too, on one; a number per channel; one number; LeNet-5's two per channel."""
    _, c = case.spatial
    assert isinstance(case.layer, Pooling), "asked of pools"
    taps = prod(case.layer.pool_size)
    return (taps * c, taps * c + c, taps, c, 1, 2 * c)


PARAMS, TRAINABLE = Quantity.PARAMS, Quantity.TRAINABLE
BATCH, NORMS = (BatchNormalization,), (GroupNormalization, LayerNormalization)

CODES: tuple[Misconception[Case], ...] = (
    Misconception(
        "N01", PARAMS, BATCH,
        Text("only scale and shift"),
        Text("only the two learned numbers of every channel were counted"),
        Text("What does the layer remember of the data besides what it learns?"),
        "errorhandle.ai: 128 parameters for 64 neurons",
        lambda c: (2 * _channels(c),), lambda c: len(c.weights) > 2,
    ),
    Misconception(
        "N02", TRAINABLE, BATCH,
        Text("moving statistics as trainable"),
        Text("the moving mean and variance were counted, but no gradient changes them"),
        Text("Which of the layer's numbers does the gradient change?"),
        "Stack Overflow 42521005",
        lambda c: (c.params,), lambda c: c.learned != c.params,
    ),
    Misconception(
        "N03", PARAMS, BATCH,
        Text("normalised per pixel"),
        Text("every position was given numbers of its own"),
        Text("What do all pixels of a channel share?"),
        "Stack Overflow 42521005",
        lambda c: (len(c.weights) * prod(c.x),), lambda c: len(c.x) > 1 and _has_weights(c),
    ),
    Misconception(
        "N04", PARAMS, (Pooling,),
        Text("pool with parameters"),
        Text("parameters were counted, but a pool learns nothing"),
        Text("Which numbers of a pool would training change?"),
        "LeNet-5 of 1998 has them: yohanes.gultom.me; today 0: w3help.cc 950805",
        _pool_weights,
    ),
    Misconception(
        "N05", PARAMS, (Input,),
        Text("input counted"),
        Text("the numbers of the input were counted as parameters"),
        Text("Does training change the image?"),
        JUDGMENT,
        lambda c: (prod(c.output),),
    ),
    Misconception(
        "N06", PARAMS, BATCH,
        Text("one number per channel"),
        Text("one number was counted for every channel"),
        Text("A normalised number is scaled and then shifted: what does that take?"),
        "Stack Overflow 42521005",
        lambda c: (_channels(c),), _has_weights,
    ),
    Misconception(
        "N07", PARAMS, (*BATCH, *NORMS),
        Text("normalisation without parameters"),
        Text("no parameters were counted"),
        Text("Does the layer only normalise, or does it scale and shift afterwards?"),
        "Stack Overflow 42521005",
        lambda c: (0,), _has_weights,
    ),
    Misconception(
        "N08", PARAMS, NORMS,
        Text("moving statistics where there are none"),
        Text("moving statistics were counted, but this layer takes its own from every example"),
        Text("Does the layer remember anything of other examples?"),
        JUDGMENT,
        lambda c: (c.params + 2 * _channels(c),), _has_weights,
    ),
    Misconception(
        "N09", PARAMS, (Layer,),
        Text("weights counted where they are used again"),
        Text("the weights were counted here, but they belong to another layer, where they are counted already"),
        Text("Does using a layer again give it new weights?"),
        JUDGMENT,
        lambda c: (c.params,), lambda c: c.shared and _has_weights(c),
    ),
)  # fmt: skip
