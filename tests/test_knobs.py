"""What is left open: symbols in any field of any kind give what the numbers give, and refuse what they refuse."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import PER_KIND, cases
from test_numbers import network

from cnncalc.architecture import build
from cnncalc.architecture.entries import integer_fields
from cnncalc.arithmetic import LIMIT
from cnncalc.derive import Summary
from cnncalc.errors import ArchitectureError
from cnncalc.expression import evaluate
from cnncalc.layers import HOME
from cnncalc.search.knobs import Opened, opened
from cnncalc.search.measures import measure, names

NET = {
    "variables": {"F": 8, "G": "2*F", "n": 2, "k": None},
    "input": [28, 28, 1],
    "layers": [
        {"Conv2D": {"filters": "F", "kernel_size": 3}},
        {"MaxPooling2D": 2},
        {"MaxPooling2D": {"pool_size": 2, "strides": 2}},
        {"Repeat": {"times": "n", "layers": [{"Conv2D": {"filters": "G-4", "kernel_size": 3, "padding": "same"}}]}},
        {"TimeDistributed": {"layer": {"Dense": 5}}},
        "Flatten",
        {"Dense": {"units": "k"}},
    ],
}


def net(*wanted: str, words: tuple[str, ...] = ()) -> Opened:
    return opened(lambda values: build(NET, variables=dict(values)), wanted, words)


def at(value: Any, numbers: dict[str, int]) -> Any:
    return tuple(at(each, numbers) for each in value) if isinstance(value, tuple) else evaluate(value, numbers)


def holds(demand: Any, numbers: dict[str, int]) -> bool:
    left, right = evaluate(demand.left, numbers), evaluate(demand.right, numbers)
    return bool(left <= right if demand.relation == "<=" else left == right)


def derived(knobs: Opened, values: dict[str, Any]) -> Summary | None:
    try:
        return knobs.numbers(values)
    except ArchitectureError:
        return None


@pytest.mark.parametrize("kind", HOME)
@PER_KIND
@given(data=st.data())
def test_symbols_say_what_numbers_say(kind: str, data: st.DataObject) -> None:
    """Every measure is the same, and the conditions hold exactly where the numbers are valid."""
    layer, xs = data.draw(cases(kind))
    fields = [name for name in integer_fields(kind) if getattr(layer, name) is not None]
    places = [f"tested.{name}" + ("[0]" if kind == "Input" else "") for name in fields] + [
        f"x{i}[{axis}]" for i, x in enumerate(xs) for axis in range(len(x))
    ]
    if not places:
        return  # an identity has nothing to open
    wanted = data.draw(st.lists(st.sampled_from(sorted(places)), min_size=1, max_size=2, unique=True))
    try:
        knobs = opened(lambda _: network(layer, xs), wanted)
    except ArchitectureError as error:
        assert "say which" in str(error)  # a field that takes no single number
        return
    values = {name: data.draw(st.integers(max(knobs.least(name), 0), 12)) for name in wanted}
    numbers = derived(knobs, values)
    try:
        conditions = knobs.conditions(values)
    except ArchitectureError:
        assert numbers is None
        return
    symbols = {name: values[name] for name in knobs.symbols}
    valid = all(holds(demand, symbols) for demand in conditions)
    if any(demand.code == "merge" for demand in conditions):
        assert numbers or not valid  # an axis of 1 is repeated, which no condition says
    else:
        assert valid == (numbers is not None)
    if numbers is None or not valid:
        return
    summary = knobs.summary(values)
    for name in names(summary):
        value = measure(summary, name)
        if value is not None:
            assert at(value, symbols) == measure(numbers, name), name


def test_variables_fields_and_what_cannot_flow() -> None:
    knobs = net("F", "n", "k", "conv2d.kernel_size[0]", "conv2d_1.padding", words=("conv2d_1.padding",))
    assert knobs.structural == ("n", "conv2d_1.padding")
    assert [knobs.least(name) for name in knobs.symbols] == [1, 1, 1]
    summary = knobs.summary({"n": 3, "conv2d_1.padding": "valid"})
    assert str(summary.row("conv2d").output_shape[0]) == "29-conv2d.kernel_size[0]"
    assert str(summary.row("conv2d").output_shape[2]) == "F"
    assert "conv2d_3" in {row.name for row in summary.rows}
    numbers = knobs.numbers({"F": 8, "n": 3, "k": 10, "conv2d.kernel_size[0]": 5, "conv2d_1.padding": "valid"})
    assert numbers.row("conv2d").output_shape == (24, 26, 8)
    assert numbers.row("conv2d_1").output_shape == (4, 4, 12)  # 24 -> 12 -> 6 -> 4 and 26 -> 13 -> 6 -> 4
    assert numbers.row("conv2d_2").output_shape == (4, 4, 12)  # same: the words of one layer alone changed


def test_what_an_expression_in_a_field_demands() -> None:
    """G - 4 = 2F - 4 filters: at least 1 from F = 3 on."""
    knobs = net("F", "k")
    assert derived(knobs, {"F": 2, "k": 1}) is None
    assert derived(knobs, {"F": 3, "k": 1}) is not None
    for f in (1, 2, 3, 4):
        assert all(holds(demand, {"F": f, "k": 1}) for demand in knobs.conditions()) == (f >= 3)


def test_strides_of_a_pool_follow_its_size_unless_written() -> None:
    sizes = {}
    for name in ("max_pooling2d", "max_pooling2d_1"):
        knobs = net(f"{name}.pool_size", "k")
        sizes[name] = knobs.numbers({f"{name}.pool_size": 3, "k": 1}).row(name).output_shape[0]
    assert sizes == {"max_pooling2d": 8, "max_pooling2d_1": 6}  # 26 // 3, and (13 - 3) // 2 + 1


def test_paddings() -> None:
    knobs = net("conv2d.padding[0]", "conv2d.padding[1][1]", "k")
    (shape,) = {knobs.numbers({"conv2d.padding[0]": 1, "conv2d.padding[1][1]": 3, "k": 1}).row("conv2d").output_shape}
    assert shape == (28, 29, 8)
    assert knobs.least("conv2d.padding[0]") == 0
    border = {"input": [4, 4, 1], "layers": [{"ZeroPadding2D": 1}]}
    assert opened(lambda _: build(border), ["zero_padding2d.padding"]).least("zero_padding2d.padding") == -LIMIT


def test_an_inner_layer_and_an_input() -> None:
    knobs = net("time_distributed.layer.units", "input[0]", "k")
    numbers = knobs.numbers({"time_distributed.layer.units": 9, "input[0]": 40, "k": 1})
    assert numbers.row("time_distributed").output_shape == (9, 6, 9)  # 40 -> 38 -> 19 -> 9 and 28 -> 26 -> 13 -> 6
    assert knobs.symbols.keys() == {"time_distributed.layer.units", "input[0]", "k"}


@pytest.mark.parametrize("formula", ["F", "8//F", "8//(F-1)"])
def test_a_value_of_the_file_that_is_wrong_does_not_matter(formula: str) -> None:
    """What is to be found may stand in the file as 0; and neither 0 nor 1 need be right."""
    data = {"variables": {"F": 0 if formula != "8//(F-1)" else 1}, "input": [9], "layers": [{"Dense": formula}]}
    knobs = opened(lambda values: build(data, variables=dict(values)), ["F"])
    assert knobs.numbers({"F": 2}).rows[-1].output_shape == (eval(formula, {"F": 2}),)


def test_a_letter_of_the_input() -> None:
    knobs = opened(lambda _: build(NET, input=("H", "H", 1), variables={"k": 3}), ["H"])
    assert knobs.least("H") == 1
    assert knobs.numbers({"H": 28}).total_params == build_total()


def build_total() -> int:
    return net("k").numbers({"k": 3}).total_params


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("conv2d.filter", "did you mean conv2d.filters?"),
        ("con2d.filters", "did you mean conv2d.filters?"),
        ("FF", "there is no 'FF' in this network"),
        ("conv2d.activation", "activation holds None, which is no integer"),
        ("conv2d.use_bias", "use_bias holds True, which is no integer"),
        ("conv2d_1.padding[0]", "padding holds 'same', which has no [0]"),
        ("conv2d.kernel_size[2]", "kernel_size holds (3, 3), which has no [2]"),
        ("input.shape", "shape holds 3 numbers: say which, as in shape[0]"),
        ("time_distributed.layer", "layer holds the layer Dense; name a field of it"),
        ("flatten.units", "there is no field 'units'"),
        ("conv2d.filters!", "is no field"),
    ],
)
def test_names_that_are_no_numbers(name: str, told: str) -> None:
    with pytest.raises(ArchitectureError) as raised:
        net(name)
    assert told in str(raised.value)


def test_measures() -> None:
    """MNIST's first layer by hand: 26x26x8, (9*1 + 1)*8 = 80 parameters, 26*26*9*8 MACs."""
    summary = net("k").numbers({"k": 10})
    assert measure(summary, "conv2d.output") == (26, 26, 8)
    assert measure(summary, "conv2d.output[-1]") == 8
    assert measure(summary, "conv2d.params") == 80
    assert measure(summary, "conv2d.macs") == 48672
    assert measure(summary, "max_pooling2d.jump") == (2, 2)
    assert measure(summary, "receptive_field") == (22, 22)  # 3, +1, +2, then twice 2*4
    assert measure(summary, "dense.receptive_field") is None
    assert measure(summary, "output") == (10,)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("parms", "did you mean params?"),
        ("conv2d.outptu", "did you mean conv2d.output?"),
        ("conv2d.output[3]", "conv2d.output has 3 axes, so there is no [3]"),
        ("macs[0]", "macs has 0 axes, so there is no [0]"),
    ],
)
def test_quantities_that_are_not_there(name: str, told: str) -> None:
    with pytest.raises(ArchitectureError) as raised:
        measure(net("k").numbers({"k": 10}), name)
    assert told in str(raised.value)
