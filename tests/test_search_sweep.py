"""A sweep finds what deriving every variant on its own finds, for any network."""

from __future__ import annotations

import copy
import sys
import tracemalloc
from itertools import product
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import networks

from cnncalc.architecture import build
from cnncalc.derive import derive
from cnncalc.errors import ArchitectureError
from cnncalc.search.screen import Goal
from cnncalc.search.sweep import Sweep

FIELDS = ("filters", "kernel_size", "strides", "pool_size", "dilation_rate", "units", "depth_multiplier", "size")

DIVIDES = "a number would be divided by zero"

NET: dict[str, Any] = {
    "variables": {"F": 8, "n": 1, "G": "2*F"},
    "input": [12, 12, 1],
    "layers": [
        {"Conv2D": {"filters": "F", "kernel_size": 3}},
        {"Repeat": {"times": "n", "layers": [{"Conv2D": {"filters": "G", "kernel_size": 3}}]}},
        {"MaxPooling2D": 2},
        "Flatten",
        {"Dense": 10},
    ],
}


def net(data: dict[str, Any] = NET, **options: Any) -> Any:
    return lambda variables: build(data, variables=dict(variables), **options)


def swept(vary: dict[str, Any], data: dict[str, Any] = NET, **options: Any) -> tuple[Sweep, list[tuple[Any, ...]]]:
    sweep = Sweep(net(data), vary, **options)
    return sweep, list(sweep.run().rows())


def by_hand(data: dict[str, Any], knobs: dict[str, tuple[tuple[Any, ...], list[int]]]) -> dict[tuple[int, ...], Any]:
    """Every combination written into the data and derived on its own: params, macs and the output of those that are valid."""
    found = {}
    for values in product(*(tried for _, tried in knobs.values())):
        changed = copy.deepcopy(data)
        for (path, _), value in zip(knobs.values(), values, strict=True):
            place = changed
            for step in path[:-1]:
                place = place[step]
            place[path[-1]] = value
        try:
            summary = derive(build(changed))
        except ArchitectureError:
            continue
        found[values] = (summary.total_params, summary.total_macs, summary.rows[-1].output_shape)
    return found


@st.composite
def varied(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, tuple[tuple[Any, ...], list[int]]]]:
    """A network, and some of its numbers with values to try: by the name of each, where it stands."""
    data = draw(networks())
    try:
        nodes = build(data).nodes
    except ArchitectureError:
        assume(False)
    places: dict[str, tuple[Any, ...]] = {"input[0]": ("input", 0), "input[1]": ("input", 1), "input[2]": ("input", 2)}
    for node in nodes:
        if len(node.path) == 3 and isinstance(data["layers"][node.path[1]][node.path[2]], dict):
            entry = data["layers"][node.path[1]][node.path[2]]
            places |= {
                f"{node.name}.{field}": (*node.path, field) for field in FIELDS if isinstance(entry.get(field), int)
            }
    names = draw(st.lists(st.sampled_from(sorted(places)), min_size=1, max_size=3, unique=True))
    values = st.lists(st.integers(0, 9), min_size=1, max_size=3, unique=True)
    return data, {name: (places[name], draw(values)) for name in names}


@given(varied())
def test_it_finds_what_deriving_each_finds(
    case: tuple[dict[str, Any], dict[str, tuple[tuple[Any, ...], list[int]]]],
) -> None:
    data, knobs = case
    wanted = by_hand(data, knobs)
    try:
        sweep, rows = swept(
            {name: tried for name, (_, tried) in knobs.items()}, data, columns=["params", "macs", "output"]
        )
    except ArchitectureError:
        assert not wanted
        return
    assert {
        row[: len(knobs)]: (row[-2 - rank], row[-1 - rank], row[-rank:])
        for row in rows
        for rank in [len(next(iter(wanted.values()))[2])]
    } == wanted
    counts = sweep.counts
    assert (counts.valid, counts.matching) == (len(wanted), len(wanted))
    assert counts.tried == counts.valid + sum(counts.refused.values()) == sweep.total


