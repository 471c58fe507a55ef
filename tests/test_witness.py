"""The witness against the rules: for every kind, what NumPy makes and counts is what was derived."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from strategies import PER_KIND, cases

from cnncalc.arithmetic import prod
from cnncalc.layers import HOME
from cnncalc.witness.call import Call, Tally
from cnncalc.witness.dispatch import run_layer
from cnncalc.witness.store import Store


def holds(demand: Any) -> bool:
    return demand.left == demand.right if demand.relation == "==" else demand.left <= demand.right


def valid(layer: Any, shapes: tuple[tuple[int, ...], ...]) -> bool:
    """Whether the layer takes inputs of these shapes."""
    return all(holds(demand) for demand in layer.asked(shapes))


def whole(shapes: tuple[tuple[int, ...], ...]) -> list[np.ndarray[Any, Any]]:
    random = np.random.default_rng(1)
    return [random.integers(0, 3, (1, *shape)) for shape in shapes]


def numbers(shapes: tuple[tuple[int, ...], ...], batch: int = 1) -> list[np.ndarray[Any, Any]]:
    random = np.random.default_rng(1)
    return [random.random((batch, *shape), np.float32) for shape in shapes]


RUN = sorted(
    kind for kind, family in HOME.items() if family != "inputs" and find_spec(f"cnncalc.witness.forward.{family}")
)


@pytest.mark.parametrize("kind", RUN)
@PER_KIND
@given(data=st.data())
def test_what_is_counted_was_derived(kind: str, data: st.DataObject) -> None:
    layer, shapes = data.draw(cases(kind))
    assume(valid(layer, shapes))
    facts = layer.facts(shapes)
    assume(sum(map(prod, facts.weights.values())) + facts.macs < 10**6)
    store, tally = Store(), Tally()
    outputs = run_layer(layer, Call("x", store, tally, layer.trainable), *numbers(shapes))
    made = store.of("x")
    assert [output.shape[1:] for output in outputs] == [facts.output, *facts.others]
    assert {name: weight.array.shape for name, weight in made.items()} == facts.weights
    assert {name: weight.learned for name, weight in made.items()} == {
        name: layer.learns(name) for name in facts.weights
    }
    assert tally.macs == facts.macs
    assert tally.padded <= tally.macs


@pytest.mark.parametrize("kind", RUN)
@settings(max_examples=20)
@given(data=st.data())
def test_integers_mean_what_the_same_floats_mean(kind: str, data: st.DataObject) -> None:
    layer, shapes = data.draw(cases(kind))
    assume(valid(layer, shapes))
    facts = layer.facts(shapes)
    assume(sum(map(prod, facts.weights.values())) + facts.macs < 10**5)
    store, xs = Store(dtype=np.int64), whole(shapes)
    if HOME[kind] == "embedding":
        xs = [x % layer.input_dim for x in xs]
    with np.errstate(all="ignore"):  # an integer weight may be a variance of 0 here
        found = run_layer(layer, Call("x", store, Tally(), layer.trainable), *xs)
        given_ = {name: weight.array.astype(np.float64) for name, weight in store.of("x").items()}
        floats = [x.astype(np.float64) for x in xs]
        wanted = run_layer(layer, Call("x", Store({"x": given_}), Tally(), layer.trainable), *floats)
    for mine, other in zip(found, wanted, strict=True):
        largest = np.abs(other[np.isfinite(other)]).max(initial=1)
        assert np.allclose(mine, other, rtol=1e-5, atol=1e-6 * largest, equal_nan=True)
