"""Activations of one number, and those that look at its neighbours along the last axis."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import exp

import numpy as np

from ....language import Text
from ....layers.activation import ELU, Activation, LeakyReLU, PReLU, ReLU, Softmax
from ...activations import activate
from ..spot import Spot, own_axis
from ..trace import Index, Line, Number, Shares, Step, plain
from ..tracer import steps

FORMULAS = {
    "relu": ("max(0, {x})", r"\max(0, {x})"),
    "relu6": ("min(max(0, {x}), 6)", r"\min(\max(0, {x}), 6)"),
    "sigmoid": ("1 / (1 + exp(-({x})))", r"\frac{{1}}{{1 + e^{{-({x})}}}}"),
    "tanh": ("tanh({x})", r"\tanh({x})"),
    "exponential": ("exp({x})", "e^{{{x}}}"),
}
"""How functions are written; any other by its name."""

ALONG = {"softmax", "log_softmax", "sparsemax"}
"""Functions of a whole axis."""


def activated(name: str | None, before: Number, again: Callable[[Index], Number], spot: Spot) -> Iterator[Step]:
    """The steps after a sum; `again` makes the sum of another place, for functions that look at several."""
    if name is None or name == "linear":
        return
    if name in ALONG:
        numbers = np.array([again((*spot.at[:-1], i)) for i in range(spot.shape[-1])])
        yield from along(name, numbers, spot.at[-1])
    else:
        plainly, tex = FORMULAS.get(
            name, (f"{name}({{x}})", rf"\mathrm{{{{{name.replace('_', chr(92) + '_')}}}}}({{x}})")
        )
        value = plain(activate(name, np.asarray(before)[None])[0])
        yield Line(Text("activation {name}", name=name), plainly, {"x": before}, value, tex)


def along(name: str, numbers: np.ndarray, chosen: int) -> Iterator[Step]:
    """Softmax and its kin of the numbers along an axis."""
    shares = Shares(numbers, chosen)
    if name == "sparsemax":
        value = plain(activate(name, numbers.astype(float))[chosen])
        yield Line(Text("activation {name}", name=name), "sparsemax({x})", {"x": plain(numbers[chosen])}, value)
        return
    yield shares
    if name == "log_softmax":
        value = plain(np.log(shares.value))
        yield Line(Text("logarithm"), "ln({x})", {"x": shares.value}, value, r"\ln({x})")


@steps.register
def activation(layer: Activation, spot: Spot) -> list[Step]:
    (x,) = spot.inputs
    return list(activated(layer.activation or "linear", plain(x[spot.at]), lambda at: plain(x[at]), spot)) or [unchanged(plain(x[spot.at]))]  # fmt: skip


def unchanged(x: Number) -> Line:
    return Line(Text("nothing changes"), "{x}", {"x": x}, x)


@steps.register
def softmax_over(layer: Softmax, spot: Spot) -> list[Step]:
    (x,) = spot.inputs
    axes = sorted({own_axis(axis, x.ndim) for axis in layer.axis})
    seen = x[tuple(slice(None) if axis in axes else i for axis, i in enumerate(spot.at))]
    chosen = np.ravel_multi_index([spot.at[axis] for axis in axes], seen.shape)
    return [Shares(seen.ravel(), int(chosen))]


@steps.register
def relu(layer: ReLU, spot: Spot) -> list[Step]:
    x = plain(spot.inputs[0][spot.at])
    numbers: dict[str, Number] = {"x": x, "threshold": layer.threshold}
    if not layer.threshold and not layer.negative_slope:
        formula, numbers, value = "max(0, {x})", {"x": x}, plain(np.maximum(x, 0))  # Python's max(0, nan) is 0
    elif x >= layer.threshold:
        formula, value = "{x} ≥ {threshold}: {x}", x
    else:
        formula, value = "{slope} × ({x} - {threshold})", layer.negative_slope * (x - layer.threshold)
        numbers |= {"slope": layer.negative_slope}
    found: list[Step] = [Line(Text("activation {name}", name="relu"), formula, numbers, value)]
    if layer.max_value is not None:
        numbers = {"x": value, "limit": layer.max_value}
        found.append(Line(Text("at most"), "min({x}, {limit})", numbers, min(value, layer.max_value)))
    return found


def _sloped(name: str, x: Number, slope: Number) -> list[Step]:
    title = Text("activation {name}", name=name)
    if x >= 0:
        return [Line(title, "{x} ≥ 0: {x}", {"x": x}, x, r"{x} \ge 0: {x}")]
    return [Line(title, "{slope} × {x}", {"slope": slope, "x": x}, slope * x, r"{slope} \cdot {x}")]


@steps.register
def leaky(layer: LeakyReLU, spot: Spot) -> list[Step]:
    return _sloped("leaky_relu", plain(spot.inputs[0][spot.at]), layer.negative_slope)


@steps.register
def parametric(layer: PReLU, spot: Spot) -> list[Step]:
    alpha = spot.weights["alpha"]
    if layer.num_parameters is not None:
        slope = alpha[spot.at[0] if len(alpha) > 1 else 0]
    else:
        slope = alpha[tuple(i if n > 1 else 0 for i, n in zip(spot.at, alpha.shape, strict=True))]
    return _sloped("prelu", plain(spot.inputs[0][spot.at]), plain(slope))


@steps.register
def exponential_linear(layer: ELU, spot: Spot) -> list[Step]:
    x = plain(spot.inputs[0][spot.at])
    title = Text("activation {name}", name="elu")
    if x > 0:
        return [Line(title, "{x} > 0: {x}", {"x": x}, x)]
    return [Line(title, "{alpha} × (exp({x}) - 1)", {"alpha": layer.alpha, "x": x}, layer.alpha * (exp(x) - 1))]
