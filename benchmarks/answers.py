"""Reading answers: 100,000 students x 20 items from one CSV file, streamed, each text understood.

    python benchmarks/answers.py [students]

A real class repeats its wrong answers; in the worst case every answer is distinct. Memory is the most that Python
allocated while the sheet was read (tracemalloc), measured in a run of its own.
"""

from __future__ import annotations

import csv
import random
import sys
import tempfile
import time
import tracemalloc
from operator import getitem
from pathlib import Path

from cnncalc.teach.answers import reader, understand
from cnncalc.teach.answers.sheets import read_sheet
from cnncalc.teach.bounded import Bounded

ITEMS = [f"layer_{n}.{'shape' if n % 2 else 'params'}" for n in range(20)]
TEXTS = {
    "shape": ["26x26x32", "26,26,32", "(None, 26, 26, 32)", "２６×２６×３２"],
    "integer": ["320", "18,496", "3*3*32*64+64", "1199882 params", "三百二十"],
}


def write(path: Path, students: int, *, distinct: bool) -> None:
    dice = random.Random(6)
    pools = [[f"{dice.randrange(1, 60)}x{dice.randrange(1, 60)}x32" if n % 2 else f"{dice.randrange(10**6):,}" for _ in range(9 + 15 * n)] for n in range(20)]  # fmt: skip
    with path.open("w", encoding="utf-8", newline="") as stream:
        sheet = csv.writer(stream)
        sheet.writerow(["student", *ITEMS])
        for student in range(students):
            if distinct:
                cells = [f"{student}x{n}x32" if n % 2 else f"{student * 20 + n + 10**6:,}" for n in range(20)]
            else:
                cells = [dice.choice(pool) for pool in pools]
            sheet.writerow([f"b{student:08}", *cells])


def read(path: Path) -> int:
    """Understand every answer, as marking will; how many rows there were."""
    sheet = read_sheet(str(path), ITEMS)
    memos = [Bounded(reader("shape" if item.endswith("shape") else "integer", rank=3), 4096) for item in ITEMS]
    return sum(len(list(map(getitem, memos, row.texts))) > 0 for row in sheet)


def bare(path: Path) -> int:
    """csv.reader alone, over the same file."""
    with path.open(encoding="utf-8", newline="") as stream:
        return sum(len(row) for row in csv.reader(stream))


def main() -> None:
    students = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        for name, distinct in (("a real class", False), ("every answer distinct", True)):
            path = Path(folder) / "answers.csv"
            write(path, students, distinct=distinct)
            best = min(timed(read, path) for _ in range(3))
            alone = min(timed(bare, path) for _ in range(3))
            cells = students * len(ITEMS)
            tracemalloc.start()
            read(path)
            peak = tracemalloc.get_traced_memory()[1] / 1e6
            tracemalloc.stop()
            print(f"{name:22} {cells / best:11,.0f} answers/s; csv.reader alone {cells / alone:11,.0f}; {peak:6.1f} MB")
    for kind, texts in TEXTS.items():
        for text in texts:
            seconds = min(timed(lambda text=text, kind=kind: [understand(text, kind) for _ in range(1000)]) for _ in range(5))  # fmt: skip
            print(f"  {kind:8} {text:20} {seconds * 1000:6.2f} µs")


def timed(run, *arguments) -> float:  # type: ignore[no-untyped-def]
    start = time.perf_counter()
    run(*arguments)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
