"""The quiz: its state by hand, whole sessions in processes, what is kept between runs."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from codecs import getincrementaldecoder
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import assume, given, settings
from strategies import networks

from cnncalc.architecture import build
from cnncalc.architecture.files import parse
from cnncalc.cli.keeping import Damaged, name_of, place, read, write
from cnncalc.derive import derive
from cnncalc.errors import ArchitectureError
from cnncalc.interop import load
from cnncalc.language import use
from cnncalc.teach.answers.values import KINDS
from cnncalc.teach.exercise import Exercise
from cnncalc.teach.hinting import hints_of
from cnncalc.teach.items import FILES
from cnncalc.teach.key import Key
from cnncalc.teach.plain import plain
from cnncalc.teach.quizzing import ACTIONS, Move, Quiz
from cnncalc.teach.reading import load_exercise, read_exercise
from cnncalc.view import quiz as view
from cnncalc.view.width import cells, fold

ROOT = Path(__file__).parents[1]
EXERCISES = sorted((ROOT / "examples" / "exercises").glob("*.yaml"))
SEVEN = "examples/exercises/two_filters_7x7.yaml"
"""Without padding 5, 5, 3, 3 on each side; with padding 1 and kernel 3 a convolution keeps 7 and 5.
7x7x2, 5x5x2, 5x5x2, 3x3x2, 18; (3*3*3+1)*2 = 56 and (3*3*2+1)*2 = 38."""
MINE = ["7x7x2", "5x5x2", "5x5x2", "3x3x2", "18", "56", "38", "same"]

CHAIN = """
exercise: 1
marking: {carry_forward: 1/2}
architecture:
  input: [10, 10, 3]
  layers: [{Conv2D: {filters: 4, kernel_size: 3}}, {Conv2D: {filters: 8, kernel_size: 3, name: second}}]
questions:
  - {ask: shape, layers: all, points: 2}
  - {ask: params, layer: second}
