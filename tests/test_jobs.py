"""Work spread over processes: the same results, in order; what happens when one of them fails, or somebody stops."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from multiprocessing import active_children
from pathlib import Path

import pytest

from cnncalc.errors import ArchitectureError
from cnncalc.teach import jobs
from cnncalc.teach.answers.sheets import Row
from cnncalc.teach.grading import Desk, Grader, nothing
from cnncalc.teach.jobs import spread
from cnncalc.teach.reading import load_exercise

ROOT = Path(__file__).parents[1]
EXERCISE = ROOT / "examples/exercises/mnist_cnn.yaml"
STUDENTS = 600
"""So many that there are several parts."""


def squaring() -> Callable[[int], int]:
    return lambda number: number * number


def failing_at(bad: int, error: Exception) -> Callable[[int], int]:
    def work(number: int) -> int:
        if number == bad:
            raise error
        return number

    return work


def dying() -> Callable[[int], int]:
    return lambda number: os._exit(9) if number == 5 else number


def doubled(number: int) -> int:
    return 2 * number


def doubling() -> Callable[[int], int]:
    return doubled


@pytest.mark.parametrize("number", [1, 2, 3, 7])
@pytest.mark.parametrize("pieces", [0, 1, 2, 6, 7, 20])
def test_results_come_in_order(number: int, pieces: int) -> None:
    assert list(spread(squaring, iter(range(pieces)), number)) == [n * n for n in range(pieces)]


def test_processes_that_do_not_inherit(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows and macOS, where everything is sent."""
    monkeypatch.setattr(jobs, "START", "spawn")
    assert list(spread(doubling, range(5), 2)) == [0, 2, 4, 6, 8]


def test_a_grader_can_be_sent() -> None:
    """To a process that does not inherit it."""
    grader = Grader(load_exercise(str(EXERCISE)), show_key=True)
    made = pickle.loads(pickle.dumps(partial(Desk, grader, nothing)))()
    row = Row("s", ("25x25x32", *[""] * 16), (), {}, 1, "answers.csv")
    assert made([(row, {}, "")]).gathering.students == 1
    assert made.grader.result(row, {}).to_dict() == grader.result(row, {}).to_dict()


@pytest.mark.parametrize("number", [1, 2, 3])
def test_what_is_raised_elsewhere_is_raised_here(number: int) -> None:
    with pytest.raises(OSError, match="no space left"):
        list(spread(partial(failing_at, 4, OSError("no space left")), range(9), number))


def test_a_process_that_dies_is_told() -> None:
    with pytest.raises(ArchitectureError) as told:
        list(spread(dying, range(9), 3))
    assert told.value.faults[0].code == "job-ended"


def test_closing_ends_the_processes() -> None:
    found = spread(squaring, iter(range(10**9)), 2)
    assert [next(found) for _ in range(3)] == [0, 1, 4]
    found.close()
    assert active_children() == []


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The students of the example again and again, under other names, and marks by hand that are not whole."""
    example = (ROOT / "examples/answers/mnist_class.csv").read_text(encoding="utf-8-sig").splitlines()
    rows = [row for row in example[1:] if row]
    path = tmp_path_factory.mktemp("class") / "answers.csv"
    lines = [f"{number}x{rows[number % len(rows)]},{'1/3' if number % 400 == 7 else ''}" for number in range(STUDENTS)]
    path.write_text("\n".join([f"{example[0]},manual", *lines]) + "\n", encoding="utf-8")
    return path


def grade(*words: str | Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "cnncalc", "grade", EXERCISE, *words], capture_output=True, check=True)


def test_equal_results_with_any_number_of_jobs(sheet: Path) -> None:
    one, *others = [grade(sheet, "--format", "json", "--jobs", str(n)).stdout for n in (1, 2)]
    assert one.count(b'"student": ') >= STUDENTS
    assert others == [one]


def files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def test_equal_folders_with_any_number_of_jobs(sheet: Path, tmp_path: Path) -> None:
    for number in (1, 3):
        grade(sheet, "-o", tmp_path / str(number), "--jobs", str(number))
    one = dict(files(tmp_path / "1"))
    assert len(one) == 4 * STUDENTS + 5  # five files of the class
    assert one == dict(files(tmp_path / "3"))


def test_equal_changes_with_any_number_of_jobs(sheet: Path, tmp_path: Path) -> None:
    """Graded again into the folder, and beside its results: one student has another answer, one is gone, one is new."""
    head, changed, gone, *rows = sheet.read_text(encoding="utf-8").splitlines()
    again = tmp_path / "again.csv"
    again.write_text(
        "\n".join([head, changed.replace("26, 26, 32", "25, 25, 32"), *rows, f"new{gone}"]) + "\n", encoding="utf-8"
    )
    told, folders = [], []
    for number in ("1", "3"):
        out = tmp_path / number
        grade(sheet, "-o", out)
        told.append(grade(again, "--before", out / "results.json", "--format", "json", "--jobs", number).stdout)
        grade(again, "-o", out, "--jobs", number)
        folders.append(dict(files(out)))
    assert told[0].count(b'"gone": ["' + gone.split(",")[0].encode() + b'"]') == 1
    assert told[1] == told[0]
    assert "changes.csv" in folders[0]
    assert folders[1] == folders[0]


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_ends_all_and_leaves_nothing(sheet: Path, tmp_path: Path) -> None:
    """Of a folder that takes a while, nothing is there after an interrupt, also not what a process was writing."""
    long = tmp_path / "long.csv"
    head, *rows = sheet.read_text(encoding="utf-8").splitlines()
    long.write_text("\n".join([head, *(f"{n}y{row}" for n in range(20) for row in rows)]) + "\n", encoding="utf-8")
    words = [sys.executable, "-m", "cnncalc", "grade", EXERCISE, long, "-o", tmp_path / "out", "--jobs", "2"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
    wait_for(lambda: any(tmp_path.glob(".out.*/feedback/*.html")))
    os.killpg(process.pid, signal.SIGINT)
    errors = process.communicate(timeout=20)[1].decode()
    assert process.returncode not in {0, None}
    assert "Traceback" not in errors
    assert [path.name for path in tmp_path.iterdir()] == ["long.csv"]
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)  # the whole group is gone


def wait_for(true: Callable[[], bool], patience: float = 30) -> None:
    end = time.monotonic() + patience
    while not true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.01)