def test_by_hand() -> None:
    """Conv2D(F, 3) on 12x12x1 has 10 F parameters and 10·10·9·F products; Dense(10) on 5·5·F has 250 F + 10 and 250 F."""
    data = {"input": [12, 12, 1], "layers": [{"Conv2D": {"filters": 4, "kernel_size": 3}}, {"MaxPooling2D": 2}, "Flatten", {"Dense": 10}]}  # fmt: skip
    sweep, rows = swept({"conv2d.filters": "1:3"}, data)
    assert list(sweep.asked.columns) == ["conv2d.filters", "output", "params", "macs", "receptive_field"]
    assert rows == [(f, 10, 260 * f + 10, 1150 * f, 4, 4) for f in (1, 2, 3)]


def test_refused_by_the_first_rule() -> None:
    """On 12 pixels 1 + n windows of 3 leave 10 - 2n: at n = 5 nothing is left. F = 0 is refused before any window."""
    sweep, _ = swept({"n": "1:5", "F": "0:1"})
    told = sorted((count, str(rule)) for rule, count in sweep.counts.refused.items())
    assert [count for count, _ in told] == [2, 4]
    assert "must hold at least" in told[0][1] or "window" in told[0][1]
    assert "1 ≤ F" in told[1][1]
    assert sweep.counts.valid == 4


def test_words_and_structure() -> None:
    data = {"input": [8, 8, 1], "layers": [{"Conv2D": {"filters": 1, "kernel_size": 3, "padding": "valid"}}]}
    _, rows = swept({"conv2d.padding": "valid,same", "conv2d.kernel_size": "1,3"}, data, columns=["output"])
    assert rows == [("valid", 1, 8, 8, 1), ("valid", 3, 6, 6, 1), ("same", 1, 8, 8, 1), ("same", 3, 8, 8, 1)]
    _, rows = swept({"conv2d.padding": "valid,same"}, data, columns=[], where="conv2d.padding == 'same'")
    assert rows == [("same",)]


def test_where_goals_and_top() -> None:
    _, rows = swept(
        {"F": "1:64"}, where="params < 5000 and F % 2 == 0", goals=[Goal("params", largest=True)], top=2, columns=[]
    )
    everything = {f: derive(build(NET, variables={"F": f})).total_params for f in range(1, 65)}
    good = sorted((f for f, params in everything.items() if params < 5000 and f % 2 == 0), key=lambda f: -everything[f])
    assert rows == [(f, everything[f]) for f in good[:2]]


@pytest.mark.parametrize("goals", [("params", "macs"), ("params", "macs", "F")])
def test_the_front_over_several_networks(goals: tuple[str, ...]) -> None:
    _, rows = swept({"F": "1:12", "n": "1:4"}, goals=[Goal(name, largest=name == "macs") for name in goals], columns=[])
    points = {}
    for f, n in product(range(1, 13), range(1, 5)):
        found = derive(build(NET, variables={"F": f, "n": n}))
        points[f, n] = (found.total_params, -found.total_macs, f)[: len(goals)]
    beaten = {
        p
        for p, x in points.items()
        for y in points.values()
        if y != x and all(a <= b for a, b in zip(y, x, strict=True))
    }
    assert {points[row[:2]] for row in rows} == {points[p] for p in points if p not in beaten}


def test_drawn_at_random() -> None:
    vary = {"F": "1:1000", "n": "1:3", "input[0]": "30:60"}
    first, rows = swept(vary, sample=500, seed=7, columns=["params"])
    assert (len(rows), first.counts.tried, first.total) == (500, 500, 500)
    assert swept(vary, sample=500, seed=7, columns=["params"])[1] == rows
    assert swept(vary, sample=500, seed=8, columns=["params"])[1] != rows
    for f, n, side, params in rows[::50]:
        changed = NET | {"input": [side, 12, 1]}
        assert derive(build(changed, variables={"F": f, "n": n})).total_params == params
    assert {row[1] for row in rows} == {1, 2, 3}
    assert len(swept({"F": "1:3"}, sample=500)[1]) == 3  # no more than there are