"""
"""8x8x4, 6x6x8, 9*4*8 + 8 = 296."""


def exercise(text: str) -> Exercise:
    return read_exercise(parse(text, "exercise.yaml", "yaml"))


def answered(quiz: Quiz, *texts: str) -> list[str]:
    """The kinds of the replies; a word of an action is that action."""
    return [quiz.make(Move(text) if text in ACTIONS else Move("answer", text)).kind for text in texts]


# The state


def test_right_at_once_later_shown_and_left() -> None:
    quiz = Quiz(load_exercise(str(ROOT / SEVEN), load))
    kinds = answered(quiz, "7x7x2", "3x3", "5x5x2", "show", "hint", "3x3x2", "skip", "56", "38", "same", "skip")
    assert kinds == ["right", "wrong", "right", "shown", "hint", "right", "later", "right", "right", "right", "left"]
    states = {name: (each.state, each.tries, each.at_once) for name, each in quiz.standings.items()}
    assert states == {
        "conv1.shape": ("right", 1, True),
        "maxpool1.shape": ("right", 2, False),
        "conv2.shape": ("shown", 0, False),
        "maxpool2.shape": ("right", 1, False),  # with a hint
        "flatten.shape": ("left", 0, False),
        "conv1.params": ("right", 1, True),
        "conv2.params": ("right", 1, True),
        "conv1.padding": ("right", 1, True),
    }
    assert (quiz.current, quiz.done, quiz.score, quiz.points) == (None, 8, Fraction(9), Fraction(11))


def test_what_is_not_understood_is_no_try() -> None:
    quiz = Quiz(exercise(CHAIN))
    assert answered(quiz, "", "?", "word", "8x8x4x4x4 or so", "9" * 600) == [
        "blank",
        "blank",
        "unreadable",
        "ambiguous",
        "unreadable",
    ]
    assert quiz.moves == []
    assert quiz.standings["conv2d.shape"].tries == 0


def test_an_answer_that_follows_from_a_wrong_one() -> None:
    """7x7x4 instead of 8x8x4 makes 5x5x8 of 6x6x8: half of 2 points for it, until the first one is put right."""
    quiz = Quiz(exercise(CHAIN))
    assert answered(quiz, "7x7x4", "skip") == ["wrong", "later"]
    reply = quiz.make(Move("answer", "5x5x8"))
    assert (reply.kind, reply.suspects) == ("carried", ("conv2d.shape",))
    assert quiz.score == 1
    told = "\n".join(view.reply(quiz, reply, 80))
    assert told.startswith("~ 5×5×8 is not right, but follows from an earlier answer")
    assert "conv2d.shape" in told
    assert answered(quiz, "6x6x8", "288") == ["right", "wrong"]
    assert list(quiz.met) == ["S01", "P01"]
    assert answered(quiz, "296", "8x8x4") == ["right", "right"]
    assert quiz.score == quiz.points == 5


def test_why_an_answer_is_wrong_and_never_the_key() -> None:
    quiz = Quiz(exercise(CHAIN), {"second.params"})
    told = "\n".join(view.reply(quiz, quiz.make(Move("answer", "288")), 200))
    assert told.startswith("✗ 288 is not right.\n  3·3·4·8 = 288: the biases are missing.")
    assert "296" not in told


def test_a_shown_answer_is_worked_out_and_counts_nothing() -> None:
    quiz = Quiz(exercise(CHAIN), {"second.params"})
    told = view.reply(quiz, quiz.make(Move("show")), 200)
    assert told[0] == "The answer is 296."
    assert told[-1] == "  params = K·K·C·F + F = 3·3·4·8 + 8 = 296"
    assert quiz.score == 0


def test_the_working_of_a_value_and_of_a_total() -> None:
    """1*1 + 2*0 + 4*0 + 5*-1 + 10 = 6; 112 + 296 = 408; 408 numbers of 4 bytes."""
    more = CHAIN + (
        "  - {ask: value, image: [[1, 2], [4, 5]], filter: [[1, 0], [0, -1]], bias: 10, at: [0, 0]}\n"
        "  - {ask: total_params}\n  - {ask: memory}\n"
    )
    quiz = Quiz(exercise(more), {"value", "total_params", "memory.weights"})
    shown = [view.reply(quiz, quiz.make(Move("show")), 200) for _ in range(3)]
    assert shown[0] == ["The answer is 6.", "  [0, 0]: 1·1 + 0·2 + 0·4 + (-1)·5 + 10 = 6"]
    assert shown[1] == ["The answer is 408.", "  112 + 296 = 408"]
    assert shown[2] == ["The answer is 1,632.", "  408·4 = 1,632"]


def test_the_summary_names_what_was_met() -> None:
    quiz = Quiz(exercise(CHAIN))
    answered(quiz, "7x7x4", "8x8x4", "6x6x8", "skip")
    told = "\n".join(view.summary(quiz, 80))
    assert "4 of 5 points" in told
    assert "right at once 1, right later 1, left open 1" in told
    assert "conv2d.shape: right; answers: 2, hints: 0" in told
    assert "S01 + 1 forgotten (1): Put the window at the very start." in told


def test_hints_say_the_rule_and_not_the_answer() -> None:
    quiz = Quiz(exercise(CHAIN), {"second.shape"})
    first, second, third, fourth = (quiz.make(Move("hint")) for _ in range(4))
    assert str(first.told) == "What goes in: H, W of the input, filters F = 8, kernel_size K = 3, strides S = 1."
    assert "⌊(H − K)/S⌋ + 1" in str(second.told)
    assert (third.kind, third.told, fourth.kind) == ("no hint", second.told, "no hint")
    assert quiz.standings["second.shape"].hints == 2


def test_hints_hide_what_other_questions_ask() -> None:
    found = load_exercise(str(ROOT / SEVEN), load)
    quiz = Quiz(found)
    assert "padding P = ?" in str(hints_of(found, quiz.keys["conv1.shape"])[0])
    asked = exercise(CHAIN + "  - {ask: formula, of: conv2d.params}\n")
    told = [str(each) for each in hints_of(asked, Quiz(asked).keys["second.params"])]
    assert not any("K·K" in each for each in told)


def test_what_is_handed_in_as_a_file_is_not_asked() -> None:
    quiz = Quiz(exercise(CHAIN + "  - {ask: architecture, must: {params: 5}}\n"))
    assert [item.id for item in quiz.items] == ["conv2d.shape", "second.shape", "second.params"]
    assert "not asked here: 1" in "\n".join(view.opening(quiz, 80))


def test_every_kind_of_answer_has_its_words() -> None:
    assert set(view.FORMS) == set(KINDS)
    assert not set(view.FORMS) & FILES
    assert not set(view.MOVES) & (view.ASKING | view.LEAVING)


# All exercises


def typed(key: Key) -> str:
    """The answer as a student types it."""
    match key.value:
        case bool():
            return "true" if key.value else "false"
    return plain(key.value) if not hasattr(key.value, "op") else str(key.value)


@pytest.mark.parametrize("path", EXERCISES, ids=lambda path: path.stem)
@pytest.mark.parametrize("language", ["en", "zh-TW"])
def test_the_key_gets_full_marks(path: Path, language: str) -> None:
    use(language)
    quiz = Quiz(load_exercise(str(path), load))
    while quiz.current:
        assert hints_of(quiz.exercise, quiz.keys[quiz.current.id])
        assert quiz.make(Move("answer", typed(quiz.keys[quiz.current.id]))).kind == "right"
    assert quiz.score == quiz.points
    assert all(each.at_once for each in quiz.standings.values())


@pytest.mark.parametrize("path", EXERCISES, ids=lambda path: path.stem)
def test_nothing_that_is_typed_raises(path: Path) -> None:
    """Random moves and texts; at every width, in both languages, every line fits."""
    random = Random(6)
    signs = "0123456789x×*,.; ()[]+-/²ABC KFH\t\x00\x1b\udc80𝟛三是true"
    for _ in range(10):
        quiz, width = Quiz(load_exercise(str(path), load)), random.randint(20, 80)
        use(random.choice(["en", "zh-TW"]))
        list(view.opening(quiz, width))
        for _ in range(80):
            if not (item := quiz.current):
                break
            text = "".join(random.choices(signs, k=random.randint(0, 20)))
            text = random.choice([text, typed(quiz.keys[item.id]), "1x1x1", "17"])
            lines = list(view.question(quiz, item, width, explained=False)) if width > 60 else []
            lines += view.reply(quiz, quiz.make(Move(random.choice(ACTIONS), text)), width)
            lines += view.summary(quiz, width)
            assert all(cells(line) <= width for line in lines)
        again = Quiz(quiz.exercise)
        again.replay(quiz.moves)
        assert (again.standings, again.current, again.score) == (quiz.standings, quiz.current, quiz.score)


@given(networks())
@settings(max_examples=40)
def test_any_network_can_be_asked(data: dict[str, Any]) -> None:
    """Everything about every layer: hints and workings are there, the key is right, and papers are written."""
    try:
        derive(build(data))
    except ArchitectureError:
        assume(False)
    asks = ("shape", "params", "trainable_params", "non_trainable_params", "macs", "receptive_field")
    totals = ("total_params", "total_macs", "trainable_params", "non_trainable_params", "memory")
    questions = [{"ask": ask, "layers": "all"} for ask in asks] + [{"ask": ask} for ask in totals]
    asked = {"exercise": 1, "architecture": data, "questions": questions}
    found = read_exercise(parse(json.dumps(asked), "exercise.json", "json"))
    quiz, other = Quiz(found), Quiz(found)
    while item := quiz.current:
        key = quiz.keys[item.id]
        assert all(str(each) for each in hints_of(found, key))
        shown = view.reply(other, other.make(Move("show")), 80)
        assert shown[0].startswith("The answer is")
        last = re.sub(r"\D", "", shown[-1].rpartition("=")[2])
        if item.quantity in {"params", "macs", "total_params", "total_macs"} and len(shown) > 1:
            assert last == str(key.value), shown  # the arithmetic ends at the answer
        assert quiz.make(Move("answer", typed(key))).kind == "right"
    assert quiz.score == quiz.points
    assert other.score == 0


# Sessions


def command(*words: str, text: str = "", language: str = "en", **more: str) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"CNNCALC_LANG": language, "COLUMNS": "80"} | more
    return subprocess.run(
        [sys.executable, "-m", "cnncalc", "quiz", *words],
        input=text, capture_output=True, text=True, encoding="utf-8", cwd=ROOT, env=env, check=False,
    )  # fmt: skip


def test_a_whole_session_through_a_pipe(tmp_path: Path) -> None:
    found = command(SEVEN, text="\n".join([*MINE[:5], "54", *MINE[5:]]), XDG_STATE_HOME=str(tmp_path))
    assert (found.returncode, found.stderr) == (0, "")
    assert re.search(r"^conv1 +Conv2D +filters 2, kernel_size 3, padding \?$", found.stdout, re.MULTILINE)
    assert "> 7x7x2\n✓ 7×7×2 is right.\n" in found.stdout
    assert "✗ 54 is not right.\n  3·3·3·2 = 54: the biases are missing." in found.stdout
    assert "11 of 11 points\nright at once 7, right later 1\n" in found.stdout
    assert "\x1b" not in found.stdout
    assert list(tmp_path.iterdir()) == []  # of a pipe nothing is kept unless it is asked for


def test_no_key_is_printed_unasked() -> None:
    """Numbers of the key that are no number of the network or of an answer."""
    found = command("examples/exercises/mnist_cnn.yaml", text="hint\nhint\n1x2x3\nskip\n" * 30)
    for number in ("26×26×32", "24×24×64", "12×12×64", "9216", "9,216", "320", "18,496", "1,179,776", "1,290", "1,199,882", "6×6"):  # fmt: skip
        assert number not in found.stdout, number


def test_commands_in_chinese_end_early() -> None:
    found = command(SEVEN, text="提示\n跳過\n答案\n離開\n7x7x2\n", language="zh-TW")
    assert found.returncode == 0
    assert "⌊(H + 2·P − K)/S⌋ + 1" not in found.stdout.split("> 跳過")[0]
    assert "5×5×2" in found.stdout
    assert found.stdout.rstrip().count("> ") == 4


def test_bytes_that_are_no_text() -> None:
    env = os.environ | {"CNNCALC_LANG": "en"}
    data = b"\xef\xbb\xbf7x7x2\r\n\xff\xfe\x00\n" + b"9" * 100_000 + b"\n\x1b[2J5x5x2\n"
    found = subprocess.run([sys.executable, "-m", "cnncalc", "quiz", SEVEN], input=data, capture_output=True, cwd=ROOT, env=env, check=False)  # fmt: skip
    assert (found.returncode, found.stderr) == (0, b"")
    assert "✓ 7×7×2 is right.".encode() in found.stdout
    assert b"\x1b" not in found.stdout


def test_only_some_questions() -> None:
    found = command(SEVEN, "--only", "params", "--only", "flatten.shape", text="18\n56\n38\n")
    assert "5 of 5 points" in found.stdout
    refused = command(SEVEN, "--only", "parms")
    assert refused.returncode == 2
    assert "did you mean params?" in refused.stderr
    assert command("-").returncode == 2


# What is kept


def state(out: str) -> str:
    """The summary."""
    return out.rpartition(" points\n")[2].partition("\nYour progress")[0]


@pytest.mark.parametrize("cut", [1, 4, 7, 9])
def test_an_interrupted_session_is_the_whole_one(cut: int, tmp_path: Path) -> None:
    moves = ["7x7x3", "hint", "7x7x2", "skip", "5x5x2", "show", "9", "18", "54", "56", "38", "same", "6x6", "5x5x2"]
    whole = command(SEVEN, text="\n".join(moves))
    file = str(tmp_path / "deep" / "progress.json")
    first = command(SEVEN, "--progress", file, text="\n".join(moves[:cut]))
    second = command(SEVEN, "--progress", file, text="\n".join(moves[cut:]))
    assert "the same command goes on here" in first.stdout.replace("\n", " ")
    assert "You go on where you stopped" in second.stdout
    assert state(second.stdout) == state(whole.stdout) != ""
    afresh = command(SEVEN, "--progress", file, "--again", text="7x7x2\n")
    assert "right at once 1, not answered yet 7" in afresh.stdout
    assert len(json.loads(Path(file).read_text(encoding="utf-8"))["moves"]) == 1


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000, b'{"cnncalc quiz": 1, "moves": 3}', b'{"cnncalc quiz": 2, "moves": []}'],
)  # fmt: skip
def test_a_damaged_file_is_set_aside(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "progress.json"
    file.write_bytes(content)
    (tmp_path / "progress.json.old1").write_text("older")
    found = command(SEVEN, "--progress", str(file), text="7x7x2\n")
    assert found.returncode == 0
    assert "damaged" in found.stderr
    assert (tmp_path / "progress.json.old2").read_bytes() == content
    assert (tmp_path / "progress.json.old1").read_text() == "older"
    assert "right at once 1" in found.stdout


def kept(quiz: Quiz, moves: list[Any]) -> str:
    return json.dumps({"cnncalc quiz": 1, "exercise": name_of(quiz), "moves": moves})


def test_moves_that_cannot_be(tmp_path: Path) -> None:
    quiz = Quiz(load_exercise(str(ROOT / SEVEN), load))
    file = tmp_path / "p.json"
    for moves in ([["fly", ""]], [["answer", 3]], [[["answer"], ""]], [3], [["show"]]):
        file.write_text(kept(quiz, moves))
        with pytest.raises(Damaged):
            read(file, quiz)
    file.write_text(kept(quiz, [["show", ""]] * 9))  # of 8 questions
    found = command(SEVEN, "--progress", str(file), text="7x7x2\n")
    assert "damaged" in found.stderr
    assert "right at once 1, not answered yet 7" in found.stdout


def test_progress_of_another_exercise(tmp_path: Path) -> None:
    file = tmp_path / "p.json"
    quiz = Quiz(load_exercise(str(ROOT / SEVEN), load))
    write(file, quiz)
    assert read(file, quiz) == []
    with pytest.raises(Damaged):
        read(file, Quiz(quiz.exercise, {"conv1.params"}))
    found = command("examples/exercises/depthwise.yaml", "--progress", str(file))
    assert "another exercise" in found.stderr
    assert (tmp_path / "p.json.old1").exists()


def test_no_room_for_progress(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path, tmp_path / "file" / "p.json"):
        found = command(SEVEN, "--progress", str(path), text="7x7x2\n")
        assert found.returncode == 0
        assert "progress cannot be kept" in found.stderr
        assert "right at once 1" in found.stdout


def test_what_is_no_file_is_left_alone(tmp_path: Path) -> None:
    """A pipe here; a device is the same. Through a link, the file that it names is replaced, not the link."""
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    found = command(SEVEN, "--progress", str(pipe), text="7x7x2\n")
    assert (found.returncode, pipe.is_fifo()) == (0, True)
    assert "progress cannot be kept" in found.stderr
    link.symlink_to(tmp_path / "real.json")
    assert command(SEVEN, "--progress", str(link), text="7x7x2\n").returncode == 0
    assert link.is_symlink()
    assert (tmp_path / "real.json").is_file()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["link", "pipe", "real.json"]


def test_where_progress_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert place() == tmp_path / "cnncalc"
    monkeypatch.setenv("XDG_STATE_HOME", "relative")  # the specification: it is ignored
    monkeypatch.setenv("HOME", "/home/x")
    monkeypatch.setattr(sys, "platform", "linux")
    assert place() == Path("/home/x/.local/state/cnncalc")


class Terminal:
    """A session on a terminal."""

    def __init__(self, *words: str, columns: int = 40, **more: str) -> None:
        self.leader, follower = pty.openpty()
        env = os.environ | {"CNNCALC_LANG": "en", "COLUMNS": str(columns), "TERM": "dumb"} | more
        self.process = subprocess.Popen(
            [sys.executable, "-m", "cnncalc", "quiz", *words],
            stdin=follower, stdout=follower, stderr=follower, cwd=ROOT, env=env, start_new_session=True,
        )  # fmt: skip
        os.close(follower)
        self.shown = ""
        self._decoder = getincrementaldecoder("utf-8")()

    def until(self, text: str, seconds: float = 30) -> None:
        """Read until `text` is on the screen."""
        end = time.monotonic() + seconds
        while text not in self.shown:
            assert time.monotonic() < end, self.shown
            if select.select([self.leader], [], [], 1)[0]:
                try:
                    self.shown += self._decoder.decode(os.read(self.leader, 65536)).replace("\r\n", "\n")
                except OSError:  # Linux ends a closed terminal with an error
                    assert text in self.shown, self.shown
                    return

    def type(self, text: str) -> None:
        self.shown = ""
        os.write(self.leader, text.encode())

    def interrupt(self, text: str) -> None:
        """Ctrl-C, until `text` is on the screen: between the prompt and the reading of a line, readline misses it."""
        for _ in range(10):
            os.kill(self.process.pid, signal.SIGINT)
            with suppress(AssertionError):
                self.until(text, seconds=3)
                break
        assert text in self.shown, self.shown

    def end(self) -> int:
        code = self.process.wait(timeout=30)
        os.close(self.leader)
        return code


def test_a_narrow_terminal(tmp_path: Path) -> None:
    """Every line fits into 40 cells; progress is kept without being asked for, and goes on; Ctrl-D and Ctrl-C leave."""
    first = Terminal(SEVEN, XDG_STATE_HOME=str(tmp_path), NO_COLOR="1")
    first.until("1/8")
    first.until("> ")
    assert max(map(cells, first.shown.splitlines())) <= 40
    first.type("7x7x2\n")
    first.until("2/8")
    first.until("> ")
    assert "✓ 7×7×2 is right." in first.shown
    assert "\x1b[3" not in first.shown
    first.type("\x04")
    first.until("goes on here.")
    assert first.end() == 0
    (file,) = (tmp_path / "cnncalc").iterdir()
    assert file.stat().st_mode & 0o077 == 0 or file.parent.stat().st_mode & 0o077 == 0

    second = Terminal(SEVEN, XDG_STATE_HOME=str(tmp_path))
    second.until("2/8")
    second.until("> ")
    assert "1 of 8 questions are done" in second.shown.replace("\n", " ")
    second.type("5x5x3\n")
    second.until("> ")
    assert "\x1b[33m\x1b[1m~\x1b[0m" in second.shown
    second.interrupt("goes on here.")
    assert second.end() == 0
    assert len(json.loads(file.read_text(encoding="utf-8"))["moves"]) == 2
    assert "Traceback" not in second.shown


def test_a_terminal_with_chinese(tmp_path: Path) -> None:
    session = Terminal(SEVEN, "--progress", str(tmp_path / "p.json"), "--lang", "zh-TW")
    session.until("> ")
    session.type("７×７×２\n")
    session.until("2/8")
    assert "✓" in session.shown
    session.type("離開\n")
    assert session.end() == 0


# The documents


@pytest.mark.parametrize("page", ["quiz.md", "quiz.zh-TW.md"])
def test_the_session_of_the_documents(page: str) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    (block,) = re.findall(
        r"^```text\n\$ printf '(.*?)' \| cnncalc quiz (.*?)\n(.*?)^```", text, re.MULTILINE | re.DOTALL
    )
    typed, words, printed = block
    found = command(*words.split(), text=typed.replace("\\n", "\n"))
    assert found.stdout == printed


def test_no_line_begins_with_a_chinese_full_stop() -> None:
    """請輸入答案 takes 10 cells, so that the stop would stand alone below."""
    assert fold("請輸入答案。", 10) == ["請輸入答", "案。"]
    assert fold("請輸入答案。", 12) == ["請輸入答案。"]
    assert "".join(fold("。、，" * 20, 4)) == "。、，" * 20
