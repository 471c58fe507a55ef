"""Grading again: what changed and why, by hand; and earlier results that are none."""

from __future__ import annotations

import csv
import json
import tracemalloc
from collections.abc import Iterator
from fractions import Fraction
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from classes import item, student
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.cli.before import noted
from cnncalc.teach.comparing import Changes, Earlier, Foreign
from cnncalc.teach.results import StudentResult
from cnncalc.view.changes import lines, told

ORIGINS = {"exercise": "ab", "architecture": "cd", "cnncalc": "1"}
RIGHT, WRONG, OPEN, BLANK = ("right", 3, 2, ()), ("wrong", 4, 0, ("P01",)), ("ambiguous", None, None, ()), ("blank", None, 0, ())  # fmt: skip


def results(path: Path, students: list[StudentResult], origins: dict[str, str] = ORIGINS) -> str:
    """A file as grading writes it."""
    body = "\n,".join(json.dumps(each.to_dict(), ensure_ascii=False) for each in students)
    head = json.dumps({"schema": 1, "exercise": origins})[:-1]
    path.write_text(f'{head},\n"students": [\n{body}\n],\n"remarks": [],\n"summary": {{}}}}\n', encoding="utf-8")
    return str(path)


def compared(path: str, students: list[StudentResult], origins: dict[str, str] = ORIGINS) -> tuple[Changes, list[list[str]]]:  # fmt: skip
    with Earlier(path) as earlier:
        changes = Changes(earlier, origins)
        found = [change for each in students if (change := changes.of(each))]
        text = "".join(map(lines, [*found, *changes.rest()]))
    return changes, list(csv.reader(StringIO(text, newline="")))


def test_nothing_changed(tmp_path: Path) -> None:
    group = [
        student("Ada", [item("a", RIGHT, 2), item("b", WRONG, 2)], {"a": 1}),
        student("林小雨", [item("a", BLANK, 2)]),
    ]
    changes, rows = compared(results(tmp_path / "r", group), group[::-1])
    assert rows == []
    assert list(told(changes)) == []


def test_whose_marks_changed_and_why(tmp_path: Path) -> None:
    """Ada's a is right now, since the exercise changed; Ben answered b anew; Chen was decided by hand; Dana was not there."""
    old = [
        student("Ada", [item("a", WRONG, 2), item("b", RIGHT, 2)]),
        student("Ben", [item("a", RIGHT, 2), item("b", WRONG, 2, "x")]),
        student("Chen", [item("a", RIGHT, 2), item("b", OPEN, 2)]),
        student("Emil", [item("a", RIGHT, 2), item("b", RIGHT, 2)]),
        student("=Fay", [item("a", BLANK, 2), item("b", BLANK, 2)]),
    ]
    by_hand = item("b", ("ambiguous", None, Fraction(3, 2), ()), 2, manual=True)
    new = [
        student("Ben", [item("a", RIGHT, 2), item("b", RIGHT, 2, "y")]),
        student("Ada", [item("a", RIGHT, 2, "4"), item("b", RIGHT, 2)]),
        student("Chen", [item("a", RIGHT, 2), by_hand], {"b": Fraction(3, 2)}),
        student("Dana", [item("a", BLANK, 2), item("b", BLANK, 2)]),
        student("Emil", [item("a", RIGHT, 2), item("b", RIGHT, 2)], {"": 3}),
    ]  # fmt: skip
    changes, rows = compared(results(tmp_path / "r", old), new, ORIGINS | {"exercise": "xy"})
    assert rows == [
        ["Ben", "", "2", "4", "", "", ""],
        ["Ben", "b", "0", "2", "wrong", "right", "another answer"],
        ["Ada", "", "2", "4", "", "", ""],
        ["Ada", "a", "0", "2", "wrong", "right", "the exercise changed"],
        ["Chen", "", "", "3.5", "", "", ""],
        ["Chen", "b", "", "1.5", "for a person to decide", "for a person to decide", "marked by hand"],
        ["Dana", "", "", "", "", "", "not graded before"],
        ["Emil", "", "4", "3", "", "", "marked by hand"],
        ["'=Fay", "", "", "", "", "", "not among the answers any more"],
    ]
    assert "\n".join(told(changes)) == (
        "Since it was graded before (the exercise changed):\n"
        "  students whose marks changed: 4, up 2, down 1\n"
        "  students who are new: 1, who are gone: 1\n"
        "  b: for a person to decide → for a person to decide 1; wrong → right 1\n"
        "  a: wrong → right 1"
    )


def test_questions_that_came_and_went(tmp_path: Path) -> None:
    path = results(tmp_path / "r", [student("Ada", [item("a", RIGHT, 2), item("b", WRONG, 2)])])
    _, rows = compared(path, [student("Ada", [item("a", RIGHT, 2), item("c", RIGHT, 2)])])
    assert rows == [
        ["Ada", "", "2", "4", "", "", ""],
        ["Ada", "c", "", "2", "", "right", "not asked before"],
        ["Ada", "b", "0", "", "wrong", "", "not asked any more"],
    ]


@pytest.mark.parametrize(("origins", "raw", "why"), [(ORIGINS | {"cnncalc": "2"}, "3", "another version of cnncalc"), (ORIGINS, "9", "follows from another answer"), (ORIGINS | {"architecture": "xy"}, "3", "the exercise changed"), (ORIGINS, "3", "no known reason")])  # fmt: skip
def test_reasons(tmp_path: Path, origins: dict[str, str], raw: str, why: str) -> None:
    path = results(tmp_path / "r", [student("Ada", [item("a", RIGHT, 2, "3"), item("b", WRONG, 2, "5")])])
    _, rows = compared(path, [student("Ada", [item("a", RIGHT, 2, raw), item("b", RIGHT, 2, "5")])], origins)
    assert rows[1][-1] == why


