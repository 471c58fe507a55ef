"""Values to try: what is written, in order, and nothing twice."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.errors import ArchitectureError
from cnncalc.search.ranges import Values, parse


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("8:24:8", [8, 16, 24]),  # the last is included
        ("8:23:8", [8, 16]),
        ("8:10", [8, 9, 10]),
        ("5", [5]),
        ("1,3,5,7", [1, 3, 5, 7]),
        ("1,3,8:16:4", [1, 3, 8, 12, 16]),
        (" 1 , 4 : 6 ", [1, 4, 5, 6]),
        ("16:8:-4", [16, 12, 8]),
        ("-2:2", [-2, -1, 0, 1, 2]),
        ("valid,same", ["valid", "same"]),
        ("0,1,same", [0, 1, "same"]),
    ],
)
def test_what_is_written(text: str, values: list[int | str]) -> None:
    found = parse(text)
    assert list(found) == values
    assert len(found) == len(values)
    assert [found[i] for i in range(len(values))] == values
    assert found[-1] == values[-1]
    assert found[1:3] == tuple(values[1:3])
    assert values[0] in found
    assert "nothing" not in found


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("8:16:0", "step is 0"),
        ("16:8", "holds no value; did you mean 8:16"),
        ("8:16:-4", "holds no value; did you mean 8:16:4"),
        ("", "neither a range"),
        ("1,,2", "neither a range"),
        ("1:2:3:4", "neither a range"),
        ("1.5", "neither a range"),
        ("1e3", "neither a range"),
        ("2**9", "neither a range"),
        ("__import__('os')", "neither a range"),
        ("９", "neither a range"),
        ("3000000000", "beyond 2147483647"),
        ("1:3000000000", "beyond 2147483647"),
        ("9" * 100_000, "neither a range"),
        ("1,1", "lists 1 twice"),
        ("1:9:2,4:8", "lists 5 twice"),
        ("same,same", "lists same twice"),
        ("1," * 1001, "more than 1000"),
    ],
)
def test_what_cannot_be_read(text: str, told: str) -> None:
    with pytest.raises(ArchitectureError, match=told) as caught:
        parse(text, "F")
    assert "the values of F: " in str(caught.value)
    assert len(str(caught.value)) < 300


def test_a_huge_range_takes_no_room() -> None:
    found = parse("-2147483647:2147483647")
    assert len(found) == 2**32 - 1
    assert found[2**31 - 1] == 0
    assert sum(map(sys.getsizeof, (found, *found.parts))) < 1000


def test_values_cannot_be_changed() -> None:
    found = parse("1,2")
    with pytest.raises(TypeError):
        found[0] = 5  # type: ignore[index]
    assert found == parse("1,2")
    assert hash(found) == hash(parse("1,2"))
    assert found != parse("2,1")


def test_bounds_and_words() -> None:
    found = parse("7,16:8:-4,same")
    assert found.bounds == (7, 16)
    assert found.words == ("same",)
    assert repr(parse("8:16:4,3,same")) == "<Values 8:16:4,3,same>"


STEPS = st.integers(-6, 6).filter(bool)
RANGES = st.builds(range, st.integers(-20, 20), st.integers(-20, 20), STEPS).filter(len)


@given(RANGES, RANGES)
def test_overlap_is_found(a: range, b: range) -> None:
    """Against Python's sets; first and last are written as a person would."""
    text = ",".join(f"{part[0]}:{part[-1]}:{part.step}" for part in (a, b))
    if set(a) & set(b):
        with pytest.raises(ArchitectureError, match="twice"):
            parse(text)
    else:
        assert list(parse(text)) == [*a, *b]


@given(st.lists(RANGES, min_size=1, max_size=4))
def test_an_index_finds_its_part(parts: list[range]) -> None:
    flat = [value for part in parts for value in part]
    found = Values(parts)
    assert [found[i] for i in range(-len(flat), len(flat))] == flat + flat
    with pytest.raises(IndexError):
        found[len(flat)]