def test_what_has_no_formula_is_derived_variant_by_variant() -> None:
    """The union of a branch of windows of k and one of 1: its size is a maximum, which no one expression of k says."""

    def data(k: int) -> dict[str, Any]:
        branch = [{"Conv2D": {"filters": 2, "kernel_size": k, "padding": "same", "strides": 2}}]
        shortcut = [{"Conv2D": {"filters": 2, "kernel_size": 1, "strides": 2}}]
        return {"input": [16, 16, 1], "layers": [{"Residual": {"layers": branch, "shortcut": shortcut}}]}

    sweep, rows = swept(
        {"conv2d.kernel_size": "1:9"}, data(3), where="receptive_field >= 5", columns=["receptive_field"]
    )
    assert sweep.plain
    fields = {k: derive(build(data(k))).rows[-1].receptive_field for k in range(1, 10)}
    assert rows == [(k, *field.size) for k, field in fields.items() if field and min(field.size) >= 5]
    assert len(rows) == 5
    by_zero, _ = swept({"conv2d.kernel_size": "1:9"}, data(3), where="receptive_field // (conv2d.kernel_size - 3) > -9")
    assert {str(rule): count for rule, count in by_zero.counts.refused.items()} == {DIVIDES: 1}


def test_an_axis_of_one_is_repeated() -> None:
    """Adding 1 channel to 4, or 4 to 1, is valid in numbers: 4·9·F + F parameters before it."""
    body = {"Conv2D": {"filters": "F", "kernel_size": 3, "padding": "same"}}
    data = {"variables": {"F": 4}, "input": [8, 8, 4], "layers": [{"Residual": {"layers": [body]}}]}
    sweep, rows = swept({"F": "1:4"}, data, columns=["params", "output[2]"])
    assert sorted(rows) == [(1, 37, 4), (4, 148, 4)]
    assert (sweep.counts.tried, sweep.counts.valid, sum(sweep.counts.refused.values())) == (4, 2, 2)
    _, rows = swept({"F": "1:4"}, data, goals=[Goal("params")], columns=["output[2]"], top=9)
    assert rows == [(1, 37, 4), (4, 148, 4)]


def test_so_many_repeated_axes_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnncalc.search.screen.MOST_REPEATED", 0)
    body = {"Conv2D": {"filters": "F", "kernel_size": 3, "padding": "same"}}
    data = {"variables": {"F": 4}, "input": [8, 8, 4], "layers": [{"Residual": {"layers": [body]}}]}
    sweep, rows = swept({"F": "1:4"}, data, columns=["params"])
    assert rows == [(4, 148)]
    assert any("repeated" in str(rule) and count == 1 for rule, count in sweep.counts.refused.items())
    assert sweep.complete


