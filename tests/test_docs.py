"""What the documents print is what the program prints; what they show runs."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from cnncalc.architecture import build
from cnncalc.architecture.files import parse
from cnncalc.derive import derive
from cnncalc.derive.walk import walk

ROOT = Path(__file__).parents[1]
FILES = ["docs/architecture-files.md", "docs/architecture-files.zh-TW.md"]
PAGES = [
    "README.md",
    "README.zh-TW.md",
    *FILES,
    "docs/closed-form.md",
    "docs/closed-form.zh-TW.md",
    "docs/conventions.md",
    "docs/demos.md",
    "docs/demos.zh-TW.md",
    "docs/exercises.md",
    "docs/exercises.zh-TW.md",
    "docs/grading.md",
    "docs/grading.zh-TW.md",
    "docs/interop.md",
    "docs/interop.zh-TW.md",
    "docs/quiz.md",
    "docs/quiz.zh-TW.md",
    "docs/receptive-fields.md",
    "docs/symbols.md",
    "docs/symbols.zh-TW.md",
    "docs/solve.md",
    "docs/solve.zh-TW.md",
    "docs/sweep.md",
    "docs/sweep.zh-TW.md",
    "docs/trace.md",
    "docs/trace.zh-TW.md",
    "docs/verify.md",
    "docs/verify.zh-TW.md",
    "docs/design.md",
    "examples/exercises/README.md",
    "examples/exercises/README.zh-TW.md",
    "CONTRIBUTING.md",
]


def blocks(page: str, language: str) -> list[str]:
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def run(command: str) -> str:
    """What a terminal shows: standard output, then standard error."""
    env = os.environ | {"CNNCALC_LANG": "en"}
    words = shlex.split(command.removeprefix("cnncalc "))
    found = subprocess.run(
        [sys.executable, "-m", "cnncalc", *words],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        env=env,
        check=False,
    )
    return found.stdout + found.stderr


CONSOLE = [(page, block) for page in PAGES for block in blocks(page, "console")]


@pytest.mark.parametrize(("page", "block"), CONSOLE, ids=[block.split("\n")[0] for _, block in CONSOLE])
def test_printed_output_is_real(page: str, block: str) -> None:
    command, _, printed = block.partition("\n")
    assert run(command.removeprefix("$ ")) == printed


def test_there_are_examples_to_check() -> None:
    assert len(CONSOLE) >= 5


SCRIPTS = re.compile(r"^```python\n(.*?)^```\n+```text\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", ["docs/symbols.md", "docs/symbols.zh-TW.md"])
def test_scripts_print_what_stands_below_them(page: str) -> None:
    scripts = SCRIPTS.findall((ROOT / page).read_text(encoding="utf-8"))
    assert len(scripts) == len(blocks(page, "python")) > 0
    for code, printed in scripts:
        found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
        assert found.stdout == printed


@pytest.mark.parametrize("page", ["README.md", "README.zh-TW.md"])
def test_python_examples_run(page: str) -> None:
    (code,) = blocks(page, "python")
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert found.stdout == "54410 (26, 26, 32) 248768\n"


@pytest.mark.parametrize("page", ["docs/sweep.md", "docs/sweep.zh-TW.md"])
def test_a_sweep_in_python(page: str) -> None:
    """Of mnist_cnn with 8 and 16 filters; the products by hand: 24²·64·9·F + 26²·9·F + 9216·128 + 1280."""
    (code,) = blocks(page, "python")
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    macs = [24 * 24 * 64 * 9 * f + 26 * 26 * 9 * f + 9216 * 128 + 1280 for f in (8, 16)]
    assert found.stdout == f"{{'conv2d.filters': [8, 16], 'macs': {macs}}} 8\n"


YAML = [(page, block) for page in FILES for block in blocks(page, "yaml")]


@pytest.mark.parametrize(("page", "block"), YAML, ids=range(len(YAML)))
def test_yaml_examples_derive(page: str, block: str) -> None:
    data = parse(block, "block.yaml", "yaml").data
    variables = {name: 3 for name, value in data.get("variables", {}).items() if value is None}
    assert derive(build(data, variables=variables)).rows
    assert not walk(build(data)).failures


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert ((ROOT / page).parent / target).exists(), target


@pytest.mark.parametrize("page", ["README.md", "README.zh-TW.md"])
def test_commands_in_the_table_run(page: str, tmp_path: Path) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    commands = re.findall(r"^\|[^|]+\| `(cnncalc [^`]+)` \|$", text, re.MULTILINE)
    assert len(commands) >= 6
    network = (ROOT / "examples" / "mnist_cnn.yaml").read_text(encoding="utf-8")
    (tmp_path / "net.yaml").write_text("variables: {F: 32}\n" + network, encoding="utf-8")
    (tmp_path / "net.py").write_text("from torch import nn\nm = nn.Sequential(nn.Conv2d(3, 8, 3))\n", encoding="utf-8")
    model = {"class_name": "Sequential", "config": {"layers": [{"class_name": "Dense", "config": {"batch_input_shape": [None, 3], "units": 2}}]}}  # fmt: skip
    with zipfile.ZipFile(tmp_path / "model.keras", "w") as archive:
        archive.writestr("config.json", json.dumps(model))
    for command in commands:
        words = shlex.split(command)[1:]
        found = subprocess.run(
            [sys.executable, "-m", "cnncalc", *words], capture_output=True, cwd=tmp_path, check=False
        )
        assert (found.returncode, found.stderr) == (0, b""), command


def test_the_reference_is_up_to_date() -> None:
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        import reference
    finally:
        sys.path.pop(0)
    assert (ROOT / "docs" / "layers.md").read_text(encoding="utf-8") == reference.page()


def test_ci_runs_the_line_of_the_readme() -> None:
    lines = re.findall(
        r"^python3 -m venv .* && python -m pytest$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(lines) == 1
    assert "README.md" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
