"""One rule, two kinds of number: what a layer says of letters is what it says of ints."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import PER_KIND, cases, networks

from cnncalc.architecture import build
from cnncalc.architecture.model import Architecture, Node
from cnncalc.arithmetic import Shape
from cnncalc.derive import derive
from cnncalc.derive.explain import explain
from cnncalc.derive.letters import lettered
from cnncalc.derive.rows import plain
from cnncalc.derive.summary import Summary
from cnncalc.derive.walk import walk
from cnncalc.errors import ArchitectureError
from cnncalc.expression import evaluate, symbol
from cnncalc.layers import HOME
from cnncalc.layers import kind as kind_of


def network(layer: Any, xs: tuple[Shape, ...]) -> Architecture:
    """The layer on inputs of its own."""
    sources = [Node(f"x{i}", kind_of("Input").model_validate({"shape": x})) for i, x in enumerate(xs)]
    tested = Node("tested", layer, tuple(node.name for node in sources))
    return Architecture("case", (*sources, tested), ("tested",))


def derived(layer: Any, xs: tuple[Shape, ...]) -> Summary | None:
    """The summary, or None where the layer refuses its input."""
    architecture = network(layer, xs)
    found = walk(architecture)
    return None if found.failures else Summary(architecture, found.rows, found.conditions)


@pytest.mark.parametrize("kind", HOME)
@PER_KIND
@given(data=st.data())
def test_letters_give_the_numbers(kind: str, data: st.DataObject) -> None:
    """Shape, weights and MACs of the lettered twin, with the numbers put in, are the layer's own."""
    layer, xs = data.draw(cases(kind))
    found = derived(layer, xs)
    assume(found is not None)
    assert found is not None
    row = found.row("tested")
    twin = lettered(layer, xs)
    facts = twin.layer.facts(twin.input_shapes)
    assert tuple(evaluate(n, twin.numbers) for n in facts.output) == row.output_shape
    assert {k: tuple(evaluate(n, twin.numbers) for n in s) for k, s in facts.weights.items()} == row.weights
    assert evaluate(facts.macs, twin.numbers) == row.macs


@pytest.mark.parametrize("kind", HOME)
@PER_KIND
@given(data=st.data())
def test_every_explained_line_is_true(kind: str, data: st.DataObject) -> None:
    layer, xs = data.draw(cases(kind))
    found = derived(layer, xs)
    assume(found is not None)
    assert found is not None
    (explained,) = explain(found, "tested")
    lines = [*explained.shape, *explained.params, *explained.macs, *explained.receptive_field]
    for line in lines:
        assert evaluate(line.formula, line.numbers) == line.result, line


@pytest.mark.parametrize("kind", HOME)
@PER_KIND
@given(data=st.data())
def test_numbers_make_sense(kind: str, data: st.DataObject) -> None:
    """Whatever a layer accepts has positive axes, counted parameters and a field within reason."""
    layer, xs = data.draw(cases(kind))
    found = derived(layer, xs)
    assume(found is not None)
    assert found is not None
    row = found.row("tested")
    assert all(type(n) is int and n >= 1 for n in row.output_shape)
    assert row.params == sum(_product(shape) for shape in row.weights.values())
    assert row.macs >= 0
    if row.receptive_field:
        assert all(size >= 0 for size in row.receptive_field.size)


def _product(shape: Shape) -> int:
    product = 1
    for n in shape:
        product *= n
    return product


@given(networks())
def test_symbols_then_numbers_is_numbers(data: dict[str, Any]) -> None:
    """A network on an input of H, W gives, at the real sizes, what it gives on them directly."""
    h, w, c = data["input"]
    try:
        wanted = derive(build(data))
    except ArchitectureError:
        assume(False)
    found = walk(build(data, input=("H", "W", c)))
    assert not found.failures
    for row, number in zip(found.rows, wanted.rows, strict=True):
        at = {"H": h, "W": w}
        assert tuple(evaluate(n, at) for n in row.output_shape) == number.output_shape
        assert evaluate(row.params, at) == number.params
        assert evaluate(row.macs, at) == number.macs
    summary = Summary(wanted.architecture, found.rows)
    figures, real = summary.memory, wanted.memory
    assert evaluate(summary.total_params, at) == wanted.total_params
    assert evaluate(summary.total_macs, at) == wanted.total_macs
    assert evaluate(figures.inference_peak, at) == real.inference_peak
    assert evaluate(figures.training_sum, at) == real.training_sum
    for demand in found.conditions:
        left, right = evaluate(demand.left, {"H": h, "W": w}), evaluate(demand.right, {"H": h, "W": w})
        assert left <= right if demand.relation == "<=" else left == right


