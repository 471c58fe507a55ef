"""The fast forms of the witness against the plain ones, numbers and counts; all in integers, so nothing is rounded."""

from __future__ import annotations

from typing import Any

import numpy as np
import plain
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cnncalc.layers import kind
from cnncalc.witness import contraction
from cnncalc.witness.activations import softmax
from cnncalc.witness.call import Call, Tally
from cnncalc.witness.dispatch import run_layer
from cnncalc.witness.store import Store
from cnncalc.witness.windows import sides

axis = st.tuples(st.integers(1, 7), st.integers(1, 3), st.integers(1, 3), st.integers(1, 2))
"""A size, a kernel size, a stride and a rate."""


def call() -> Call:
    return Call("x", Store(dtype=np.int64), Tally())


@st.composite
def slides(draw: st.DrawFn) -> tuple[list[int], list[int], list[int], list[int], tuple[tuple[int, int], ...]]:
    """Sizes, kernel sizes, strides, rates and padding of 1 to 3 axes that a window fits into."""
    axes = draw(st.lists(axis, min_size=1, max_size=3))
    spatial, sizes, strides, rates = map(list, zip(*axes, strict=True))
    if draw(st.booleans()):
        around = tuple(plain.same_sides(n, k, s, d) for n, k, s, d in axes)
        assert around == sides("same", spatial, sizes, strides, rates)
    else:
        around = tuple(draw(st.tuples(st.integers(0, 2), st.integers(0, 2))) for _ in axes)
    assume(all(plain.outputs(n, k, s, d, p) for (n, k, s, d), p in zip(axes, around, strict=True)))
    return spatial, sizes, strides, rates, around


def integers(seed: int, *shape: int) -> np.ndarray[Any, Any]:
    return np.random.default_rng(seed).integers(-9, 10, shape)


@pytest.mark.parametrize(("block", "rows", "thin"), [(1 << 18, 256, 8), (1, 1, 8), (64, 3, 0), (1, 1, 0)])
@given(slide=slides(), groups=st.integers(1, 2), seed=st.integers(0, 99))
def test_convolutions(block: int, rows: int, thin: int, slide: Any, groups: int, seed: int) -> None:
    spatial, sizes, strides, rates, around = slide
    x, kernel = integers(seed, 2, *spatial, 2 * groups), integers(seed + 1, *sizes, 2, 3 * groups)
    bias, mine = integers(seed, 3 * groups), call()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"BLOCK": block, "ROWS": rows, "THIN": thin}.items():
            patch.setattr(contraction, name, value)
        y = contraction.convolve(
            mine, x, kernel, strides=strides, rates=rates, around=around, groups=groups, bias=bias, relu=True
        )
    wanted = plain.convolve(x, kernel, strides, rates, around, groups)
    assert np.array_equal(y, np.maximum(wanted.y + bias, 0))
    assert (mine.tally.macs, mine.tally.padded) == (wanted.products, wanted.padded)


@given(slide=slides(), multiplier=st.integers(1, 2), seed=st.integers(0, 99))
def test_depthwise(slide: Any, multiplier: int, seed: int) -> None:
    spatial, sizes, strides, rates, around = slide
    x, kernel, mine = integers(seed, 2, *spatial, 3), integers(seed + 1, *sizes, 3, multiplier), call()
    y = contraction.depthwise(mine, x, kernel, strides=strides, rates=rates, around=around)
    wanted = plain.depthwise(x, kernel, strides, rates, around)
    assert np.array_equal(y, wanted.y)
    assert (mine.tally.macs, mine.tally.padded) == (wanted.products, wanted.padded)


@given(slide=slides(), groups=st.integers(1, 2), seed=st.integers(0, 99))
def test_scatter(slide: Any, groups: int, seed: int) -> None:
    spatial, sizes, strides, rates, _ = slide
    x, kernel, mine = integers(seed, 2, *spatial, 2 * groups), integers(seed + 1, *sizes, 2, 2 * groups), call()
    y = contraction.scatter(mine, x, kernel, strides=strides, rates=rates, groups=groups)
    wanted = plain.scatter(x, kernel, strides, rates, groups)
    assert np.array_equal(y, wanted.y)
    assert mine.tally.macs == wanted.products


@given(slide=slides(), seed=st.integers(0, 99), how=st.sampled_from(["Max", "Average"]))
def test_pools(slide: Any, seed: int, how: str) -> None:
    spatial, sizes, strides, rates, _ = slide
    rates = rates if how == "Max" else [1] * len(rates)
    dilated = {"dilation_rate": rates} if how == "Max" else {}
    around = tuple(plain.same_sides(*each) for each in zip(spatial, sizes, strides, rates, strict=True))
    layer = kind(f"{how}Pooling{len(sizes)}D").model_validate({"pool_size": sizes, "strides": strides, "padding": "same", **dilated})  # fmt: skip
    x, mine = integers(seed, 2, *spatial, 2).astype(np.float64), call()
    (y,) = run_layer(layer, mine, x)
    assert np.allclose(y, plain.pool(x, how.lower(), sizes, strides, rates, around), rtol=1e-12)
    assert mine.tally.macs == 0


@given(seed=st.integers(0, 99), features=st.integers(1, 5), units=st.integers(1, 5))
def test_dense(seed: int, features: int, units: int) -> None:
    x, kernel = integers(seed, 3, features), integers(seed + 1, features, units)
    mine = Call("x", Store({"x": {"kernel": kernel}}), Tally())
    (y,) = run_layer(kind("Dense").model_validate({"units": units, "use_bias": False}), mine, x)
    wanted = plain.dense(x, kernel)
    assert np.array_equal(y, wanted.y)
    assert mine.tally.macs == wanted.products


@given(row=st.lists(st.floats(-20, 20), min_size=1, max_size=6))
def test_softmax(row: list[float]) -> None:
    assert np.allclose(softmax(np.array(row)), plain.softmax(row), rtol=1e-12)


@given(values=st.tuples(*[st.floats(-9, 9)] * 4), variance=st.floats(0.1, 9))
def test_batch_normalization(values: tuple[float, ...], variance: float) -> None:
    value, mean, gamma, beta = values
    given_ = {"gamma": gamma, "beta": beta, "moving_mean": mean, "moving_variance": variance}
    mine = Call("x", Store({"x": {name: np.array([number]) for name, number in given_.items()}}), Tally())
    (y,) = run_layer(kind("BatchNormalization").model_validate({}), mine, np.full((1, 2, 1), value))
    assert np.allclose(y, plain.normalised(value, mean, variance, gamma, beta, 0.001), rtol=1e-12, atol=1e-12)
