"""The command line as a user meets it: each format, each option, exit codes, pipes."""

from __future__ import annotations

import csv
import json
import os
import pty
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
MNIST = "examples/mnist_cnn.yaml"
GOLDEN = Path(__file__).parent / "golden"


def run(*arguments: str, text: str | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """`cnncalc ARGUMENTS` in a process of its own, in English, through pipes."""
    env = os.environ | {"CNNCALC_LANG": "en"} | environment
    command = [sys.executable, "-m", "cnncalc", *arguments]
    return subprocess.run(
        command, input=text, capture_output=True, text=True, encoding="utf-8", cwd=ROOT, env=env, check=False
    )


def numbers(column: int, table: str) -> list[int]:
    """The integers of a column of an aligned table."""
    rows = [re.split(r"\s{2,}", line.strip()) for line in table.splitlines()[2:]]
    return [int(row[column].replace(",", "")) for row in rows]


FORMATS = ["table", "keras", "markdown", "csv", "latex", "html", "json"]


@pytest.mark.parametrize("form", FORMATS)
def test_golden(form: str) -> None:
    """Each format word for word; the invariants below keep a wrong golden from being accepted."""
    found = run("summary", MNIST, "--format", form)
    assert (found.returncode, found.stderr) == (0, "")
    path = GOLDEN / f"mnist_cnn.{form}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(found.stdout, encoding="utf-8")
    assert found.stdout == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("form", FORMATS)
def test_goldens_hold_the_published_numbers(form: str) -> None:
    text = (GOLDEN / f"mnist_cnn.{form}.txt").read_text(encoding="utf-8").replace(",", " " if form == "csv" else "")
    total = [] if form == "csv" else ["1199882"]
    for number in ("320", "18496", "1179776", "1290", *total):
        assert re.search(rf"\b{number}\b", text), number


def test_the_columns_add_up_to_the_totals() -> None:
    table, totals = run("summary", MNIST, "--columns", "layer,params,trainable,macs").stdout.split("\n\n")
    told = dict(re.findall(r"^([^:]+): ([\d,]+)$", totals, re.MULTILINE))
    assert sum(numbers(1, table)) == int(told["Total params"].replace(",", "")) == 1_199_882
    assert sum(numbers(2, table)) == int(told["Trainable params"].replace(",", ""))
    assert sum(numbers(3, table)) == int(told["MACs"].replace(",", "")) == 11_992_448


def test_json_is_the_schema_of_the_design() -> None:
    found = json.loads(run("summary", MNIST, "--format", "json").stdout)
    assert (found["schema"], found["name"], found["inputs"], found["outputs"]) == (
        1,
        "mnist_cnn",
        {"input": [28, 28, 1]},
        ["dense_1"],
    )
    assert found["layers"][1] == {
        "name": "conv2d", "kind": "Conv2D", "inputs": ["input"], "input_shapes": [[28, 28, 1]], "output_shape": [26, 26, 32],
        "params": {"trainable": 320, "non_trainable": 0}, "weights": {"kernel": [3, 3, 1, 32], "bias": [32]}, "macs": 194688,
        "receptive_field": {"size": [3, 3], "jump": [1, 1], "start": [0, 0], "aligned": True},
    }  # fmt: skip
    totals = found["totals"]
    assert {k: totals[k] for k in ("params", "trainable", "non_trainable", "macs", "flops")} == {
        "params": 1199882, "trainable": 1199882, "non_trainable": 0, "macs": 11992448, "flops": 23984896,
    }  # fmt: skip
    assert totals["memory"]["weights"] == 4799528


def test_json_of_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "net.yaml"
    path.write_text("input: [4, 4, 1]\nlayers:\n  - ReLU\n  - Conv2D: {filters: 1, kernel_size: 7}\n")
    found = run("summary", str(path), "--format", "json")
    told = json.loads(found.stdout)
    assert found.returncode == 2
    assert found.stderr
    assert [row["name"] for row in told["layers"]] == ["input", "re_lu"]
    (error,) = told["errors"]
    assert (error["code"], error["layer"], error["line"], error["column"]) == ("window", "conv2d", 4, 5)
    assert error["file"] == str(path)
    assert "padding: same on conv2d" in error["remedies"]


def test_csv_reads_back() -> None:
    rows = list(csv.DictReader(StringIO(run("summary", MNIST, "--format", "csv").stdout)))
    assert rows[2] == {"layer": "conv2d_1", "kind": "Conv2D", "output": "24x24x64", "params": "18496"}


def test_csv_cells_cannot_be_formulas() -> None:
    net = 'input: [4]\nlayers:\n  - Dense: {units: 1, name: "=1+1"}\n'
    assert "'=1+1" in run("summary", "-", "--format", "csv", text=net).stdout


def test_html_escapes() -> None:
    net = 'name: "<b>"\ninput: [4]\nlayers:\n  - Dense: {units: 1, name: "<script>"}\n'
    page = run("summary", "-", "--format", "html", text=net).stdout
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_columns() -> None:
    head = run("summary", MNIST, "--columns", "+macs,rf").stdout.splitlines()[0]
    assert re.split(r"\s{2,}", head) == ["Layer", "Kind", "Output shape", "Params", "MACs", "Receptive field"]
    assert len(re.split(r"\s{2,}", run("summary", MNIST, "--columns", "all").stdout.splitlines()[0])) == 16


def test_overrides() -> None:
    found = run("summary", MNIST, "--input", "32,32,3", "--format", "json").stdout
    assert json.loads(found)["layers"][1]["params"]["trainable"] == (3 * 3 * 3 + 1) * 32
    assert "62,378,344" in run("summary", "examples/alexnet.yaml", "--set", "towers=1").stdout
    assert "batch 64" in run("summary", MNIST, "--batch", "64", "--dtype", "float16").stdout


def test_an_input_of_letters() -> None:
    told = run("summary", MNIST, "--input", "H,W,1", "--columns", "layer,output").stdout
    assert "(H-2)×(W-2)×32" in told
    assert "Valid for: H ≥ 6, W ≥ 6" in told


def test_standard_input() -> None:
    assert "Total params: 50" in run("summary", "-", text="input: [4]\nlayers: [Dense: 10]\n").stdout
    assert "Total params: 50" in run("summary", "-", text='{"input": [4], "layers": [{"Dense": 10}]}').stdout


def test_pipes_get_all_data_however_narrow() -> None:
    wide = run("summary", "examples/resnet50.yaml", COLUMNS="20").stdout
    assert "global_average_pooling2d  GlobalAveragePooling2D" in wide
    assert "\x1b" not in wide


@pytest.mark.parametrize("columns", [60, 40, 25])
def test_terminals_fold_and_lose_nothing(columns: int) -> None:
    """On a terminal of 60 columns no line is longer, and every name and number is there."""
    shown = on_terminal(["summary", "examples/resnet50.yaml"], columns)
    lines = [line.rstrip() for line in shown.splitlines()]
    assert max(map(len, lines)) <= columns
    assert "…" not in shown
    table, _, totals = shown.rpartition("\n\n")
    assert "25,636,712" in totals
    wanted = run("summary", "examples/resnet50.yaml").stdout.split("\n\n")[0]
    assert sorted(re.sub(r"[\s-]", "", wanted)) == sorted(re.sub(r"[\s-]", "", table.removeprefix("resnet50")))


def on_terminal(arguments: list[str], columns: int) -> str:
    """What a terminal of this width shows."""
    leader, follower = pty.openpty()
    env = os.environ | {"CNNCALC_LANG": "en", "COLUMNS": str(columns), "TERM": "xterm", "NO_COLOR": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "cnncalc", *arguments], stdout=follower, stderr=follower, cwd=ROOT, env=env
    )
    os.close(follower)
    shown = b""
    try:
        while part := os.read(leader, 65536):
            shown += part
    except OSError:  # Linux ends a closed terminal with an error
        pass
    os.close(leader)
    assert process.wait() == 0
    return re.sub(r"\x1b\[[0-9;]*m", "", shown.decode().replace("\r\n", "\n"))


