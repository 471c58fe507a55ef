"""Worksheets and keys on paper: everything that is asked stands there, nothing that is right, and no title can do harm."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Literal

import pytest

from cnncalc.architecture.files import parse
from cnncalc.cli.whole import whole
from cnncalc.interop import load
from cnncalc.language import use
from cnncalc.teach.exercise import Exercise
from cnncalc.teach.key import keys_of
from cnncalc.teach.reading import load_exercise, read_exercise
from cnncalc.view.paper import Paper, network, paper
from cnncalc.view.worksheet import markdown
from cnncalc.view.worksheet_html import html
from cnncalc.view.worksheet_latex import latex, literal

ROOT = Path(__file__).parents[1]
EXERCISES = sorted((ROOT / "examples" / "exercises").glob("*.yaml"))
EVIL = r"<script>alert(1)</script> \input{/etc/passwd} $x^2$ 50% & #1 _a_ {b} ~ -- << ``q'' | `c` ?` **b** [l](javascript:x)"

EVERYTHING = """
exercise: 1
title: {en: %(evil)s}
text: {en: "Line one </style><img src=x onerror=y> \\\\end{document}\\n50%% of it \\x07\\u202e"}
architecture:
  input: [8, 8, 3]
  layers: [{Conv2D: {filters: 4, kernel_size: 3, name: "c_<b>&"}}, BatchNormalization, Flatten, {Dense: 10}]
questions:
  - {ask: shape, layers: all}
  - {ask: params, layers: all, text: %(evil)s}
  - {ask: choice, of: "c_<b>&.shape", options: [6x6x4, 8x8x4, 6x6x3]}
  - {ask: claim, of: dense.params, value: 1450, says: %(evil)s}
  - {ask: formula, of: "c_<b>&.params"}
  - {ask: value, image: [[1,-2.5,3],[4,5,1/3]], filter: [[1,0],[0,-1]], at: [0,1]}
  - {ask: feature_map, image: [[1,-2,3],[4,1000,7]], filter: [[1,0],[0,-1]]}
  - {ask: solve, layer: dense, field: units, for: {shape: [10]}, id: "a|b"}
  - {ask: memory}
  - {ask: architecture, must: {params: 5}}
