"""Batch normalisation of one number, with the statistics of its channel."""

from __future__ import annotations

from math import sqrt

from ....language import Text
from ....layers.normalization import BatchNormalization
from ..spot import Spot, own_axis
from ..trace import Line, Number, Step, plain
from ..tracer import steps


@steps.register
def batch_normalization(layer: BatchNormalization, spot: Spot) -> list[Step]:
    (x,) = spot.inputs
    axis = own_axis(layer.axis, x.ndim)
    channel = spot.at[axis]
    if layer.track_statistics:
        mean, variance = (plain(spot.weights[name][channel]) for name in ("moving_mean", "moving_variance"))
    else:
        seen = x.take(channel, axis).astype(float)
        mean, variance = plain(seen.mean()), plain(seen.var())
    one = plain(x[spot.at])
    centred = (one - mean) / sqrt(variance + layer.epsilon)
    found: list[Step] = [
        Line(
            Text("(x - mean) / √(variance + epsilon)"),
            "({x} - {mean}) / √({variance} + {epsilon})",
            {"x": one, "mean": mean, "variance": variance, "epsilon": layer.epsilon},
            centred,
            r"\frac{{{x} - {mean}}}{{\sqrt{{{variance} + {epsilon}}}}}",
        )
    ]
    gamma: Number = plain(spot.weights["gamma"][channel]) if layer.scale else 1
    if layer.scale:
        found.append(Line(Text("times gamma"), "{y} × {gamma}", {"y": centred, "gamma": gamma}, centred * gamma))
    if layer.center:
        beta, y = plain(spot.weights["beta"][channel]), centred * gamma
        found.append(Line(Text("plus beta"), "{y} + {beta}", {"y": y, "beta": beta}, y + beta))
    return found
