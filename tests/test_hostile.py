"""What students can write to harm whoever grades: names and answers, through the command, into every file that comes out."""

from __future__ import annotations

import csv
import json
import os
import resource
import signal
import subprocess
import sys
import time
from html.parser import HTMLParser
from pathlib import Path
from unicodedata import category

import pytest
from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[1]
EXERCISE = """exercise: 1
title: T
architecture: {input: [28, 28, 1], layers: [{Conv2D: {filters: 32, kernel_size: 3}}]}
questions: [{ask: shape, layer: conv2d}, {ask: params, layer: conv2d}]
"""
EVIL = [
    "../../etc/passwd", "CON", "a" * 300, "\U0001f600", "\u202eevil\u202c", "=cmd|'/C calc'!A0", "+1", "-1+1", "@SUM(1)", "\tx", "＝1+1",
    "<script>alert(1)</script>", "](javascript:alert(1))", "[a](javascript:alert(1))", '"><img src=x onerror=alert(1)>', "a\nb: c", "\x1b[31mred",
    "`rm`", "$(rm)", "{{7*7}}", "%n%s{0}{name}", "null", "x\u0000y".replace("\u0000", "\u0007"), "‮", "\\", "'", "a,b;c|d", "&lt;b&gt;", "| a | b |", "</title><b>",
]  # fmt: skip


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "cnncalc", "grade", *words, "--lang", "en"]


def sheet(path: Path, students: list[tuple[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["student", "name", "conv2d.shape", "conv2d.params"])
        writer.writerows([student, student, answer, answer] for student, answer in students)
    return path


def folder_of(tmp_path: Path, students: list[tuple[str, str]], *words: str) -> tuple[Path, str]:
    """The folder, and all that was said on the terminal."""
    (tmp_path / "e.yaml").write_text(EXERCISE)
    answers = sheet(tmp_path / "a.csv", students)
    out = tmp_path / "out"
    found = subprocess.run(command(str(tmp_path / "e.yaml"), str(answers), "-o", str(out), *words), capture_output=True, check=False, cwd=ROOT, encoding="utf-8")  # fmt: skip
    assert found.returncode == 0, found.stderr
    return out, found.stdout + found.stderr


class Tags(HTMLParser):
    """Every tag, with the addresses in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen |= {tag, *(name for name, _ in attrs if name.startswith("on") or name in {"href", "src"})}


def test_nothing_that_students_write_does_anything(tmp_path: Path) -> None:
    """Graded twice, the second time with other answers, so that changes.csv has them too."""
    folder_of(tmp_path, [(name, "26x26x32") for name in EVIL])
    out, told = folder_of(tmp_path, list(zip(EVIL, reversed(EVIL), strict=True)))
    files = [each for each in out.rglob("*") if each.is_file()]
    assert {each.relative_to(out).parts[0] for each in files} == {"marks.csv", "moodle.csv", "canvas.csv", "changes.csv", "results.json", "report.html", "feedback", "gradescope"}  # fmt: skip
    assert not {category(each) for each in told} & {"Cf", "Cs"}
    assert "\x1b" not in told
    assert sum(each.suffix == ".html" for each in files) == len(set(EVIL)) + 1
    for each in files:
        text = each.read_bytes().decode("utf-8-sig")
        assert not set(each.stem) & set('/\\:*?"<>|')
        assert len(each.name) < 100
        if each.suffix == ".html":
            assert not Tags(text).seen & {"script", "img", "a", "b", "href", "src", "onerror"}
        elif each.suffix == ".csv":
            cells = [cell for row in csv.reader(text.splitlines(keepends=True)) for cell in row]
            assert not [
                cell
                for cell in cells
                if cell.lstrip(" \u200b\u202e").startswith(("=", "+", "@", "\t", "＝")) or cell.startswith("-1+")
            ]
        elif each.suffix == ".json":
            json.loads(text)
        elif each.suffix == ".md":
            page = Tags(MarkdownIt("commonmark").enable("table").render(text)).seen
            assert page <= {
                "h1",
                "p",
                "strong",
                "em",
                "ul",
                "li",
                "table",
                "thead",
                "tbody",
                "tr",
                "th",
                "td",
                "hr",
                "h2",
                "code",
                "br",
            }
    assert not (tmp_path / "etc").exists()


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="no limits of files here")
def test_a_full_disk_leaves_what_was_there(tmp_path: Path) -> None:
    """As a disk with room for 20 kB per file; results.json of 300 students is larger."""
    out, _ = folder_of(tmp_path, [("Ada", "1")])
    before = {each.relative_to(out): each.read_bytes() for each in out.rglob("*") if each.is_file()}
    answers = sheet(tmp_path / "b.csv", [(f"s{n}", "1") for n in range(300)])

    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    found = subprocess.run(command(str(tmp_path / "e.yaml"), str(answers), "-o", str(out)), capture_output=True, check=False, cwd=ROOT, preexec_fn=limited, text=True)  # fmt: skip
    assert found.returncode == 2
    assert "the output cannot be written" in found.stderr
    assert "Traceback" not in found.stderr
    assert {each.relative_to(out): each.read_bytes() for each in out.rglob("*") if each.is_file()} == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.csv", "b.csv", "e.yaml", "out"]


def test_interrupted_while_writing(tmp_path: Path) -> None:
    out, _ = folder_of(tmp_path, [("Ada", "1")])
    before = {each.relative_to(out): each.read_bytes() for each in out.rglob("*") if each.is_file()}
    answers = sheet(tmp_path / "b.csv", [(f"s{n}", "1") for n in range(20_000)])
    run = subprocess.Popen(command(str(tmp_path / "e.yaml"), str(answers), "-o", str(out)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, text=True)  # fmt: skip
    while run.poll() is None and not (beside := list(tmp_path.glob(".out.*/feedback/s9.*"))):
        time.sleep(0.01)
    assert beside, "there was time to interrupt"
    os.kill(run.pid, signal.SIGINT)
    _, errors = run.communicate(timeout=60)
    assert run.returncode == 130
    assert "Traceback" not in errors
    assert {each.relative_to(out): each.read_bytes() for each in out.rglob("*") if each.is_file()} == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.csv", "b.csv", "e.yaml", "out"]


def test_a_pipe_is_named_as_it_was_given(tmp_path: Path) -> None:
    (tmp_path / "e.yaml").write_text(EXERCISE)
    found = subprocess.run(
        command(str(tmp_path / "e.yaml"), "-"), capture_output=True, check=False, cwd=ROOT, input=b"\0\0"
    )
    assert found.returncode == 2
    assert found.stderr.decode().splitlines()[1] == "  at -"
