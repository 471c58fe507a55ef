"""On which side channels stand: what layers say, what they pass on, and what nobody can say."""

from __future__ import annotations

from fractions import Fraction

import pytest

from cnncalc.architecture import build
from cnncalc.architecture.files import parse_text
from cnncalc.derive import derive
from cnncalc.teach.answers import Understood
from cnncalc.teach.items import Item
from cnncalc.teach.layout import FIRST, LAST, Layouts
from cnncalc.teach.questions import OfLayers

FIRST_SIDE = ", data_format: channels_first"
NETWORK = """
input: {shape}
layers:
  - Dropout: {{rate: 0.5, name: drop}}
  - Conv2D: {{filters: 4, kernel_size: 3, name: conv{side}}}
  - {kind}: {{{setting}, name: moved}}
  - Conv2D: {{filters: 4, kernel_size: 1, name: last}}
"""


def layouts(shape: str = "[9, 9, 3]", side: str = "", kind: str = "Permute", setting: str = "dims: [3, 1, 2]") -> Layouts:  # fmt: skip
    source = parse_text(NETWORK.format(shape=shape, side=side, kind=kind, setting=setting), "net.yaml")
    return Layouts(derive(build(source.data, source=source)))


def shape_of(layer: str) -> Item:
    question = OfLayers(ask="shape", layer=layer)
    return Item(f"{layer}.shape", "shape", Fraction(1), question, (), layer, "shape")


@pytest.mark.parametrize(("side", "answer", "turned"), [("", (4, 7, 8), (7, 8, 4)), (FIRST_SIDE, (7, 8, 4), (4, 7, 8))])
def test_a_shape_is_turned_to_the_side_of_the_network(
    side: str, answer: tuple[int, ...], turned: tuple[int, ...]
) -> None:
    assert layouts("[9, 9, 9]", side).turned(shape_of("conv"), answer) == turned


def test_the_first_layer_that_says_it_speaks_for_the_input() -> None:
    """The last layer, behind a Permute, has its channels on the other side."""
    assert layouts("[3, 9, 9]", FIRST_SIDE).turned(shape_of("drop"), (9, 9, 3)) == (3, 9, 9)
    assert layouts("[3, 9, 9]", FIRST_SIDE).turned(shape_of("last"), (4, 7, 7)) == (7, 7, 4)


@pytest.mark.parametrize(
    ("kind", "setting"), [("Permute", "dims: [3, 1, 2]"), ("Reshape", "target_shape: [4, 7, 7]")]
)  # fmt: skip
def test_behind_a_layer_that_moves_axes_nobody_knows(kind: str, setting: str) -> None:
    found = layouts(kind=kind, setting=setting)
    assert found.turned(shape_of("moved"), (7, 7, 4)) is None
    assert found.turned(shape_of("last"), (4, 7, 7)) == (7, 7, 4)


def test_a_shape_that_has_the_channels_on_both_sides_is_meant_as_it_stands() -> None:
    assert layouts().meant(shape_of("conv"), (4, 9, 4), (7, 7, 4)) == (4, 9, 4)
    assert layouts().meant(shape_of("conv"), (4, 9, 9), (7, 7, 4)) == (9, 9, 4)


@pytest.mark.parametrize(("side", "key", "sure"), [("", (7, 7, 4), True), ("", (4, 7, 4), False), (FIRST_SIDE, (4, 7, 7), True), (FIRST_SIDE, (4, 7, 4), False)])  # fmt: skip
def test_a_turned_shape_is_sure_where_no_other_axis_is_as_long(side: str, key: tuple[int, ...], sure: object) -> None:
    assert layouts("[9, 9, 9]", side).sure(shape_of("conv"), key) is sure


@pytest.mark.parametrize(("side", "note"), [("", FIRST), (FIRST_SIDE, LAST)])
def test_a_person_is_told_which_side_it_is(side: str, note: object) -> None:
    found = layouts("[9, 9, 9]", side).asked(shape_of("conv"), Understood("read", (4, 7, 7), "4×7×7"))
    assert found == Understood("ambiguous", None, "4×7×7", note)
