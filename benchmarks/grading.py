"""Grading: 100,000 students x 20 items of the MNIST CNN from one CSV file: marks, carried errors, causes of every wrong answer.

    python benchmarks/grading.py [students]

- A real class (`simulated_class.real`): students hold up to three of twelve common misconceptions each, follow them from their own
  numbers, and half a percent of the answers has a slip besides; numbers and shapes are written in several ways.
- A diverse class: any of 50 misconceptions, and slips of any kind, so that totals have thousands of distinct texts.
- Every wrong answer distinct: 30 % of the answers, or all of them, are wrong, and no two students share a wrong one. Shapes
  can be carried on, so that every later answer has a key of its own too.

CPU time of one process, from the file to the statistics, as `cnncalc grade` does it; memory is the most that a process of its
own ever took (ru_maxrss). With jobs and with files, it is the time on the clock of the whole command.
"""

from __future__ import annotations

import csv
import gc
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from simulated_class import ITEMS, distinct, diverse, exercise_in, real, write

from cnncalc.teach.answers.sheets import read_sheet
from cnncalc.teach.grading import Grader, nothing
from cnncalc.teach.handing_in import handed_in
from cnncalc.teach.reading import load_exercise
from cnncalc.teach.statistics import findings


def main() -> None:
    students = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        exercise = exercise_in(folder)
        kinds = {"a real class": real(exercise), "a diverse class": diverse(exercise), "30 % wrong, all distinct": distinct(exercise, 0.3), "all wrong, all distinct": distinct(exercise, 1)}  # fmt: skip
        for number, (kind, cells) in enumerate(kinds.items()):
            sheet = write(folder / f"class{number}.csv", exercise, students, cells)
            measured(kind, sheet)
        whole = folder / "class0.csv"
        for words in (["--jobs", "1"], ["--jobs", "2"], ["--format", "json", "-o", "out.json"], ["--format", "json", "-o", "out.json", "--jobs", "2"]):  # fmt: skip
            commanded(folder, whole, students, words)
        few = write(folder / "few.csv", exercise, max(1, students // 20), kinds["a real class"])
        for jobs in ("1", "2"):
            commanded(folder, few, max(1, students // 20), ["-o", f"out{jobs}", "--jobs", jobs])


def measured(kind: str, sheet: Path) -> None:
    """One class in a process of its own, beside csv.reader alone."""
    told = subprocess.run([sys.executable, __file__, "--one", sheet], capture_output=True, check=True, text=True).stdout
    one = json.loads(told)
    print(f"{kind:26} {one['answers'] / one['seconds']:9,.0f} answers/s; csv.reader alone {one['answers'] / one['bare']:11,.0f}; {one['memory']:5.0f} MB; "
          f"not right {one['wrong']:.0%}; distinct texts a column {one['texts'][0]:,} to {one['texts'][-1]:,}")  # fmt: skip


def one(sheet: Path) -> None:
    """Mark a class once and tell what it took."""
    gc.disable()  # as the command does
    grader = Grader(load_exercise(str(sheet.parent / "exercise.yaml")))
    seconds = timed(lambda: graded(grader, sheet))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    counts = [each.verdicts for each in grader.gathering.items.values()]
    answers = sum(each.total() for each in counts)
    print(json.dumps({
        "answers": answers, "seconds": seconds, "memory": memory, "bare": timed(lambda: bare(sheet)),
        "wrong": 1 - sum(each["right"] for each in counts) / answers, "texts": sorted(map(len, texts(sheet))),
    }))  # fmt: skip


def graded(grader: Grader, sheet: Path) -> None:
    rows = handed_in([read_sheet(str(sheet), [item.id for item in grader.items])])
    for _ in grader.told(((row, person, "") for row, person in rows), nothing):
        pass
    findings(grader.gathering, hide_below=1)


def bare(sheet: Path) -> int:
    """csv.reader alone, over the same file."""
    with sheet.open(encoding="utf-8", newline="") as stream:
        return sum(len(row) for row in csv.reader(stream))


def texts(sheet: Path) -> list[set[str]]:
    """What was written, by column."""
    found: list[set[str]] = [set() for _ in range(ITEMS)]
    with sheet.open(encoding="utf-8", newline="") as stream:
        for row in list(csv.reader(stream))[1:]:
            for text, column in zip(row[1:], found, strict=True):
                column.add(text)
    return found


def commanded(folder: Path, sheet: Path, students: int, words: list[str]) -> None:
    """The whole command, from its start to its end."""
    command = [sys.executable, "-m", "cnncalc", "grade", "exercise.yaml", sheet, *words]
    start = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    seconds = time.perf_counter() - start
    print(f"cnncalc grade {' '.join(words):36} {students:7,} students: {seconds:6.1f} s, {seconds / students * 1000:6.3f} ms each, {students * ITEMS / seconds:9,.0f} answers/s")  # fmt: skip


def timed(run: Callable[[], object]) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(Path(sys.argv[2]))
    else:
        main()
