"""Why feature maps are wrong, on a 4x4 picture and a 2x2 filter worked out by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from cnncalc.architecture.files import parse_text
from cnncalc.teach.answers.sheets import Row
from cnncalc.teach.diagnosing import UNEXPLAINED
from cnncalc.teach.grading import Grader
from cnncalc.teach.map_causes import MapDoctor
from cnncalc.teach.maps import feature_map
from cnncalc.teach.questions import FeatureMap
from cnncalc.teach.reading import read_exercise
from cnncalc.teach.results import ItemResult

PICTURE = "image: [[1, 2, 3, 0], [4, 5, 6, 1], [7, 8, 9, 2], [1, 0, 2, 1]], filter: [[1, 0], [0, -2]]"
"""At every place the upper left number less twice the lower right one: 1 - 2·5 = -9, 2 - 12, 3 - 2; 4 - 16, ..."""
MAP = [[-9, -10, 1], [-12, -13, 2], [7, 4, 7]]


def answered(question: str, answer: object, marking: str = "{}") -> ItemResult:
    text = f"exercise: 1\nmarking: {marking}\nquestions: [{{{question}}}]"
    grader = Grader(read_exercise(parse_text(text, "ex.yaml")))
    return grader.result(Row("ann", (str(answer),), (), {}, 1, "answers.csv"), {}).items[0]


def test_the_map() -> None:
    assert answered(f"ask: feature_map, {PICTURE}", MAP).verdict == "right"


def test_a_filter_that_was_turned() -> None:
    """The lower right number less twice the upper left one: 5 - 2 = 3, 6 - 4, 1 - 6; 8 - 8, ..."""
    found = answered(f"ask: feature_map, {PICTURE}", [[3, 2, -5], [0, -1, -10], [-14, -14, -17]])
    assert (found.verdict, found.codes) == ("wrong", ("V01",))
    assert "= 3: the kernel was turned round before it was applied" in str(found.feedback)


def test_a_bias_that_was_forgotten() -> None:
    found = answered(f"ask: feature_map, {PICTURE}, bias: 3", MAP)
    assert (found.verdict, found.codes) == ("wrong", ("V06",))


def test_single_wrong_numbers_are_named() -> None:
    wrong = [[-9, -10, 1], [-12, 13, 2], [7, 4, 8]]
    found = answered(f"ask: feature_map, {PICTURE}", wrong)
    assert (found.verdict, found.score, found.codes) == ("wrong", 0, ())
    assert str(found.feedback) == "2 of the 9 numbers are not right: at (row, column), counted from 0, (1, 1), (2, 2)."
    found = answered(f"ask: feature_map, {PICTURE}, points: 3", wrong, "{per_axis: true}")
    assert (found.verdict, found.score) == ("partial", Fraction(7, 9) * 3)


def test_one_wrong_number_with_a_known_cause() -> None:
    """In the middle the filter was turned: 9 - 2·5 = -1."""
    found = answered(f"ask: feature_map, {PICTURE}", [[-9, -10, 1], [-12, -1, 2], [7, 4, 7]])
    assert found.codes == ("V01",)
    assert str(found.feedback).endswith("1 of the 9 numbers are not right: at (row, column), counted from 0, (1, 1).")


@pytest.mark.parametrize(
    ("settings", "answer", "codes"),
    [
        ("strides: 2", MAP, ("S04",)),  # every place taken: 3x3 for 2x2
        ("padding: 1", MAP, ("S03",)),  # 3x3 for 5x5
        (
            "padding: valid",
            [[-9, -10, 1, 0], [-12, -13, 2, 1], [7, 4, 7, 2], [1, 0, 2, 1]],
            ("S27",),
        ),  # zeros at the end
    ],
)
def test_another_size_with_a_known_cause(settings: str, answer: object, codes: tuple[str, ...]) -> None:
    found = answered(f"ask: feature_map, {PICTURE}, {settings}", answer, "{per_axis: true}")
    assert (found.verdict, found.codes) == ("wrong", codes)


def test_another_size_that_nothing_explains() -> None:
    found = answered(f"ask: feature_map, {PICTURE}", [[1, 2, 3, 4, 5, 6, 7]])
    assert found.codes == ()
    assert str(found.feedback).startswith("A map of 1 rows and 7 columns does not have the right size.")


@pytest.mark.parametrize(
    ("settings", "answer", "codes"),
    [
        ("at: [1, 1]", -1, ("V01",)),  # 9 - 2·5
        ("at: [1, 1], bias: 4", -13, ("V06",)),
        ("at: [1, 1], strides: 2", -13, ("S04",)),  # the second place, for the third: 9 - 2·1 = 7
        ("at: [0, 1], padding: 1", -10, ("S03",)),  # 2 - 12, for 0 - 2·2
    ],
)
def test_single_values(settings: str, answer: int, codes: tuple[str, ...]) -> None:
    found = answered(f"ask: value, {PICTURE}, {settings}", answer)
    assert (found.verdict, found.codes) == ("wrong", codes)


def test_the_number_of_another_place() -> None:
    found = answered(f"ask: value, {PICTURE}, at: [1, 1]", -9)
    assert str(found.feedback) == "This is the number at row 0, column 0; rows and columns are counted from 0."


def test_of_several_places_the_likely_one() -> None:
    """7 stands at (2, 0) and (2, 2): who exchanges row and column takes the first for (0, 2)."""
    found = answered(f"ask: value, {PICTURE}, at: [0, 2]", 7)
    assert str(found.feedback).startswith("This is the number at row 2, column 0;")
    assert answered(f"ask: value, {PICTURE}, at: [0, 1]", 7).feedback == UNEXPLAINED


def test_a_filter_that_can_be_turned_is_no_evidence() -> None:
    same = "image: [[1, 2], [3, 4]], filter: [[1, 0], [0, 1]]"
    assert answered(f"ask: feature_map, {same}", [[5]]).also == ("V01",)
    assert answered(f"ask: feature_map, {PICTURE}", MAP).also == ()


def test_tolerance_holds_for_causes_and_parts_too() -> None:
    found = answered(f"ask: feature_map, {PICTURE}, tolerance: 0.1", [[3.05, 2, -5], [0, -1, -10], [-14, -14, -17]])
    assert found.codes == ("V01",)
    found = answered(f"ask: feature_map, {PICTURE}, tolerance: 0.1", [[-9.05, 0, 1], [-12, -13, 2], [7, 4, 7]], "{per_axis: true}")  # fmt: skip
    assert found.score == Fraction(8, 9)


def test_half_of_the_numbers_are_still_listed() -> None:
    """1 - 2·5 = -9 and 2 - 2·6 = -10."""
    found = answered("ask: feature_map, image: [[1, 2, 3], [4, 5, 6]], filter: [[1, 0], [0, -2]]", [[-9, 77]])
    assert str(found.feedback) == "1 of the 2 numbers are not right: at (row, column), counted from 0, (0, 1)."


def test_a_number_that_other_settings_have_no_place_for() -> None:
    """Without the padding there is no row 4; at the corner 1 lies under the filter's upper left."""
    found = answered(f"ask: value, {PICTURE}, padding: 1, at: [4, 4]", 77)
    assert (found.verdict, found.codes, found.feedback) == ("wrong", (), UNEXPLAINED)
    assert answered(f"ask: value, {PICTURE}, padding: 1, at: [4, 4]", 1).verdict == "right"


def test_same_is_not_a_ring_of_zeros() -> None:
    """With "same" a filter of 2 has its zeros below: 1 - 2·5 = -9. With a zero on every side: -2·1."""
    found = answered(f"ask: value, {PICTURE}, padding: same, at: [0, 0]", -2)
    assert (found.verdict, found.codes) == ("wrong", ("S11",))


@pytest.mark.parametrize(("side", "codes"), [(50, ("V06",)), (51, ())])
def test_large_maps_are_not_looked_at_place_by_place(side: int, codes: tuple[str, ...]) -> None:
    """A bias of 1 was forgotten everywhere."""
    asked = FeatureMap(ask="feature_map", image=[[1] * side] * side, filter=[[2]], bias=1)
    doctor = MapDoctor(asked, feature_map(asked))
    assert doctor.cause(((2,) * side,) * side).codes == codes
