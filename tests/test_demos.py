"""Demonstrations: their numbers by hand and from papers, every form in both languages, every mistake."""

from __future__ import annotations

import json
from fractions import Fraction
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from cnncalc.cli import demo as command
from cnncalc.cli.app import run
from cnncalc.demos import DEMOS, Claim, Curves, Grid, Maps, Page, Section, Series, Table
from cnncalc.demos import demonstrate as computed
from cnncalc.demos.invariance import PATTERNS, SHIFTS, _images, staying, unchanged
from cnncalc.errors import ArchitectureError
from cnncalc.language import Text, use
from cnncalc.view import demonstration as view
from cnncalc.view import plots
from cnncalc.view.characters import drawn
from cnncalc.view.width import cells


@cache
def demonstration(name: str) -> Page:
    """The page with the settings that it starts with."""
    return computed(name)


def demonstrate(name: str, given: dict[str, int] | None = None) -> Page:
    return demonstration(name) if given is None else computed(name, given)


def grid(page: Page, title: str) -> np.ndarray[Any, Any]:
    """The map of this title among the figures of a page."""
    return next(
        np.array(each.rows)
        for figure in page.figures
        if isinstance(figure, Maps)
        for each in figure.grids
        if each.title.into("en") == title
    )


def convolved(image: np.ndarray[Any, Any], kernel: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """A valid convolution with loops."""
    side, k = len(image) - len(kernel) + 1, len(kernel)
    return np.array([[(image[i : i + k, j : j + k] * kernel).sum() for j in range(side)] for i in range(side)])


def test_the_matrix_of_a_convolution() -> None:
    """3x3 on 6x6: 4x4 outputs of 36 inputs, 9 weights in each of 16 rows."""
    page = demonstrate("weight-sharing")
    assert page.numbers == {
        "inputs": 36, "outputs": 16, "equal": 16,
        "entries": 576, "zeros": 432, "connections": 144, "distinct": 9, "params": 9, "macs": 144,
        "dense_entries": 576, "dense_zeros": 0, "dense_connections": 576, "dense_distinct": 576, "dense_params": 576,
        "dense_macs": 576,
    }  # fmt: skip
    kernel, matrix = grid(page, "kernel"), grid(page, "matrix")
    expected = np.zeros((16, 36), int)
    for i, j, a, b in np.ndindex(4, 4, 3, 3):
        expected[4 * i + j, 6 * (i + a) + j + b] = kernel[a, b]
    assert (matrix == expected).all()


@settings(max_examples=10)
@given(st.integers(2, 8), st.integers(1, 8), st.integers(0, 9))
def test_any_matrix_of_a_convolution(size: int, kernel: int, seed: int) -> None:
    if kernel > size:
        kernel = size
    side = size - kernel + 1
    numbers = demonstrate("weight-sharing", {"size": size, "kernel": kernel, "seed": seed}).numbers
    assert (numbers["entries"], numbers["connections"]) == (side**2 * size**2, side**2 * kernel**2)
    assert numbers["distinct"] == numbers["params"] == kernel**2


def test_what_shifts() -> None:
    """10x10 outputs: a shift by s leaves 10*(10 - s) to compare; with stride 2 there are 5x5."""
    page = demonstrate("translation")
    numbers = page.numbers
    assert numbers["shift_1"] == {"compared": 90, "equal": 90}
    assert numbers["shift_2"] == {"compared": 80, "equal": 80}
    assert numbers["stride_2_shift_2"] == {"compared": 20, "equal": 20}
    assert numbers["stride_2_shift_1"]["equal"] < 10
    assert numbers["dense"]["compared"] == 90
    assert numbers["dense"]["equal"] < 10
    before, after = grid(page, "output"), grid(page, "output of the shifted image")
    assert (before[:, :-1] == after[:, 1:]).all()
    assert (grid(page, "image")[:, :-1] == grid(page, "shifted image")[:, 1:]).all()


def test_padding_breaks_the_shift_at_the_border_alone() -> None:
    """12x12 outputs, 11 columns to compare; windows of one column at each side see padding once."""
    found = demonstrate("translation").numbers["same"]
    assert found["compared"] == 12 * 11
    assert 12 * 9 <= found["equal"] < 12 * 11


def test_what_is_called_unchanged() -> None:
    before, after = np.array([0, 5, 5, 0, 7]), np.array([0, 5, 4, 3, 0])
    assert unchanged(before, after) == Fraction(1, 4)


@pytest.mark.parametrize(("stage", "pool"), [("conv", 1), ("pool_2", 2), ("pool_4", 4), ("global", 12)])
def test_pooling_measured_without_the_witness(stage: str, pool: int) -> None:
    """A 1x1 kernel of weight 1 leaves the image as it is."""
    maps = [_images((12, 12, 1), 1, 0, shift)[..., 0] for shift in (0, *SHIFTS)]
    pooled = [each.reshape(PATTERNS, 12 // pool, pool, 12 // pool, pool).max(axis=(2, 4)) for each in maps]
    shares = []
    for after in pooled[1:]:
        counted = (pooled[0] != 0) | (after != 0)
        shares.append(Fraction(int(((pooled[0] == after) & counted).sum()), int(counted.sum())))
    assert staying(1, 0)[stage] == tuple(shares)


def test_larger_pools_hide_more() -> None:
    first = {stage: shares[0] for stage, shares in demonstrate("translation").numbers["unchanged"].items()}
    assert first["conv"] < first["pool_2"] < first["pool_4"] < first["global"] == 1


def test_local_connections() -> None:
    """9x9 pixels, 3x3 windows, 7x7 outputs."""
    numbers = demonstrate("local-connections").numbers
    assert numbers["dense"] == {"seen": 81, "weights": 81 * 49, "distinct": 81 * 49}
    assert numbers["local"] == {"seen": 9, "weights": 9 * 49, "distinct": 9 * 49}
    assert numbers["convolution"] == {"seen": 9, "weights": 9, "distinct": 9}


def test_stacks_against_the_vgg_paper() -> None:
    """Two 3x3 layers see 5x5, three 7x7 with 27 C^2 parameters against 49 C^2 (Simonyan and Zisserman 2014, 2.3)."""
    stacks = demonstrate("local-connections").numbers["stacks"]
    assert [stack["measured"] for stack in stacks] == [stack["derived"] for stack in stacks] == [3, 5, 7, 9, 11]
    assert (stacks[1]["params"], stacks[1]["params_of_one"]) == (18 * 64**2, 25 * 64**2)
    assert (stacks[2]["params"], stacks[2]["params_of_one"]) == (27 * 64**2, 49 * 64**2)


def test_what_one_output_sees_is_a_window_in_the_middle() -> None:
    seen = grid(demonstrate("local-connections"), "convolution")
    assert np.argwhere(seen).min() == 3
    assert np.argwhere(seen).max() == 5


def test_pools() -> None:
    page = demonstrate("pooling")
    windows = grid(page, "map").reshape(4, 2, 4, 2)
    assert (grid(page, "max pool") == windows.max(axis=(1, 3))).all()
    assert (grid(page, "average pool") == windows.mean(axis=(1, 3))).all()
    lost = page.numbers
    assert lost["shuffled"] == {"max": 16, "average": 16, "windows": 16}
    assert lost["largest_alone"] == {"max": 16, "average": 0, "windows": 16}
    twice = ((windows == windows.max(axis=(1, 3), keepdims=True)).sum(axis=(1, 3)) > 1).sum()
    assert lost["moved"] == {"max": twice, "average": 16, "windows": 16}
    assert lost["brighter"] == {"max": 0, "average": 0, "windows": 16}


def test_what_a_pool_saves() -> None:
    """By hand: 28 -> 26 -> 24, or 28 -> 26 -> 13 -> 11; 80 and 1168 parameters in the convolutions."""
    numbers = demonstrate("pooling").numbers
    first = 26 * 26 * 9 * 8
    assert numbers["without_pool"] == {
        "map": (24, 24, 16), "features": 9216, "dense_params": 92_170, "params": 80 + 1168 + 92_170,
        "second_conv_macs": 24 * 24 * 9 * 8 * 16, "macs": first + 24 * 24 * 9 * 8 * 16 + 92_160, "counted": 804_384,
    }  # fmt: skip
    assert numbers["with_pool"] == {
        "map": (11, 11, 16), "features": 1936, "dense_params": 19_370, "params": 80 + 1168 + 19_370,
        "second_conv_macs": 11 * 11 * 9 * 8 * 16, "macs": first + 11 * 11 * 9 * 8 * 16 + 19_360, "counted": 207_424,
    }  # fmt: skip


def test_separable() -> None:
    """9*8*16 and 9*8 + 8*16 weights, at 6x6 places; 1/N + 1/D_K^2 (Howard et al. 2017, MobileNets, 3.1)."""
    numbers = demonstrate("separable").numbers
    assert numbers["full"] == {"params": 1152, "made": 1152, "macs": 36 * 1152, "counted": 36 * 1152}
    assert numbers["separable"] == {"params": 200, "made": 200, "macs": 36 * 200, "counted": 36 * 200}
    assert numbers["ratio"] == numbers["formula"] == Fraction(25, 144)
    assert numbers["sweep"] == [Fraction(1, 2**i) + Fraction(1, 9) for i in range(10)]
    assert numbers["equal"] == numbers["outputs"] == 6 * 6 * 16
    assert numbers["ranks"] == (1,) * 8
    assert numbers["ranks_of_any"] == (9,) * 8  # 9 taps, 16 filters: the smaller of both


def test_growth() -> None:
    """100x100x3 inputs times 1000 neurons, and a bias for each; 3*3*3 weights and a bias per filter."""
    grown = {each["size"]: each for each in demonstrate("growth").numbers["grown"]}
    assert grown[100]["inputs"] == 30_000
    assert grown[100]["dense"] == 30_000_000 + 1000
    assert {each["conv"] for each in grown.values()} == {28_000}
    assert grown[100]["conv_macs"] == 98 * 98 * 27 * 1000
    assert grown[100]["flat"] == 27 * 32 + 32 + 49 * 49 * 32 * 1000 + 1000
    assert "30,000 · 1,000 = 30,000,000 weights" in view.plain(demonstrate("growth")).replace("\n", " ")


def test_an_image_of_another_size_is_added() -> None:
    sizes = [each["size"] for each in demonstrate("growth", {"size": 64}).numbers["grown"]]
    assert sizes == sorted({10, 28, 50, 64, 100, 224})


SMALL = {"translation": 10, "weight-sharing": 5, "local-connections": 7, "pooling": 6, "separable": 6, "growth": 12}


@pytest.mark.parametrize("name", DEMOS)
@settings(max_examples=5)
@given(data=st.data())
def test_claims_hold_whatever_is_set(name: str, data: st.DataObject) -> None:
    kernel = DEMOS[name].settings["kernel"]
    chosen = {"size": SMALL[name], "kernel": data.draw(st.integers(kernel.low, 4))}
    if "seed" in DEMOS[name].settings:
        chosen["seed"] = data.draw(st.integers(0, 2**32 - 1))
    page = demonstrate(name, chosen)
    assert page.ok
    assert page.settings == chosen


@pytest.mark.parametrize("name", DEMOS)
def test_the_smallest_settings(name: str) -> None:
    demo = DEMOS[name]
    kernel = demo.settings["kernel"].low
    assert demonstrate(name, {"size": max(demo.settings["size"].low, kernel + demo.spare), "kernel": kernel}).ok


@pytest.mark.parametrize("name", [name for name, demo in DEMOS.items() if "seed" in demo.settings])
def test_a_seed_draws_other_numbers_and_the_same_again(name: str) -> None:
    pages = [json.dumps(demonstrate(name, {"seed": seed}).to_dict()["sections"]) for seed in (1, 1, 2)]
    assert pages[0] == pages[1]
    assert pages[0] != pages[2]


@pytest.mark.parametrize("language", ["en", "zh-TW"])
@pytest.mark.parametrize("name", DEMOS)
def test_every_form(name: str, language: str, capsys: pytest.CaptureFixture[str]) -> None:
    use(language)
    page = demonstrate(name)
    assert run(["demo", name]) == 0
    text = capsys.readouterr().out
    assert text.splitlines()[0] == str(page.title)
    assert len(text.splitlines()) > 20
    assert run(["demo", name, "--format", "markdown"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("# ")
    assert told.count("```text") == len(page.figures) == told.count("```\n")
    assert run(["demo", name, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["schema"], found["name"], found["ok"]) == (1, name, True)
    assert found["numbers"].keys() == page.numbers.keys()
    assert sum(len(section["parts"]) for section in found["sections"]) == len(list(page.parts))


@pytest.mark.parametrize("width", [50, 80])
@pytest.mark.parametrize("name", DEMOS)
def test_a_terminal_is_not_too_narrow(name: str, width: int) -> None:
    out = StringIO()
    view.show(demonstrate(name), Console(file=out, width=width, force_terminal=True, color_system=None))
    assert max(cells(line.rstrip()) for line in out.getvalue().splitlines()) <= width


def test_a_map_too_wide_for_a_terminal_says_so() -> None:
    wide = Maps(Text("caption"), (Grid(Text("matrix"), ((1,) * 30,)),))
    assert drawn(wide, 12, whole=False)[2:] == ["matrix", "1" * 12, "(columns 1", "to 12 of 30)"]
    assert drawn(wide, 12, whole=True)[2:] == ["matrix", "1" * 30]


def test_bars() -> None:
    """Half as much is half as long; on a logarithmic axis each power of ten is as long as the other."""
    curves = Curves(Text("c"), Text("x"), Text("y"), (1, 2), (Series(Text("one"), (20, 10)),))
    assert drawn(curves, 28, whole=True)[-2:] == ["1  " + "#" * 21 + " 20", "2  " + "#" * 10 + " 10"]
    decades = curves._replace(series=(Series(Text("one"), (100, 10)),), log_y=True)
    assert [line.count("#") for line in drawn(decades, 29, whole=True)[-2:]] == [21, 1]


MISTAKES = [
    (["poling"], "error: there is no demonstration 'poling'\n  help: did you mean pooling?"),
    (["zzz"], "there are: translation, weight-sharing, local-connections, pooling, separable, growth"),
    (["pooling", "--size", "0"], "error: size is 0, but pooling takes 2 to 24"),
    (["growth", "--seed", "3"], "error: the demonstration growth has no seed"),
    (["weight-sharing", "--kernel", "7"], "error: a kernel of 7 needs a size of at least 7 in weight-sharing, not 6"),
    (["--size", "3"], "--size needs the name of a demonstration"),
    (["pooling", "-o", "x.jpg"], "a picture ends in .png, .svg, not 'x.jpg'"),
    (["pooling", "-o", "/nowhere/x.png"], "error: the output cannot be written: No such file or directory"),
]


@pytest.mark.parametrize(("arguments", "told"), MISTAKES, ids=[" ".join(words) for words, _ in MISTAKES])
def test_mistakes(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo", *arguments]) == 2
    assert told in capsys.readouterr().err


def test_all_settings_beyond_their_bounds_are_told() -> None:
    with pytest.raises(ArchitectureError) as caught:
        demonstrate("pooling", {"size": 1000, "kernel": 0, "seed": -1})
    assert [fault.code for fault in caught.value.faults] == ["demo-setting"] * 3


def test_a_mistake_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo", "zzz", "--format", "json"]) == 2
    (error,) = json.loads(capsys.readouterr().out)["errors"]
    assert error["code"] == "demo"


def test_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(DEMOS)
    assert run(["demo", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)["demonstrations"]
    assert [each["name"] for each in found] == list(DEMOS)
    assert found[0]["settings"]["kernel"] == {"default": 3, "low": 1, "high": 9}


def test_a_claim_that_does_not_hold(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    section = Section(Text("s"), (Claim(Text("1 is 2."), False), Table((Text("a"),), ((1,),))))
    page = Page("x", Text("t"), {"size": 1}, (section,), {})
    monkeypatch.setattr(command, "demonstrate", lambda *_: page)
    assert run(["demo", "x"]) == 1
    assert "Checked, and FALSE: 1 is 2." in capsys.readouterr().out


@pytest.mark.parametrize("language", ["en", "zh-TW"])
@pytest.mark.parametrize("name", DEMOS)
def test_pictures(name: str, language: str) -> None:
    """A letter that no font has would be a warning, which is an error here."""
    page = demonstrate(name)
    picture = plots.draw(page, "svg", language).picture
    assert ElementTree.fromstring(picture).tag.endswith("svg")


def test_the_same_page_is_the_same_picture() -> None:
    page = demonstrate("separable")
    assert plots.draw(page, "svg", "en") == plots.draw(page, "svg", "en")
    assert plots.draw(page, "png", "en").picture.startswith(b"\x89PNG\r\n\x1a\n")


def test_a_large_map_has_a_bar_of_colors_instead_of_numbers() -> None:
    """17x17 outputs of 400 inputs would be more than 100 000 cells."""
    assert len(plots.draw(demonstrate("weight-sharing", {"size": 20, "kernel": 4}), "svg", "en").picture) < 90_000


def test_without_a_chinese_font_the_picture_is_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plots, "CHINESE", ("No Such Font",))
    page = demonstrate("growth")
    drawn_ = plots.draw(page, "svg", "zh-TW")
    assert drawn_.note is not None
    assert "no font with Chinese characters" in drawn_.note.into("en")
    assert drawn_.picture == plots.draw(page, "svg", "en").picture


def test_a_page_names_its_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "growth.svg"
    assert run(["demo", "growth", "-o", str(file)]) == 0
    told = capsys.readouterr().out
    assert told.splitlines()[-1] == f"Picture: {file}"
    assert "####" not in told
    assert file.read_bytes().startswith(b"<?xml")
    assert run(["demo", "growth", "-o", str(file), "--format", "markdown"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith(f"]({file})")


def test_without_matplotlib(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(command, "find_spec", lambda name: None)
    assert run(["demo", "growth", "-o", "growth.svg"]) == 2
    assert "python -m pip install 'cnncalc[plots]'" in capsys.readouterr().err