FOREIGN = [
    b"", b"{}", b"[]\n", b"\0" * 100, b'{"schema": 2, "exercise": {},\n"students": [\n],\n', b'{"schema": 1, "exercise": {},\n"students": [\n',
    b'{"schema": 1, "exercise": {x},\n"students": [\n],\n', b'{"schema": 1, "exercise": {},\n"students": [\n{"student": "A", "score": "1"\n],\n',
    b'{"schema": 1, "exercise": {},\n"students": [\n{"student": "\\ud800\\x", "score": "1"}\n],\n', b'{"schema": 1, "exercise": {},\n"students": [\n{"student": "\xff", "s": 1}\n],\n',
]  # fmt: skip


@pytest.mark.parametrize("content", FOREIGN)
def test_what_is_no_result_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "r").write_bytes(content)
    with pytest.raises(Foreign, match=r"r"):
        Earlier(str(tmp_path / "r"))


HEAD = '{"schema": 1, "exercise": {},\n"students": [\n'
junk = st.recursive(st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from(["1/0", "1/00", "9" * 5000, "right", "a"]), lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["item", "raw", "verdict", "score", "manual"]), inner))  # fmt: skip


@given(st.fixed_dictionaries({"items": junk}, optional={"score": junk, "undecided": junk, "manual": junk}))  # fmt: skip
def test_a_damaged_student_stops_nothing(tmp_path_factory: pytest.TempPathFactory, data: dict[str, Any]) -> None:
    path = tmp_path_factory.mktemp("r") / "r"
    path.write_text(f"{HEAD}{json.dumps({'student': 'Ada', 'score': None, **data})}\n],\n", encoding="utf-8")
    changes, rows = compared(str(path), [student("Ada", [item("a", RIGHT, 2)])])
    assert len(rows) >= changes.new + changes.students


def test_a_nested_student_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "r").write_text(HEAD + '{"student": "Ada", "items": ' + "[" * 100_000 + "}\n],\n", encoding="utf-8")
    changes, _ = compared(str(tmp_path / "r"), [student("Ada", [item("a", RIGHT, 2)])])
    assert changes.new == 1


def test_of_earlier_results_only_places_are_kept(tmp_path: Path) -> None:
    """20,000 students of 5 kB each are 100 MB."""
    long = "x" * 5000
    path = tmp_path / "r"
    with path.open("w", encoding="utf-8") as stream:
        stream.write(HEAD)
        stream.writelines(f'{"," if n else ""}{{"student": "s{n}", "score": "1", "items": [{{"item": "a", "raw": "{long}", "verdict": "right", "score": "1"}}]}}\n' for n in range(20_000))  # fmt: skip
        stream.write("],\n")
    again = [student(f"s{n}", [item("a", ("right", 3, 1, ()), 1, long)]) for n in range(0, 20_000, 100)]
    tracemalloc.start()
    with Earlier(str(path)) as earlier:
        changes = Changes(earlier, {})
        assert not any(changes.of(each) for each in again)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 8 * 2**20


def test_without_changes_there_is_no_file(tmp_path: Path) -> None:
    group = [student("Ada", [item("a", RIGHT, 2)])]

    def written(new: list[StudentResult]) -> Iterator[str]:
        with Earlier(results(tmp_path / "r", group)) as earlier:
            changes = Changes(earlier, ORIGINS)
            with noted(tmp_path, changes) as note:
                for change in filter(None, map(changes.of, new)):
                    note(change)
        return (each.name for each in tmp_path.iterdir())

    assert "changes.csv" not in written(group)
    assert "changes.csv" in written([])


def test_other_answers_with_the_same_mark_go_neither_up_nor_down(tmp_path: Path) -> None:
    path = results(tmp_path / "r", [student("Ada", [item("a", RIGHT, 2), item("b", WRONG, 2, "x")])])
    changes, rows = compared(path, [student("Ada", [item("a", WRONG, 2, "y"), item("b", RIGHT, 2, "z")])])
    assert rows[0] == ["Ada", "", "2", "2", "", "", ""]
    assert (changes.students, changes.up, changes.down) == (1, 0, 0)


def test_a_mark_for_the_whole_that_is_taken_back(tmp_path: Path) -> None:
    """Whoever answered nothing has the mark that a person gave, and none without it."""
    path = results(tmp_path / "r", [student("Ada", [item("a", BLANK, 2)], {"": 1})])
    _, rows = compared(path, [student("Ada", [item("a", BLANK, 2)])])
    assert rows == [["Ada", "", "1", "", "", "", "not marked by hand any more"]]


def test_a_verdict_that_is_none_of_ours_is_cut(tmp_path: Path) -> None:
    path = results(tmp_path / "r", [student("Ada", [item("a", WRONG, 2)])])
    Path(path).write_text(Path(path).read_text().replace('"wrong"', f'"{"w" * 1000}"'), encoding="utf-8")
    _, rows = compared(path, [student("Ada", [item("a", RIGHT, 2)])])
    assert rows[1][4] == "w" * 20


def test_the_earlier_results_are_closed_when_all_is_told(tmp_path: Path) -> None:
    """An open file cannot be replaced everywhere."""
    with Earlier(results(tmp_path / "r", [student("Ada", [item("a", WRONG, 2)])])) as earlier:
        assert [change.student for change in Changes(earlier, ORIGINS).rest()] == ["Ada"]
        with pytest.raises(ValueError, match="closed"):
            earlier.of("Ada")