def test_a_division_by_zero_is_refused() -> None:
    data = {"variables": {"F": 8, "n": 1}, "input": [9], "layers": [{"Dense": "F//n"}]}
    sweep, rows = swept({"n": "0:9"}, data, columns=["output"])
    assert rows == [(n, 8 // n) for n in range(1, 9)]
    assert {str(rule): count for rule, count in sweep.counts.refused.items()} == {
        DIVIDES: 1,
        "dense: units takes numbers from 1: 1 ≤ ⌊8/n⌋": 1,
    }


def test_numbers_beyond_int64_are_exact() -> None:
    big = 2**31 - 1
    data = {"input": [big, big, 1], "layers": [{"Conv2D": {"filters": 1, "kernel_size": 1}}]}
    _, rows = swept(
        {"conv2d.filters": f"{big - 1}:{big}"}, data, columns=["macs"], goals=[Goal("macs", largest=True)], top=9
    )
    assert rows == [(big, big**3), (big - 1, big**2 * (big - 1))]
    _, rows = swept({"conv2d.filters": f"1:{big}:{big // 3}"}, data, columns=[], where=f"macs > {big**2}")
    assert len(rows) == 3


def test_memory_stays_bounded() -> None:
    """Of 10 million variants nothing is held but a block; a column of them alone would be 80 MB."""
    sweep = Sweep(net(), {"F": "1:10000", "input[0]": "7:1006"}, goals=[Goal("params"), Goal("macs", largest=True)])
    tracemalloc.start()
    sweep.run()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sweep.counts.tried == 10_000_000
    assert peak < 40e6


def test_stopping_keeps_what_was_found() -> None:
    sweep = Sweep(net(), {"F": "1:1000", "input[0]": "20:2019"}, goals=[Goal("params")], top=3)
    found = sweep.run(lambda done, total: sweep.stop())
    assert len(found) == 3
    assert 0 < sweep.counts.tried < sweep.total == 2_000_000
    assert not sweep.complete


@pytest.mark.parametrize(
    ("vary", "options", "told"),
    [
        ({}, {}, "nothing is varied"),
        ({"X": "1:3"}, {}, "there is no 'X'"),
        ({"conv2d.filter": "1:3"}, {}, "did you mean conv2d.filters"),
        ({"F": "3:1"}, {}, "the values of F: '3:1' holds no value"),
        ({"F": "1:2"}, {"where": "prams < 1"}, "there is no quantity 'prams'; did you mean params"),
        ({"F": "1:2"}, {"where": "output[7] < 1"}, "there is no \\[7\\]"),
        ({"F": "1:2"}, {"goals": [Goal("FF")]}, "there is no quantity 'FF'"),
        ({"F": "1:2"}, {"goals": [Goal("conv2d.output")]}, "has 3 axes: say which"),
        ({"conv2d.padding": "valid,same"}, {"goals": [Goal("conv2d.padding")]}, "is a word"),
        ({"F": "1:2"}, {"columns": ["nonsense"]}, "there is no quantity 'nonsense'"),
        (
            {"F": "1:2000000000", "input[0]": "1:1000"},
            {},
            "this is 2,000,000,000,000 variants; the most is 100,000,000,000",
        ),
        ({"n": "1:20000"}, {}, "n make 20,000 different networks; the most is 10,000"),
        ({"n": "7:9"}, {}, "window"),
    ],
)
def test_errors(vary: dict[str, str], options: dict[str, Any], told: str) -> None:
    with pytest.raises(ArchitectureError, match=told):
        swept(vary, **options)


def test_a_symbol_that_nobody_varies_is_named() -> None:
    data = {"input": [None, 12, 1], "layers": [{"Conv2D": {"filters": 4, "kernel_size": 3}}]}
    with pytest.raises(ArchitectureError, match="has no number; vary it"):
        swept({"conv2d.filters": "1:2"}, data)


def test_too_much_to_derive_one_by_one_is_said_first() -> None:
    data = {"input": [16], "layers": [{"Dense": 3}]}
    with pytest.raises(ArchitectureError, match="each of 1,000,000 variants would be derived on its own"):
        swept({"dense.units": "1:1000000"}, data, where="receptive_field > 3")
    with pytest.raises(ArchitectureError, match="this network has no receptive_field"):
        swept({"dense.units": "1:10"}, data, where="receptive_field > 3")


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_frames(library: str) -> None:
    """Integers stay integers, words stay words, and what no int64 holds is still exact."""
    pytest.importorskip(library)
    big = 2**31 - 1
    data = {"input": [big, big, 1], "layers": [{"Conv2D": {"filters": 1, "kernel_size": 1}}]}
    vary = {"conv2d.filters": f"{big - 1}:{big}", "conv2d.padding": "valid,same"}
    found = Sweep(net(data), vary, columns=["macs", "params"]).run()
    frame = getattr(found, f"to_{library}")()
    assert list(frame.columns) == ["conv2d.filters", "conv2d.padding", "macs", "params"]
    assert [int(n) for n in frame["macs"].to_list()] == [big**2 * (big - 1), big**3] * 2
    assert frame["conv2d.padding"].to_list() == ["valid", "valid", "same", "same"]
    assert str(frame["params"].dtype).lower() == "int64"


def test_a_library_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(ArchitectureError, match="polars is not installed; install it"):
        Sweep(net(), {"F": "1:2"}).run().to_polars()