def test_explain() -> None:
    told = run("explain", MNIST, "conv2d_1").stdout
    assert "H′ = ⌊(H − K)/S⌋ + 1 = ⌊(26 − 3)/1⌋ + 1 = 24" in told
    assert "params = K·K·C·F + F = 3·3·32·64 + 64 = 18,496" in told
    assert "MACs = H′·W′·K·K·C·F = 24·24·3·3·32·64 = 10,616,832" in told
    assert "r′ = r + (K − 1)·j = 3 + (3 − 1)·1 = 5" in told


def test_explain_one_number() -> None:
    told = run("explain", MNIST, "conv2d_1.params").stdout
    assert "18,496" in told
    assert "Shape" not in told


def test_explain_all_adds_up() -> None:
    told = run("explain", MNIST).stdout
    assert "Total params = 320 + 18,496 + 1,179,776 + 1,290 = 1,199,882" in told


def test_explain_latex() -> None:
    told = run("explain", MNIST, "conv2d_1", "--format", "latex").stdout
    assert (
        r"H' &= \left\lfloor \frac{H - K}{S} \right\rfloor + 1 = \left\lfloor \frac{26 - 3}{1} \right\rfloor + 1 = 24"
        in told
    )
    assert told.count(r"\begin{align*}") == told.count(r"\end{align*}") == 4


