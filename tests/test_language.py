"""Both languages: nothing missing, nothing stale, the right one chosen, tables that line up."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from catalogue import catalogue, compiled, texts, translations

from cnncalc.architecture import build
from cnncalc.derive import derive
from cnncalc.language import Text, preferred, use
from cnncalc.view.table import plain
from cnncalc.view.width import cells, fold, pad

ROOT = Path(__file__).parents[1]
CHINESE = re.compile(r"[\u3400-\u9fff]")
SAME_IN_BOTH = {
    'pip install "cnncalc[xlsx]"',
    "{field} {why}",
    "{told}. {hint}",
    "{told} {key}",
    "{told} {note}",
    "{told} ({hint})",
    "{told}.",
    "{layer}: {rule}",
    "{what} ({dtype})",
    "{first}; {rest}",
    "{where}: {message}",
    "{arithmetic}: {cause}",
    "Cronbach's alpha",
    "{told} – “{words}”",
    "{name} = {formula}",
    "{layer}: {rule}: {demand}",
    "{rule}: {demand}",
    "{layer}: {code}",
    "FLOPs",
    "Conv2D",
    "Dense",
    "kernel",
    "python -m pip install 'cnncalc[images]'",
    "{layer} ({kind}): {why}",
    "{unit} ({name})",
    "{kind}: {why}",
    "{module}: {why}",
    "{layer} ({kind}): {rule}",
    "{layer} ({kind}): {field}: {why}",
    "{parameter}: {reason}",
    "{kind}: {field} {why}",
}
"""Texts without a word to translate."""


def test_the_catalogue_holds_every_text_and_no_other() -> None:
    assert set(translations(catalogue())) == set(texts())


def test_every_text_is_translated() -> None:
    for text, chinese in translations(catalogue()).items():
        assert chinese, f"not translated: {text}"
        assert CHINESE.search(chinese) or text in SAME_IN_BOTH, text


def test_translations_keep_the_placeholders() -> None:
    for text, chinese in translations(catalogue()).items():
        assert sorted(re.findall(r"{[^}]*}", text)) == sorted(re.findall(r"{[^}]*}", chinese)), text


def test_the_compiled_catalogue_is_up_to_date() -> None:
    assert compiled() == translations(catalogue())


def test_mainland_words_stay_out() -> None:
    """Taiwan says 參數, 預設, 檔案, 程式, 資訊, 軟體, 網路, 支援, 記憶體, 陣列."""
    everything = "".join(translations(catalogue()).values())
    for word in (
        "默認",
        "文件夾",
        "程序",
        "信息",
        "軟件",
        "網絡",
        "支持",
        "內存",
        "數組",
        "激活",
        "卷積核",
        "步幅",
        "參数",
        "池化层",
    ):
        assert word not in everything, word


@pytest.mark.parametrize(
    ("arguments", "environment", "language"),
    [
        ([], {}, "en"),
        ([], {"LANG": "zh_TW.UTF-8"}, "zh-TW"),
        ([], {"LANG": "de_DE.UTF-8"}, "en"),
        ([], {"LANG": "zh_TW.UTF-8", "LC_ALL": "C"}, "en"),
        ([], {"LANG": "en_US.UTF-8", "CNNCALC_LANG": "zh-TW"}, "zh-TW"),
        (["summary", "x", "--lang", "en"], {"CNNCALC_LANG": "zh-TW"}, "en"),
        (["summary", "--lang=zh-Hant", "x"], {}, "zh-TW"),
        (["summary", "--lang"], {}, "en"),
    ],
)
def test_which_language(arguments: list[str], environment: dict[str, str], language: str) -> None:
    assert preferred(arguments, environment) == language


def test_a_text_can_be_read_in_both_languages() -> None:
    text = Text("{kind} needs {field}", kind="Dense", field=Text("height"))
    assert text.into("en") == "Dense needs height"
    assert text.into("zh-TW") == "Dense 缺少 高度"
    use("zh-TW")
    assert str(text) == "Dense 缺少 高度"


def test_chinese_tables_line_up() -> None:
    use("zh-TW")
    table = plain(
        derive(build({"input": [4], "layers": [{"Dense": {"units": 3, "name": "全連接層"}}, {"Dense": 2}]})),
        ("layer", "output", "params"),
    )
    lines = table.split("\n\n")[0].splitlines()
    assert lines[0].startswith("層")
    ends = {cells(line) for line in lines}
    assert len(ends) == 1, table


def test_width_counts_cells() -> None:
    assert (cells("層a"), pad("層", 4), pad("層", 4, right=True)) == (3, "層  ", "  層")
    assert fold("卷積神經網路", 4) == ["卷積", "神經", "網路"]
    assert "".join(fold("a bc def", 2)).replace(" ", "") == "abcdef"
    assert fold("漏了 + 1。把視窗（高）", 10) == ["漏了 + 1。", "把視窗", "（高）"]  # no 。 or ） first, no （ last
    assert fold("約 3x3 的kernel大", 8) == ["約 3x3", "的kernel", "大"]


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    import os

    env = {k: v for k, v in os.environ.items() if k not in {"LANG", "LC_ALL", "CNNCALC_LANG", "LANGUAGE"}} | environment
    command = [sys.executable, "-m", "cnncalc", *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=ROOT, env=env, check=False)


@pytest.mark.parametrize(
    "command",
    [
        ["--help"],
        ["summary", "--help"],
        ["explain", "--help"],
        ["reconcile", "--help"],
        ["verify", "--help"],
        ["trace", "--help"],
        ["run", "--help"],
        ["demo", "--help"],
        ["diff", "--help"],
        ["check", "--help"],
        ["solve", "--help"],
        ["sweep", "--help"],
        ["schema", "--help"],
    ],
)
def test_help_in_chinese(command: list[str]) -> None:
    told = run(*command, CNNCALC_LANG="zh-TW").stdout
    assert "用法" in told
    assert "選項" in told
    assert "顯示這段說明後結束。" in told
    for line in told.splitlines():
        words = re.findall(r"[a-z]{3,} [a-z]{3,} [a-z]{3,}", line)
        assert not words or "cnncalc" in line, line


def test_errors_in_chinese(tmp_path: Path) -> None:
    path = tmp_path / "net.yaml"
    path.write_text("input: [4, 4, 1]\nlayers:\n  - Conv2D: {filters: 1, kernel_size: 7}\n")
    found = run("summary", str(path), "--lang", "zh-TW")
    assert found.returncode == 2
    assert "視窗必須放得進輸入" in found.stderr
    assert "建議" in found.stderr


def test_an_unknown_language_is_refused() -> None:
    found = run("summary", "examples/mnist_cnn.yaml", "--lang", "fr")
    assert found.returncode == 2
    assert "there are en and zh-TW" in found.stderr