@pytest.mark.parametrize("kind", sorted(set(HOME) - {"Input"}))
@PER_KIND
@given(data=st.data())
def test_open_axes_give_the_numbers(kind: str, data: st.DataObject) -> None:
    """A layer on axes that are letters, simplified or as written, gives what it gives on the numbers."""
    layer, xs = data.draw(cases(kind))
    wanted = derived(layer, xs)
    assume(wanted is not None)
    assert wanted is not None
    at: dict[str, int] = {}
    shapes = []
    for which, x in enumerate(xs):
        letters = [symbol(f"N{which}_{i}") if data.draw(st.booleans()) else n for i, n in enumerate(x)]
        at |= {letter.args[0]: n for letter, n in zip(letters, x, strict=True) if letter is not n}
        shapes.append(tuple(letters))
    for simplify in (True, False):
        found = walk(network(layer, tuple(shapes)), simplify=simplify)
        assume(not found.failures)
        for demand in found.conditions:
            left, right = evaluate(demand.left, at), evaluate(demand.right, at)
            assume(left <= right if demand.relation == "<=" else left == right)
        row, number = found.rows[-1], wanted.row("tested")
        assert tuple(evaluate(n, at) for n in row.output_shape) == number.output_shape
        assert {k: tuple(evaluate(n, at) for n in w) for k, w in row.weights.items()} == number.weights
        assert (evaluate(row.params, at), evaluate(row.macs, at)) == (number.params, number.macs)
        field = row.receptive_field
        if field and number.receptive_field:
            assert tuple(evaluate(n, at) for n in field.size) == number.receptive_field.size
            assert tuple(evaluate(n, at) for n in field.start) == number.receptive_field.start


@given(networks())
def test_totals_are_sums(data: dict[str, Any]) -> None:
    try:
        found = derive(build(data))
    except ArchitectureError:
        assume(False)
    told = found.to_dict()
    assert told["totals"]["params"] == sum(sum(row["params"].values()) for row in told["layers"])
    assert told["totals"]["macs"] == sum(row["macs"] for row in told["layers"])


def test_numbers_are_exact_at_any_size() -> None:
    """2^31 - 1 three times over: no float could hold the product."""
    big = 2**31 - 1
    data = {
        "input": [big, big, big],
        "layers": [{"Conv2D": {"filters": big, "kernel_size": 1}}, "Flatten", {"Dense": big}],
    }
    found = derive(build(data))
    assert found.row("flatten").output_shape == (big**3,)
    assert found.row("dense").params == big**4 + big
    assert found.row("conv2d").macs == big**4
    assert plain(found.total_params) == big**4 + big + big**2 + big


def test_an_unknown_axis_passes_through() -> None:
    data = {
        "input": [None, None, 3],
        "layers": [{"Conv2D": {"filters": 8, "kernel_size": 3}}, "GlobalAveragePooling2D", {"Dense": 10}],
    }
    found = derive(build(data)).to_dict()
    shapes = [row["output_shape"] for row in found["layers"]]
    assert shapes == [["?H", "?W", 3], ["?H-2", "?W-2", 8], [8], [10]]
    assert found["totals"]["params"] == 3 * 3 * 3 * 8 + 8 + 8 * 10 + 10


def test_an_unknown_axis_that_a_weight_needs_is_refused() -> None:
    with pytest.raises(ArchitectureError, match="must be known") as caught:
        derive(build({"input": [None, 28, 1], "layers": ["Flatten", {"Dense": 10}]}))
    assert caught.value.code == "unknown-axis"


def test_an_unknown_axis_merged_with_five_is_five() -> None:
    data = {"inputs": {"a": [None, 3], "b": [5, 3]}, "layers": [{"Add": {"inputs": ["a", "b"]}}]}
    assert derive(build(data)).rows[-1].output_shape == (5, 3)
