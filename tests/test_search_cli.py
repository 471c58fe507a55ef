"""`cnncalc sweep` as its users meet it: forms, files, errors, Ctrl-C."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path

import pytest

from cnncalc.cli.app import run
from cnncalc.cli.streams import replaced

ROOT = Path(__file__).parents[1]
MNIST = str(ROOT / "examples" / "mnist_cnn.yaml")
BASE = ["sweep", MNIST, "--vary", "conv2d.filters=8:32:8", "--vary", "conv2d_1.kernel_size=1,3,40"]


def said(capsys: pytest.CaptureFixture[str], *arguments: str, base: list[str] = BASE) -> tuple[int, str, str]:
    code = run([*base, *arguments])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    """32·9·8+... of mnist_cnn with 8 filters: 1,185,818 parameters; 1,199,882 with 32 are published."""
    code, out, err = said(capsys)
    assert (code, err) == (0, "")
    assert "            32                     3         10  1,199,882  11,992,448                6\n" in out
    assert out.endswith("12 variants tried, 8 valid, 8 match\n4 refused: conv2d_1: the window must fit into its input: conv2d_1.kernel_size ≤ 26\n")  # fmt: skip


def test_a_shape_stands_together(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "--columns", "conv2d.output,conv2d.params", "--top", "1")
    assert code == 0
    assert "26×26×8" in out
    assert "shown: the first 1" in out


def test_csv(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = said(capsys, "--format", "csv", "--columns", "params")
    assert code == 0
    lines = list(csv.reader(StringIO(out)))
    assert lines[0] == ["conv2d.filters", "conv2d_1.kernel_size", "params"]
    assert ["32", "3", "1199882"] in lines
    assert len(lines) == 9
    assert err.startswith("12 variants tried")


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = said(capsys, "--format", "json", "--columns", "params")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert [32, 3, 1199882] in found["rows"]
    assert (found["variants"], found["tried"], found["valid"], found["matching"], found["complete"]) == (
        12,
        12,
        8,
        8,
        True,
    )
    assert found["refused"] == [
        {"rule": "conv2d_1: the window must fit into its input: conv2d_1.kernel_size ≤ 26", "variants": 4}
    ]


def test_markdown(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "--format", "markdown", "--columns", "params", "--minimize", "params", "--top", "1")
    assert code == 0
    assert "| 8 | 3 | 1,185,818 |".replace(" ", "") in out.replace(" ", "")


@pytest.mark.parametrize("ending", ["csv", "json", "md"])
def test_files_hold_what_is_printed(ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / f"found.{ending}"
    code, out, _ = said(capsys, "-o", str(target))
    assert code == 0
    assert "12 variants tried, 8 valid, 8 match" in out
    form = {"md": "markdown"}.get(ending, ending)
    _, printed, _ = said(capsys, "--format", form)
    assert target.read_text(encoding="utf-8") == printed
    assert list(tmp_path.iterdir()) == [target]


def test_parquet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    target = tmp_path / "found.parquet"
    code, _, _ = said(capsys, "-o", str(target), "--columns", "params", "--vary", "conv2d.padding=valid,same")
    assert code == 0
    found = parquet.read_table(target).to_pylist()
    assert {"conv2d.filters": 32, "conv2d_1.kernel_size": 3, "conv2d.padding": "valid", "params": 1199882} in found


def half_written(target: Path) -> None:
    with replaced(target) as beside:
        beside.write_text("half")
        raise RuntimeError


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "found.csv"
    target.write_text("old")
    with pytest.raises(RuntimeError):
        half_written(target)
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_nothing_matches(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "--where", "params < 0")
    assert code == 1
    assert out.startswith("12 variants tried, 8 valid, 0 match\n")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--vary", "F"], "takes NAME=VALUES, such as F=8:64:8, not 'F'"),
        (["--vary", "conv2d.filters=5"], "conv2d.filters is varied twice"),
        (["--where", "params <"], "this is not a condition"),
        (["--where", "prams < 1"], "there is no quantity 'prams'"),
        (["--where", "__import__('os').system('true') < 1"], "comparisons, and, or, not"),
        (["--minimize", "nonsense"], "there is no quantity 'nonsense'"),
        (["--pareto"], "needs a goal"),
        (["-o", "found.xlsx"], "a file ends in .csv, .json, .md, .parquet"),
        (["--plot", "front.png"], "a picture shows two goals, and there are 0"),
        (["--plot", "front.gif"], "a picture ends in .png, .svg"),
        (["--columns", "nonsense"], "there is no quantity 'nonsense'"),
        (["--top", "0"], "--top"),
        (["--sample", "0"], "--sample"),
        (["--vary", "dense.units=1:2000000000", "--vary", "dense_1.units=1:2000000000"], "variants; the most is"),
        (["-o", "/nowhere/at/all.csv"], "there is no folder /nowhere/at"),
        (["-o", "/nowhere/at/all.json"], "there is no folder /nowhere/at"),
        (["--minimize", "params", "--minimize", "macs", "--plot", "/nowhere/a.png"], "there is no folder /nowhere"),
    ],
)
def test_errors(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = said(capsys, *arguments)
    assert (code, out) == (2, "")
    assert told in err
    assert "Traceback" not in err


def test_a_caret_shows_where_a_condition_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    _, _, err = said(capsys, "--where", "params < 1e6 and prams > 3")
    assert "  1 | params < 1e6 and prams > 3\n                       ^\n" in err
    assert "did you mean params?" in err


def test_errors_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "--where", "prams < 1", "--format", "json")
    assert code == 2
    assert json.loads(out)["errors"][0]["code"] == "unknown-quantity"


def test_a_wrong_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("input: [8, 8, 1]\nlayers:\n  - Conv2D: {filters: 4, kernel_size: 9}\n")
    code, _, err = said(capsys, base=["sweep", str(wrong), "--vary", "conv2d.filters=1:3"])
    assert code == 2
    assert "9" in err
    code, out, _ = said(capsys, base=["sweep", str(wrong), "--vary", "conv2d.kernel_size=1:3"])
    assert (code, out.count("\n")) == (0, 7)


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_a_picture(ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / f"front.{ending}"
    code, _, err = said(capsys, "--minimize", "macs", "--maximize", "receptive_field", "--plot", str(target))
    assert (code, err) == (0, "")
    picture = target.read_bytes()
    assert picture.startswith(b"\x89PNG" if ending == "png" else b"<?xml")


def test_no_picture_of_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "front.png"
    goals = ["--minimize", "macs", "--minimize", "params", "--where", "params < 0"]
    code, _, err = said(capsys, *goals, "--plot", str(target))
    assert code == 1
    assert "no picture was drawn" in err
    assert not target.exists()


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is a signal there")
@pytest.mark.parametrize("form", ["table", "csv"])
def test_ctrl_c_keeps_what_is_done(form: str, tmp_path: Path) -> None:
    """A sweep of a minute is stopped early; what it found by then is there."""
    target = tmp_path / "found.csv"
    rows = ["--minimize", "macs", "--top", "3"] if form == "table" else ["-o", str(target)]
    vary = [f"--vary={name}=1:2000" for name in ("conv2d.filters", "conv2d_1.filters", "dense.units")]
    command = [sys.executable, "-m", "cnncalc", "sweep", MNIST, *vary, *rows]
    environment = os.environ | {"CNNCALC_LANG": "en"}
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, env=environment
    )
    time.sleep(3)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "stopped after " in out
    assert " of 8,000,000,000 variants" in out
    if form == "table":
        assert len(out.split("\n\n")[0].splitlines()) == 2 + 3
    else:
        with target.open() as file:
            assert sum(1 for _ in file) > 1000


def test_a_pipe_that_closes_is_no_error() -> None:
    command = f"{sys.executable} -m cnncalc sweep {MNIST} --vary conv2d.filters=1:3000 --format csv | head -2"
    found = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert found.stdout.count("\n") == 2
    assert "Traceback" not in found.stderr