"""


def everything() -> Exercise:
    quoted = "'" + EVIL.replace("'", "''") + "'"
    return read_exercise(parse(EVERYTHING % {"evil": quoted}, "exercise.yaml", "yaml"))


def made(exercise: Exercise, role: Literal["worksheet", "key"] = "worksheet") -> Paper:
    return paper(exercise, keys_of(exercise), role)


class Page(HTMLParser):
    """A page's tags, attributes and text, and whether every tag is closed."""

    EMPTY = frozenset({"meta", "wbr"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data if self.open and self.open[-1] != "style" else ""


@pytest.mark.parametrize("role", ["worksheet", "key"])
@pytest.mark.parametrize("language", ["en", "zh-TW"])
def test_a_page_of_anything(role: Literal["worksheet", "key"], language: str) -> None:
    use(language)
    page = Page(html(made(everything(), role), language))
    assert page.open == []
    assert not {"script", "img", "a", "input", "link"} & set(page.tags)
    assert page.attributes <= {"lang", "charset", "name", "content", "class", "scope", "style"}
    assert page.words.count(EVIL) == 2 + 4 + 1  # the title twice, four layers' parameters, one claim
    assert "\x07" not in page.words
    assert "\u202e" not in page.words


def test_the_page_has_every_item_and_room_for_it() -> None:
    text = html(made(everything()), "en")
    page = Page(text)
    for item in everything().items:
        assert item.id in page.words
    assert text.count('<td class="room">') == len(everything().items)
    assert text.count('class="tick"') == 3 + 2  # a choice of three, true or false
    assert text.count('class="box"') == 1
    assert not {"144", "112"} & set(re.findall(r"[\d,]+", page.words))  # 6*6*4; (3*3*3+1)*4


def test_the_key_has_the_answers() -> None:
    """8 - 3 + 1 = 6; 112 = 28*4; 16 = 4*4; 1450 = 145*10; 1578 numbers of 4 bytes; [[-999, -9]] by hand; -2.5 - 1/3 = -17/6."""
    words = Page(html(made(everything(), "key"), "en")).words
    for answer in ("6×6×4", "144", "112", "1,450", "A (6×6×4)", "true", "6,312", "-17/6"):
        assert answer in words, answer
    source = latex(made(everything(), "key"))
    assert r"\begin{bmatrix} -999 & -9 \end{bmatrix}" in source
    assert r"\begin{bmatrix} 1 & -2 & 3 \\ 4 & 1{,}000 & 7 \end{bmatrix}" in source
    assert re.search(r"K \\cdot K \\cdot C", source)


def test_latex_prints_letter_for_letter() -> None:
    assert literal(r"a_b & 50% #1 {x} $y$ ~ ^ \z") == r"a\_b \& 50\% \#1 \{x\} \$y\$ \textasciitilde{} \textasciicircum{} \textbackslash{}z"  # fmt: skip
    assert literal("-- --- << ,, `` '' ?` !`") == "-{}- -{}-{}- <{}< ,{}, `{}` '{}' ?{}` !{}`"
    assert literal("H′ “q” 6×6 ½") == "H$'$ ``q'' 6$\\times$6 ½"
    assert literal("a\x00b\nc\x1b\u202e") == "a b c"


def test_latex_has_no_command_of_a_title() -> None:
    source = latex(made(everything()))
    assert source.count(r"\end{document}") == 1
    assert r"\input" not in source
    assert not re.search(r"(?<!\\)%", source)
    assert not re.search(r"(?<!\\)#", source)


def test_chinese_asks_for_another_engine() -> None:
    english = latex(made(load_exercise(str(ROOT / "examples/exercises/mnist_cnn.yaml"), load)))
    assert "inputenc" in english
    assert "xeCJK" not in english
    use("zh-TW")
    chinese = latex(made(load_exercise(str(ROOT / "examples/exercises/mnist_cnn.yaml"), load)))
    assert "xeCJK" in chinese
    assert "inputenc" not in chinese


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs a TeX")
@pytest.mark.parametrize("role", ["worksheet", "key"])
def test_latex_compiles(role: Literal["worksheet", "key"], tmp_path: Path) -> None:
    (tmp_path / "sheet.tex").write_text(latex(made(everything(), role)), encoding="utf-8")
    found = subprocess.run(["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "sheet.tex"], cwd=tmp_path, capture_output=True, text=True, errors="replace", check=False)  # fmt: skip
    assert found.returncode == 0, found.stdout[-2000:]
    assert (tmp_path / "sheet.pdf").stat().st_size > 10_000


@pytest.mark.parametrize("path", EXERCISES, ids=lambda path: path.stem)
def test_every_form_of_every_exercise(path: Path) -> None:
    exercise = load_exercise(str(path), load)
    sheet, key = made(exercise), made(exercise, "key")
    assert len(sheet.asked) == len(key.asked) == len(exercise.items)
    assert Page(html(sheet, "en")).open == Page(html(key, "en")).open == []
    for text in (markdown(sheet), html(sheet, "en")):
        assert all(item.id in text.replace("<wbr>", "") for item in exercise.items)
    assert all(each.answer is None for each in sheet.asked)
    for each in key.asked:
        assert each.answer is not None
        assert each.answer.words


def test_a_key_in_markdown_is_read_as_a_perfect_sheet(tmp_path: Path) -> None:
    """The answers of the key, where the worksheet has its blanks."""
    key = run("key", "examples/exercises/mnist_cnn.yaml", "--format", "markdown")
    (tmp_path / "ada.md").write_text("student: Ada\n" + key, encoding="utf-8")
    words = ["grade", "examples/exercises/mnist_cnn.yaml", str(tmp_path / "ada.md"), "--format", "json"]
    told = subprocess.run([sys.executable, "-m", "cnncalc", *words], capture_output=True, text=True, cwd=ROOT, check=True)  # fmt: skip
    assert '"score": "25"' in told.stdout


def run(*words: str) -> str:
    return subprocess.run([sys.executable, "-m", "cnncalc", "exercise", *words], capture_output=True, text=True, encoding="utf-8", cwd=ROOT, check=True).stdout  # fmt: skip


def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    """As /dev/null must be: to be root is enough to rename something over it."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    run("worksheet", "examples/exercises/two_filters_6x6.yaml", "-o", str(pipe))
    assert os.read(reader, 100).startswith(b"# From 6x6 to 2x2")
    with whole(pipe) as stream:
        stream.write("words")
    assert os.read(reader, 10_000).endswith(b"words")
    os.close(reader)
    assert pipe.is_fifo()
    assert list(tmp_path.iterdir()) == [pipe]


def test_the_command(tmp_path: Path) -> None:
    seven = "examples/exercises/two_filters_7x7.yaml"
    assert run("worksheet", seven).startswith("# Two filters, twice\n\nstudent: ____\n")
    assert run("worksheet", seven, "--format", "latex").startswith(r"\documentclass")
    run("key", seven, "--format", "html", "-o", str(tmp_path / "key.html"))
    assert "7×7×2" in (tmp_path / "key.html").read_text(encoding="utf-8")
    assert "student" not in run("key", seven, "--format", "markdown")


def test_paths_say_what_each_layer_reads() -> None:
    """Of the branches: sum adds the stem and residual. In a chain, every layer reads the one above, and nobody need say so."""
    branches = network(load_exercise(str(ROOT / "examples/exercises/branches.yaml")))
    chain = network(load_exercise(str(ROOT / "examples/exercises/whole_network.yaml")))
    assert branches is not None
    assert chain is not None
    assert branches.titles == ["layer", "kind", "reads", "settings"]
    assert ["sum", "Add", "stem, residual", ""] in branches.rows
    assert chain.titles == ["layer", "kind", "settings"]


def test_a_setting_is_hidden_only_where_it_is_the_answer() -> None:
    """Strides 3 make 28x22 of 9x7; another shape is asked for, and without the 3 nobody could tell the output."""
    shown = {
        name: markdown(made(load_exercise(str(ROOT / "examples/exercises" / name), load)))
        for name in ("transposed_convolution.yaml", "two_filters_7x7.yaml")
    }
    assert r"kernel\_size 6, strides 3, padding" in shown["transposed_convolution.yaml"]
    assert "padding ?" in shown["two_filters_7x7.yaml"]


def test_letters_of_the_input_are_named_together() -> None:
    sheet = markdown(made(load_exercise(str(ROOT / "examples/exercises/flatten_and_dense.yaml"), load)))
    assert "`dense.params.formula` – N of the layer's input, U = dense.units" in sheet


def test_the_list_of_exercises_has_them_all() -> None:
    for page in ("README.md", "README.zh-TW.md"):
        listed = re.findall(
            r"^\| \d+ \| \[(\w+)\]\((\w+)\.yaml\)", (EXERCISES[0].parent / page).read_text("utf-8"), re.M
        )
        assert sorted(listed) == sorted((path.stem, path.stem) for path in EXERCISES)
