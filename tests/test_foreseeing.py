"""What is worked out once for many students' inputs is what the layers' own rules say of each."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from strategies import PER_KIND, cases, networks

from cnncalc.architecture import build
from cnncalc.arithmetic import Shape
from cnncalc.derive import derive
from cnncalc.errors import ArchitectureError
from cnncalc.layers import HOME, Layer
from cnncalc.layers import kind as kind_of
from cnncalc.teach.foreseeing import foresight, unknown
from cnncalc.teach.making import Made, maker
from cnncalc.teach.misconceptions import Case, Quantity, values

QUANTITIES = [Quantity.SHAPE, Quantity.PARAMS, Quantity.TRAINABLE, Quantity.MACS, Quantity.FIELD]


def takes(layer: Layer, inputs: tuple[Shape, ...]) -> bool:
    return all(left == right if relation == "==" else left <= right for left, relation, right, *_ in layer.asked(inputs))  # fmt: skip


def others(inputs: tuple[Shape, ...]) -> st.SearchStrategy[tuple[Shape, ...]]:
    """Inputs of the same ranks; channels mostly stay, as many layers want it."""
    size = st.integers(1, 40)
    return st.tuples(*(st.tuples(*(size | st.just(n) for n in shape)) for shape in inputs))


@pytest.mark.parametrize("kind", sorted(set(HOME) - {"Input"}))
@PER_KIND
@given(data=st.data())
def test_no_wrong_answer_is_unforeseen(kind: str, data: st.DataObject) -> None:
    layer, inputs = data.draw(cases(kind))
    assume(inputs and takes(layer, inputs))
    case, drawn = Case(layer, inputs, layer.facts(inputs)), data.draw(others(inputs))
    mine = drawn if takes(layer, drawn) else inputs
    for quantity in QUANTITIES:
        foreseen = foresight(case, quantity)(mine)
        assert foreseen is None or set(values(case.on(*mine), quantity)) <= set(foreseen)


def test_what_is_foreseen_by_hand() -> None:
    """A 3x3 convolution of 20x20x5 with 4 filters has 184 parameters; without the bias 180, without the channels 40."""
    layer = kind_of("Conv2D")(filters=4, kernel_size=3)
    case = Case(layer, ((8, 8, 3),), layer.facts(((8, 8, 3),)))
    foreseen = foresight(case, Quantity.PARAMS)(((20, 20, 5),))
    assert foreseen is not None
    assert {180, 40} <= set(foreseen)
    assert 10**7 not in foreseen
    assert foresight(case, Quantity.PARAMS)(((20, 20),)) is None


def test_a_rule_that_does_not_run_on_letters_is_run() -> None:
    """S06, a size that is not rounded: (9 - 2)/2 + 1 is 9/2."""
    layer = kind_of("MaxPooling2D")(pool_size=2)
    case = Case(layer, ((7, 7, 3),), layer.facts(((7, 7, 3),)))
    foreseen = foresight(case, Quantity.SHAPE)(((9, 9, 3),))
    assert foreseen is not None
    assert (Fraction(9, 2), Fraction(9, 2), 3) in foreseen


def test_two_inputs_are_not_foreseen() -> None:
    """Of 8x8 and 8x8, letters do not say which axis is repeated."""
    layer = kind_of("Add")()
    case = Case(layer, ((8, 8), (8, 8)), layer.facts(((8, 8), (8, 8))))
    assert foresight(case, Quantity.SHAPE) is unknown


def plainly(layer: Layer, inputs: tuple[Shape, ...]) -> Made | None:
    if not takes(layer, inputs):
        return None
    facts = layer.facts(inputs)
    return Made(facts.output, facts.others, facts.weights, facts.macs)


@settings(max_examples=25)
@given(networks(), st.data())
def test_layers_of_networks_on_other_inputs(network: dict[str, Any], data: st.DataObject) -> None:
    try:
        found = derive(build(network))
    except ArchitectureError:
        assume(False)
    for row in found.rows:
        if row.input_shapes:
            make = maker(row.layer, row.input_shapes)
            for inputs in (row.input_shapes, data.draw(others(row.input_shapes))):
                assert make(inputs) == plainly(row.layer, inputs)


@pytest.mark.parametrize("kind", sorted(set(HOME) - {"Input"}))
@PER_KIND
@given(data=st.data())
def test_every_kind_on_other_inputs(kind: str, data: st.DataObject) -> None:
    layer, inputs = data.draw(cases(kind))
    assume(inputs and takes(layer, inputs))
    make = maker(layer, inputs)
    for mine in (inputs, data.draw(others(inputs))):
        assert make(mine) == plainly(layer, mine)