def test_explain_latex_with_letters() -> None:
    """Results are mathematics too: no character that LaTeX alone does not know."""
    told = run("explain", MNIST, "max_pooling2d", "--input", "H,W_in,1", "--format", "latex").stdout
    assert r"= \left\lfloor \frac{H}{2} \right\rfloor - 2 \\" in told
    assert r"= \left\lfloor \frac{W_{in}}{2} \right\rfloor - 2 \\" in told
    assert told.isascii()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["summary"], "ARCH is missing"),
        (["summary", "nothing.yaml"], "there is no such file"),
        (["summary", "examples/mnist.yaml"], "did you mean examples/mnist_cnn.yaml?"),
        (["summary", MNIST, "--colums", "x"], "there is no option --colums (--columns?)"),
        (["summary", MNIST, "--columns", "x"], "there is no column 'x'"),
        (["summary", MNIST, "--format", "xml"], "--format"),
        (["summary", MNIST, "--dtype", "float31"], "there is no number type 'float31'"),
        (["summary", MNIST, "--batch", "0"], "--batch"),
        (["summary", MNIST, "--set", "F"], "NAME=VALUE"),
        (["summary", MNIST, "--set", "F=3"], "there is no variable 'F' to set"),
        (["summary", MNIST, "--input", "28,,1"], "takes a shape such as 32,32,3"),
        (["summary", MNIST, "--input", "0,28,1"], "at least 1"),
        (["explain", MNIST, "conv2"], "did you mean conv2d?"),
        (["sumary", MNIST], "there is no command 'sumary'; did you mean summary?"),
    ],
)
def test_mistakes_are_told_without_a_traceback(arguments: list[str], told: str) -> None:
    found = run(*arguments)
    assert found.returncode == 2
    assert told in found.stderr
    assert "Traceback" not in found.stderr
    assert "\\n" not in found.stderr


def test_the_rows_so_far_are_shown(tmp_path: Path) -> None:
    found = run("summary", "-", text="input: [4, 4, 1]\nlayers:\n  - ReLU\n  - Conv2D: {filters: 1, kernel_size: 7}\n")
    assert found.returncode == 2
    assert "re_lu" in found.stdout
    assert "K ≤ H, 7 ≤ 4 is false (height)" in found.stderr


def test_a_closed_pipe_is_no_error() -> None:
    command = f"{sys.executable} -m cnncalc summary examples/resnet50.yaml | head -1"
    found = subprocess.run(["bash", "-c", command], capture_output=True, text=True, cwd=ROOT, check=False)
    assert found.stderr == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("form", ["table", "json"])
def test_a_full_disk_is_told(form: str) -> None:
    command = [sys.executable, "-m", "cnncalc", "summary", MNIST, "--format", form]
    with open("/dev/full", "w") as full:
        found = subprocess.run(
            command,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=os.environ | {"CNNCALC_LANG": "en"},
            check=False,
        )
    assert found.returncode == 2
    assert found.stderr.startswith("error: the output cannot be written")
    assert "Traceback" not in found.stderr


def test_a_closed_output_is_no_traceback() -> None:
    command = f"{sys.executable} -m cnncalc summary {MNIST} >&-"
    found = subprocess.run(["bash", "-c", command], stderr=subprocess.PIPE, text=True, cwd=ROOT, check=False)
    assert "Traceback" not in found.stderr


def test_long_output_arrives_whole() -> None:
    """The process ends at once after its last line: nothing may be left in a buffer."""
    net = "input: [4]\nlayers:\n  - Repeat: {times: 3000, layers: [Dense: 4]}\n"
    for form in ("table", "csv", "json"):
        assert run("summary", "-", "--format", form, text=net).stdout.count("dense_") >= 2999


def test_version_and_help() -> None:
    assert re.fullmatch(r"cnncalc \d+\.\d+\.\d+\n", run("--version").stdout)
    for command in ([], ["summary"], ["explain"], ["schema"]):
        told = run(*command, "--help").stdout
        assert "Example" in told


def test_no_arguments_show_the_help() -> None:
    found = run()
    assert "summary" in found.stdout + found.stderr


def test_formulas_as_latex_and_for_sympy() -> None:
    """The same total in three languages; SymPy runs what is written and finds the published number."""
    letters = ("--input", "H,W,C")
    told = run("summary", MNIST, *letters).stdout
    assert "128·(64·(⌊H/2⌋-2)·(⌊W/2⌋-2)+1)" in told
    assert "conv2d,Conv2D,(H-2)x(W-2)x32,32·(9·C+1)" in run("summary", MNIST, *letters, "--format", "csv").stdout
    latex = run("summary", MNIST, *letters, "--format", "latex").stdout
    assert r"$32 \cdot \left(9 \cdot C + 1\right)$" in latex
    source = run("summary", MNIST, *letters, "--format", "sympy").stdout
    space: dict[str, Any] = {}
    exec(source, space)  # what this test is about
    numbers = {space["H"]: 28, space["W"]: 28, space["C"]: 1}
    assert space["total_params"].subs(numbers) == 1_199_882
    assert [axis.subs(numbers) for axis in space["output_shapes"]["max_pooling2d"][:2]] == [12, 12]


@pytest.mark.parametrize(
    "words",
    [
        *(("summary", MNIST, "--format", form) for form in ("table", "keras", "markdown", "html", "latex", "sympy", "json")),
        ("explain", MNIST), ("explain", MNIST, "--format", "latex"), ("reconcile", MNIST), ("diff", MNIST),
        ("explain", MNIST, "--closed-form"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_what_letters_must_be_stands_with_every_formula(words: tuple[str, ...]) -> None:
    """3 x 3, 3 x 3 and a pool of 2: the least is 2 + 2 + 2."""
    told = run(*words, "--input", "H,W,1").stdout
    assert re.search(r"H (≥|\$\\ge\$|\\ge) 6|H \\geq? 6", told), told[-300:]


def test_source_for_sympy_with_any_names(tmp_path: Path) -> None:
    """Words of Python, names that the source uses itself, and a padding that may be 0."""
    path = tmp_path / "net.yaml"
    path.write_text(
        "variables: {lambda: , params: , p: }\ninput: [lambda, 8, 1]\n"
        "layers: [Conv2D: {filters: params, kernel_size: 3, padding: p}]\n"
    )
    space: dict[str, Any] = {}
    exec(run("summary", str(path), "--format", "sympy").stdout, space)  # what this test is about
    numbers = {space["lambda_"]: 10, space["params_"]: 4, space["p"]: 0}
    assert space["total_params"].subs(numbers) == 10 * 4
    assert [axis.subs(numbers) for axis in space["output_shapes"]["conv2d"]] == [8, 6, 4]
    assert [space[name].is_positive for name in ("lambda_", "params_", "p")] == [True, True, None]
